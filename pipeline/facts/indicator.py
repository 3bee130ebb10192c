"""What a frame measures: the noun phrase near its trigger or its figure."""

from __future__ import annotations

from pipeline.facts.bare import beside, counted, governor, measured, whole_of
from pipeline.facts.clause import QUOTES, Clause
from pipeline.facts.compare import FI, comparatives
from pipeline.facts.frame import Frame, arabic
from pipeline.facts.lexicon import ALEF, BEH, HEH, LAM, THEIR, WAW, measure
from pipeline.facts.phrase import LONG, Said, Span, after, before, cut, earlier, leftwards, names_measure, stem
from pipeline.facts.trigger import MOVES
from pipeline.language.fold import raw_length


def indicator(view: Clause, frame: Frame, said: Said | None = None) -> Span | None:
    """The span of the indicator, or None where nothing in the sentence names it.

    `said`: what the frame before it in the sentence measures, which a verb without a subject or an item of a list takes
    up.
    """
    span = _indicator(view, frame, said)
    if (
        span
        and view[span[1] - 1].cue == "tally"
        and span[1] - span[0] <= 2
        and not view[span[1] - 1].norm.endswith(THEIR)
    ):
        return _antecedent(view, span[1] - 1) or span
    return span


def _indicator(view: Clause, frame: Frame, said: Said | None) -> Span | None:
    if frame.parent is not None:
        if arabic(frame.slots[frame.roles[0]].unit):
            event = governor(view, frame.slots[frame.roles[0]], frame.edge, frame.gap[0])
            if event and view[event[0]].trigger:
                return event
        own = _item(view, frame)
        if own and not _shares(view, frame, own):
            return own
        return indicator(view, frame.parent) or own
    at = frame.trigger
    figure = frame.slots[frame.roles[0]]
    if at is None:
        return beside(view, frame, said)
    if frame.rule == "level.count_moved":
        return _counted_move(view, at, figure.i)
    trigger = view[at].trigger
    limit = figure.i if figure.i > at else min(view.last, at + 2 * LONG)  # "it doubled" is its own figure
    found = _its_measure(view, at, limit)
    if found:
        return found
    if (
        trigger.sense in ("gain", "loss")
        and not trigger.verbal
        and (not frame.moves or frame.rule == "change.level_and_move")
    ):
        found = after(view, at, limit)
        if found and at > frame.gap[0] and measure(view[at - 1].norm) >= 3:
            found = (at - 1, found[1])  # "net loss"
    elif trigger.sense == "light" or (not trigger.verbal and trigger.sense not in MOVES):
        found = leftwards(view, frame.edge, at + 1) or before(view, at, frame.gap[0])
    elif trigger.verbal or not _adverbial(view, at, limit):
        found = _of_verb(view, at, limit) if trigger.verbal else after(view, _behind(view, at, limit), limit)
    if trigger.sense == "level" and figure.unit == "%" and (of := whole_of(view, figure)):
        said_of = found or _subject(view, at, frame.gap[0])
        if said_of is None or not measured(view, said_of):
            return of  # "the firms make up 85 % of revenue"
    if (
        found
        and found[1] == found[0] + 1
        and view[found[0]].cue == "carrier"
        and trigger.verbal
        and trigger.sense == "level"
    ):
        found = before(view, at, frame.gap[0]) or found  # "inflation reached a level of"
    found = found or _subject(view, at, frame.gap[0])
    if found is None and not trigger.verbal and figure.j < view.last - 1 and view[figure.j].norm == FI:
        found = after(view, figure.j + 1, view.last)  # "a rise of 20 % in profits"
    if found is None and arabic(figure.unit):
        found = counted(view, figure)
    return found or (_owner(view, said) if said else None) or before(view, at, view.first) or earlier(view, at)


def _owner(view: Clause, said: Said) -> Span:
    """What the clause before was about: its indicator, or whose it was ("the share, with a turnover of 9, rose")."""
    i = said.span[0]
    if i > view.first and view[i].norm[0] == BEH and cut(view, i) and view.content(i - 1):
        return leftwards(view, i, view.first, LONG) or said.span
    return said.span


