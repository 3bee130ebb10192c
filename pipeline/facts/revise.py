"""What the learned reader makes of the facts that the grammar found: what makes one, what it measures, when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import permutations
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from pipeline.facts import derive, when
from pipeline.facts.assemble import fact, redate
from pipeline.facts.clause import QUOTES, STOPS, Clause
from pipeline.facts.frame import Frame, arabic
from pipeline.facts.lexicon import BEH, QAD, open_words, word
from pipeline.facts.reader import MOVES, ROLES, Answer, Chances, Reader, breaks, likeliest, offsets, span, values, verbs
from pipeline.facts.select import unit_of
from pipeline.facts.trigger import DELTA_UNITS, LENGTHS
from pipeline.facts.when import Told
from pipeline.language.fold import fold
from pipeline.layers import Fact, Layers, Quantity

READ = 400  # figures of a document that are asked about; the grammar alone reads the rest
HELD = 0.4  # probability of being in a fact from which a figure of the grammar's facts stays in one
FREE = 0.8  # ... from which one that the grammar passed over comes into one
NEAR = 6  # groups apart up to which two may be one: the reader has learned of no figures further apart
SURER = 2.0  # log-odds by which the reader has to prefer its own roles and move to the grammar's
SUM = 2.0  # log-odds in favour of one fact for "from 5 to 7, up 2" or "up 40 %"; against it the more, the less they fit
EXACT = 0.02  # relative difference up to which a change is the difference of two values
JOINED = 1.0  # log-odds in favour of one fact for two groups of figures
NEVER = 0.9  # probability of having no time from which the reader outweighs the grammar
EDGES = STOPS - frozenset("()[]{}")  # no indicator begins or ends with one
CLOSED = STOPS | QUOTES  # no phrase goes on over one
# Log-odds of being right from those that the reader gives to a fact: `evaluation.facts --calibration`.
CALIBRATION = (0.62, 0.49)


class Place(NamedTuple):
    """A sentence: its number, its view and its times."""

    number: int
    view: Clause
    told: Told


class Draft(NamedTuple):
    """A fact with where it was found, before its subject and attribution are known."""

    fact: Fact
    place: Place
    edge: int  # token where the words of its frame begin
    slots: Mapping[str, Quantity]  # the figures of its frame
    whose: Chances = MappingProxyType({})  # what the reader says of the name that owns the values

    @property
    def figure(self) -> Quantity:
        return min(self.slots.values(), key=lambda q: q.i)


class Figure(NamedTuple):
    """A figure that may be in a fact: as the grammar reads it, what was answered, the draft that holds it."""

    figure: Quantity
    answer: Answer
    place: Place
    edge: int
    draft: Draft | None


Roles = tuple[tuple[str, ...], str]  # of the figures of a group, and their move


def revise(layer: Layers, places: Sequence[Place], drafts: Sequence[Draft], reader: Reader) -> list[Draft]:
    """The facts as the reader groups their figures, with its indicators and its confidence, in the order of the text.

    Facts without a figure, or with one that it was not asked about, stay as they are.
    """
    answers = dict(reader.read(layer, [draft.fact for draft in drafts], READ))
    held, out = {}, []
    for draft in drafts:
        ids = [v.quantity for _, v in values(draft.fact) if v.quantity]
        if ids and all(id in answers for id in ids):
            held |= dict.fromkeys(ids, draft)
        else:
            out.append(draft)
            for id in ids:
                answers.pop(id, None)
    numbers, stops = [q.i for q in layer.quantities], breaks(layer)
    ends = {k: m.j for m in layer.mentions for k in range(m.i, m.j)} | {k: k for k in numbers}
    ends |= {k: k for t in layer.times for k in range(t.i, t.j)}
    views = {place.view.first: place.view for place in places}
    apart = verbs(views.values() if answers else ())
    times = when.read([place.told for place in places])
    for place in places:
        groups = sorted(_groups(list(_figures(place, held, answers))), key=lambda group: min(f.figure.i for f in group))
        edges = [*(min(f.edge for f in group) for group in groups), place.view.last]
        for group, *bounds in zip(groups, edges, edges[1:], strict=False):
            if made := _made(group, bounds):
                said = [f.answer for f in group]
                phrase = _words(layer, *span(said, numbers, stops, apart), place.view.last, ends)
                start, end = offsets(layer, phrase, views)
                made.fact.indicator = {"text": layer.tokens.text[start:end], "start": start, "end": end}
                redate(made.fact, _dated(made.fact, group, times))
                out.append(made._replace(whose=_whose(said)))
    return sorted(out, key=lambda draft: draft.figure.start)


def _dated(fact: Fact, group: Sequence[Figure], times: Mapping[int, tuple[Told, when.Dated]]) -> when.Pair:
    """(time_from, time_to) of a fact: the grammar's, where the reader does not know better."""
    told = {f.figure.id: f.answer for f in group}
    said = {role: told[v.quantity] for role, v in values(fact) if v.quantity in told}
    first, last = said.get("from"), said.get("to") or said.get("delta")
    later = last.when if last else {}
    earlier = first.when if first else last.than
    found = when.pair(times.get(likeliest(later)), times.get(likeliest(earlier)))
    if found[1] == f"{fact.time_from}/{fact.time_to}":
        return fact.time_from, fact.time_to  # one range tells both
    mixed = when.backwards((fact.time_from, fact.time_to))
    if found[1] and found[1] == fact.time_from and not mixed:  # the grammar saw to which of two values it belongs
        return fact.time_from, fact.time_to
    time_from = fact.time_from if fact.time_from and earlier.get(None, 0) < NEVER else found[0]
    time_to = fact.time_to if fact.time_to and not found[1] and later.get(None, 0) < NEVER else found[1]
    if time_from and time_from == time_to:  # no movement is within one time: the grammar's, where it has two
        time_from, time_to = fact.time_from, fact.time_to or time_to
    if when.backwards((time_from, time_to)):  # told so by the grammar ("5 in 2014 against 7 in 2015"), or mixed up
        time_from, time_to = fact.time_from, fact.time_to
        at = {role: f.figure.i for f in group for role, v in values(fact) if v.quantity == f.figure.id}
        if mixed and at.get("from", 0) < at.get("to", 0):
            time_to = None  # "from 5 now to 7", in a sentence that names 2014 before
    return None if time_from == time_to else time_from, time_to


