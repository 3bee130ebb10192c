"""Whose value a fact gives, and who said it: from the entities and statements of the layers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from pipeline.facts.clause import Clause
from pipeline.layers import Layers, Mention, Statement

OWNERS = frozenset(("LOC", "ORG", "GROUP", "MISC"))
NEAR = 30  # tokens before a figure in which the owner is looked for


class References:
    """The mentions and statements of one document, ready to be asked for by position."""

    def __init__(self, layer: Layers):
        self.mentions = sorted(layer.mentions, key=lambda m: m.i)
        self._firsts = [m.i for m in self.mentions]
        self._entity = {m.start: e.id for e in layer.entities for m in e.mentions}
        self.statements = sorted(layer.statements, key=lambda s: s.start)
        self._starts = [s.start for s in self.statements]

    def subject(self, view: Clause, span: tuple[int, int], begin: int, figure: int) -> dict | None:
        """The owner of the indicator at tokens `span`: named in it, else the last one named in its clause.

        The clause's tokens before the figure are [`begin`, `figure`).
        """
        begin = max(min(begin, span[0]), figure - NEAR, view.first)
        near = self._between(begin, max(span[1], figure))
        inside = [m for m in near if span[0] <= m.i and m.j <= span[1]]
        before = [m for m in near if m.label in OWNERS]
        chosen = inside[-1] if inside else before[-1] if before else None
        return {"text": chosen.text, "entity": self._entity.get(chosen.start)} if chosen else None

    def attribution(self, start: int) -> dict | None:
        """The speaker of the innermost statement around the raw offset `start`."""
        best: Statement | None = None
        n = bisect_right(self._starts, start)
        for statement in self.statements[max(0, n - 8) : n]:
            if statement.end > start and (best is None or statement.start >= best.start):
                best = statement
        if best is None or not best.speaker.get("text"):
            return None
        return {"text": best.speaker["text"], "entity": best.speaker.get("entity")}

    def _between(self, a: int, b: int) -> list[Mention]:
        return self.mentions[bisect_left(self._firsts, a) : bisect_left(self._firsts, b)]
