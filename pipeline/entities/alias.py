"""Repeats of a name in its document: the family name alone, the acronym that stood in brackets."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.entities.spans import Candidate, readings
from pipeline.entities.words import words
from pipeline.language.clitics import frequencies
from pipeline.layers import Layers
from pipeline.linking.kb import KnowledgeBase

_LABELS = ("PER", "LOC", "ORG")  # a name of another thing may be a common word elsewhere
_SHORT = 4  # letters from which one word is looked for
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


def again(layer: Layers, kept: Sequence[Candidate]) -> list[Candidate]:
    """Words outside `kept` that spell a whole name which the tagger found elsewhere in the document."""
    norms, lists = layer.tokens.norms, words()
    names: dict[str, list[tuple[list[str], Candidate]]] = {}
    taken = bytearray(len(norms))
    for c in kept:
        taken[c.i : c.j] = b"\1" * (c.j - c.i)
        first, rest = norms[c.i][c.skip :], norms[c.i + 1 : c.j]
        plain = len(first) < _SHORT or any(first in table for table in (lists.titles, lists.heads, lists.governors))
        if c.source == "tagger" and c.label in _LABELS and (rest or not plain):
            names.setdefault(first, []).append((rest, c))
    found = []
    for sentence in layer.sentences if names else ():
        for k in range(sentence.i, sentence.j):
            if taken[k]:
                continue
            for skip, word in readings(norms[k]):
                fits = [(rest, c) for rest, c in names.get(word, ()) if norms[k + 1 : k + 1 + len(rest)] == rest]
                if fits:
                    rest, c = max(fits, key=lambda fit: len(fit[0]))
                    found.append(Candidate(k, k + 1 + len(rest), skip, c.label, "alias", 0.85 * c.score, c.kind))
                    break
    return found
