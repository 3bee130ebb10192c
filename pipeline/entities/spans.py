"""Candidate mentions: token spans with a label, and what it takes to make a `Mention` of them."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.language.clitics import candidates, standalone
from pipeline.language.fold import raw_length
from pipeline.layers import Mention, Tokens

_SEEN = "\u0633"


@dataclass(slots=True)
class Candidate:
    """Tokens [i, j) may be a name; `skip` folded letters of token i are its proclitic.

    `kind` is what the evidence says of the subtype (None: nothing); `source` and `score` are those of the mention.
    """

    i: int
    j: int
    skip: int
    label: str
    source: str
    score: float
    kind: str | None = None


def mention(tokens: Tokens, found: Candidate) -> Mention:
    """The mention of a candidate, with raw offsets; `start` lies behind the proclitic."""
    raw = tokens.raw(found.i)
    cut = raw_length(raw, found.skip) if found.skip else int(raw.startswith("#"))
    start, end = tokens.starts[found.i] + cut, tokens.ends[found.j - 1]
    return Mention(
        start, end, tokens.text[start:end], found.i, found.j, found.label,
        proclitic=tokens.norms[found.i][: found.skip].replace("#", ""), score=round(min(1.0, found.score), 3),
        source=found.source, kind=found.kind,
    )  # fmt: skip


def readings(norm: str):
    """How a word may be read: (letters of the proclitic, the word standing alone), best first."""
    for proclitic, rest in candidates(norm):
        if _SEEN in proclitic:
            continue  # the future stands before verbs, never before a name
        for word in standalone(proclitic, rest) if proclitic else (norm,):
            yield len(proclitic), word
