"""The subject that stands before its verb."""

from __future__ import annotations

from pipeline.facts.statements_lexicon import AL, CONJUNCTIONS, head_kind, is_plural, verbs, words
from pipeline.facts.statements_speaker import COMMAS, Phrases
from pipeline.language.clitics import split
from pipeline.layers import Sentence

_NO_START = (
    "adjunct", "adverb", "opener", "clause", "relative", "pronoun", "that", "day", "negation", "when", "fact", "block"
)  # fmt: skip
_BACK = 40  # tokens between a verb and a subject before it


class Subjects:
    """Finds the subjects before verbs of one document."""

    def __init__(self, reader: Phrases):
        self.reader = reader
        self.norms = reader.norms
        self.quotes = reader.quotes
        self.anaphora = reader.anaphora

    def of_plural(self, k: int, sentence: Sentence, participle: bool = False) -> tuple[int, int] | None:
        """The many whom a plural verb or participle at token `k` stands for.

        A verb has them at the start of its clause; a participle, nearest before it.
        """
        if not participle:
            start = self._clause_start(k, sentence)
            while start < k and (self.norms[start] in words("copula") or self.norms[start] in words("emphatic")):
                start += 1
            if self.norms[k - 1] in words("they"):
                return self.of_plural(k, sentence, participle=True)  # "and they chanted"
            first = self.norms[start]
            bare = first[1:] if first[0] in CONJUNCTIONS else first
            if (
                start < k
                and first not in verbs()
                and self.reader.is_word(start)
                and not any(w in words(c) for c in _NO_START for w in (first, bare))
            ):
                return start, max(self.reader.end(start, k, greedy=True), start + 1)
            return None
        for p in range(k - 1, max(sentence.i, k - _BACK) - 1, -1):
            word = self.norms[p]
            if self.reader.kind(p) in ("person", "part") and is_plural(word) and not split(word)[0]:
                part = p > sentence.i and self.reader.kind(p - 1) == "part"
                return p - part, max(self.reader.end(p, k), p + 1)
        return None

    def nearest(self, k: int, sentence: Sentence) -> tuple[int, int] | None:
        """The person named nearest before: "X published a statement in which he said"."""
        for p in range(k - 1, max(sentence.i, k - _BACK) - 1, -1):
            mention = self.reader.mention(p)
            if mention and mention.label == "PER" and mention.proclitic in ("", *CONJUNCTIONS):
                return mention.i, mention.j
        return None

    def front(self, k: int, sentence: Sentence) -> tuple[int, int] | None:
        """A subject that fills its clause from its first word to the verb: "China considers them"."""
        skip = ("copula", "emphatic", "adverb")
        start, last = self._clause_start(k, sentence), k
        while last > start and any(self.norms[last - 1] in words(c) for c in skip):
            last -= 1
        while start < last and (self.norms[start] in words("copula") or not self.reader.is_word(start)):
            start += 1
        if sentence.i == 0 and start > 0 and self.norms[start - 1] == ":" and last == k:
            return None  # "Dubai: (the reporter's name) said X"
        if start >= last or not self.reader.is_subject(start) or self.quotes.outer[start] != self.quotes.outer[k]:
            return None
        stop = self.reader.end(start, last)
        while stop < last and (after := self.reader.apposition(stop, last)) > stop:
            stop = after + (after < last and self.norms[after] in COMMAS)
        return (start, stop) if stop == last else None

    def before(self, k: int, sentence: Sentence) -> tuple[int, int] | None:
        """A subject before its verb: at the clause's start, right before the verb, or before a relative pronoun."""
        norms = self.norms
        p = k - 1
        while p > sentence.i and norms[p] in words("emphatic"):
            p -= 1
        if p < sentence.i:
            return None
        if norms[p] in words("relative"):
            q = p
            while q > sentence.i and norms[q - 1] in COMMAS:
                q -= 1
            return self._adjacent(q, sentence.i, antecedent=True)
        first = self._clause_start(k, sentence)
        start = next((q for q in range(k - 1, first, -1) if norms[q] in words("copula")), first)
        while start < k and (
            norms[start] in words("copula") or norms[start] in words("emphatic") or not self.reader.is_word(start)
            or norms[start] in CONJUNCTIONS
        ):  # fmt: skip
            start += 1
        if start < k and self.reader.is_subject(start):
            stop = self.reader.end(start, k)
            while stop < k and (after := self.reader.apposition(stop, k)) > stop:
                stop = after
            counted = self.reader.kind(start) in ("document", "part") and k - start < 14
            if counted and not any(norms[q] in COMMAS or norms[q] in words("relative") for q in range(stop, p + 1)):
                stop = p + 1
            if (
                stop == k
                or norms[stop] in COMMAS
                or norms[stop] == "("
                or any(norms[stop] in words(c) for c in ("emphatic", "adjunct", "adverb", "relative"))
                or self.reader.time_end(stop, k) > stop
                or norms[stop] in self.quotes.close
            ):
                return start, stop
        return self._adjacent(p + 1, sentence.i)

    def _clause_start(self, k: int, sentence: Sentence) -> int:
        first = k
        while first > max(sentence.i, k - _BACK):
            word = self.norms[first - 1]
            if word in words("clause") or word in words("that") or word == ":":
                break
            if first < k and word[0] in CONJUNCTIONS and word[1:] in verbs():
                break
            first -= 1
        return first

    def _adjacent(self, stop: int, first: int, antecedent: bool = False) -> tuple[int, int] | None:
        """The noun phrase that ends right before token `stop`; a subject has nothing before it that governs it."""
        k = stop - 1
        if k < first:
            return None
        found = self._phrase_at(stop, first, antecedent)
        if found is None or antecedent or found[0] <= first:
            return found
        before = self.norms[found[0] - 1]
        free = not self.reader.is_word(found[0] - 1) or any(before in words(c) for c in ("clause", "that", "copula"))
        verbal = before[0] in "\u064a\u062a" and len(before) > 3 and not head_kind(before)
        return found if free or verbal else None

    def _phrase_at(self, stop: int, first: int, antecedent: bool = False) -> tuple[int, int] | None:
        k = stop - 1
        pair = self.anaphora.over.get(k)
        if pair:
            free = pair[0].proclitic in ("", *CONJUNCTIONS) or antecedent and pair[0].label == "PER"
            return (pair[0].i, pair[0].j) if free else None
        while k > max(first, stop - 6) and self.norms[k].startswith(AL) and not head_kind(self.norms[k]):
            k -= 1
        if head_kind(self.norms[k]):
            return k, stop
        return (stop - 1, stop) if self.norms[stop - 1].startswith(AL) else None
