"""The table of number words: every form with every proclitic, one dict look-up a token.

Classes of a word (column `class` of `data/lexicons/quantities/numerals.tsv`) say where it may stand in a number;
the grammar over them is `pipeline.quantities.numerals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from pipeline.language.fold import fold
from pipeline.resources import lexicon


@dataclass(frozen=True, slots=True)
class Word:
    """A number word. `cut` is the length, in the norm, of the proclitics before the number (the article is kept)."""

    cls: str
    value: int | float
    conj: bool = False
    prep: bool = False
    article: bool = False
    cut: int = 0

    @property
    def bare(self) -> bool:
        """Whether nothing but an article is attached, so that the word can continue the number before it."""
        return not (self.conj or self.prep)


@dataclass(frozen=True, slots=True)
class Proclitic:
    form: str
    conj: bool
    prep: bool
    article: bool


@cache
def proclitics() -> tuple[Proclitic, ...]:
    return tuple(
        Proclitic(fold(r["form"]), r["conj"] == "1", r["prep"] == "1", r["article"] == "1")
        for r in lexicon("quantities/proclitics.tsv")
    )


def attached(norm: str):
    """`norm` with each proclitic: (form, Proclitic, cut); the doubled lam of preposition and article counts as both."""
    for p in proclitics():
        cut = len(p.form)
        if p.article:
            # The article stays with the number: after the preposition lam its alef is dropped, so one letter is left.
            cut -= 1 if p.prep and not p.form.endswith("\u0627\u0644") else 2
        yield p.form + norm, p, cut


class Begins(dict):
    """Whether a norm may begin a number, for every norm met so far; filled as it is asked, emptied when too large."""

    def __init__(self):
        super().__init__()
        self.table = words()

    def __missing__(self, norm: str) -> bool:
        if len(self) >= _CACHE_SIZE:
            self.clear()
        self[norm] = begins = norm in self.table or "0" <= norm[0] <= "9"
        return begins


_CACHE_SIZE = 200_000
begins = cache(Begins)


@cache
def words() -> dict[str, Word]:
    """Norm to Word. A bare form wins over a form with proclitics, and a row of class `none` takes a form out."""
    rows = [
        (fold(form), row["class"], _number(row["value"]))
        for row in lexicon("quantities/numerals.tsv")
        for form in row["forms"].split()
    ]
    table: dict[str, Word] = {}
    for norm, cls, value in rows:
        table.setdefault(norm, Word(cls, value))
    for norm, cls, value in rows:
        if cls == "none":
            continue
        for form, p, cut in attached(norm):
            table.setdefault(form, Word(cls, value, p.conj, p.prep, p.article, cut))
    return {form: word for form, word in table.items() if word.cls != "none"}


def _number(text: str) -> int | float:
    value = Fraction(text)
    return int(value) if value.denominator == 1 else float(value)
