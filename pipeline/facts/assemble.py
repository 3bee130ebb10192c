"""From frames to facts: values, direction, times, status, subject, attribution, derived numbers, confidence."""

from __future__ import annotations

from functools import cache

from pipeline.facts import derive
from pipeline.facts.clause import REACH, Clause
from pipeline.facts.frame import Frame
from pipeline.facts.indicator import offsets
from pipeline.facts.lexicon import ARTICLE, PRONOUNS, QAD, SEEN, TEH, YEH, balance, finite, measure
from pipeline.facts.select import indices
from pipeline.facts.trigger import DELTA_UNITS
from pipeline.facts.when import Pair, begins
from pipeline.language.clitics import split
from pipeline.language.fold import fold
from pipeline.layers import Fact, Quantity, Value
from pipeline.quantities.nouns import counted, noun_like
from pipeline.resources import lexicon

POINT = "point"
# The direction that a sense says.
_SENSES = {"up": "up", "down": "down", "flat": "flat", "double": "up", "gain": "up", "loss": "down"}
SHARED = DELTA_UNITS - {"times"}  # units of changes that the next one may leave out
FLAT = 0.01  # relative difference up to which two values may be called the same
BOUND_ORDER = ("to", "level", "delta", "from")
NAMED = 5  # tokens before a figure in which its noun is looked for
MEASURE = 3  # level of a noun (lexicon.measure) from which it names a measure and not things
BEHIND = 5  # tokens behind a figure without a verb before it in which its verb is looked for


@cache
def precision() -> dict[str, float]:
    """How often a rule's facts are right up to the direction, measured on annotated paragraphs."""
    return {row["rule"]: float(row["precision"]) for row in lexicon("facts/precision.tsv")}


def _shared(frame: Frame) -> str | None:
    """The unit of a change that is told as that of the movement before it, by a number in digits alone."""
    mine, other = frame.slots.get("delta"), frame.parent and frame.parent.slots.get("delta")
    bare = mine is not None and mine.text[0].isdecimal() and sum(map(str.isalpha, mine.text)) < 2  # a letter: 6r5
    return other.unit if bare and other and other.unit in SHARED else None


def _of_index(view: Clause, frame: Frame) -> bool:
    """A bare value of an index is in points."""
    a = frame.trigger if frame.trigger is not None else frame.gap[0]
    return any(view[k].norm in indices() for k in range(max(view.first, a - 8), frame.slots[frame.roles[0]].i))


def value(text: str, q: Quantity | None, unit: str | None = None) -> Value | None:
    """The value of a figure: the span of its number, scale and unit, without the words of its bound."""
    if q is None:
        return None
    start, end = q.core if q.core[1] > q.core[0] else (q.start, q.end)
    return Value(text[start:end], start, end, q.value, q.min, q.max, q.unit or unit, q.id or None)


def fact(
    view: Clause,
    frame: Frame,
    span: tuple[int, int],
    sentence: int,
    bounds: tuple[int, int],
    dated: Pair,
) -> Fact | None:
    """The fact of a frame whose indicator is the tokens of `span`, with the times of its values."""
    start, end = offsets(view, span)
    if start >= end:
        return None
    text = view.layer.tokens.text
    slots = frame.slots
    unit = next((q.unit for r in ("to", "level", "from") if (q := slots.get(r)) and q.unit), None)
    behind = span[0] >= slots[frame.roles[0]].j and view[span[0] - 1].cue != "from"
    unit = unit or (None if behind else _counted(view, span))
    if unit is None and frame.parent:
        unit = next((q.unit for r, q in frame.parent.slots.items() if r in slots and q.unit), None)
    if unit is None and frame.moves and "to" in slots and _of_index(view, frame):
        unit = POINT
    first, last = value(text, slots.get("from"), unit), value(text, slots.get("to") or slots.get("level"), unit)
    delta = value(text, slots.get("delta"), _shared(frame))
    if delta is None and frame.sense == "double" and frame.parent is None and frame.trigger is not None:
        delta = _doubled(view, frame.trigger)
    if delta is not None and delta.value is not None and delta.value < 0:
        delta.value = -delta.value
    kind = "change" if frame.moves or first is not None else "level"
    _below_nought(view, slots, first, last)
    said = _SENSES.get(frame.sense)
    direction = (_moved(first, last, said) or said or _said(view, frame)) if kind == "change" else None
    if kind == "change" and direction is None:
        kind = "level" if last is not None and first is None and delta is None else kind
    time_from, time_to = dated
    if kind == "level":
        time_from = None
    rule = frame.rule
    if kind == "change" and not frame.moves:
        rule = "change.compared"
    confidence = precision().get(rule, precision().get(rule.split("+")[0], 0.5))
    if derive.contradicts(first, last, delta, said or direction):
        rule += "!contradicted"
        confidence = round(confidence / 2, 2)
    return Fact(
        kind=kind,
        indicator={"text": text[start:end], "start": start, "end": end},
        sentence=sentence,
        rule=rule,
        direction=direction,
        from_=first,
        to=last,
        delta=delta,
        time_from=time_from,
        time_to=time_to,
        bound=next((slots[r].bound for r in BOUND_ORDER if r in slots), "exact"),
        status=_status(view, frame, bounds, time_to),
        derived=derive.derived(first, last, time_from, time_to),
        confidence=confidence,
    )