def _whose(said: Sequence[Answer]) -> Chances:
    """The mean of what was answered about each figure of a fact."""
    names = dict.fromkeys(k for a in said for k in a.whose)
    return {k: sum(a.whose.get(k, 0.0) for a in said) / len(said) for k in names}


def _words(layer: Layers, i: int, j: int, last: int, ends: Mapping[int, int]) -> tuple[int, int]:
    """The tokens of a phrase without stops at its ends, prepositions before it, "at a rate of" behind it, or half of a
    quotation.

    One that ends with a preposition or the like takes the word behind it in, unless that is a time, a verb, no part of
    phrases, or behind the sentence, which ends before `last`. `ends`: of tokens of names the end of the name, of those
    that no phrase goes over themselves.
    """
    norms, starts, stops = layer.tokens.norms, layer.tokens.starts, layer.tokens.ends
    while j < last and ends.get(j) != j and stops[j - 1] == starts[j] and (norms[j - 1][-1] + norms[j][0]).isalnum():
        j += 1  # "2D" are two tokens, "tickets15" a figure behind a word

    def trimmed(i: int, j: int) -> tuple[int, int]:
        while i + 1 < j and (norms[i] in EDGES or _preposition(norms[i])):
            i += 1
        while i + 1 < j and (size := _led(norms[max(i + 1, j - 2) : j])):
            j -= size
        return i, j

    i, j = trimmed(i, j)
    quotes = [k for k in range(i, j) if norms[k] in QUOTES]
    if len(quotes) % 2 and i + 1 < j:
        k = quotes[-1]
        i, j = trimmed(*((k + 1, j) if k - i <= j - k - 1 else (i, k)))
    if i + 1 < j and (_preposition(norms[j - 1]) or norms[j - 1] in open_words()):
        end = max(ends.get(j, j + 1), j + 1)
        inside = end <= last and not any(ends.get(k) == k or norms[k] in CLOSED for k in range(j, end))
        if inside and not word(norms[j]).cue and not word(norms[j]).trigger:
            return i, end
        return trimmed(i, j - 1)
    return i, j


