"""Measures that are named again by their head noun alone ("the rate was 5 %"): what they were named in full before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.facts.phrase import PREPOSITIONS
from pipeline.facts.refer import BACK
from pipeline.language.fold import fold
from pipeline.layers import Fact, Layers
from pipeline.resources import lexicon


@cache
def _heads() -> dict[str, tuple[frozenset[str], bool]]:
    """The noun with its article -> the forms in which it begins a full name, and whether any of its unit will do."""
    rows = [(fold(row["forms"]).split(), row["takes"] == "unit") for row in lexicon("facts/named_again.tsv")]
    return {forms[0]: (frozenset(forms), unit) for forms, unit in rows}


def in_full(layer: Layers, facts: Sequence[Fact]) -> None:
    """Give such facts, in the order of the text, the name before them in their paragraph that fits: the last one of a
    measure in their unit, else the last one.
    """
    for n, fact in enumerate(facts):
        known = _heads().get(fold(fact.indicator["text"]))
        if known is None:
            continue
        names = list(_names(layer, facts, n, *known))
        alike = [other for other in names if _units(fact) & _units(other)]
        if name := next((name for other in alike or names if (name := _without_owner(layer, fact, other))), None):
            fact.indicator = name


def _names(layer: Layers, facts: Sequence[Fact], n: int, forms: frozenset[str], by_unit: bool) -> Iterator[Fact]:
    """The facts before the `n`th whose indicators may be its full name, the last first."""
    fact = facts[n]
    for k in range(n - 1, -1, -1):
        other = facts[k]
        between = layer.tokens.text[other.indicator["end"] : fact.indicator["start"]]
        if fact.sentence - other.sentence > BACK or "\n" in between:
            return
        words = fold(other.indicator["text"]).split()
        if len(words) > 1 and (words[0] in forms or by_unit and _units(fact) & _units(other)):
            yield other


def _without_owner(layer: Layers, fact: Fact, other: Fact) -> dict | None:
    """The indicator of an earlier fact, without the name behind its measure where this one is somebody else's: "the
    inflation rate in Egypt", then of Jordan.
    """
    found, tokens = other.indicator, layer.tokens
    i, j = tokens.covering(found["start"], found["end"])
    names = [m for m in layer.mentions if i <= m.i and m.j <= j]
    if not names or fact.subject is None or fold(fact.subject["text"]) in [fold(m.text) for m in names]:
        return dict(found)
    j = names[0].i
    while j > i and tokens.norms[j - 1] in PREPOSITIONS:
        j -= 1
    end = tokens.ends[j - 1]
    return {"text": tokens.text[found["start"] : end], "start": found["start"], "end": end} if j > i + 1 else None


def _units(fact: Fact) -> set[str]:
    return {v.unit for v in (fact.from_, fact.to) if v and v.unit}
