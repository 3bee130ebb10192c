"""Measures that are named again by their head noun alone ("the rate was 5 %"): what they were named in full before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pipeline.facts.phrase import PREPOSITIONS
from pipeline.facts.refer import References
from pipeline.language.fold import fold
from pipeline.layers import Fact
from pipeline.resources import lexicon

MOST = 20  # facts before in which it is looked for: a page of numbers takes no minutes


@cache
def _heads() -> dict[str, tuple[frozenset[str], bool]]:
    """The noun with its article -> the forms in which it begins a full name, and whether any of its unit will do."""
    rows = [(fold(row["forms"]).split(), row["takes"] == "unit") for row in lexicon("facts/named_again.tsv")]
    return {forms[0]: (frozenset(forms), unit) for forms, unit in rows}


def in_full(references: References, facts: Sequence[Fact]) -> None:
    """Give such facts, in the order of the text, the name before them in their paragraph that fits: the last one of
    the same owner, else the last one.
    """
    for n, fact in enumerate(facts):
        if known := _heads().get(fold(fact.indicator["text"])):
            first = references.reach(fact.sentence)
            near = (other for other in reversed(facts[max(0, n - MOST) : n]) if other.sentence >= first)
            before = [other for other in near if _fits(fact, other, *known)]
            before.sort(key=lambda other: not _same_owner(fact, other))
            name = _name(references, fact, before[0]) if before else None
            fact.indicator = name or fact.indicator


def _fits(fact: Fact, other: Fact, forms: frozenset[str], by_unit: bool) -> bool:
    """Whether an earlier fact may be of what this one names by its head noun."""
    words, ours, theirs = fold(other.indicator["text"]).split(), _units(fact), _units(other)
    if by_unit:
        return bool(ours & theirs) and words[0] not in _heads()
    return len(words) > 1 and words[0] in forms and (not ours or not theirs or bool(ours & theirs))


def _units(fact: Fact) -> set[str]:
    return {v.unit for v in (fact.from_, fact.to) if v and v.unit}


def _same_owner(fact: Fact, other: Fact) -> bool:
    ours, theirs = fact.subject, other.subject
    return not ours or ours == theirs or bool(theirs and ours["entity"] and ours["entity"] == theirs["entity"])


def _name(references: References, fact: Fact, other: Fact) -> dict | None:
    """The indicator of an earlier fact; where it ends with its owner ("in Egypt") and this one is of another ("in
    Jordan"), without; None where some other name is in it.
    """
    found, tokens = other.indicator, references.layer.tokens
    i, j = tokens.covering(found["start"], found["end"])
    names = [m for m in references.between(i, j) if m.j <= j]
    if not names or _same_owner(fact, other):
        return dict(found)
    kind = next((m.label for m in references.mentions if m.text == fact.subject["text"]), None)
    k = next((k for k in range(names[0].i - 1, i + 1, -1) if tokens.norms[k] in PREPOSITIONS), None)
    if k is None or len(names) > 1 or names[0].j != j or names[0].label != kind:
        return None
    end = tokens.ends[k - 1]
    return {**found, "text": tokens.text[found["start"] : end], "end": end}
