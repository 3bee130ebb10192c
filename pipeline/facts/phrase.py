"""Noun phrases: where one that stands behind, before or left of a token begins and ends."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from pipeline.facts.clause import COMMAS, QUOTES, Clause
from pipeline.facts.compare import FI
from pipeline.facts.lexicon import (
    ALEF,
    ARTICLE,
    BEH,
    BETWEEN,
    HEH,
    LAM,
    NOON,
    PRONOUNS,
    SEEN,
    TO,
    WAW,
    balance,
    measure,
)
from pipeline.facts.trigger import MOVES
from pipeline.language.clitics import frequencies, split
from pipeline.layers import Quantity

Span = tuple[int, int]


class Said(NamedTuple):
    """The indicator that the frame before gave, and the figure that it was said of."""

    span: Span
    figure: Quantity


LONG, SHORT = 7, 4  # tokens of the longest phrase read rightwards and leftwards
MIN = "\u0645\u0646"  # the preposition "from, of"
ALA = "\u0639\u0644\u064a"  # the preposition "on"
PREPOSITIONS = frozenset(
    (FI, MIN, ALA, TO, "\u0639\u0646", "\u0645\u0639", "\u0639\u0628\u0631", "\u0644\u062f\u064a") + (BETWEEN,)
)
FORECASTS = ("forecast", "future")
EDGES = frozenset(("that", "break", "against", "then", "also"))  # cues at which a phrase read leftwards ends
OUTSIDE = EDGES | frozenset(
    ("relative", "time", "to", "approx", "compare", "not", "future", "off", "filler", "among", "in", "bound", "copula")
)


def after(view: Clause, k: int, limit: int) -> Span | None:
    """The phrase that begins at token `k` and ends before `limit`."""
    limit = min(limit, k + 2 * LONG, view.last)
    while k < limit and (
        view[k].norm in QUOTES
        or view[k].norm in (BEH, "(")
        or k in view.timed
        or view[k].cue in ("time", "not", "approx", "filler", "among", "in")
    ):
        timed = view[k].cue == "time" and k + 1 not in view.timed
        k += 1
        while timed and k < limit and view.content(k) and not view.verb(k) and measure(view[k].norm) < 1:
            k += 1  # "during the current season"
    i = k
    if k < limit and view[k].norm[0] == BEH and not view[k].cue and cut(view, k):
        return None  # "by the limit"
    while k < limit and k - i < LONG:
        w = view[k]
        if w.cue == "approx" and k == i and w.norm.endswith(HEH + ALEF) and k + 1 < limit and not w.prep:
            k += 1  # "rose in their value by"
            continue
        if w.norm in QUOTES:
            k += 1
            continue
        if k in view.timed or k in view.taken or view.stop(k):
            break
        if k == i + 1 and view[i].cue in ("number", "whole") and w.cue == "relative":
            k += 1
            continue
        if w.trigger and (
            w.trigger.participle and k > i and not w.definite or w.trigger.sense in MOVES and k > i and w.prep
        ):
            break
        if view.verb(k):
            if k > i + 1 and view[k - 1].cue == "relative":
                k += 1
                continue
            break
        if w.cue in ("whole", "number", "carrier", "period", "span") and not (w.prep == BEH or w.prep and k > i):
            k += 1
            continue
        follows = k + 1 < limit and (view.content(k + 1) or view[k + 1].cue in ("whole", "number"))
        if w.cue == "from" and i < k and follows and k - i <= 3 or w.cue == "on" and k == i + 1 and follows:
            k += 1
            continue
        if w.cue == "in" and i < k and follows and k - i <= 2:
            k += 1
            continue
        if w.cue and w.cue not in ("other", "earlier", "same", "age", "year") or len(w.norm) == 1:
            break
        if k - i >= 3 and (w.norm in PREPOSITIONS or w.norm.startswith(LAM + LAM)):
            break
        k += 1
    return trim(view, i, k) if k - i < 3 else trim(view, _head(view, i, k), k)


def _head(view: Clause, i: int, k: int) -> int:
    """Where the measured noun stands when somebody else is named before it: "the company raised its net profit"."""
    if view[i].cue or measure(stem(view[i].norm)) > 0:
        return i
    for p in range(i + 1, k):
        if names_measure(view, p, view[p].norm):
            return p
    return i


def names_measure(view: Clause, p: int, norm: str) -> bool:
    """Whether a measured noun begins a phrase of its own at token `p`."""
    w = view[p]
    if w.definite or view[p - 1].cue in ("in", "from", "on") or norm.startswith(LAM + LAM) or p in view.timed:
        return False
    return w.cue in ("number", "carrier") and not w.prep or not w.cue and measure(norm) >= 2


def stem(norm: str) -> str:
    return norm[1:] if norm[:1] in (WAW, BEH, LAM) and measure(norm) == -3 else norm


def before(view: Clause, k: int, floor: int) -> Span | None:
    """The subject before a verb at `k`: what follows the last "that", comma or verb, up to its first adjunct."""
    if k - 1 >= floor and view[k - 1].cue == "relative":
        return leftwards(view, k - 1, max(view.first, k - 12), SHORT)
    if k - 2 >= floor and view[k - 1].cue == "that" and view[k - 1].norm.endswith(NOON):
        p = k - 2 - (view[k - 2].cue not in FORECASTS)  # "is expected to reach", "experts expect it to reach"
        if p >= floor and view[p].cue in FORECASTS:
            k = p
    i = k
    low = max(floor, k - 25)
    for p in range(k - 1, low - 1, -1):
        if p in view.taken or view[p].cue == "break":
            break
        if view[p].cue == "that":
            found = after(view, p + 1, k)
            if found and (view[found[0]].cue or measure(stem(view[found[0]].norm)) > 0):
                return found  # over a relative clause
            break
    while i > low:
        w = view[i - 1]
        if view.stop(i - 1) or w.cue in EDGES or (i - 1) in view.taken:
            break
        if view.verb(i - 1) and not (i - 2 >= low and view[i - 2].cue == "relative"):
            break
        i -= 1
    if i == k and k - 1 > low and view[k - 1].norm == "(":
        return leftwards(view, k - 1, low)  # "Istanbul (rose 86 points)"
    if i == k and k - 1 > low and view[k - 1].norm in COMMAS and (view.verb(k) or view[k].trigger):
        return _over_comma(view, k - 1, low)
    return after(view, i, k)


def _over_comma(view: Clause, k: int, low: int) -> Span | None:
    """The subject of a verb behind a comma: the noun that the words before the comma begin with."""
    i = k
    while i > low:
        w = view[i - 1]
        if view.stop(i - 1) or w.cue in EDGES and w.cue != "then" or (i - 1) in view.taken:
            break
        i -= 1
    while i < k and (view[i].cue in ("then", "in", "filler", "break", "time") or view[i].norm == WAW):
        i += 1
    if i >= k or view.verb(i) or not (view.content(i) or view[i].cue in ("number", "whole", "carrier")):
        return None
    return after(view, i, k)


def earlier(view: Clause, at: int) -> Span | None:
    """The nearest phrase before the trigger, over commas and figures."""
    k = at
    while k > max(view.first, at - 30):
        k -= 1
        if view.content(k) and not view.verb(k):
            return leftwards(view, k + 1, view.first)
    return None


def leftwards(view: Clause, k: int, floor: int, longest: int = SHORT) -> Span | None:
    """The phrase that ends right before token `k`."""
    if k > floor and view[k - 1].norm == WAW:
        return None
    while k > floor and (
        view[k - 1].norm in QUOTES
        or view[k - 1].cue in ("approx", "relative", "filler", "among", "time", "in")
        or view.level(k - 1)
        or (k - 1) in view.timed
    ):
        k -= 1
    i = k
    while i > floor and k - i < longest:
        w = view[i - 1]
        if w.norm in QUOTES:
            i -= 1
            continue
        if view.stop(i - 1) or i - 1 in view.taken or i - 1 in view.timed or view.verb(i - 1):
            break
        if w.cue in EDGES or w.cue in (
            "relative",
            "time",
            "to",
            "approx",
            "compare",
            "not",
            "future",
            "off",
            "filler",
            "among",
        ):
            break
        if w.cue == "from" and i < k and i - 2 >= floor and view.content(i - 2) and not view.verb(i - 2) and k - i < 3:
            i -= 1
            continue
        if w.cue in OUTSIDE or w.norm in PREPOSITIONS or w.norm == WAW:
            break
        i -= 1
        if w.prep == BEH or w.norm[0] == BEH and cut(view, i) or (w.norm[0] == WAW and cut(view, i) and k - i > 1):
            break
    return trim(view, i, k)


def cut(view: Clause, k: int) -> int:
    """How many letters of token `k` are attached particles; the future's belongs to its verb."""
    w = view[k]
    listed = k > view.first and k - 1 in view.taken and w.norm[:1] == WAW and len(w.norm) > 3
    if listed and w.bare == w.norm and not _whole_word(w.norm) and not _counted(view, k):
        return max(1, len(split(w.norm)[0].removesuffix(ARTICLE).removesuffix(SEEN)))  # the next item of a list
    if k in view.named and (m := next((m for m in view.layer.mentions if m.i == k), None)):
        return len(m.proclitic)
    if w.norm in balance():
        return 0
    particles = w.norm[: len(w.norm) - len(w.bare)] if w.bare != w.norm else split(w.norm)[0]
    while particles.endswith(ARTICLE) or particles.endswith(LAM + LAM):
        particles = particles[: -len(ARTICLE)]
    return len(particles.removesuffix(SEEN))


