"""What a number is, and the look-ups that its grammar shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.language.fold import fold, raw_length
from pipeline.layers import Tokens
from pipeline.quantities.digits import Habit
from pipeline.quantities.words import Word, words
from pipeline.resources import lexicon

WAW = "\u0648"
GROUP_WORDS = {"unit", "five", "ten", "tens", "teen", "teenunit", "hundred", "hundreds"}
SCALES = {"scale", "scales", "scale2"}


@dataclass(slots=True)
class Numeral:
    """One number.

    Attributes
    ----------
    i, j : tokens; `start`, `end`: raw offsets, proclitics outside, the article inside.
    value : the number; None for `pair`, `vague` and `code`.
    kind : cardinal, ordinal, fraction, pair (`3-5`, ends in `parts`), vague (tens, a few), code (digits that are no
        number: telephone, version, clock, date).
    form : digits, words, mixed.
    scale : the value of the last scale word, 1 without one; lets the first end of a range borrow it.
    name : inside an entity's name.
    """

    i: int
    j: int
    start: int
    end: int
    value: int | float | None
    kind: str
    form: str
    scale: int = 1
    parts: tuple = ()
    definite: bool = False
    conj: bool = False
    prep: bool = False
    evidence: str = ""
    name: bool = False


@cache
def following_words() -> dict[str, str]:
    """What a word behind digits says about their separator: norm to scale, percent, measure or count."""
    from pipeline.quantities.units import word_classes

    out = dict(word_classes())
    out.update({norm: "scale" for norm, w in words().items() if w.cls in SCALES and w.bare and w.value >= 1000})
    return out


@cache
def cues() -> dict[str, frozenset[str]]:
    rows = lexicon("quantities/number_cues.tsv")
    return {k: frozenset(fold(r["form"]) for r in rows if r["kind"] == k) for k in {r["kind"] for r in rows}}


def times(value, factor):
    """Scale without float noise: 5.7 milliard is 5700000000."""
    if isinstance(value, float):
        product = round(value * factor, 6)
        return int(product) if product.is_integer() else product
    return value * factor


def tidy(value):
    """Whole floats of computed numbers become ints; digits printed with decimals keep their float."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) >= 1 else value


class Lookup:
    """A token range and what stands at its tokens; every method looks ahead a bounded number of them."""

    def __init__(self, tokens: Tokens, i: int, j: int, table: dict[str, Word], separators: Habit):
        self.tokens, self.i, self.j, self.table, self.habit = tokens, i, j, table, separators
        self.norms = tokens.norms

    # -- small look-ups ----------------------------------------------------------------------------------------------
    def word(self, k: int) -> Word | None:
        return self.table.get(self.norms[k]) if k < self.j else None

    def bare(self, k: int, *classes: str) -> Word | None:
        w = self.word(k)
        return w if w is not None and w.bare and w.cls in classes else None

    def joined(self, k: int) -> int | None:
        """The token of the number word or digits that waw joins at `k`, attached or not; None without one."""
        if k >= self.j:
            return None
        if self.norms[k] == WAW:
            k += 1
            if k < self.j and (self.is_digit(k) or (self.word(k) and self.word(k).bare)):
                return k
            return None
        w = self.word(k)
        return k if w and w.conj and not w.prep and self.norms[k][0] == WAW else None

    def is_digit(self, k: int) -> bool:
        return k < self.j and "0" <= self.norms[k][0] <= "9"

    def touches(self, k: int) -> bool:
        """Whether token `k` stands right behind token `k - 1`."""
        return k > 0 and self.tokens.starts[k] == self.tokens.ends[k - 1]

    def _make(self, k, end, value, kind, form, scale=1, w=None, evidence="", parts=()) -> Numeral:
        tokens = self.tokens
        start = tokens.starts[k]
        if w is not None and w.cut:
            start += raw_length(tokens.text[start : tokens.ends[k]], w.cut)
        before = self.norms[k - 1] if k > self.i else ""
        definite = bool(w and w.article) or (w is None and before in cues()["article"])
        if isinstance(value, float) and value.is_integer() and abs(value) >= 1 and scale > 1:
            value = int(value)
        return Numeral(
            k, end, start, tokens.ends[end - 1], value, kind, form, scale, parts, definite,
            bool(w and w.conj), bool(w and w.prep), evidence,
        )  # fmt: skip
