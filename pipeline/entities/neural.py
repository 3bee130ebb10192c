"""Candidates from a neural tagger: its spans, with the proclitic of the first token set aside."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.entities.decode import spans
from pipeline.entities.spans import Candidate, readings
from pipeline.entities.tagger import load
from pipeline.entities.words import AL, OPEN, words
from pipeline.layers import Layers
from pipeline.linking.kb import KnowledgeBase

_PREPOSITIONS = frozenset("\u0628\u0644\u0643")
_WAW = "\u0648"
_VEH = "\u06a4"  # folded to feh, which may be a proclitic; itself it never is


class Neural:
    """The tagger of one profile as a source of candidates.

    Parameters
    ----------
    profile : "fast", "accurate", "camel" or "camel:FOLDER".
    kb : tells which reading of a first token is a name.
    """

    def __init__(self, profile: str, kb: KnowledgeBase):
        self.profile, self.kb, self.words = profile, kb, words()
        load(profile)  # what is wrong with it is the caller's matter, and no document's

    def read(self, batch: Sequence[Layers]) -> list[tuple[list[Candidate], list[float]]]:
        """The candidates of each document, in text order, and how likely each of its tokens is part of a name."""
        words = [[[layer.tokens.raw(k) for k in range(s.i, s.j)] for s in layer.sentences] for layer in batch]
        out = []
        for layer, tagged in zip(batch, load(self.profile).tag(words), strict=True):
            norms, found = layer.tokens.norms, []
            likely = [0.0] * len(norms)
            for sentence, row in zip(layer.sentences, tagged, strict=True):
                for k, (tag, score) in enumerate(zip(row.tags, row.scores, strict=True), sentence.i):
                    likely[k] = 1.0 - score if tag == "O" else 1.0
                for a, b, label in spans(row.tags):
                    i, j = sentence.i + a, sentence.i + b
                    score = sum(row.scores[a:b]) / (b - a)
                    skip = 0 if layer.tokens.raw(i)[0] == _VEH else self.proclitic(norms, i, j, label)
                    found.append(Candidate(i, j, skip, label, "tagger", score))
            out.append((found, likely))
        return out

    def proclitic(self, norms: list[str], i: int, j: int, label: str) -> int:
        """How many letters of token i are its proclitic: the first reading that begins a known name, else the best, but
        no second preposition after a preposition, and none of a known name without which it is unknown.
        """
        first, rest = None, norms[i + 1 : j]
        conjunction = [(1, norms[i][1:])] if rest and norms[i][:1] == _WAW else []  # `وأم القيوين`: alone an agency
        for skip, word in (*readings(norms[i]), *conjunction):
            first = skip if first is None else first
            if " ".join([word, *rest]) in self.kb.forms:
                return skip
        if not first:
            return 0
        before = norms[i - 1 - (i > 1 and norms[i - 1] in OPEN)] if i else ""
        after = before in self.words.prepositions and norms[i][:first] in _PREPOSITIONS
        if label == "ORG" and not before.startswith(AL) and self.words.first(self.words.governors, before):
            return 0  # a noun in construct has its name behind it: `نادي فيسيل كوبي` (the club Vissel Kobe)
        known = norms[i] in self.kb.units and norms[i][first:] not in self.kb.units
        return 0 if after or known and label == "PER" else first
