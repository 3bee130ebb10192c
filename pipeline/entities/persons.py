"""People: runs of name parts, with the titles and reporting verbs before them as evidence.

Every word has a share of uses in which it is part of a name (`units` of the knowledge base, from counts); a run is a
name if its parts are likely enough together, and less is asked of it after a title: `وزير الخارجية سامح شكري` (the
foreign minister Sameh Shoukry).
"""

from __future__ import annotations

import re

from pipeline.entities.spans import Candidate
from pipeline.entities.words import AL, words
from pipeline.language.clitics import candidates, frequencies, standalone
from pipeline.language.fold import fold
from pipeline.layers import Tokens
from pipeline.linking.kb import KnowledgeBase

_MAX = 7  # tokens of a name
_OFFICE = 7  # tokens between the word of an office and the name
_LETTER = re.compile("[\u0621-\u063a\u0641-\u064a]")
_WAW, _HEH = "\u0648", "\u0647"
_VERBAL = frozenset("\u064a\u062a\u0646\u0633")  # first letters of imperfect verbs and of the future
# pronouns and endings of number
_ENDINGS = (
    "\u0647\u0627",
    "\u0647\u0645",
    "\u0646\u0627",
    "\u0647",
    "\u064a\u0646",
    "\u0648\u0646",
    "\u0627\u062a",
    "\u0627\u0646",
    "\u0648\u0627",
    "\u062a\u0647",
    "\u062a",
)


class Persons:
    def __init__(self, kb: KnowledgeBase):
        self.kb, self.words = kb, words()
        self.ambiguous = frozenset(fold(word) for word in self.words.homographs)
        self._shares: dict[str, float] = {}

    def share(self, norm: str) -> float:
        """How likely a word is part of a name, 0 to 1. A word that nobody has seen is a foreign name more often than
        not.
        """
        found = self._shares.get(norm)
        if found is None:
            if len(self._shares) > 200_000:
                self._shares.clear()
            found = self._shares[norm] = self._share(norm)
        return found

    def _share(self, norm: str) -> float:
        if not _LETTER.match(norm) or len(norm) < 2 or len(norm) > 20:
            return 0.0
        if (
            norm in self.words.heads
            or norm in self.words.governors
            or norm in self.words.titles
            or norm in self.words.breaks
        ):
            return 0.05
        if norm in self.kb.nisba:
            return 0.05
        unit = self.kb.units.get(norm)
        if unit:
            return unit[0]
        if norm.startswith(AL) and (bare := self.kb.units.get(norm[2:])) and frequencies().get(norm, 0) < 60:
            return 0.8 * bare[0]
        count = frequencies().get(norm, 0)
        if count >= 40 or len(norm) < 3 or self._inflected(norm):
            return 0.0
        return 0.5 if count < 6 else 0.15

    def _inflected(self, norm: str) -> bool:
        """Whether a rare word is a frequent one with a pronoun, an ending or a proclitic."""
        counts = frequencies()
        stems = [norm[: -len(s)] for s in _ENDINGS if norm.endswith(s) and len(norm) - len(s) >= 3]
        stems += [rest for _, rest in candidates(norm) if rest != norm]
        stems += [norm[1:]] if norm[0] in _VERBAL else []
        stems += [norm[2:]] if norm.startswith(AL) else []
        return any(counts.get(stem, 0) > 100 or counts.get(stem + _HEH, 0) > 100 for stem in stems)

    def find(self, tokens: Tokens, i: int, j: int, taken: bytearray):
        """Candidates in tokens [i, j). `taken[k]`: 2 where token k belongs to a sure name of another kind."""
        norms = tokens.norms
        k, title = i, -99
        lookup, titles = self.words.first, self.words.titles
        while k < j:
            norm = norms[k]
            role = lookup(titles, norm)
            if role is not None:
                title = k if role[2] == "office" else max(title, k)
                direct = k
                k += 1
                if role[2] == "direct":
                    stop, score = self._run(tokens, k, j, taken, 0, 0.35)
                    if stop > k:
                        yield Candidate(k, stop, 0, "PER", "rule", min(0.95, score + 0.2), "person")
                        k = stop
                        title = -99
                        continue
                title = max(title, direct)
                continue
            if taken[k] == 2:
                k += 1
                continue
            best = None
            after = k - title <= _OFFICE
            for skip, word in self._readings(norm) if _LETTER.match(norm) else ():
                share, unit = self.share(word), self.kb.units.get(word)
                if (
                    share < (0.35 if after or unit and sum(unit[1:4]) >= 10 else 0.5)
                    and self.words.particles.get(word) != "abu"
                ):
                    continue
                stop, score = self._run(tokens, k, j, taken, skip, share, word)
                if stop > k and (best is None or score > best[1]):
                    best = (stop, score, skip)
            if best:
                stop, score, skip = best
                size = stop - k
                said = k > i and lookup(self.words.speech, norms[k - 1]) is not None
                known = any(norms[m] in self.kb.units for m in range(k, stop)) or norm[skip:] in self.kb.units
                if (
                    size >= 2
                    and score >= (0.4 if after else 0.5)
                    and (known or after)
                    or said
                    and score >= 0.55
                    and not skip
                ):
                    yield Candidate(k, stop, skip, "PER", "rule", min(0.95, score + 0.1 * after), "person")
                    k, title = stop, -99
                    continue
            if norm in (".", "\u061b", ":"):
                title = -99
            k += 1

    def _readings(self, norm: str):
        for proclitic, rest in candidates(norm):
            yield len(proclitic), standalone(proclitic, rest)[0]

    def _run(self, tokens, k, j, taken, skip, floor, word=None):
        """The end of the name that begins at token k and the mean share of its parts; k where there is none."""
        norms, particles = tokens.norms, self.words.particles
        total, parts, m = 0.0, 0, k
        end = min(j, k + _MAX)
        while m < end and taken[m] != 2:
            norm = word if m == k and word is not None else norms[m]
            role = particles.get(norm)
            if role and (m > k or role == "abu" or role == "bin"):
                if m + 1 < end and self.share(norms[m + 1]) >= 0.2 and taken[m + 1] != 2:
                    total += 0.7 + self.share(norms[m + 1])
                    parts += 2
                    m += 2
                    continue
                break
            share = self.share(norm)
            if norm in self.ambiguous:
                share = self.words.homographs.get(tokens.raw(m)[skip if m == k else 0 :], share)
                if m > k and m + 1 < end and self.share(norms[m + 1]) >= 0.7:
                    share = max(share, 0.5)  # between two names it is the third
            if share < (floor if m == k else 0.3) or m > k and self._joined(norm):
                break
            total += share
            parts += 1
            m += 1
        return (m, total / parts) if parts else (k, 0.0)

    def _joined(self, norm: str) -> bool:
        """Whether a word is the conjunction and another name rather than the next part of this one."""
        if norm[0] != _WAW or len(norm) < 4:
            return False
        here, there = self.kb.units.get(norm), self.kb.units.get(norm[1:])
        if here and sum(here[1:4]) >= 10 and (not there or sum(here[1:4]) > sum(there[1:4])):
            return False
        return bool(there) or candidates(norm)[0][0] == _WAW
