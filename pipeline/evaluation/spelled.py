"""Numbers spelled by num2words and pyarabic, read back.

python -m pipeline.evaluation.spelled [--count 200000] [--seed 20]

Integers to 10**18 in every gender, case and word order that the two libraries know, negatives, decimals (pyarabic),
ordinals, and amounts of money with subunits (num2words). A case is right where one number is found and its value is the
same; of money, its currency too. num2words is a library of the tests: `pip install khabar[test]`.

Two habits of num2words are no Arabic and are left out: 901,000 as `nine hundred and a thousand thousand` (counted in
the report where it is not read back), and decimals as two numbers with a comma between them.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from num2words import num2words
from pyarabic.number import ArNumbers, number2ordinal

from pipeline.language.tokenizer import Tokenizer
from pipeline.layers import Sentence, layers
from pipeline.quantities.numerals import read
from pipeline.quantities.stage import QuantityStage

# num2words leaves out the noun of a dual in the construct state (`two-thousand-of`); a number never ends so in a text.
NOUN = " \u0631\u064a\u0627\u0644"  # riyal
CONSTRUCT = "\u0627\u064a"
# name: ISO code, decimals that num2words spells, size of its subunit (its Kuwaiti fils are a hundred to the dinar; the
# word means a thousandth, so that is what must be read)
CURRENCIES = {"SR": ("SAR", 2, 100), "EGP": ("EGP", 2, 100), "KWD": ("KWD", 2, 1000), "TND": ("TND", 3, 1000)}
Spelled = tuple[str, float | int, str | None]  # text, value, currency of an amount


def integer(rng: random.Random) -> int:
    """Log-uniform, half of them with runs of zeros."""
    n = rng.randrange(10 ** rng.randint(1, 18))
    if rng.random() < 0.5:
        unit = 10 ** rng.randint(0, 9)
        n = n // unit * unit
    return n


def _cardinal(rng: random.Random) -> Spelled:
    n = integer(rng) * (-1 if rng.random() < 0.2 else 1)
    text = num2words(n, lang="ar")
    return (text + NOUN if text[-1] in CONSTRUCT else text), n, None


def _feminine(rng: random.Random) -> Spelled:
    n = rng.randrange(20, 100)  # its ordinals from 20 to 99 are the feminine cardinals
    return num2words(n, lang="ar", to="ordinal"), n, None


def _money(rng: random.Random) -> Spelled:
    name, (iso, places, size) = rng.choice(list(CURRENCIES.items()))
    n = max(integer(rng) % 10**13, 1)  # beyond, a float has no room for the subunit
    cents = rng.randrange(10**places) if rng.random() < 0.7 else 0
    if not cents and size == 1000:
        iso = "KWD"  # a bare dinar
    return num2words(f"{n}.{cents:0{places}d}", lang="ar", to="currency", currency=name), n + cents / size, iso


def _speller(rng: random.Random) -> ArNumbers:
    """One of its two genders and two cases; its setters are broken."""
    speller = ArNumbers()
    speller._feminine, speller._format = rng.choice((1, 2)), rng.choice((1, 2))
    return speller


def _decimal(rng: random.Random) -> Spelled:
    text = f"{integer(rng) % 10**12}.{rng.randrange(1, 1000)}"
    return _speller(rng).int2str(text), float(text), None


def _integer(rng: random.Random) -> Spelled:
    n = integer(rng) % 10**12
    text = _speller(rng).int2str(str(n))
    # Alone, the feminine five is read as a fifth (docs/QUANTITIES.md).
    return (text + NOUN if n == 5 else text), n, None


def _ordinal(rng: random.Random) -> Spelled:
    n = rng.randrange(2, 1000)
    return number2ordinal(n, rng.random() < 0.5), n, None


KINDS: dict[str, Callable[[random.Random], Spelled]] = {
    "integers of num2words": _cardinal,
    "feminine integers of num2words": _feminine,
    "amounts of num2words": _money,
    "integers of pyarabic": _integer,
    "decimals of pyarabic": _decimal,
    "ordinals of pyarabic": _ordinal,
}
_WEIGHTS = (5, 1, 5, 8, 5, 1)


def spelled(rng: random.Random) -> tuple[str, Spelled]:
    """The name of a kind, and one of it."""
    (kind,) = rng.choices(list(KINDS), _WEIGHTS)
    return kind, KINDS[kind](rng)


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


def run(count: int, seed: int, say: Callable[..., None] = print) -> tuple[Counter, Counter, Counter]:
    """Numbers spelled, read wrong, and left out, by kind."""
    from spacy.vocab import Vocab

    made, wrong, out = Counter(), Counter(), Counter()
    rng, tokenizer = random.Random(seed), Tokenizer(Vocab())
    for _ in range(count):
        kind, (text, value, iso) = spelled(rng)
        made[kind] += 1
        got = check(tokenizer, text, value, iso)
        if got is None:
            continue
        if "num2words" in kind and repeats(text):
            out[kind] += 1
            continue
        wrong[kind] += 1
        if wrong.total() <= 20:
            say(kind, text, value, iso, got, sep=" | ")
    return made, wrong, out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=20)
    options = parser.parse_args()
    made, wrong, out = run(options.count, options.seed)
    for kind, count in made.most_common():
        print(f"{kind:32} {count:8,}  wrong {wrong[kind]:4,}  left out {out[kind]:4,}")
    print(f"{made.total():,} spelled numbers, {wrong.total():,} read wrong, {out.total():,} left out")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
