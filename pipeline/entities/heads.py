"""Names that begin with a common noun: `وزارة الخارجية الروسية` (Ministry of Foreign Affairs of Russia), `مطار
القاهرة`.

The head is in `heads.tsv`; what belongs to the name after it is a run of definite nouns and adjectives, a purpose
with lam, a place. Time words, relative pronouns and the like (`breaks.tsv`) end it.
"""

from __future__ import annotations

from pipeline.entities.spans import Candidate
from pipeline.entities.words import AL, LL, WAL, words
from pipeline.language.clitics import frequencies
from pipeline.linking.kb import KnowledgeBase

_MAX = 8  # tokens of a name after its head
_LAM, _HEH = "\u0644", "\u0647"
_FEMININE = (_HEH, "\u0627\u062a", "\u0648\u0637")  # what an adjective in the feminine agrees with: -a, -at, lines


class Heads:
    def __init__(self, kb: KnowledgeBase):
        self.kb, self.words = kb, words()

    def find(self, norms: list[str], i: int, j: int, places: dict[int, int], known: dict[int, Candidate]):
        """Candidates in tokens [i, j).

        `places`: token where a place of the knowledge base begins, to its end; `known`: names of the base by first
        token.
        """
        self.known = known
        lookup, heads = self.words.first, self.words.heads
        for k in range(i, j - 1):
            found = lookup(heads, norms[k])
            if found is None:
                continue
            skip, word, head = found
            stop, score = getattr(self, "_" + head.mode)(norms, k, min(j, k + 1 + _MAX), word, places)
            name = known.get(k)
            if name and name.label in (head.label, "GROUP") and k + 1 < name.j < stop:
                score = 1.2  # the base has the beginning: `الاتحاد الإفريقي لكرة السلة` goes on
            if stop > k + 1 and " ".join([word, *norms[k + 1 : stop]]) not in self.words.generic:
                yield Candidate(k, stop, skip, head.label, "rule", score, head.kind)

    def _definite(self, norm: str) -> bool:
        return (
            norm.startswith(AL) and len(norm) > 4 and norm not in self.words.breaks
            and self.words.titles.get(norm) != "office"
        )  # fmt: skip

    def _run(self, norms, k, end, places, purpose=True):
        """The end of the run of definite words from token k on, and how many of them are adjectives of nationality."""
        nation = self.kb.nisba
        m, nations, joined = k, 0, 0
        while m < end:
            norm = norms[m]
            if self._definite(norm):
                if norm in nation:
                    nations += 1
                elif nations and not norms[m - 1].startswith(LL):
                    break  # an adjective of nationality ends the name, but for a purpose after it
                m += 1
            elif m > k and norm.startswith(LL) and len(norm) > 4 and AL + norm[2:] not in self.words.breaks:
                if nations and not purpose:
                    break
                m += 1
            elif m > k and norm.startswith(WAL) and len(norm) > 5 and norm[1:] not in self.words.heads:
                if (
                    norms[m - 1] in nation
                    and norm[1:] not in nation
                    or joined
                    or norm[1:] in self.words.breaks
                    or m in self.known
                ):
                    break
                joined = 1
                m += 1
            elif (
                m > k and norm.startswith(_LAM) and m + 1 < end and self._definite(norms[m + 1])
                and norm[1:] in self.words.purposes
            ):  # fmt: skip
                m += 2  # purpose in construct: `لكرة القدم` (of football)
            else:
                break
        return m, nations

    def _body(self, norms, k, end, word, places):
        m = k + 1
        if m in places and not word.startswith(AL):
            stop = places[m]
            if stop < end and norms[stop].startswith(AL) and norms[stop] not in self.kb.nisba:
                stop, _ = self._run(norms, stop, end, places)
            purpose = stop
            while stop < end and norms[stop].startswith(LL if stop == purpose else WAL) and stop < purpose + 2:
                stop += 1
            return stop, 0.95
        if not word.startswith(AL) and not self._definite(norms[m]):
            # one noun in construct before the definite one: `لجنة حماية الصحفيين` (committee to protect journalists)
            if (
                m + 1 < end
                and self._definite(norms[m + 1])
                and norms[m + 1] not in self.kb.nisba
                and self._noun(norms[m])
            ):
                stop, _ = self._run(norms, m + 1, end, places)
                return stop, 0.55
            return k, 0.0
        ministry = self.words.heads[word].kind == "ministry"  # what it says to whom is no part of its name
        stop, nations = self._run(norms, m, end, places, not ministry)
        if word.startswith(AL) and norms[m] not in self.kb.nisba and norms[m] not in self.words.terms:
            return k, 0.0  # `الشركة التابعة` (the subsidiary) is no name, `البنك المركزي` (the central bank) is
        return stop, 0.85 if nations or stop > m + 1 else 0.7

    def _placed(self, norms, k, end, word, places):
        return self._body(norms, k, end, word, places) if k + 1 in places else (k, 0.0)

    def _noun(self, norm):
        return (
            norm[0] not in "\u0648\u0641\u0628\u0644\u0643" and frequencies().get(AL + norm, 0) > 20 and len(norm) > 2
        )

    def _nation(self, norms, k, end, word, places):
        m = k + 1
        if not word.startswith(AL):
            return (places[m], 0.95) if m in places else (k, 0.0)
        for step in (0, 1):
            if m + step < end and self.kb.nisba.get(norms[m + step]) and norms[m + step].startswith(AL):
                if step and not self._definite(norms[m]) or not self._agree(word, norms[m + step], norms, k):
                    break
                stop = m + step + 1
                if stop < end and norms[stop] in self.kb.nisba and norms[stop].startswith(AL):
                    stop += 1
                return stop, 0.85
        return k, 0.0

    def _agree(self, word: str, nation: str, norms: list[str], k: int) -> bool:
        """`الخارجية الروسية` is the ministry; in `وزير الخارجية الروسي` the adjective belongs to the minister."""
        feminine = word.endswith(_FEMININE)
        if feminine != nation.endswith(_HEH):
            return False
        return not (feminine and k and self.words.first(self.words.titles, norms[k - 1]) and word in self.words.terms)

    def _place(self, norms, k, end, word, places):
        m = k + 1
        if m in places:
            stop = places[m]
            after, _ = self._run(norms, stop, min(end, stop + 2), places)
            return (after if norms[stop : stop + 1] and self._definite(norms[stop]) else stop), 0.95
        if self._definite(norms[m]) and norms[m] not in self.kb.nisba:
            stop, _ = self._run(norms, m, min(end, m + 2), places)
            return stop, 0.7
        share = self.kb.units.get(norms[m])
        if share and share[0] >= 0.5:
            stop = m + 1
            while stop < min(end, m + 4) and (s := self.kb.units.get(norms[stop])) and s[0] >= 0.3:
                stop += 1
            return stop, 0.7
        return k, 0.0

    def _event(self, norms, k, end, word, places):
        m = k + 1
        stop = places[m] if m in places else self._run(norms, m, min(end, m + 2), places)[0]
        if stop == m:
            return k, 0.0
        year = stop + (stop < end and norms[stop] in self.words.years)
        if year < end and norms[year].isdigit() and len(norms[year]) == 4:
            stop = year + 1
        return stop, 0.65