def _preposition(norm: str) -> bool:
    w = word(norm)
    return w.cue in ("in", "from", "off", "to", "on") and w.bare == norm


def _led(last: Sequence[str]) -> int:
    """How many of the last words of a phrase only lead on: stops, "may", "at a rate of", "out of", "among them"."""
    w = word(last[-1])
    if last[-1] in EDGES or last[-1] == QAD or w.cue == "carrier" and w.prep == BEH:
        return 1
    return 2 if w.cue in ("whole", "among") and len(last) > 1 and word(last[0]).cue == "from" else 0


def _figures(place: Place, held: Mapping[str, Draft], answers: Mapping[str, Answer]) -> Iterator[Figure]:
    """The figures of a sentence that are in a fact."""
    before = place.view.first
    drafts = [held[figure.id] for figure in place.view.figures if figure.id in held]
    used = {q.id: q for draft in drafts for q in draft.slots.values() if q.id in held}
    others = used.values()
    for figure in place.view.figures:
        answer, draft, behind = answers.get(figure.id), held.get(figure.id), before
        before = figure.j
        if answer is None or 1 - np.exp(answer.role[0]) < (FREE if draft is None else HELD):
            continue
        if draft is not None:
            yield Figure(used[figure.id], answer, place, draft.edge, draft)
        elif figure.dimension != "ordinal" and not any(figure.start < q.end and q.start < figure.end for q in others):
            edge = next((k for k in range(behind, figure.i) if place.view.joint(k)), figure.i)
            yield Figure(_prepared(place, figure), answer, place, edge if behind > place.view.first else behind, None)


def _prepared(place: Place, figure: Quantity) -> Quantity:
    """A figure that the grammar passed over, as a value."""
    view = place.view
    if figure.dimension == "fraction" and figure.value is not None:
        return replace(figure, value=round(100 * figure.value, 2), unit="%")
    if figure.unit is None:  # one of those that were counted just before
        others = [q for q in view.figures if q.i < figure.i]
        unit = unit_of(view, figure, others) or next((q.unit for q in reversed(others)), None)
        return replace(figure, unit=unit if arabic(unit) else None)
    return figure


def _groups(figures: list[Figure]) -> list[list[Figure]]:
    """Figures that make one fact together: joined, the likeliest first, as long as that is likelier than apart."""
    groups = [(k,) for k in range(len(figures))]
    members = lambda group: [figures[k] for k in group]  # noqa: E731
    gain = cache(lambda a, b: _gain(members(a), members(b)))
    while True:
        near = [(a, b) for n, b in enumerate(groups) for a in groups[max(0, n - NEAR) : n]]
        near = [(a, b) for a, b in near if len(a + b) < len(ROLES) and gain(a, b) > 0]
        if not near:
            return [members(group) for group in groups]
        a, b = max(near, key=lambda pair: gain(*pair))
        groups[groups.index(a)] = a + b
        groups.remove(b)


def _gain(a: list[Figure], b: list[Figure]) -> float:
    """Log-odds that the figures of two groups are in one fact; in one, each has a role of its own."""
    if not any(_options(a + b)):
        return -np.inf
    said = np.clip([x.answer.same.get(y.figure.id, 0.0) for x in a for y in b], 1e-6, 1 - 1e-6)
    together = np.mean(np.log(said / (1 - said)))
    best = _best(a + b)
    together += _sum({role: f.figure for role, f in zip(best[0], a + b, strict=True)})
    return float(JOINED + together + _chance(a + b, best) - _chance(a, _best(a)) - _chance(b, _best(b)))


def _best(group: Sequence[Figure]) -> Roles:
    """The likeliest roles and move of a group."""
    return max(_options(group), key=lambda roles: _chance(group, roles))


def _chance(group: Sequence[Figure], roles: Roles) -> float:
    """Log-probability that the figures of a group have these roles and this move."""
    named, move = roles
    role = sum(f.answer.role[ROLES.index(r)] for f, r in zip(group, named, strict=True))
    return float(role + sum(f.answer.move[MOVES.index(move)] for f in group) / len(group))


