"""Where a tagger's span begins and ends: what the guidelines settle and a tagger gets wrong now and then."""

from __future__ import annotations

from dataclasses import replace

from pipeline.entities.spans import Candidate
from pipeline.entities.words import AL, CLOSE, LL, WAL, words
from pipeline.linking.kb import KnowledgeBase

_WAW, _HEH = "\u0648\u0647"
_DEFINITE = (AL, LL, WAL)
_NAMED = frozenset(("club", "media"))


class Bounds:
    def __init__(self, kb: KnowledgeBase):
        self.kb, self.words = kb, words()

    def nation(self, norm: str) -> bool:
        """Whether a word is a definite adjective of nationality: `الروسية`."""
        return norm.startswith(AL) and norm in self.kb.nisba

    def mended(self, found: list[Candidate], norms: list[str]) -> list[Candidate]:
        """The spans of a document, in text order, with their ends mended."""
        out: list[Candidate] = []
        for c in found:
            before = out[-1] if out else None
            if before and before.j == c.i and self.governed(before, c, norms):
                out[-1].j = c.j
            elif c.label != "ORG" or c.j > c.i + 1 or norms[c.i][c.skip :] not in self.words.generic:
                out += self.each(c, norms)
        begins = {c.i: c for c in out}
        for c in out:
            c.j = self.end(c, norms, begins)
        return out

    def each(self, c: Candidate, norms: list[str]) -> list[Candidate]:
        """`حركتي فتح وحماس` (the movements Fatah and Hamas): the two names, or the one in the span, behind a noun for
        two, where the base has them.
        """
        if c.label != "ORG" or c.j - c.i < 2 or norms[c.i][c.skip :] not in self.words.duals:
            return [c]
        ends = [k for k in range(c.i + 2, c.j) if norms[k][0] == _WAW] + [c.j]
        for end in ends:
            parts = [replace(c, i=c.i + 1, j=end, skip=0)]
            parts += [replace(c, i=end, skip=1)] if end < c.j else []
            names = (" ".join([norms[p.i][p.skip :], *norms[p.i + 1 : p.j]]) for p in parts)
            if all(any(entry.label == "ORG" for entry in self.kb.entries(name)) for name in names):
                return parts
        return [c]

    def governed(self, body: Candidate, place: Candidate, norms: list[str]) -> bool:
        """`المجلس التنفيذي لإمارة` and `الشارقة` (Executive Council of the Emirate of Sharjah): one name."""
        if body.label != "ORG" or place.label != "LOC" or place.skip or body.j - body.i < 2:
            return False
        found = self.words.first(self.words.governors, norms[body.j - 1])
        return found is not None and found[2].label == "LOC" and not found[1].startswith(AL)

    def end(self, c: Candidate, norms: list[str], begins: dict[int, Candidate]) -> int:
        if c.label != "ORG":
            return c.j
        opened = [norm for norm in norms[c.i : c.j] if norm in CLOSE and norm != CLOSE[norm]]
        if opened and CLOSE[opened[-1]] not in norms[c.i : c.j] and norms[c.j : c.j + 1] == [CLOSE[opened[-1]]]:
            return c.j + 1  # `حركة «فتح»`
        head = norms[c.i][c.skip :] in self.words.heads
        if head and c.j < len(norms) and c.j not in begins and self.nation(norms[c.j]):
            after = begins.get(c.j + 1)
            if norms[c.j - 1].startswith(AL) and not (after and after.label == "PER"):
                feminine = norms[c.j - 1].endswith(_HEH)
                return c.j + (feminine == norms[c.j].endswith(_HEH))  # `المنتخب الأولمبي النيجيري`
        return self.own(norms, c.i, c.j, c.skip)

    def own(self, norms: list[str], i: int, j: int, skip: int) -> int:
        """The end of a body's name without an adjective of nationality that says whose it is: `ريال مدريد الإسباني`
        (the Spanish Real Madrid). Of companies and markets it is often part of the name (`سوق السعودية`).
        """
        first = norms[i][skip:]
        if j - i < 2 or first in self.words.heads or not self.nation(norms[j - 1]):
            return j
        before = norms[j - 2] if j - i > 2 else first
        if (
            before.startswith(_DEFINITE)
            or before in self.words.governors
            or skip
            and norms[i][:skip].endswith("\u0644")
        ):
            return j
        rest, entries = " ".join([first, *norms[i + 1 : j - 1]]), self.kb.entries
        known = any(entry.kind in _NAMED for entry in entries(rest))
        whole = any(entry.kind != "club" for entry in entries(f"{rest} {norms[j - 1]}"))
        return j - (known and not whole)
