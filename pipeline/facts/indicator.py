"""What a frame measures: the noun phrase near its trigger or its figure."""

from __future__ import annotations

from pipeline.facts.clause import Clause
from pipeline.facts.frames import MOVES, Frame, arabic
from pipeline.facts.lexicon import ALEF, ARTICLE, BEH, HEH, KAF, LAM, WAW, measure
from pipeline.language.fold import fold, raw_length

Span = tuple[int, int]
LONG, SHORT = 7, 4  # tokens of the longest phrase read rightwards and leftwards
FI = "\u0641\u064a"  # the preposition "in"
MIN = "\u0645\u0646"  # the preposition "from, of"
ALA = "\u0639\u0644\u064a"  # the preposition "on"
BETWEEN = "\u0628\u064a\u0646"
QUOTES = frozenset("\"'\u00ab\u00bb\u201c\u201d")
PREPOSITIONS = frozenset(
    (FI, MIN, ALA, "\u0627\u0644\u064a", "\u0639\u0646", "\u0645\u0639", "\u0639\u0628\u0631", "\u0644\u062f\u064a")
    + ("\u0628\u064a\u0646",)
)
EDGES = frozenset(("that", "break", "against", "then", "also"))  # cues at which a phrase read leftwards ends


def indicator(view: Clause, frame: Frame, said: Span | None = None) -> Span | None:
    """The span of the indicator, or None where nothing in the sentence names it.

    `said`: the indicator of the frame before it in the sentence, which a verb without a subject takes up.
    """
    span = _indicator(view, frame, said)
    if span and view[span[1] - 1].cue == "tally" and span[1] - span[0] <= 2:
        return _antecedent(view, span[1] - 1) or span
    return span


def _indicator(view: Clause, frame: Frame, said: Span | None) -> Span | None:
    if frame.parent is not None:
        if arabic(frame.slots[frame.roles[0]].unit):
            event = _governor(view, frame.slots[frame.roles[0]], frame.edge, frame.gap[0])
            if event and view[event[0]].trigger:
                return event
        own = _item(view, frame)
        if own and not _shares(view, frame, own):
            return own
        return indicator(view, frame.parent) or own
    at = frame.trigger
    figure = frame.slots[frame.roles[0]]
    if at is None:
        return _beside_figure(view, frame, said)
    if frame.rule == "level.count_moved":
        return _counted_move(view, at, figure.i)
    trigger = view[at].trigger
    limit = figure.i if figure.i > at else min(view.last, at + 2 * LONG)  # "it doubled" is its own figure
    found = None
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
        found = _of_verb(view, at, limit) if trigger.verbal else after(view, at + 1, limit)
    if found and view[found[0]].cue == "carrier" and trigger.verbal and trigger.sense == "level":
        found = before(view, at, frame.gap[0]) or found  # "inflation reached a level of"
    found = found or _subject(view, at, frame.gap[0])
    if found is None and not trigger.verbal and figure.j < view.last - 1 and view[figure.j].norm == FI:
        found = after(view, figure.j + 1, view.last)  # "a rise of 20 % in profits"
    if found is None and arabic(figure.unit):
        found = _counted(view, figure)
    return found or said or before(view, at, view.first) or _earlier(view, at)


def _of_verb(view: Clause, at: int, limit: int) -> Span | None:
    """The measured noun behind a verb, over the name of who moved it: "the company raised its net profit"."""
    found = after(view, at + 1, limit)
    if found is None or view[found[0]].cue or measure(_stem(view[found[0]].norm)) > 0:
        return found
    for p in range(found[1], min(limit, at + 16)):
        w = view[p]
        if view.stop(p) or view.verb(p) or w.cue == "relative":
            break
        if _names_measure(view, p, _stem(w.norm)):
            return after(view, p, limit) or found
    return found


def _adverbial(view: Clause, at: int, limit: int) -> bool:
    """A noun of movement that is an object, perhaps with adjectives ("a slight rise"): no indicator follows."""
    k = at + 1
    if k >= limit or view[k].cue == "in" or view[k].prep or view[k].norm[0] == LAM:
        return False
    if view[at].norm.endswith(ALEF):
        return True
    plain = [p for p in range(k, limit) if view.content(p)]
    if len(plain) != 1 or plain[0] in view.named:
        return False
    norm = view[plain[0]].norm
    return not view[plain[0]].definite and not norm.endswith(HEH + ALEF) and measure(norm) < 2


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
            if t and t.sense in ("light", "be") and t.verbal:
                return after(view, k + 1, at) or before(view, k, floor)
    elif view[at].result:
        for k in range(at - 1, max(floor, at - 20) - 1, -1):
            if view.verb(k) and (found := after(view, k + 1, at)):
                return found
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
    limit = min(limit, k + 2 * LONG, view.last)
    while k < limit and (
        view[k].norm in QUOTES
        or view[k].norm in (BEH, "(")
        or k in view.timed
        or view[k].cue in ("time", "not", "approx", "filler", "in")
    ):
        timed = view[k].cue == "time" and k + 1 not in view.timed
        k += 1
        while timed and k < limit and view.content(k) and not view.verb(k) and measure(view[k].norm) < 1:
            k += 1  # "during the current season"
    i = k
    if k < limit and view[k].norm[0] == BEH and not view[k].cue and _cut(view, k):
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
    return _trim(view, i, k) if k - i < 3 else _trim(view, _head(view, i, k), k)


