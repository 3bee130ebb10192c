"""The one place where the sources of mentions meet.

A candidate has a weight: how far its source can be trusted, times its score. Candidates are taken by weight, the
longer first among equals; one that crosses or lies inside a taken one is dropped. Where two sources agree on the
words and differ in the label, the label of the heavier one stands, but a knowledge-base name that is only ever one
thing corrects a tagger that is not sure. The tagger is trusted with what context decides (people, common words that
are names), the knowledge base with names that it knows whole, the rules with the rest.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.entities.spans import Candidate

TRUST = {"tagger": 1.2, "gazetteer": 1.0, "rule": 0.9, "alias": 0.8}
MIN_SCORE = 0.3  # a candidate below it is not taken at all
SURE = 0.9  # a tagger's score from which its label stands against the knowledge base
_WHOLE = 0.25  # for a name of three words and more that the knowledge base has: no accident
_LONGER = 0.04  # what one more token adds to a weight: the whole name rather than its part


def weight(candidate: Candidate) -> float:
    size = candidate.j - candidate.i
    whole = _WHOLE if candidate.source == "gazetteer" and size >= 3 else 0.0
    return TRUST[candidate.source] * candidate.score + _LONGER * min(8, size) + whole


def merge(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The mentions to keep, in text order, none overlapping another."""
    ordered = sorted(
        (c for c in candidates if c.score >= MIN_SCORE), key=lambda c: (-weight(c), c.i - c.j, c.i, c.skip, c.label)
    )
    owner: dict[int, Candidate] = {}
    kept: list[Candidate] = []
    for candidate in ordered:
        span = range(candidate.i, candidate.j)
        holder = next((owner[k] for k in span if k in owner), None)
        if holder is None:
            kept.append(candidate)
            owner.update(dict.fromkeys(span, candidate))
        elif (holder.i, holder.j) == (candidate.i, candidate.j):
            if holder.source == "tagger" and candidate.source == "gazetteer":
                holder.skip = candidate.skip  # the base knows where its name begins
                if holder.score < SURE:
                    holder.label = candidate.label
            if holder.label == candidate.label or {holder.label, candidate.label} == {"ORG", "GROUP"}:
                holder.kind = holder.kind or candidate.kind
    return sorted(kept, key=lambda c: c.i)
