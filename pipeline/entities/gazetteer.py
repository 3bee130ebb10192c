"""Names of the knowledge base in running text: the longest match at each place, proclitics set aside.

Most words begin no name, and a table of first words says so at once; the analysis of a word into proclitic and rest
is made once a word form. `الإمارات` (the Emirates), `والإمارات` (and the Emirates) and `للإمارات` (to the Emirates)
find the same entry.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.language.clitics import candidates, standalone
from pipeline.linking.kb import KnowledgeBase

_PROCLITICS = frozenset("\u0648\u0641\u0628\u0644\u0643")
_MAX_TOKENS = 12  # the longest name that is looked for, in tokens
_CACHE = 200_000  # word forms whose analysis is kept


@dataclass(slots=True)
class Match:
    """Tokens [i, j) spell `key`; `skip` folded letters of token i are its proclitic."""

    i: int
    j: int
    key: str
    skip: int
    weak: bool


class Gazetteer:
    def __init__(self, kb: KnowledgeBase):
        self.kb = kb
        self.longest: dict[str, int] = {}
        for key in kb.forms:
            first, _, rest = key.partition(" ")
            length = 1 + (rest.count(" ") + 1 if rest else 0)
            if length > self.longest.get(first, 0) and length <= _MAX_TOKENS:
                self.longest[first] = length
        self._starts: dict[str, tuple[tuple[int, str, int], ...]] = {}

    def starts(self, norm: str) -> tuple[tuple[int, str, int], ...]:
        """How `norm` may begin a name: (letters of the proclitic, first word of the name, longest name in tokens)."""
        found = self._starts.get(norm)
        if found is None:
            if len(self._starts) > _CACHE:
                self._starts.clear()
            found = self._starts[norm] = tuple(self._analyse(norm))
        return found

    def _analyse(self, norm: str):
        longest = self.longest
        if norm[0] == "#":  # a hashtag is one token: its words are divided by low lines
            word = norm[1:].replace("_", " ")
            if word in self.kb.forms:
                yield 1, word, 1
            return
        if norm[0] not in _PROCLITICS or len(norm) < 3 or len(norm) > 40:
            if norm in longest:
                yield 0, norm, longest[norm]
            return
        for proclitic, rest in candidates(norm):
            forms = standalone(proclitic, rest) if proclitic else (norm,)
            for word in forms:
                if word in longest:
                    yield len(proclitic), word, longest[word]

    def scan(self, norms: list[str], i: int, j: int):
        """The matches in tokens [i, j), longest first at each place and none inside another."""
        starts, seen = self._starts, self.starts
        k = i
        while k < j:
            norm = norms[k]
            options = starts.get(norm)
            if options is None:
                options = seen(norm)
            if not options:
                k += 1
                continue
            best = None
            for skip, word, longest in options:
                match = self._longest(norms, k, min(j, k + longest), skip, word)
                if match and (best is None or (match.j, not match.weak) > (best.j, not best.weak)):
                    best = match
            if best is None:
                k += 1
            else:
                yield best
                k = best.j

    def _longest(self, norms, k, end, skip, word):
        forms = self.kb.forms
        for stop in range(end, k, -1):
            key = word if stop == k + 1 else word + " " + " ".join(norms[k + 1 : stop])
            if key in forms:
                return Match(k, stop, key, skip, key in self.kb.weak)
        return None
