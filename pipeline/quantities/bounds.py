"""Bounds and approximations: the words around a number that make it `about`, `at least` or `at most`."""

from __future__ import annotations

from functools import cache

from pipeline.language.fold import fold
from pipeline.language.pattern import TOKEN
from pipeline.resources import lexicon

_LONGEST = 5
ARTICLE = "\u0627\u0644"
_LOOSE = ("\u0647\u0627", "\u0647\u0645", "\u0647\u0645\u0627", "\u0647\u0646", "\u0627")  # her, their; adverbs in -an
_IMPERFECT = "\u064a\u062a"
# One-letter words that may stand in front of the first word of a phrase: waw, feh, beh, lam, kaf.
_PREFIXES = ("", "\u0648", "\u0641", "\u0628", "\u0644", "\u0643")


@cache
def _phrases(place: str) -> dict[tuple[str, ...], tuple[str, int]]:
    """Folded words to (bound, length of the proclitic on the first word)."""
    out = {}
    for row in lexicon("quantities/bounds.tsv"):
        if row["place"] == place:
            form = tuple(fold(m.group()) for m in TOKEN.finditer(row["phrase"]) if not m.group().isspace())
            for prefix in _PREFIXES if form[0][0].isalpha() else ("",):
                out.setdefault((prefix + form[0], *form[1:]), (row["bound"], len(prefix)))
    return out


@cache
def _gaps() -> frozenset[str]:
    """Nouns of measure with a pronoun: their number, its value."""
    return frozenset(fold(row["phrase"]) for row in lexicon("quantities/bounds.tsv") if row["place"] == "between")


def _gap(norms: list[str], k: int) -> int:
    """1 where token `k` is a noun of measure, 2 where it may be one: a noun with a pronoun, or an adverb; else 0."""
    norm = norms[k]
    if norm in _last_words():
        return 0
    return 1 if norm in _gaps() else 2 if len(norm) > 3 and norm.endswith(_LOOSE) else 0


def _verb(norm: str) -> bool:
    """An imperfect, behind whose verbs of bounds any subject or adverb may stand."""
    return norm[0] in _IMPERFECT


@cache
def _last_words() -> frozenset[str]:
    return frozenset(phrase[-1] for phrase in _phrases("before"))


@cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase[0] for phrase in _phrases("after"))


def before(norms: list[str], i: int, k: int) -> tuple[str, int, int] | None:
    """The bound said right before token `k`, not before token `i`: (bound, first token of its words, proclitic)."""
    if k - 1 > i and norms[k - 1] == ARTICLE:
        k -= 1
    if k - 2 > i - 1 and (gap := _gap(norms, k - 1)) and (gap == 1 or _verb(norms[k - 2])):
        k -= 1  # `not over their number`, `exceeds at times`: what is measured stands between
    if k <= i or norms[k - 1] not in _last_words():
        return None
    phrases = _phrases("before")
    for length in range(min(_LONGEST, k - i), 0, -1):
        found = phrases.get(tuple(norms[k - length : k]))
        if found:
            return (found[0], k - length, found[1]) if found[0] != "exact" else None
    if k - 2 > i and norms[k - 2] in _gaps():  # `does their number exceed`: what is measured stands within the words
        for length in range(min(_LONGEST, k - i), 2, -1):
            found = phrases.get((*norms[k - length : k - 2], norms[k - 1]))
            if found:
                return (found[0], k - length, found[1]) if found[0] != "exact" else None
    return None


def after(norms: list[str], k: int, j: int) -> tuple[str, int] | None:
    """The bound said from token `k` on: (bound, next token)."""
    if k >= j or norms[k] not in _first_words():
        return None
    phrases = _phrases("after")
    for length in range(min(_LONGEST, j - k), 0, -1):
        found = phrases.get(tuple(norms[k : k + length]))
        if found:
            return found[0], k + length
    return None