def _counted(view: Clause, k: int) -> bool:
    """Right behind a number a word that is none without its waw ("7 ministers") is no next item of a list."""
    numerals = view.layer.numerals
    n = bisect_left(numerals, k, key=lambda n: n.i)
    number = n > 0 and numerals[n - 1].j == k
    return number and view[k].norm in frequencies() and view[k].norm[1:] not in frequencies()


def _whole_word(norm: str) -> bool:
    """A word that begins with waw and, without a pronoun, takes the article before it: no conjunction."""
    stems = (norm, *(norm.removesuffix(p) for p in PRONOUNS))
    return any(len(stem) > 2 and frequencies().get(ARTICLE + stem, 0) > 0 for stem in stems)


def trim(view: Clause, i: int, k: int) -> Span | None:
    """Drop particles and punctuation at both ends."""

    def empty(p: int) -> bool:
        w = view[p]
        return (
            w.norm in PREPOSITIONS
            or len(w.norm) == 1
            or view.stop(p)
            or w.cue in ("relative", "filler", "among", "approx", "to")
        )

    while i < k and empty(i):
        i += 1
    while k > i and empty(k - 1) and not (view[k - 1].norm in QUOTES and _closes(view, i, k)):
        k -= 1
    return (i, k) if k > i else None


def _closes(view: Clause, i: int, k: int) -> bool:
    """The quotation mark at `k - 1` closes one inside the phrase."""
    return sum(view[p].norm in QUOTES for p in range(i, k)) % 2 == 0
