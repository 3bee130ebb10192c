"""What the learned reader changes in the facts that the grammar found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline.facts.clause import Clause
from pipeline.facts.reader import Reader, offsets, span, values
from pipeline.layers import Fact, Layers, Quantity, Time

READ = 400  # figures of a document that are asked about; the grammar alone reads the rest
OUT = 0.7  # probability of being in no fact from which a figure's fact is dropped


class Place(NamedTuple):
    """A sentence: its number, its view and the time in force."""

    number: int
    view: Clause
    carried: Time | None


class Draft(NamedTuple):
    """A fact with where it was found, before its subject and attribution are known."""

    fact: Fact
    place: Place
    edge: int  # token where the words of its frame begin
    figure: Quantity


def revise(layer: Layers, drafts: Sequence[Draft], reader: Reader) -> list[Draft]:
    """The drafts with the indicators that the reader points to, without those whose figures it calls no fact's."""
    figures = {q.id: q for q in layer.quantities}
    numbers = [q.i for q in layer.quantities]
    views = {draft.place.view.first: draft.place.view for draft in drafts}
    out, room = [], READ
    for draft in drafts:
        fact = draft.fact
        asked = [figures[v.quantity] for _, v in values(fact) if v.quantity in figures]
        if asked and room >= len(asked):
            room -= len(asked)
            answers = [reader.answer(layer, figure, fact) for figure in asked]
            if all(np.exp(a.role[0]) > OUT for a in answers):
                continue
            start, end = offsets(layer, span(answers, numbers), views)
            fact.indicator = {"text": layer.tokens.text[start:end], "start": start, "end": end}
        out.append(draft)
    return out
