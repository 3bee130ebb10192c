"""Phrases that name a source: "according to X", "as X reported", with what X is the source of."""

from __future__ import annotations

from pipeline.facts.statements_frames import Frames, Report
from pipeline.facts.statements_lexicon import AL, CONJUNCTIONS, head_kind, phrases, sources, starts, verbs, words
from pipeline.facts.statements_speaker import COMMAS, ENDS, RARE, Phrases
from pipeline.language.clitics import frequencies, split
from pipeline.layers import Sentence

_WHAT = ("\u0645\u0627", "\u0644\u0645\u0627")  # "what", "to what"
_HEH, _FROM = "\u0647", "\u0645\u0646"
_THAT = "\u0648\u0630\u0644\u0643"  # "and that (according to)"
_NEAR = 30  # tokens behind a source in which its clause begins
_ADJUNCT = 8  # tokens between "what he confirmed" and who it was ("in a statement")


class Sources:
    """Reads the source phrases of one document."""

    def __init__(self, reader: Phrases, frames: Frames):
        self.reader = reader
        self.frames = frames
        self.norms = reader.norms
        self.quotes = reader.quotes

    def read(self, k: int, sentence: Sentence) -> Report | None:
        """The report of the source phrase at token `k`: what follows it, or what stands before."""
        norms = self.norms
        if starts(norms, k, sentence.j, phrases("trail")):
            return None
        for parts, links in sources()[norms[k]]:
            p = k + len(parts)
            if p >= sentence.j or any(norms[k + d] != part for d, part in enumerate(parts)):
                continue
            if links:
                if norms[p] in links:
                    p += 1
                elif norms[p] not in _WHAT and not (norms[p][0] in links and split(norms[p])[0]):
                    return None
            verb = False
            while p < sentence.j and (norms[p] in _WHAT or norms[p] in words("pronoun") or self._says(p)):
                verb = verb or self._says(p)
                p += 1
            if verb:
                p = self._behind_adjunct(p, sentence.j)
            elif norms[p - 1] in _WHAT:
                return None  # "in line with what Islam calls for"
            close = self.quotes.close.get(p, 0) if p < sentence.j else 0
            if p < close <= min(p + 7, sentence.j - 1):
                named = not norms[p + 1].startswith(AL) or self.reader.speaks(p + 1)
                return self._beside(k, len(parts), (p + 1, close), sentence) if named else None
            if p >= sentence.j or not self.reader.is_word(p) or norms[p] in words("adjunct"):
                return None
            if not verb and not self.reader.speaks(p) or self._counts_others(p, sentence.j):
                return None
            stop = max(self.reader.end(p, sentence.j), p + 1)
            return self._beside(k, len(parts), (p, stop), sentence)
        return None

    def _counts_others(self, p: int, end: int) -> bool:
        """ "According to each case": a word that counts, before a noun for none who speaks."""
        word = self.norms[p]
        part = head_kind(word) == "part" or head_kind(split(word)[1]) == "part"
        return part and not (p + 1 < end and (self.norms[p + 1] == _FROM or self.reader.speaks(p + 1)))

    def _says(self, p: int) -> bool:
        """A verb of saying or publishing, with or without an object pronoun ("what it announced")."""
        word, table = self.norms[p], verbs()
        if word in words("published"):
            return True
        return word in table or word[-1] == _HEH and word[:-1] in table and not head_kind(word)

    def _behind_adjunct(self, p: int, end: int) -> int:
        """The one who speaks behind an adjunct: "what he confirmed in statements | the minister"."""
        if p >= end or self.norms[p] not in words("adjunct"):
            return p
        stop = min(end, p + _ADJUNCT)
        for q in range(p + 1, stop):
            if self.norms[q] in COMMAS or self.norms[q] in ENDS:
                break
            if self.reader.mention(q) or self.reader.kind(q):
                return q
        return p

    def _beside(self, k: int, length: int, speaker: tuple[int, int], sentence: Sentence) -> Report | None:
        """The report of a source phrase of `length` tokens at token `k`."""
        stop, word = speaker[1], self.norms[k]
        opens = word[0] in CONJUNCTIONS and word[1:] in sources()
        if k <= sentence.i + 1 or opens or self.norms[k - 1] in words("relative"):
            start = self._clause(stop, sentence.j)
            if start >= sentence.j - 1:
                return None
            report = Report(k, k + length, None, speaker, start)
            report.before = k
            return report
        # a source between commas in mid-sentence speaks for the whole of it, and so does one inside its clause
        comma = next((q for q in range(stop, min(sentence.j, stop + 20)) if self.norms[q] in COMMAS), None)
        whole = comma == stop and comma + 4 < sentence.j and self._goes_on(comma + 1)
        inside = self.norms[k - 1] not in COMMAS and stop + 1 < sentence.j and self._inside(stop)
        before = k - 1 if self.norms[k - 1] == _THAT else k
        report = Report(k, k + length, None, speaker, self._first(k, sentence), joined=not (whole or inside))
        report.stop = sentence.j if whole else self._last(stop, sentence.j) if inside else before
        report.before = before
        return report

    def _clause(self, stop: int, end: int) -> int:
        """Where the clause begins that follows a source phrase which ends at token `stop`."""
        limit = min(end, stop + _NEAR)
        if stop < limit and self.norms[stop] not in words("lead") and self._verb_like(stop):
            return stop
        if stop + 1 < limit and self.norms[stop] == _FROM and self.norms[stop + 1] in words("block"):
            return stop  # "it is expected that"
        leads = (q for q in range(stop, limit) if self.norms[q] in words("lead"))
        comma = (q + 1 for q in range(stop, limit) if self.norms[q] in COMMAS)
        start = next(leads, next(comma, stop))
        if start < end and (self.norms[start] in words("that") or self.norms[start] in words("lead")):
            start += 1
        return start

    def _verb_like(self, k: int) -> bool:
        """Is the word one that never has the article, so most likely a verb?"""
        word = self.norms[k]
        if not word[0].isalpha() or self.reader.mention(k) or word.startswith(AL) or head_kind(word):
            return False
        if any(word in words(c) for c in ("adjunct", "pronoun", "day", "relative")) or k in self.reader.times:
            return False
        counts = frequencies()
        return counts.get(word, 0) > RARE * (1 + counts.get(AL + word, 0))

    def _inside(self, stop: int) -> bool:
        """Does the clause go on right behind the source, without a comma?"""
        word = self.norms[stop]
        if not word[0].isalpha() or word in words("adjunct") or word in words("relative") or word in words("that"):
            return False
        return not (word[0] in CONJUNCTIONS and split(word)[0]) and not any(
            word in words(c) for c in ("clause", "opener", "adverb", "day", "copula", "manner")
        ) and stop not in self.reader.times  # fmt: skip

    def _last(self, stop: int, end: int) -> int:
        """Behind the clause that a source stands inside."""
        return next((q for q in range(stop, end - 1) if self.norms[q] in COMMAS and not self._goes_on(q + 1)), end)

    def _first(self, k: int, sentence: Sentence) -> int:
        """Where the clause begins that a source in mid-sentence stands in or behind."""
        for q in range(k - 3, sentence.i, -1):
            opens = self.norms[q] in words("while") or self.norms[q] in words("as")
            if opens and self.norms[q - 1] in COMMAS and self.quotes.outer[q] < 0:
                return q + 1
        return sentence.i

    def _goes_on(self, k: int) -> bool:
        """Does the clause go on at token `k`, behind a source set off by commas, not a new one start?"""
        word = self.norms[k]
        if word[0] in CONJUNCTIONS and split(word)[0] or self.frames.other_verb(k):
            return False
        return not any(word in words(c) for c in ("clause", "opener", "emphatic", "relative"))
