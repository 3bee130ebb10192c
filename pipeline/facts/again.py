"""Measures that are named again by their head noun alone ("the rate was 5 %"): what they were named in full before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pipeline.facts.reader import values
from pipeline.language.fold import fold
from pipeline.layers import Fact
from pipeline.resources import lexicon

BACK = 3  # sentences before in which it is looked for


@cache
def _heads() -> dict[str, tuple[frozenset[str], bool]]:
    """The noun with its article -> the forms in which it begins a full name, and whether any of its unit will do."""
    rows = [(fold(row["forms"]).split(), row["takes"] == "unit") for row in lexicon("facts/named_again.tsv")]
    return {first: (frozenset(forms), unit) for (first, *forms), unit in rows}


def in_full(text: str, facts: Sequence[Fact]) -> None:
    """Give such facts, in the order of `text`, the last indicator before them in their paragraph that fits."""
    for n, fact in enumerate(facts):
        names, by_unit = _heads().get(fold(fact.indicator["text"]), (frozenset(), False))
        for other in reversed(facts[:n] if names else ()):
            begin = other.indicator["end"]
            if fact.sentence - other.sentence > BACK or "\n" in text[begin : fact.indicator["start"]]:
                break
            words = fold(other.indicator["text"]).split()
            if len(words) > 1 and (words[0] in names or by_unit and _units(fact) & _units(other)):
                fact.indicator = other.indicator
                break


def _units(fact: Fact) -> set[str | None]:
    return {v.unit for _, v in values(fact)}
