"""Repeats of a name in its document: the family name alone, the acronym that stood in brackets."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.entities.spans import Candidate, readings
from pipeline.language.clitics import frequencies
from pipeline.layers import Layers
from pipeline.linking.kb import KnowledgeBase

_COMMON = 0.25  # share of a word's uses in names below which it is not read as a name by itself


def repeats(layer: Layers, kept: Sequence[Candidate], kb: KnowledgeBase) -> list[Candidate]:
    """Tokens outside `kept` that repeat a part of a person's full name found in the same document."""
    norms = layer.tokens.norms
    parts: dict[str, float] = {}
    taken = bytearray(len(norms))
    for c in kept:
        taken[c.i : c.j] = b"\1" * (c.j - c.i)
        if c.label != "PER" or c.j - c.i < 2:
            continue
        last, first = norms[c.j - 1], norms[c.i][c.skip :]
        unit, count = kb.units.get(last), frequencies().get(last, 0)
        if len(last) >= 3 and (unit and unit[0] >= _COMMON or not unit and count < 200 or last in kb.forms):
            parts[last] = c.score
        unit, count = kb.units.get(first), frequencies().get(first, 0)
        if (
            len(first) >= 4
            and count < 2000
            and (unit and (unit[0] >= 2 * _COMMON or sum(unit[1:4]) > 0.05 * count) or not unit and count < 200)
        ):
            parts[first] = c.score
    found = []
    if parts:
        for sentence in layer.sentences:
            for k in range(sentence.i, sentence.j):
                if taken[k]:
                    continue
                for skip, word in readings(norms[k]):
                    if word in parts:
                        found.append(Candidate(k, k + 1, skip, "PER", "alias", 0.85 * parts[word], "person"))
                        break
    return found
