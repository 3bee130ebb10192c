"""Candidates from a neural tagger: its spans, with the proclitic of the first token set aside."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.entities.decode import spans
from pipeline.entities.spans import Candidate, readings
from pipeline.entities.tagger import load
from pipeline.layers import Layers
from pipeline.linking.kb import KnowledgeBase

_VEH = "\u06a4"  # folded to feh, which may be a proclitic; itself it never is


class Neural:
    """The tagger of one profile as a source of candidates.

    Parameters
    ----------
    profile : "fast", "accurate", "camel" or "camel:FOLDER".
    kb : tells which reading of a first token is a name.
    """

    def __init__(self, profile: str, kb: KnowledgeBase):
        self.profile, self.kb = profile, kb
        load(profile)  # what is wrong with it is the caller's matter, and no document's

    def find(self, batch: Sequence[Layers]) -> list[list[Candidate]]:
        """The candidates of each document, in text order."""
        words = [[[layer.tokens.raw(k) for k in range(s.i, s.j)] for s in layer.sentences] for layer in batch]
        out = []
        for layer, tagged in zip(batch, load(self.profile).tag(words), strict=True):
            norms, found = layer.tokens.norms, []
            for sentence, row in zip(layer.sentences, tagged, strict=True):
                for a, b, label in spans(row.tags):
                    i, j = sentence.i + a, sentence.i + b
                    score = sum(row.scores[a:b]) / (b - a)
                    skip = 0 if layer.tokens.raw(i)[0] == _VEH else self.proclitic(norms, i, j)
                    found.append(Candidate(i, j, skip, label, "tagger", score))
            out.append(found)
        return out

    def proclitic(self, norms: list[str], i: int, j: int) -> int:
        """How many letters of token i are its proclitic: the first reading that begins a known name, else the best."""
        first = None
        for skip, word in readings(norms[i]):
            first = skip if first is None else first
            if " ".join([word, *norms[i + 1 : j]]) in self.kb.forms:
                return skip
        return first or 0
