"""Names that a word outside them governs, in quotation marks or not."""

from __future__ import annotations

import re

from pipeline.entities.gazetteer import Gazetteer
from pipeline.entities.spans import Candidate
from pipeline.entities.words import AL, CLOSE, OPEN, words
from pipeline.language.clitics import frequencies
from pipeline.linking.kb import KnowledgeBase

_MAX_QUOTE = 12  # tokens of a quoted title
_COMMON = 5_000  # occurrences from which a word is taken for itself
_RARE = 150  # occurrences in the counts of word forms below which a word after its governor is taken for a name
_WORD = re.compile("[\u0621-\u063a\u0641-\u064a]{3,}")


class Governed:
    def __init__(self, kb: KnowledgeBase, gazetteer: Gazetteer):
        self.kb, self.gazetteer, self.words = kb, gazetteer, words()
        self.media = [word for word, g in self.words.governors.items() if g.kind == "media"]

    def find(self, tokens, i: int, j: int):
        """Candidates in tokens [i, j)."""
        norms = tokens.norms
        lookup, governors = self.words.first, self.words.governors
        for k in range(i, j - 1):
            if norms[k] in OPEN and (close := self._close(norms, k, min(j, k + 6))) > k + 1:
                key = " ".join(norms[k + 1 : close])
                if any(f"{word} {key}" in self.kb.forms for word in self.media):
                    yield Candidate(k + 1, close, 0, "ORG", "gazetteer", 0.9, "media")
            found = lookup(governors, norms[k])
            if found is None:
                continue
            governor = found[2]
            m = k + 1
            if norms[m] in OPEN:
                close = self._close(norms, m, j)
                if close > m + 1:
                    yield Candidate(m + 1, close, 0, governor.label, "rule", 0.85, governor.kind)
                continue
            if governor.strength == "quoted":
                continue
            match = next(self.gazetteer.scan(norms, m, min(j, m + 6)), None)
            if match and match.i == m and match.skip == 0 and not self._function(match):
                labels = {e.label for e in self.kb.entries(match.key)} or {self.kb.label(match.key)}
                if governor.label in labels or (governor.label == "ORG" and "GROUP" in labels):
                    yield Candidate(m, match.j, 0, governor.label, "gazetteer", 0.9, governor.kind)
                    continue
                if not match.weak:
                    continue
            if governor.strength == "strong" and self._rare(norms[m]):
                stop = m + 1
                while stop < min(j, m + 3) and self._rare(norms[stop]) and not norms[stop].startswith(AL):
                    stop += 1
                yield Candidate(m, stop, 0, governor.label, "rule", 0.6, governor.kind)

    def _function(self, match) -> bool:
        """Whether a weak match is one of the commonest words of all, which no governing word makes a name."""
        return match.weak and match.j == match.i + 1 and frequencies().get(match.key, 0) > _COMMON

    def _rare(self, norm: str) -> bool:
        if not _WORD.fullmatch(norm) or norm in self.words.heads or norm in self.words.titles or norm in self.kb.nisba:
            return False
        return frequencies().get(norm, 0) < _RARE

    def _close(self, norms, k, j) -> int:
        """The token that closes the quotation opened at token k, within reach; k where there is none."""
        close = CLOSE[norms[k]]
        for m in range(k + 1, min(j, k + 2 + _MAX_QUOTE)):
            if norms[m] == close:
                return m
        return k
