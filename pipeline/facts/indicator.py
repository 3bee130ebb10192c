"""What a frame measures: the noun phrase near its trigger or its figure."""

from __future__ import annotations

from pipeline.facts.clause import Clause
from pipeline.facts.frames import MOVES, Frame, arabic
from pipeline.facts.lexicon import ARTICLE, BEH, KAF, LAM, WAW

Span = tuple[int, int]
LONG, SHORT = 7, 4  # tokens of the longest phrase read rightwards and leftwards
FI = "\u0641\u064a"  # the preposition "in"
MIN = "\u0645\u0646"  # the preposition "from, of"
ALA = "\u0639\u0644\u064a"  # the preposition "on"
QUOTES = frozenset("\"'\u00ab\u00bb\u201c\u201d")
PREPOSITIONS = frozenset(
    (FI, MIN, ALA, "\u0627\u0644\u064a", "\u0639\u0646", "\u0645\u0639", "\u0639\u0628\u0631", "\u0644\u062f\u064a")
    + ("\u0628\u064a\u0646",)
)
EDGES = frozenset(("that", "break", "against", "then", "also"))  # cues at which a phrase read leftwards ends


def indicator(view: Clause, frame: Frame) -> Span | None:
    """The span of the indicator, or None where nothing in the sentence names it."""
    if frame.parent is not None:
        own = leftwards(view, frame.edge, frame.gap[0], LONG)
        if own and not _shares(view, frame, own):
            return own
        return indicator(view, frame.parent) or own
    at = frame.trigger
    figure = frame.slots[frame.roles[0]]
    if at is None:
        return _beside_figure(view, frame)
    if frame.rule == "level.count_moved":
        return _counted_move(view, at, figure.i)
    trigger = view[at].trigger
    found = None
    if trigger.sense == "light" or (not trigger.verbal and trigger.sense not in MOVES):
        found = leftwards(view, frame.edge, at + 1) or before(view, at, frame.gap[0])
    else:
        found = after(view, at + 1, figure.i) or _subject(view, at, frame.gap[0])
    if found is None and arabic(figure.unit):
        found = _counted(view, figure)
    return found or before(view, at, view.first) or _earlier(view, at)


def _shares(view: Clause, frame: Frame, own: Span) -> bool:
    """The item of the list is only whose value it is; what is measured was said before the list."""
    parent = frame.parent
    named = any(k in view.named for k in range(*own)) or any(view[k].norm in QUOTES for k in range(own[0] - 1, own[1]))
    if not parent.moves:
        return named or any(view[k].cue == "then" for k in range(*frame.gap))
    if parent.trigger is None or view[parent.trigger].trigger.verbal:
        return False
    return any(view[k].norm == ":" for k in range(parent.trigger, parent.edge))


def _subject(view: Clause, at: int, floor: int) -> Span | None:
    """The subject before its verb, or the one that a light verb gives to a noun of movement."""
    if not view[at].trigger.verbal:
        for k in range(at - 1, max(floor, at - 12) - 1, -1):
            t = view[k].trigger
            if t and t.sense in ("light", "be") and t.verbal:
                return after(view, k + 1, at) or before(view, k, floor)
    return before(view, at, floor)


def _earlier(view: Clause, at: int) -> Span | None:
    """The nearest phrase before the trigger, over commas and figures."""
    k = at
    while k > max(view.first, at - 30):
        k -= 1
        if view.content(k) and not view.verb(k):
            return leftwards(view, k + 1, view.first)
    return None


def after(view: Clause, k: int, limit: int) -> Span | None:
    """The phrase that begins at token `k` and ends before `limit`."""
    limit = min(limit, k + LONG + 6, view.last)
    while k < limit and (
        view[k].norm in QUOTES
        or view[k].norm in (FI, BEH, "(")
        or k in view.timed
        or view[k].cue in ("time", "not", "approx", "filler")
    ):
        k += 1
    i = k
    while k < limit and k - i < LONG:
        w = view[k]
        if w.norm in QUOTES:
            k += 1
            continue
        if k in view.timed or k in view.taken or view.stop(k):
            break
        if k == i + 1 and view[i].cue in ("number", "whole") and w.cue == "relative":
            k += 1
            continue
        if w.trigger and (w.trigger.participle and k > i and not w.definite or w.trigger.sense in MOVES and k > i and w.prep):
            break
        if view.verb(k):
            if k > i + 1 and view[k - 1].cue == "relative":
                k += 1
                continue
            break
        if w.cue in ("whole", "number", "carrier", "period") and (k == i or not w.prep):
            k += 1
            continue
        follows = k + 1 < limit and view.content(k + 1)
        if w.cue == "from" and i < k and follows and k - i <= 3 or w.cue == "on" and k == i + 1 and follows:
            k += 1
            continue
        if w.norm == FI and i < k and (k + 1 >= limit or not follows or k - i > 2):
            break
        if w.cue and w.cue not in ("other", "earlier", "same", "age", "year") or len(w.norm) == 1:
            break
        if k - i >= 3 and (w.norm in PREPOSITIONS or w.norm.startswith(LAM + LAM)):
            break
        k += 1
    return _trim(view, i, k)


