"""Annotated facts as windows with answers: what the reader is trained and measured on.

A file, perhaps with gzip, holds one paragraph a line: id, text, facts and, where it is only to be measured on, the
`set` "dev". A fact has `kind`, `direction`, `indicator` (verbatim) and `from`, `to` and `delta`: null, the verbatim
words of the figure, or an object with them as `text`. Which words of time date the values stands in `times.jsonl.gz`:
for each paragraph that was annotated so, the `from` and `to` of the facts, by their number, that have any. Whose they
are is the `subject` of a fact, or stands in `owners.jsonl.gz`: for each such paragraph, of each fact in order. A
time or subject "?" is one that nobody was asked for.
"""

from __future__ import annotations

import gzip
import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pipeline.entities.pieces import Pieces
from pipeline.evaluation.facts import agrees
from pipeline.facts.lexicon import ARTICLE
from pipeline.facts.reader import MOVES, ROLES, Window, values, windows
from pipeline.language.fold import fold
from pipeline.layers import Fact, Layers, Quantity

UNASKED = "?"


@cache
def times() -> dict[str, dict[int, dict]]:
    """Paragraph id -> number of a fact -> the words of the times `from` and `to`, where it has any."""
    with gzip.open(Path(__file__).with_name("times.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return {row["id"]: {w["n"]: w for w in row["when"]} for row in map(json.loads, lines)}


@cache
def owners() -> dict[str, list[str | None]]:
    """Paragraph id -> the words of the subject of each fact, where it has one."""
    with gzip.open(Path(__file__).with_name("owners.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return {row["id"]: row["whose"] for row in map(json.loads, lines)}


@dataclass(slots=True)
class Answered:
    """What is right about one figure; `start` and `end` are words of the window, both -1 where it has no indicator.

    `when` and `than`: the number, from 1, of the time among the window's that dates it, and what it is compared with;
    0 where there is none, -1 where that is not known. `whose`: the numbers of the names that own the value, or 0 alone;
    empty where that is not known.
    """

    role: int = 0
    move: int = 0
    start: int = -1
    end: int = -1
    fact: int = -1  # number of the fact in its paragraph
    when: int = -1
    than: int = -1
    whose: list[int] = field(default_factory=list)
    gold: str = ""
    hinted: bool = False  # whether the grammar's indicator is right: half of the words shared


@dataclass(slots=True)
class Example:
    """A window with the answers about its figures."""

    window: Window
    answers: list[Answered]
    layer: Layers

    @property
    def pieces(self) -> list[int]:
        return self.window.pieces


def paragraphs(path: Path, part: str = "") -> Iterator[tuple[dict, Layers]]:
    """The annotated paragraphs, those of a set where one is named, with what the pipeline reads in them.

    The learned reader is left out.
    """
    from spacy.util import load_config, load_model_from_config

    import pipeline
    from pipeline.article import Article
    from pipeline.layers import layers

    config = load_config(Path(pipeline.__file__).with_name("default.cfg"))
    config["components"]["khabar_facts"]["reader"] = False
    nlp = load_model_from_config(config, auto_fill=True)
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


def _answers(row: dict, layer: Layers) -> dict[str, tuple[str, str, int]]:
    """Figure id -> (role, move, number of its fact). Of facts in order, so a figure said twice goes to the earlier."""
    out, used, text = {}, set(), layer.tokens.text
    for n, fact in enumerate(row["facts"]):
        near = text.find(fact["indicator"])
        for role in ("to", "from", "delta"):
            v = fact.get(role)
            said = v if isinstance(v, str) else v["text"] if v else None
            figure = _figure(layer, said, used, near) if said else None
            if figure is not None:
                out[figure.id] = (role, fact["direction"] or "level", n)
                near = figure.start
    return out


def _time(window: Window, layer: Layers, words: str | None, near: int) -> int:
    """The number of the time that has annotated words, where they are nearest to the figure."""
    if words in (None, UNASKED):
        return -1 if words else 0
    at = min(_places(layer.tokens.text, words), key=lambda at: abs(at - near), default=None)
    if at is None:
        return -1
    return next((k for k, t in enumerate(window.times, 1) if t.start < at + len(words) and at < t.end), -1)


def _names(window: Window, layer: Layers, words: str | None) -> list[int]:
    """The numbers of the names that are the entity with annotated words; 0 where no name of the window is.

    The names written so, else those that share half of their words with it.
    """
    spelled = lambda said: sorted(w.removeprefix(ARTICLE) for w in fold(said).split())  # noqa: E731
    meant = [m for m in layer.mentions if words and spelled(m.text) == spelled(words)]
    meant = meant or [m for m in layer.mentions if words and agrees(words, m.text)]
    entity = {m.start: e.id for e in layer.entities for m in e.mentions}
    starts, ids = {m.start for m in meant}, {entity.get(m.start) for m in meant} - {None}
    return [k for k, m in enumerate(window.names, 1) if m.start in starts or entity.get(m.start) in ids] or [0]


def examples(rows: Iterator[tuple[dict, Layers]], pieces: Pieces) -> Iterator[Example]:
    """An example for each window of the paragraphs."""
    for row, layer in rows:
        right = _answers(row, layer)
        whose = [f["subject"] for f in row["facts"] if "subject" in f] or owners().get(row["id"])
        facts: dict[str, Fact] = {v.quantity: f for f in layer.facts for _, v in values(f) if v.quantity}
        for window in windows(layer, layer.facts, pieces):
            answers = []
            for figure in window.figures:
                if figure.id not in right:
                    answers.append(Answered())
                    continue
                role, move, n = right[figure.id]
                said = row["facts"][n]["indicator"]
                fact = facts.get(figure.id)
                answer = Answered(ROLES.index(role), MOVES.index(move), fact=n, gold=said)
                if (dated := times().get(row["id"])) is not None:
                    words = dated.get(n, {})
                    answer.when = _time(window, layer, words.get("from" if role == "from" else "to"), figure.start)
                    than = None if row["facts"][n].get("from") else words.get("from")
                    answer.than = _time(window, layer, than, figure.start)
                if whose and whose[n] != UNASKED:
                    answer.whose = _names(window, layer, whose[n])
                answer.hinted = fact is not None and agrees(said, fact.indicator["text"])
                inside = [
                    (abs(at - figure.start), span)
                    for at in _places(layer.tokens.text, said)
                    if (span := layer.tokens.covering(at, at + len(said)))[0] >= window.low
                    and span[1] <= window.low + len(window.first)
                ]
                if inside:
                    span = min(inside, key=lambda x: x[0])[1]
                    answer.start, answer.end = span[0] - window.low, span[1] - 1 - window.low
                answers.append(answer)
            yield Example(window, answers, layer)