def _its_measure(view: Clause, at: int, limit: int) -> Span | None:
    """A verb whose subject is no more than "its value", "their number"."""
    k = at + 1
    if not view[at].trigger.verbal or k >= limit or view[k].prep or not view[k].norm.endswith((HEH, HEH + ALEF, THEIR)):
        return None
    if view[k].cue not in ("approx", "tally") or any(view.content(p) for p in range(k + 1, limit)):
        return None
    return (k, k + 1)


def _of_verb(view: Clause, at: int, limit: int) -> Span | None:
    """The measured noun behind a verb, over the name of who moved it: "the company raised its net profit"."""
    if at + 2 < limit and view[at + 1].cue == "in" and at + 2 not in view.timed:
        return next(
            (after(view, p, limit) for p in range(at + 2, limit) if names_measure(view, p, stem(view[p].norm))), None
        )
    found = after(view, at + 1, limit)
    if found is None or view[found[0]].cue or measure(stem(view[found[0]].norm)) > 0:
        return found
    for p in range(found[1], min(limit, at + 16)):
        w = view[p]
        if view.stop(p) or view.verb(p) or w.cue == "relative":
            break
        if names_measure(view, p, stem(w.norm)):
            return after(view, p, limit) or found
    return found


def _adverbial(view: Clause, at: int, limit: int) -> bool:
    """A noun of movement that is an object, perhaps with adjectives ("a slight rise"): no indicator follows."""
    k = _behind(view, at, limit)
    if k >= limit or view[k].cue == "in" or view[k].prep or view[k].norm[0] == LAM:
        return k > at + 1 and k >= limit
    if view[at].definite and view[at - 1].cue != "break" or at > view.first and view[at - 1].bare in comparatives():
        return True  # "recorded the steepest fall"
    if view[at].norm.endswith(ALEF):
        return True
    plain = [p for p in range(k, limit) if view.content(p)]
    if len(plain) != 1 or plain[0] in view.named:
        return False
    norm = view[plain[0]].norm
    return not view[plain[0]].definite and not norm.endswith(HEH + ALEF) and measure(norm) < 2


def _behind(view: Clause, at: int, limit: int) -> int:
    """The token behind a movement and the adjectives of one that has the article: "the sharp fall in"."""
    k = at + 1
    while (
        view[at].definite and k < limit and k - at <= 2 and view[k].definite and view.content(k) and k not in view.named
    ):
        k += 1
    return k


def _antecedent(view: Clause, k: int) -> Span | None:
    """What "their number" counts: the phrase before the clause that says it."""
    while k > view.first and not view.content(k - 1) or view.level(k - 1):
        k -= 1
    return leftwards(view, k, view.first)


def _item(view: Clause, frame: Frame) -> Span | None:
    """The phrase that a list names before its figure."""
    a = frame.gap[0]
    if frame.parent.moves and a < frame.edge and (view[a].conj or view[a].norm[0] == WAW or view[a].cue == "then"):
        a += view[a].cue == "then" or view[a].norm == WAW
        if found := after(view, a, frame.edge):
            return found
    return leftwards(view, frame.edge, frame.gap[0], LONG)


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
            if t and t.sense in ("light", "be", "close") and t.verbal:
                return after(view, k + 1, at) or before(view, k, floor)
    elif view[at].result:
        for k in range(at - 1, max(floor, at - 20) - 1, -1):
            if view.verb(k) and (found := after(view, k + 1, at)):
                return found
    return before(view, at, floor)


def _counted_move(view: Clause, at: int, limit: int) -> Span:
    """ "The shares of 12 companies fell": the verb and what it says of the counted things."""
    end = limit
    while end > at + 1 and not view.content(end - 1):
        end -= 1
    return (at, end)


def offsets(view: Clause, span: Span) -> tuple[int, int]:
    """Raw offsets of an indicator, without a particle written onto its first word."""
    tokens = view.layer.tokens
    i, j = span
    start, end = tokens.starts[i], tokens.ends[j - 1]
    particles = cut(view, i)
    if particles and particles < len(view[i].norm) - 1:
        start += raw_length(tokens.raw(i), particles)
    return start, end
