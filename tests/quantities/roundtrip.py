"""Numbers spelled by num2words and pyarabic, read back: `python tests/quantities/roundtrip.py 200000`.

Integers to 10**18 in every gender, case and word order that the two libraries know, decimals (pyarabic), negatives and
amounts of money with subunits (num2words). A case is right when one number is found and its value is the same.
"""

from __future__ import annotations

import random
import sys
from itertools import pairwise

from num2words import num2words
from pyarabic.number import ArNumbers

from pipeline.language.tokenizer import Tokenizer
from pipeline.layers import Sentence, layers
from pipeline.quantities.numerals import read
from pipeline.quantities.stage import QuantityStage

# num2words leaves out the noun of a dual in the construct state (`two-thousand-of`); a number never ends so in a text.
NOUN = " ريال"  # riyal
CONSTRUCT = "\u0627\u064a"
# name: ISO code, decimals that num2words spells, size of its subunit (its Kuwaiti fils are a hundred to the dinar; the
# word means a thousandth, so that is what must be read)
CURRENCIES = {"SR": ("SAR", 2, 100), "EGP": ("EGP", 2, 100), "KWD": ("KWD", 2, 1000), "TND": ("TND", 3, 1000)}


def integer(rng: random.Random) -> int:
    """Log-uniform, half of them with runs of zeros."""
    n = rng.randrange(10 ** rng.randint(1, 18))
    if rng.random() < 0.5:
        unit = 10 ** rng.randint(0, 9)
        n = n // unit * unit
    return n


def spelled(rng: random.Random) -> tuple[str, float | int, str | None]:
    """A text, its value, and the currency of a money case."""
    kind = rng.randrange(6)
    n = integer(rng)
    if kind == 0:
        sign = -1 if n and rng.random() < 0.2 else 1
        text = num2words(sign * n, lang="ar")
        return (text + NOUN if text[-1] in CONSTRUCT else text), sign * n, None
    if kind == 1:
        name, (iso, places, size) = rng.choice(list(CURRENCIES.items()))
        n %= 10**13  # beyond, a float has no room for the subunit
        cents = rng.randrange(10**places) if rng.random() < 0.7 else 0
        value = max(n, 1) + cents / size
        if not cents and size == 1000:
            iso = "KWD"  # a bare dinar
        return num2words(f"{max(n, 1)}.{cents:0{places}d}", lang="ar", to="currency", currency=name), value, iso
    speller = ArNumbers()
    speller._feminine, speller._format = rng.choice((1, 2)), rng.choice((1, 2))
    n %= 10**12
    if kind == 2:
        part = str(rng.randrange(1, 1000))
        return speller.int2str(f"{n}.{part}"), float(f"{n}.{part}"), None
    text = speller.int2str(str(n))
    # Alone, the feminine five is read as a fifth (docs/QUANTITIES.md).
    return (text + NOUN if n == 5 else text), n, None


def check(tokenizer: Tokenizer, text: str, value, iso: str | None) -> str | None:
    """None where the text is read back, else what was read."""
    layer = layers(tokenizer(text))
    tokens = layer.tokens
    layer.numerals = read(tokens, 0, len(tokens))
    if iso is None:
        got = [n.value for n in layer.numerals]
        return None if len(got) == 1 and got[0] == value else str(got)
    layer.sentences = [Sentence(0, len(text), 0, len(tokens))]
    QuantityStage().annotate([layer])
    money = [(q.value, q.unit) for q in layer.quantities]
    return None if len(money) == 1 and money[0][1] == iso and abs(money[0][0] - value) < 1e-9 * value else str(money)


def repeats(text: str) -> bool:
    """num2words spells 901,000 as `nine hundred and a thousand thousand`, which is no Arabic."""
    return any(a == b for a, b in pairwise(text.split()))


def main() -> int:
    from spacy.vocab import Vocab

    count, wrong, rng, tokenizer = int(sys.argv[1]), 0, random.Random(20), Tokenizer(Vocab())
    for _ in range(count):
        text, value, iso = spelled(rng)
        got = check(tokenizer, text, value, iso)
        if got is not None and repeats(text):
            continue
        if got is not None:
            wrong += 1
            if wrong <= 20:
                print(text, value, iso, got, sep=" | ")
    print(f"{count} spelled numbers, {wrong} read wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
