"""What the learned reader changes in the facts that the grammar found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from pipeline.facts.assemble import fact
from pipeline.facts.clause import Clause
from pipeline.facts.frame import Frame, arabic
from pipeline.facts.lexicon import WAW
from pipeline.facts.reader import MOVES, ROLES, Answer, Reader, offsets, span, values
from pipeline.facts.select import unit_of
from pipeline.facts.when import Told
from pipeline.layers import Fact, Layers, Quantity

READ = 400  # figures of a document that are asked about; the grammar alone reads the rest
OUT = 0.5  # probability of being in no fact from which a figure's fact is dropped
IN = 0.9  # probability of being in one from which a figure that the grammar passed over becomes one
MOVED = 0.5  # probability of being in a change from which two facts of one indicator are one change
STILL = 0.1  # probability of being in a change up to which a change of one figure is a level
TIGHT = 3  # tokens within which a figure is a second measure of the one before, unless it is joined to it
PASSED_OVER = ("number", "percent", "count", "fraction")  # amounts that it passes over say another one again
# Log-odds of being right from those that the reader gives to a fact: `evaluation.facts --calibration`.
CALIBRATION = (0.70, 0.41)


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
    figure: Quantity


class Read(NamedTuple):
    """A draft whose figures were asked about: figure and answer of each role."""

    draft: Draft
    asked: dict[str, tuple[Quantity, Answer]]
    indicator: tuple[int, int]  # raw offsets

    def moves(self) -> float:
        """The least of the chances that a figure is in a change."""
        return min(1 - np.exp(answer.move[0]) for _, answer in self.asked.values())


def revise(layer: Layers, places: Sequence[Place], drafts: Sequence[Draft], reader: Reader) -> list[Draft]:
    """The drafts with the indicators and the confidence that the reader gives, in the order of the text.

    Without those whose figures it calls no fact's, and with the facts of figures that the grammar passed over.
    """
    figures = {q.id: q for q in layer.quantities}
    numbers = [q.i for q in layer.quantities]
    views = {place.view.first: place.view for place in places}
    reads: list[Read] = []
    room = READ

    def read(draft: Draft, asked: dict[str, Quantity]) -> Read:
        answers = {role: (q, reader.answer(layer, q, draft.fact)) for role, q in asked.items()}
        said = [answer for _, answer in answers.values()]
        return Read(draft, answers, offsets(layer, span(said, numbers), views)) if said else Read(draft, {}, (0, 0))

    for draft in drafts:
        asked = {role: figures[v.quantity] for role, v in values(draft.fact) if v.quantity in figures}
        if len(asked) > room:
            asked = {}
        room -= len(asked)
        found = read(draft, asked)
        if asked and all(np.exp(answer.role[0]) > OUT for _, answer in found.asked.values()):
            continue
        reads.append(found)
    for place, figure, before in list(_free(places, drafts))[:room]:
        answer = reader.answer(layer, figure, None)
        if np.exp(answer.role[0]) < 1 - IN and (made := _read(place, figure, before, answer)):
            where = offsets(layer, span([answer], numbers), views)
            role = next(role for role, _ in values(made))
            reads.append(Read(Draft(made, place, before, figure), {role: (figure, answer)}, where))
    out: list[Read] = []
    for found in sorted(reads, key=lambda found: found.draft.figure.start):
        if merged := out and _merged(out[-1], found):
            out[-1] = merged
        else:
            out.append(_level(found))
    for draft, asked, (start, end) in out:
        if asked:
            draft.fact.confidence = _confidence(draft.fact, asked.values())
            draft.fact.indicator = {"text": layer.tokens.text[start:end], "start": start, "end": end}
    return [found.draft for found in out]


def _merged(a: Read, b: Read) -> Read | None:
    """One change of two facts that measure the same in one sentence, where the reader takes all figures for changes."""
    same = a.indicator[0] < b.indicator[1] and b.indicator[0] < a.indicator[1]
    if not (a.asked and b.asked) or a.draft.place is not b.draft.place or not same:
        return None
    if min(a.moves(), b.moves()) < MOVED:
        return None
    asked = {}
    for found in (a, b):
        for role, (figure, answer) in found.asked.items():
            if found.draft.fact.kind == "level":
                role = ROLES[1 + int(answer.role[1:].argmax())]
            if role in asked:
                return None
            asked[role] = figure, answer
    first = a.draft
    said = {found.draft.fact.direction for found in (a, b)} - {None}
    move = said.pop() if len(said) == 1 else MOVES[1 + int(sum(x.move[1:] for _, x in asked.values()).argmax())]
    if not said and asked.keys() == {"from", "to"}:
        move = "shift"  # the two values tell it
    made = _fact(first.place, {role: figure for role, (figure, _) in asked.items()}, move, first.edge)
    return Read(first._replace(fact=made), asked, a.indicator) if made else None


def _level(found: Read) -> Read:
    """A level in place of a change of one figure that the reader takes for a level."""
    draft = found.draft
    if draft.fact.kind == "level" or len(found.asked) != 1 or found.moves() > STILL:
        return found
    figure = draft.figure
    made = _fact(draft.place, {"level": figure}, "level", draft.edge)
    return found._replace(draft=draft._replace(fact=made)) if made else found


def _fact(place: Place, slots: dict[str, Quantity], move: str, edge: int) -> Fact | None:
    """The fact of figures that the reader grouped, without its indicator."""
    last = max(slots.values(), key=lambda q: q.i)
    rule = "level.read" if move == "level" else "change.read"
    first = min(q.i for q in slots.values())
    frame = Frame(move, slots, rule, (min(edge, first), first), edge=first, roles=list(slots))
    return fact(place.view, frame, (last.i, last.j), place.number, (min(edge, first), last.j), place.told)


def _free(places: Sequence[Place], drafts: Sequence[Draft]) -> Iterator[tuple[Place, Quantity, int]]:
    """The figures that no draft holds, with their sentence and the token behind the figure before."""
    spans = sorted((v.start, v.end) for draft in drafts for _, v in values(draft.fact))
    starts = [a for a, _ in spans]
    for place in places:
        before = place.view.first
        for figure in place.view.figures:
            n = bisect_right(starts, figure.start) - 1
            held = n >= 0 and spans[n][1] > figure.start or n + 1 < len(spans) and spans[n + 1][0] < figure.end
            again = before > place.view.first and figure.i - before <= TIGHT and not _listed(place.view, before, figure)
            if not held and not again and figure.dimension in PASSED_OVER:
                yield place, figure, before
            before = figure.j


def _listed(view: Clause, before: int, figure: Quantity) -> bool:
    """The figure is joined to the one before: no second measure of it."""
    return any(view[k].norm[:1] == WAW or view.stop(k) for k in range(before, figure.i + 1))


def _read(place: Place, figure: Quantity, before: int, answer: Answer) -> Fact | None:
    """The fact of a figure that the reader alone knows, without its indicator."""
    view = place.view
    if figure.dimension == "fraction" and figure.value is not None:
        figure = replace(figure, value=round(100 * figure.value, 2), unit="%")
    elif figure.unit is None:  # or one of those that were counted just before
        others = [q for q in view.figures if q.i < figure.i]
        unit = unit_of(view, figure, others) or next((q.unit for q in reversed(others)), None)
        figure = replace(figure, unit=unit if arabic(unit) else None)
    move = MOVES[int(answer.move.argmax())]
    role = "level" if move == "level" else ROLES[1 + int(answer.role[1:].argmax())]
    return _fact(place, {role: figure}, move, before)


def _confidence(fact: Fact, asked: Iterable[tuple[Quantity, Answer]]) -> float:
    """How often facts are right whose figures the reader takes for what they are in them as readily as these."""
    roles = {v.quantity: ROLES.index(role) for role, v in values(fact)}
    move = MOVES.index(fact.direction or "level")
    said = [(answer.role[roles[q.id]], answer.move[move]) for q, answer in asked if q.id in roles]
    if not said:
        return fact.confidence
    agreed = sum(role for role, _ in said) + np.mean([moved for _, moved in said])
    odds = agreed - np.log(-np.expm1(min(agreed, -1e-4)))
    sure = 1 / (1 + np.exp(-(CALIBRATION[0] + CALIBRATION[1] * odds)))
    return round(float(np.clip(sure / (2 if fact.rule.endswith("!contradicted") else 1), 0.01, 0.99)), 3)
