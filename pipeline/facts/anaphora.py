"""Who a title or a common noun stands for: the president, the ministry, the company, the country.

`Anaphora(layer).resolve(i, j)` reads the noun phrase of tokens `i` to `j` (end exclusive) and gives the entity, or
None. It looks back over the mentions before it: a person must have borne the title in this article, a body must have
the noun in its name, a country word means the country last named.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from pipeline.facts.statements_lexicon import (
    CONJUNCTIONS,
    head_kind,
    lemma_of_head,
    strip,
    words,
)
from pipeline.facts.statements_quotes import MARKS
from pipeline.language.fold import fold
from pipeline.layers import Entity, Layers, Mention
from pipeline.resources import lexicon

_BY_NAME = "\u0628\u0627\u0633\u0645"  # "in the name of": the title before it is another one's
_BACK = 80  # mentions looked back over
_TITLE = 8  # tokens of a title before a name
_BREAK = frozenset(".!?\u061f:;\u061b\n()")
_COMMAS = frozenset(",\u060c")
_NISBA = ("\u064a", "\u064a\u0647")  # endings of adjectives of relation


@cache
def _country_words() -> frozenset[str]:
    return frozenset(fold(row["form"]) for row in lexicon("statements/anaphors.tsv") if row["means"] == "country")


@cache
def common_nouns() -> dict[str, str]:
    """Common noun to the entity subtype that it stands for."""
    rows = lexicon("statements/anaphors.tsv")
    return {fold(row["form"]): row["means"] for row in rows if row["means"] != "country"}


class Anaphora:
    """The mentions of an article by token, with the titles that people bear in it."""

    def __init__(self, layer: Layers):
        self.norms = layer.tokens.norms
        self.at: dict[int, tuple[Mention, Entity]] = {}
        self.over: dict[int, tuple[Mention, Entity]] = {}
        self.titles: dict[str, set[str]] = {}
        self.gender: dict[str, str] = {}
        found = [(m, e) for e in layer.entities for m in e.mentions]
        found.sort(key=lambda pair: (pair[0].i, -pair[0].j))
        self.found: list[tuple[Mention, Entity]] = []
        for mention, entity in found:
            if mention.i in self.over:
                continue
            self.found.append((mention, entity))
            self.at[mention.i] = (mention, entity)
            for k in range(mention.i, min(mention.j, mention.i + 40)):
                self.over[k] = (mention, entity)
        self._order = [mention.i for mention, _ in self.found]
        for mention, entity in self.found:
            if entity.label == "PER":
                self._read_title(mention, entity)
            else:
                self._read_noun(mention, entity)

    def _read_title(self, mention: Mention, entity: Entity) -> None:
        norms, titles = self.norms, self.titles.setdefault(entity.id, set())
        k = mention.i - 1
        if k >= 0 and norms[k] in _COMMAS:
            k -= 1
        first = max(-1, k - _TITLE)
        seen: list[str] = []
        while k > first and norms[k] not in _BREAK and norms[k] not in _COMMAS:
            if k in self.over and self.over[k][1].label == "PER" or norms[k] == _BY_NAME:
                break
            if norms[k] in words("that") or norms[k] in words("relative") or norms[k] in words("day"):
                break
            seen.append(_bare(norms[k]))
            if head_kind(norms[k]) == "person":
                titles.update(seen)
            k -= 1
        k = mention.j
        if k + 1 < len(norms) and norms[k] in _COMMAS and head_kind(norms[k + 1]) == "person":
            for word in norms[k + 1 : k + 1 + _TITLE]:
                if word in _COMMAS or word in _BREAK or word in words("relative"):
                    break
                titles.add(_bare(word))

    def _read_noun(self, mention: Mention, entity: Entity) -> None:
        """The noun right before the name of a body ("the company X"), quotation marks apart."""
        k = mention.i - 1
        while k >= 0 and self.norms[k] in MARKS:
            k -= 1
        if k >= 0 and not mention.proclitic and head_kind(self.norms[k]) in ("body", "media"):
            self.titles.setdefault(entity.id, set()).add(_lemma(_bare(self.norms[k])))

    def before(self, i: int):
        """Mentions before token `i`, the nearest first."""
        first = bisect_left(self._order, i)
        for k in range(first - 1, max(-1, first - 1 - _BACK), -1):
            yield self.found[k]

    def resolve(self, i: int, j: int | None = None, gender: str = "", first: Sequence[Entity] = ()) -> Entity | None:
        """The entity that the noun phrase stands for.

        Parameters
        ----------
        i, j : token span of the phrase; `j` defaults to one token.
        gender : "m" or "f" where the verb tells it; a person known to be of the other gender is passed over.
        first : entities tried before those named nearest: they spoke last.
        """
        j = i + 1 if j is None else j
        if i in self.at and self.at[i][0].j >= j:
            return self.at[i][1]
        phrase = [_bare(w) for w in self.norms[i : min(j, i + 12)] if w not in words("that")]
        if not phrase:
            return None
        kind, head = head_kind(self.norms[i]) or head_kind(phrase[0]), phrase[0]
        if head in _country_words():
            return self._nearest(i, lambda e: e.label == "LOC" and e.subtype == "country")
        if kind == "person":
            return self._person(i, phrase, gender, first)
        if head in common_nouns() or kind in ("body", "media"):
            return self._body(i, phrase, head, first)
        return None

    def _nearest(self, i: int, test) -> Entity | None:
        return next((e for _, e in self.before(i) if test(e)), None)

    def _person(self, i: int, phrase: list[str], gender: str, first: Sequence[Entity]) -> Entity | None:
        best, best_score = None, 0.0
        lemmas = [_lemma(w) for w in phrase]
        for entity in (*first, *(e for _, e in self.before(i))):
            titles = self.titles.get(entity.id)
            if not titles or (gender and self.gender.get(entity.id, gender) != gender):
                continue
            borne = {_lemma(w) for w in titles}
            if lemmas[0] not in borne:
                continue
            score = sum(w in borne for w in lemmas) / len(lemmas)
            if score > best_score:
                best, best_score = entity, score
        return best if best_score > 0.5 else None

    def _body(self, i: int, phrase: list[str], head: str, first: Sequence[Entity]) -> Entity | None:
        subtype = common_nouns().get(head)
        rest, candidates = set(phrase[1:]), {}
        for entity in (*first, *(e for _, e in self.before(i))):
            if entity.label not in ("ORG", "GROUP", "LOC"):
                continue
            name = {_bare(w) for w in fold(entity.name).split()}
            named = head in name or _lemma(head) in {_lemma(w) for w in name} | self.titles.get(entity.id, set())
            if (named or (subtype and entity.subtype == subtype)) and (not rest or rest <= name):
                return entity
            if named or subtype and entity.subtype == subtype:
                candidates[entity.id] = entity
        only = next(iter(candidates.values()), None)
        described = all(word.endswith(_NISBA) for word in rest)  # "the American company", where there is one company
        if len(candidates) == 1 and described and only.label != "LOC":
            return only
        unknown = first[0] if first and first[0].label == "ORG" and not first[0].subtype else None
        return unknown if subtype == "company" and described and not candidates else None


def _bare(word: str) -> str:
    """Conjunction, preposition and article off, where the rest is a known head; else the article only."""
    if word[:1] in CONJUNCTIONS and head_kind(word[1:]):
        word = word[1:]
    if word.startswith("\u0644\u0644") and len(word) > 4:
        return word[2:]
    return strip(word)


def _lemma(word: str) -> str:
    return lemma_of_head().get(word, word)
