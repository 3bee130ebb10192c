"""The stage that reads numeric facts from the layers before it."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language

from pipeline.facts import when
from pipeline.facts.assemble import fact
from pipeline.facts.clause import clause
from pipeline.facts.frames import frames
from pipeline.facts.indicator import indicator
from pipeline.facts.select import candidates
from pipeline.layers import Fact, Layers, Time
from pipeline.stage import Stage

CARRY = 2  # sentences for which a time stays in force


class Facts(Stage):
    """Fills `layer.facts`: one fact for each indicator and statement, in the order of the text."""

    def annotate(self, batch: Sequence[Layers]) -> None:
        for layer in batch:
            layer.facts = _facts(layer)


def _facts(layer: Layers) -> list[Fact]:
    out: list[Fact] = []
    carried: Time | None = None
    carried_at = -CARRY - 1
    for number, sentence in enumerate(layer.sentences):
        view = clause(layer, sentence)
        if view.figures:
            found = frames(view, candidates(view))
            span = None
            for n, frame in enumerate(found):
                span = indicator(view, frame, span) or span
                if span is None:
                    continue
                a = frame.gap[0]
                b = found[n + 1].gap[0] if n + 1 < len(found) else view.last
                made = fact(view, frame, span, number, (a, b), carried if number - carried_at <= CARRY else None)
                if made is not None:
                    out.append(made)
        dated = [t for t in view.times if when.usable(t)]
        if dated:
            carried, carried_at = dated[0], number
    out = _once(out)
    for n, made in enumerate(out, 1):
        made.id = f"f{n}"
    return out


def _once(facts: list[Fact]) -> list[Fact]:
    """Drop a count or amount that the text states again about the same thing."""
    seen: dict[tuple, list[Fact]] = {}
    out = []
    for made in facts:
        v = made.to
        key = (v.value, v.min, v.max, v.unit) if made.kind == "level" and v else None
        if key and any(_same(made, other) for other in seen.get(key, ())):
            continue
        if key:
            seen.setdefault(key, []).append(made)
        out.append(made)
    return out


def _same(a: Fact, b: Fact) -> bool:
    if a.sentence == b.sentence:
        return False
    x, y = set(a.indicator["text"].split()), set(b.indicator["text"].split())
    return len(x & y) * 2 >= min(len(x), len(y))


@Language.factory("khabar_facts")
def create(nlp, name):
    """Registered as `khabar_facts`."""
    return Facts()