def before(view: Clause, k: int, floor: int) -> Span | None:
    """The subject before a verb at `k`: what follows the last "that", comma or verb, up to its first adjunct."""
    if k - 1 >= floor and view[k - 1].cue == "relative":
        return leftwards(view, k - 1, max(view.first, k - 12), SHORT)
    i = k
    low = max(floor, k - 25)
    while i > low:
        w = view[i - 1]
        if view.stop(i - 1) or w.cue in EDGES or (i - 1) in view.taken:
            break
        if view.verb(i - 1) and not (i - 2 >= low and view[i - 2].cue == "relative"):
            break
        i -= 1
    return after(view, i, k)


def leftwards(view: Clause, k: int, floor: int, longest: int = SHORT) -> Span | None:
    """The phrase that ends right before token `k`."""
    while k > floor and (
        view[k - 1].norm in QUOTES or view[k - 1].cue in ("approx", "relative", "filler") or (k - 1) in view.timed
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
        if w.cue in EDGES or w.cue in ("relative", "time", "to", "approx", "compare", "not", "future", "off", "filler"):
            break
        if w.cue == "from" and i < k and i - 2 >= floor and view.content(i - 2) and not view.verb(i - 2) and k - i < 3:
            i -= 1
            continue
        if w.norm in PREPOSITIONS:
            break
        i -= 1
        if w.prep == BEH or w.norm[0] == BEH and _cut(view, i) or (w.norm[0] == WAW and _cut(view, i) and k - i > 1):
            break
    return _trim(view, i, k)


def _cut(view: Clause, k: int) -> int:
    """How many letters of token `k` are attached particles."""
    from pipeline.language.clitics import split

    w = view[k]
    if k in view.named and any(m.i == k for m in view.layer.mentions):
        return 0
    particles = w.norm[: len(w.norm) - len(w.bare)] if w.bare != w.norm else split(w.norm)[0]
    while particles.endswith(ARTICLE) or particles.endswith(LAM + LAM):
        particles = particles[: -len(ARTICLE)]
    return len(particles)


def _trim(view: Clause, i: int, k: int) -> Span | None:
    """Drop particles and punctuation at both ends."""

    def empty(p: int) -> bool:
        w = view[p]
        return w.norm in PREPOSITIONS or len(w.norm) == 1 or view.stop(p) or w.cue in ("relative", "filler", "approx", "to")

    while i < k and empty(i):
        i += 1
    while k > i and empty(k - 1) and not (view[k - 1].norm in QUOTES and _closes(view, i, k)):
        k -= 1
    return (i, k) if k > i else None


def _closes(view: Clause, i: int, k: int) -> bool:
    """The quotation mark at `k - 1` closes one inside the phrase."""
    return sum(view[p].norm in QUOTES for p in range(i, k)) % 2 == 0


def _counted_move(view: Clause, at: int, limit: int) -> Span:
    """"The shares of 12 companies fell": the verb and what it says of the counted things."""
    end = limit
    while end > at + 1 and not view.content(end - 1):
        end -= 1
    return (at, end)


def _beside_figure(view: Clause, frame: Frame) -> Span | None:
    """A figure without a trigger: the word that governs it, or the phrase before or after it."""
    figure = frame.slots[frame.roles[0]]
    k = frame.edge
    floor = frame.gap[0]
    p = k - 1
    if arabic(figure.unit):
        counted = _counted(view, figure)
        if p >= floor and view[p].cue == "number" and p - 1 >= floor and view.content(p - 1):
            p -= 1
        if p >= floor and view.content(p) and not view[p].definite and not view[p].norm.startswith(ARTICLE):
            if view[p].norm[0] != WAW or not _cut(view, p) or view.verb(p):
                return (p, p + 1)
            return (p, p + 1)
        if p > floor and view[p].norm == ALA and view.content(p - 1):
            return leftwards(view, p, floor, 2) or counted
        if counted:
            return counted
    if p >= view.first and view[p].trigger and view[p].trigger.sense == "be":
        found = before(view, p, view.first)
        if found:
            return found
    if k < figure.i and view[k].prep == BEH and view[k].cue == "carrier" and not (p >= floor and view.content(p)):
        return (k, k + 1)
    of = None
    if figure.j + 1 < view.last and view[figure.j].cue == "from":
        of = after(view, figure.j + 1, view.last)
    found = leftwards(view, k, floor)
    if found and not (of and p >= floor and not view.content(p)):
        return found
    if p >= floor and view.verb(p) and not of:
        return (p, p + 1)
    return of or after(view, figure.j, view.last) or leftwards(view, k, view.first) or _earlier(view, figure.i)


def _counted(view: Clause, figure) -> Span | None:
    """The counted noun with its adjectives: the figure's last word and what agrees with it."""
    i = figure.j - 1
    if view[i].norm[:1].isdigit():
        i = figure.j
        if i < view.last and view[i].norm == MIN:
            i += 1
        if i >= view.last or view.stop(i):
            return None
    k = i + 1
    while k < view.last and k - i < 3 and view.content(k) and view[k].norm not in PREPOSITIONS and not view.stop(k):
        if view[k].norm[:1] in (BEH, LAM, KAF) and _cut(view, k) or view[k].norm[:1] == WAW or view.verb(k):
            break
        k += 1
    return (i, k)


def offsets(view: Clause, span: Span) -> tuple[int, int]:
    """Raw offsets of an indicator, without a particle written onto its first word."""
    from pipeline.language.fold import raw_length

    tokens = view.layer.tokens
    i, j = span
    start, end = tokens.starts[i], tokens.ends[j - 1]
    cut = _cut(view, i)
    if cut and cut < len(view[i].norm) - 1:
        start += raw_length(tokens.raw(i), cut)
    return start, end
