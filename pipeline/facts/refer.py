"""Whose value a fact gives, and who said it: from the entities and statements of the layers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from pipeline.facts.clause import COMMAS, QUOTES, Clause
from pipeline.facts.reader import Chances, likeliest
from pipeline.layers import Layers, Mention, Statement

OWNERS = frozenset(("LOC", "ORG", "GROUP", "MISC"))
WITH = "\u0645\u0639"  # "with (the approach of)"
BACK = 3  # sentences before in which it is looked for
NEAR = 30  # tokens before a figure in which the owner is looked for


class References:
    """The mentions and statements of one document, ready to be asked for by position."""

    def __init__(self, layer: Layers):
        self.layer = layer
        self.mentions = sorted(layer.mentions, key=lambda m: m.i)
        self._firsts = [m.i for m in self.mentions]
        self._entity = {m.start: e.id for e in layer.entities for m in e.mentions}
        self._names = {e.id: e.name for e in layer.entities}
        self.statements = sorted(layer.statements, key=lambda s: s.start)
        self._starts = [s.start for s in self.statements]

    def subject(self, view: Clause, span: tuple[int, int], begin: int, figure: int, said: Chances) -> dict | None:
        """The owner of the indicator at tokens `span`: the name, or none, that the reader takes it to be of.

        `said`: the tokens that names begin with, or None, and what the reader says of each. Where it was not asked: the
        owner that is named in the indicator, else the last one named in its clause, else in its sentence before the
        figure, else the place that is told behind it; where the sentence names nobody, the one that the sentences
        before name first. The clause's tokens before the figure are [`begin`, `figure`).
        """
        if said:
            k = likeliest(said)
            chosen = None if k is None else next((m for m in self.between(k, k + 1)), None)
            return self._named(chosen)
        begin = max(min(begin, span[0]), figure - NEAR, view.first)
        near = self.between(begin, max(span[1], figure))
        inside = [m for m in near if span[0] <= m.i and m.j <= span[1]]
        owners = [m for m in near if self._owner(view, m)]
        if not inside and not owners:
            owners = [m for m in self.between(max(view.first, figure - 2 * NEAR), begin) if self._owner(view, m)]
        chosen = inside[-1] if inside else owners[-1] if owners else None
        if chosen is None:
            chosen = self._behind(view, figure)
        if chosen is None and not self.between(view.first, view.last):
            chosen = self._before(view)
        return self._named(chosen)

    def _named(self, m: Mention | None) -> dict | None:
        return {"text": m.text, "entity": self._entity.get(m.start)} if m else None

    def _owner(self, view: Clause, m: Mention) -> bool:
        """A place, body or thing that can own a measure: not the occasion that a sentence may begin with."""
        if m.label not in OWNERS:
            return False
        k = view.first
        while k < m.i and (view.stop(k) or view[k].norm in QUOTES):
            k += 1
        if view[k].cue != "time" and view[k].norm != WITH:
            return True
        return any(view.stop(p) or view.verb(p) for p in range(k + 1, m.i))

    def _behind(self, view: Clause, figure: int) -> Mention | None:
        """The place that is named behind a figure, in its clause: "four people were killed in the town of X"."""
        stop = next((k for k in range(figure + 1, view.last) if view.stop(k) and view[k].norm not in COMMAS), view.last)
        for m in self.between(figure, stop):
            if m.label == "LOC":
                return m if any(view[k].cue == "in" for k in range(max(figure, m.i - 2), m.i)) else None
        return None

    def _before(self, view: Clause) -> Mention | None:
        """The main place or body of the last sentence before in the paragraph that names one."""
        sentences = self.layer.sentences
        n = bisect_left(sentences, view.first, key=lambda s: s.i)
        for sentence in reversed(sentences[self.reach(n) : n]):
            if found := [m for m in self.between(sentence.i, sentence.j) if m.label in OWNERS]:
                return found[0]
        return None

    def attribution(self, start: int) -> dict | None:
        """The speaker of the innermost statement around the raw offset `start`."""
        best: Statement | None = None
        n = bisect_right(self._starts, start)
        for statement in self.statements[max(0, n - 8) : n]:
            if statement.end > start and (best is None or statement.start >= best.start):
                best = statement
        if best is None:
            return None
        entity = best.speaker.get("entity")
        text = best.phrase or best.speaker.get("text") or self._names.get(entity)
        return {"text": text, "entity": entity} if text else None

    def reach(self, n: int) -> int:
        """The first of the sentences before the `n`th that are near, in its paragraph."""
        sentences, text, k = self.layer.sentences, self.layer.tokens.text, n
        while k > max(0, n - BACK) and "\n" not in text[sentences[k - 1].end : sentences[k].start]:
            k -= 1
        return k

    def between(self, a: int, b: int) -> list[Mention]:
        """The mentions that begin at tokens [a, b)."""
        return self.mentions[bisect_left(self._firsts, a) : bisect_left(self._firsts, b)]