def _options(group: Sequence[Figure]) -> Iterator[Roles]:
    """What a group of figures can be: a level, or a movement in which each has a role of its own."""
    if len(group) == 1:
        yield ("to",), "level"
    units = [fold(f.figure.unit or "") for f in group]
    alike = set(units) <= LENGTHS
    for named in permutations(ROLES[1:], len(group)):
        if any(role == "delta" and _reached(f) for role, f in zip(named, group, strict=True)):
            continue
        if _can(dict(zip(named, units, strict=True)), alike):
            for move in MOVES[1:]:
                yield named, move


def _sum(slots: Mapping[str, Quantity]) -> float:
    """Log-odds in favour of three figures that make a sum, or against three that do not."""
    three = [slots[role] for role in ROLES[1:] if role in slots]
    if len(three) < 3 or three[0].unit != three[1].unit or (off := derive.apart(*three)) is None:
        return 0.0
    return SUM if off <= EXACT else -SUM * min(off, 2.0)


def _reached(figure: Figure) -> bool:
    """Whether a verb of reaching has the figure as its object: a value, and no change."""
    return figure.draft is not None and figure.draft.fact.rule.split("+")[0] == "level.verb"


def _can(units: Mapping[str, str], alike: bool = False) -> bool:
    """Whether values of these roles and units can be those of one movement: what it came from is told beside what it
    came to, in the same unit, or with a change in another ("1 % above the low of 88.9 points"). A change is in the
    unit of the value or relative (so in all of 500 annotated movements), or a length as it is (`alike`): "20 cm to
    3 m"; counts are apart: "5 more to 20 persons".
    """
    change, value = units.get("delta", ""), units.get("to") or units.get("from", "")
    apart = change.split("/")[0] != value.split("/")[0] and not (arabic(change) and arabic(value))
    if change and value and apart and not alike and change not in DELTA_UNITS:
        return False
    if "from" not in units:
        return True
    if "to" in units:
        return units["from"] == units["to"] or "" in (units["from"], units["to"])
    return units.get("delta", units["from"]) != units["from"]


def _made(group: list[Figure], bounds: Sequence[int]) -> Draft | None:
    """The fact of a group: the grammar's where it has the same figures and the reader is not surer of another."""
    best = _best(group)
    draft = group[0].draft
    if draft is not None and len(draft.slots) >= len(group) and all(f.draft is draft for f in group):
        known = {v.quantity: role for role, v in values(draft.fact) if v.quantity}  # no figure tells "doubled"
        if len(known) == len(group):
            told = tuple(known[f.figure.id] for f in group), draft.fact.direction or "level"
            if _chance(group, best) - _chance(group, told) < SURER:
                draft.fact.confidence = _confidence(draft.fact, group, told)
                return draft
    named, move = best
    slots = {"level" if move == "level" else role: f.figure for role, f in zip(named, group, strict=True)}
    sense = "shift" if {"from", "to"} <= slots.keys() else move  # the two values tell it
    made = _fact(group[0].place, slots, sense, bounds)
    if made is None:
        return None
    made.confidence = _confidence(made, group, best)
    return Draft(made, group[0].place, bounds[0], slots)


def _fact(place: Place, slots: dict[str, Quantity], move: str, bounds: Sequence[int]) -> Fact | None:
    """The fact of figures that the reader grouped, without its indicator; `bounds` are the tokens that tell of it."""
    first, last = min(slots.values(), key=lambda q: q.i), max(slots.values(), key=lambda q: q.i)
    rule = "level.read" if move == "level" else "change.read"
    begin, end = min(bounds[0], first.i), max(bounds[1], last.j)
    frame = Frame(move, slots, rule, (begin, first.i), edge=first.i, roles=list(slots))
    dated = place.told.of(frame, (begin, end))
    return fact(place.view, frame, (last.i, last.j), place.number, (begin, end), dated)


def _confidence(fact: Fact, group: Sequence[Figure], roles: Roles) -> float:
    """How often facts are right whose figures the reader takes for what they are in them as readily as these."""
    agreed = _chance(group, roles)
    for n, b in enumerate(group):
        agreed += sum(np.log(max(1e-4, b.answer.same.get(a.figure.id, 1e-4))) for a in group[:n])
    odds = agreed - np.log(-np.expm1(min(agreed, -1e-4)))
    sure = 1 / (1 + np.exp(-(CALIBRATION[0] + CALIBRATION[1] * odds)))
    return round(float(np.clip(sure / (2 if fact.rule.endswith("!contradicted") else 1), 0.01, 0.99)), 3)
