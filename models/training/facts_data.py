"""Annotated facts as questions with answers: what the reader is trained and measured on.

A file, perhaps with gzip, holds one paragraph a line: id, text, facts and, where it is only to be measured on, the
`set` "dev". A fact has `kind`, `direction`, `indicator` (verbatim) and `from`, `to` and `delta`: null, the verbatim
words of the figure, or an object with them as `text`.
"""

from __future__ import annotations

import gzip
import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.entities.pieces import Pieces
from pipeline.evaluation.facts import agrees
from pipeline.facts.reader import MOVES, ROLES, Question, question, values
from pipeline.layers import Fact, Layers, Quantity


@dataclass(slots=True)
class Example:
    """A question with its answer; `start` and `end` are words of the window, both -1 where it has no indicator."""

    question: Question
    start: int
    end: int
    role: int
    move: int
    hinted: bool  # whether the grammar's indicator is right: half of the words shared
    gold: str
    layer: Layers

    @property
    def pieces(self) -> list[int]:
        return self.question.pieces


def paragraphs(path: Path, part: str = "", reader: bool = False) -> Iterator[tuple[dict, Layers]]:
    """The annotated paragraphs, those of a set where one is named, with what the pipeline reads in them.

    The learned reader is left out unless it is asked for.
    """
    import pipeline
    from pipeline.article import Article
    from pipeline.layers import layers

    nlp = pipeline.load()
    if not reader:
        nlp.get_pipe("khabar_facts").reader = None
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8") as lines:
        for row in map(json.loads, filter(str.strip, lines)):
            if part and row.get("set", "train") != part:
                continue
            doc = nlp.tokenizer.make(Article(row["id"], row["text"], row.get("title"), row.get("date")))
            for _, stage in nlp.pipeline:
                stage(doc)
            yield row, layers(doc)


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _figure(layer: Layers, said: str, used: set[int], near: int) -> Quantity | None:
    """The free figure that an annotated one means, the nearest to the indicator."""
    best = None
    for at in _places(layer.tokens.text, said):
        end = at + len(said)
        k = max(0, bisect_left(layer.quantities, at + 1, key=lambda q: q.end))
        while k < len(layer.quantities) and layer.quantities[k].start < end:
            if k not in used and (best is None or abs(layer.quantities[k].start - near) < abs(best[1] - near)):
                best = (k, layer.quantities[k].start)
            k += 1
    if best is None:
        return None
    used.add(best[0])
    return layer.quantities[best[0]]


def _answers(row: dict, layer: Layers) -> dict[str, tuple[str, str, dict]]:
    """Figure id -> (role, move, fact). Facts are taken in order, so a figure said twice goes to the earlier one."""
    out, used, text = {}, set(), layer.tokens.text
    for fact in row["facts"]:
        near = text.find(fact["indicator"])
        for role in ("to", "from", "delta"):
            v = fact.get(role)
            said = v if isinstance(v, str) else v["text"] if v else None
            figure = _figure(layer, said, used, near) if said else None
            if figure is not None:
                out[figure.id] = (role, fact["direction"] or "level", fact)
                near = figure.start
    return out


def examples(path: Path, pieces: Pieces, part: str = "") -> Iterator[Example]:
    """An example for each figure of the paragraphs."""
    for row, layer in paragraphs(path, part):
        answers = _answers(row, layer)
        facts: dict[str, Fact] = {v.quantity: f for f in layer.facts for _, v in values(f) if v.quantity}
        for figure in layer.quantities:
            fact = facts.get(figure.id)
            q = question(layer, figure, fact, pieces)
            role, move, gold = answers.get(figure.id, ("none", "level", None))
            start = end = -1
            if gold is not None:
                inside = [
                    (abs(at - figure.start), span)
                    for at in _places(layer.tokens.text, gold["indicator"])
                    if (span := layer.tokens.covering(at, at + len(gold["indicator"])))[0] >= q.low
                    and span[1] <= q.low + len(q.first)
                ]
                if inside:
                    span = min(inside, key=lambda x: x[0])[1]
                    start, end = span[0] - q.low, span[1] - 1 - q.low
            hinted = fact is not None and gold is not None and agrees(gold["indicator"], fact.indicator["text"])
            words = gold["indicator"] if gold else ""
            yield Example(q, start, end, ROLES.index(role), MOVES.index(move), hinted, words, layer)