def _head(view: Clause, i: int, k: int) -> int:
    """Where the measured noun stands when somebody else is named before it: "the company raised its net profit"."""
    if view[i].cue or measure(_stem(view[i].norm)) > 0:
        return i
    for p in range(i + 1, k):
        if _names_measure(view, p, view[p].norm):
            return p
    return i


def _names_measure(view: Clause, p: int, norm: str) -> bool:
    """Whether a measured noun begins a phrase of its own at token `p`."""
    w = view[p]
    if w.definite or view[p - 1].cue in ("in", "from", "on") or norm.startswith(LAM + LAM) or p in view.timed:
        return False
    return w.cue in ("number", "carrier") and not w.prep or not w.cue and measure(norm) >= 2


def _stem(norm: str) -> str:
    return norm[1:] if norm[:1] in (WAW, BEH, LAM) and measure(norm) == -3 else norm


def before(view: Clause, k: int, floor: int) -> Span | None:
    """The subject before a verb at `k`: what follows the last "that", comma or verb, up to its first adjunct."""
    if k - 1 >= floor and view[k - 1].cue == "relative":
        return leftwards(view, k - 1, max(view.first, k - 12), SHORT)
    i = k
    low = max(floor, k - 25)
    for p in range(k - 1, low - 1, -1):
        if p in view.taken or view[p].cue == "break":
            break
        if view[p].cue == "that":
            found = after(view, p + 1, k)
            if found and (view[found[0]].cue or measure(_stem(view[found[0]].norm)) > 0):
                return found  # over a relative clause
            break
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
    if k > floor and view[k - 1].norm == WAW:
        return None
    while k > floor and (
        view[k - 1].norm in QUOTES
        or view[k - 1].cue in ("approx", "relative", "filler", "time", "in")
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
        if w.cue in EDGES or w.cue in ("relative", "time", "to", "approx", "compare", "not", "future", "off", "filler"):
            break
        if w.cue == "from" and i < k and i - 2 >= floor and view.content(i - 2) and not view.verb(i - 2) and k - i < 3:
            i -= 1
            continue
        if w.cue in ("in", "bound", "copula") or w.norm in PREPOSITIONS or w.norm == WAW:
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
        return (
            w.norm in PREPOSITIONS
            or len(w.norm) == 1
            or view.stop(p)
            or w.cue in ("relative", "filler", "approx", "to")
        )

    while i < k and empty(i):
        i += 1
    while k > i and empty(k - 1) and not (view[k - 1].norm in QUOTES and _closes(view, i, k)):
        k -= 1
    return (i, k) if k > i else None


def _closes(view: Clause, i: int, k: int) -> bool:
    """The quotation mark at `k - 1` closes one inside the phrase."""
    return sum(view[p].norm in QUOTES for p in range(i, k)) % 2 == 0


def _counted_move(view: Clause, at: int, limit: int) -> Span:
    """ "The shares of 12 companies fell": the verb and what it says of the counted things."""
    end = limit
    while end > at + 1 and not view.content(end - 1):
        end -= 1
    return (at, end)


def _beside_figure(view: Clause, frame: Frame, said: Span | None) -> Span | None:
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
        return _governor(view, figure, k, floor) or _counted(view, figure)
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
        or (_earlier(view, k) if p > floor and view.stop(p) else None)
        or _carrier(view, k, figure)
        or (after(view, figure.j, view.last) or leftwards(view, k, view.first) or _earlier(view, figure.i))
    )


def _predicate(view: Clause, k: int) -> Span:
    """A verb phrase: the verb and a few words of its complement."""
    end = k + 1
    while (
        end < view.last and end - k < SHORT and not view.stop(end) and end not in view.taken and end not in view.timed
    ):
        if view[end].cue in EDGES or view.verb(end):
            break
        end += 1
    return _trim(view, k, end) or (k, k + 1)


def _carrier(view: Clause, k: int, figure) -> Span | None:
    """The noun of the lead itself: "at a price of"."""
    return next(((p, p + 1) for p in range(k, figure.i) if view[p].cue == "carrier"), None)


def _governor(view: Clause, figure, k: int, floor: int) -> Span | None:
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


def _counted(view: Clause, figure) -> Span | None:
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
        if view[k].norm[:1] in (BEH, LAM, KAF) and _cut(view, k) or view[k].norm[:1] == WAW and _cut(view, k):
            break
        k += 1
    if best < figure.j and view[figure.j - 1].norm[:1].isdigit():
        k = best + 1
    return (i, k)


def _common(word: str, unit: str) -> int:
    """Letters of `unit` found in order in `word`: broken plurals keep their root."""
    n = 0
    for letter in word:
        n += n < len(unit) and letter == unit[n]
    return n


def offsets(view: Clause, span: Span) -> tuple[int, int]:
    """Raw offsets of an indicator, without a particle written onto its first word."""
    tokens = view.layer.tokens
    i, j = span
    start, end = tokens.starts[i], tokens.ends[j - 1]
    cut = _cut(view, i)
    if cut and cut < len(view[i].norm) - 1:
        start += raw_length(tokens.raw(i), cut)
    return start, end