def redate(fact: Fact, dated: Pair) -> None:
    """Give a fact other times, and what is computed with them."""
    fact.time_from, fact.time_to = None if fact.kind == "level" else dated[0], dated[1]
    fact.derived = derive.derived(fact.from_, fact.to, fact.time_from, fact.time_to)


def _counted(view: Clause, span: tuple[int, int]) -> str | None:
    """What a bare number counts, by the plural that its indicator begins with: "the centres number 295"."""
    for k in range(*span):
        w = view[k]
        if w.cue == "number" or w.cue == "filler":
            continue
        noun = split(view.layer.tokens.raw(k))[1].removeprefix(ARTICLE)
        plural = not w.trigger and k not in view.named and measure(w.bare) < MEASURE and noun_like(fold(noun))
        return counted(noun, "plural") if plural and counted(noun, "plural") not in (None, noun) else None
    return None


def _doubled(view: Clause, k: int) -> Value:
    """ "It doubled" is a delta of 2 times without a figure."""
    tokens = view.layer.tokens
    return Value(tokens.raw(k), tokens.starts[k], tokens.ends[k], value=2, unit="times")


def _side(view: Clause, q: Quantity) -> str | None:
    """Whether a figure is told as a profit or a loss, by the nearest noun before it."""
    for k in range(q.i - 1, max(view.first, q.i - NAMED) - 1, -1):
        if view.stop(k) or k in view.taken:
            break
        noun = split(view[k].norm)[1].removeprefix(ARTICLE)
        pronoun = next((p for p in PRONOUNS if noun.endswith(p)), "")
        for form in (view[k].norm, noun, noun.removesuffix(pronoun)):  # particles may be the word's own first letters
            if side := balance().get(form):
                return side
    return None


def _below_nought(view: Clause, slots: dict, first: Value | None, last: Value | None) -> None:
    """ "A profit of 20 million after a loss of 5 million": the loss becomes negative."""
    if first is None or last is None:
        return
    pairs = [(first, slots["from"]), (last, slots.get("to") or slots["level"])]
    sides = [_side(view, q) for _, q in pairs]
    if set(sides) != {"gain", "loss"}:
        return
    for (v, q), side in zip(pairs, sides, strict=True):
        if side == "loss" and q.dimension in ("money", "percent"):
            v.value = None if v.value is None else -abs(v.value)
            low, high = (None if x is None else -abs(x) for x in (v.max, v.min))
            v.min, v.max = (high, low) if None not in (low, high) and low > high else (low, high)


def _moved(first: Value | None, last: Value | None, said: str | None) -> str | None:
    """The direction that two values tell; it wins over the words, which may speak of the other side ("the dollar at
    119,000 rials after 100,000, a fall of 18 %") but may call a small change none.
    """
    if first is None or last is None or first.unit != last.unit:
        return None
    a, b = (first.value if first.value is not None else first.min), (last.value if last.value is not None else last.min)
    if a is None or b is None:
        return None
    if said == "flat" and abs(b - a) <= FLAT * max(abs(a), abs(b)):
        return said
    return "up" if b > a else "down" if b < a else "flat"


def _said(view: Clause, frame: Frame) -> str | None:
    """The direction of a change that names none, from the words before: "the shares that rose most, ... changed by"."""
    if frame.sense != "shift":
        return None
    for k in range(frame.gap[1] - 1, max(view.first, frame.gap[1] - REACH) - 1, -1):
        t = view[k].trigger
        if t and t.sense in ("up", "down") and not t.verbal:
            return t.sense
    return None


def _status(view: Clause, frame: Frame, bounds: tuple[int, int], time_to: str | None) -> str:
    """Forecast where the words of a frame speak of the future, of plans or hopes, or tell a time that is to come."""
    told = any(bounds[0] <= t.i < bounds[1] and begins(t.iso) == begins(time_to) for t in view.times)
    if told and view.layer.date and begins(time_to) > view.layer.date:
        return "forecast"
    figure = frame.slots[frame.roles[0]]
    while frame.parent is not None:
        frame = frame.parent
    behind = figure.j if frame.trigger is None else view.last
    words = [*range(max(view.first, min(bounds[0], frame.gap[0])), figure.i)]
    for k in range(behind, min(view.last, behind + BEHIND)):
        if view.stop(k) or k in view.taken:
            break
        words.append(k)
    return "forecast" if any(_ahead(view, k) for k in words) else "actual"


def _ahead(view: Clause, k: int) -> bool:
    """Token `k` expects or plans, or is a verb of the future; "may" before a verb of the present."""
    w = view[k]
    if w.future or w.cue in ("forecast", "future"):
        return True
    if w.norm == QAD:
        return k + 1 < view.last and view[k + 1].norm[0] in (YEH, TEH) and finite(view[k + 1].norm)
    return not (w.cue or w.trigger) and k not in view.named and k not in view.timed and SEEN in split(w.norm)[0]
