"""What a figure without a trigger measures: the word that governs it, or the phrase before or behind it."""

from __future__ import annotations

from pipeline.facts.clause import Clause
from pipeline.facts.frames import Frame, arabic
from pipeline.facts.lexicon import ALEF, BEH, HEH, KAF, LAM, WAW
from pipeline.facts.phrase import BETWEEN, EDGES, MIN, SHORT, Span, after, before, cut, earlier, leftwards, trim
from pipeline.language.fold import fold


def beside(view: Clause, frame: Frame, said: Span | None) -> Span | None:
    """A figure without a trigger: the word that governs it, or the phrase before or after it."""
    figure = frame.slots[frame.roles[0]]
    k, floor = frame.edge, frame.gap[0]
    while k > floor and view.level(k - 1):
        k -= 1
    if k > floor and view[k - 1].norm in ("(", "[", BETWEEN):
        k -= 1
    p = k - 1
    copula = p >= view.first and (view[p].cue == "copula" or view[p].trigger and view[p].trigger.sense == "be")
    if copula and (found := before(view, p, view.first)):
        return found
    if arabic(figure.unit):
        again = said if p >= floor and view[p].norm == WAW and said and view[said[0]].trigger else None
        if again and view[again[0]].trigger.sense == "event":
            return again  # "seized 6 rifles and 45 boxes"
        return governor(view, figure, k, floor) or counted(view, figure)
    if figure.unit == "%":
        if figure.j < view.last and view.verb(figure.j) and not view[figure.j].trigger:
            return _predicate(view, figure.j)
        if not any(c.isdigit() for c in view[figure.i].norm) and figure.j - figure.i == 1:
            return after(view, figure.j, view.last) or leftwards(view, k, floor)
    of = None
    if figure.j + 1 < view.last and view[figure.j].cue == "from":
        of = after(view, figure.j + 1, view.last)
    found = leftwards(view, k, floor)
    if found and not (of and p >= floor and not view.content(p)):
        return found
    return (
        of
        or (earlier(view, k) if p > floor and view.stop(p) else None)
        or _carrier(view, k, figure)
        or (after(view, figure.j, view.last) or leftwards(view, k, view.first) or earlier(view, figure.i))
    )


def governor(view: Clause, figure, k: int, floor: int) -> Span | None:
    """What is said of counted things: the noun that governs them ("the killing of"), or a verb of events near them."""
    p = k - 1
    if p - 1 >= floor and view[p].cue == "number" and view.content(p - 1):
        p -= 1
    own = p - 1 >= floor and view[p - 1].cue in ("in", "on", "from") and view[p].norm.endswith(HEH + ALEF)
    plain = p >= floor and view.content(p) and not view.verb(p) and not view[p].definite and p not in view.named
    if plain and not own:  # not "in its office"
        return (p, p + 1)
    if p > floor and view[p].cue == "on" and view.content(p - 1) and not view.verb(p - 1):
        return leftwards(view, p, floor, 2)
    if k > floor and view[k].cue in ("on", "off") and view.content(k - 1) and not view.verb(k - 1):
        return leftwards(view, k, floor, 2)
    person = any(view[p].cue == "person" for p in range(figure.i, min(view.last, figure.j + 1)))
    for side in (range(k - 1, max(floor, k - 7) - 1, -1), range(figure.j, min(view.last, figure.j + 4))):
        for p in side:
            if view.stop(p) or p in view.taken or view[p].cue in ("that", "relative"):
                break
            if view.event(p) or person and view.verb(p) and not view.level(p):
                return (p, p + 1)
    return None


def counted(view: Clause, figure) -> Span | None:
    """The counted noun with its adjectives, inside the figure or right behind it."""
    unit = fold(figure.unit or "")
    best = max(
        range(figure.i, min(view.last, figure.j + 2)),
        key=lambda p: (_common(view[p].norm, unit), -abs(p - figure.j + 1)),
    )
    if _common(view[best].norm, unit) < 2:
        best = figure.j - 1 if not view[figure.j - 1].norm[:1].isdigit() else figure.j
        if best < view.last and view[best].norm == MIN:
            best += 1
        if best >= view.last or view.stop(best):
            return None
    i, k = best, max(best + 1, figure.j if best < figure.j else 0)
    while k < view.last and k - i < 4 and view.content(k) and not view.stop(k) and not view.verb(k):
        if view[k].norm[:1] in (BEH, LAM, KAF) and cut(view, k) or view[k].norm[:1] == WAW and cut(view, k):
            break
        k += 1
    if best < figure.j and view[figure.j - 1].norm[:1].isdigit():
        k = best + 1
    return (i, k)


def _predicate(view: Clause, k: int) -> Span:
    """A verb phrase: the verb and a few words of its complement."""
    end = k + 1
    while (
        end < view.last and end - k < SHORT and not view.stop(end) and end not in view.taken and end not in view.timed
    ):
        if view[end].cue in EDGES or view.verb(end):
            break
        end += 1
    return trim(view, k, end) or (k, k + 1)


def _carrier(view: Clause, k: int, figure) -> Span | None:
    """The noun of the lead itself: "at a price of"."""
    return next(((p, p + 1) for p in range(k, figure.i) if view[p].cue == "carrier"), None)


def _common(word: str, unit: str) -> int:
    """Letters of `unit` found in order in `word`: broken plurals keep their root."""
    n = 0
    for letter in word:
        n += n < len(unit) and letter == unit[n]
    return n
