"""Other spellings under which the knowledge base may have a name of a body, an event or a work.

What the news says one way and a register another: `وزارة التجارة والصناعة` and `وزارة الصناعة والتجارة` (trade and
industry), `هيئة السياحة` and `الهيئة العامة للسياحة` (tourism authority), an edition's number, `القابضة` (holding)
behind a company's name. Each rule is a function from the words of a name to other names; two may act on one name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pipeline.entities.words import AL, LL, words
from pipeline.linking.kb import KnowledgeBase

_WAW, _LAM, _HEH = "\u0648", "\u0644", "\u0647"
_IN, _AT = "\u0641\u064a", "\u0628"  # in, at
_SHORT = 4  # letters of a word up to which its first letter is no conjunction
_MOST = 80  # names that are tried for one


def variants(name: str, label: str, kb: KnowledgeBase) -> Iterator[str]:
    """Other forms of a form, those by one rule before those by two."""
    seen, layer = {name}, [name]
    for _ in range(2):
        following = []
        for one in layer:
            for other in _once(one, label, kb):
                if other and other not in seen and len(seen) < _MOST:
                    seen.add(other)
                    following.append(other)
                    yield other
        layer = following


def _once(name: str, label: str, kb: KnowledgeBase) -> Iterator[str]:
    parts = name.split(" ")
    plain = [part for part in parts if part[0].isalnum()]
    if len(plain) < len(parts):
        yield " ".join(plain)  # `الجوهرة "أف أم"`
    if joined := kb.joined.get("".join(plain)):
        yield joined
    if "(" in parts[1:]:  # `حركة المقاومة الإسلامية (حماس)`
        k = parts.index("(")
        yield from (" ".join(parts[:k]), " ".join(part for part in parts[k:] if part not in "()"))
    yield from _swapped(parts)
    yield from _told(parts)
    yield from (" ".join([other, *parts[1:]]).strip() for other in words().same_heads.get(parts[0], ()))
    if label == "MISC":
        yield from _events(parts)
    else:
        yield from _levels(parts)
        shorter = (name.removesuffix(tail) for tail in words().tails if name.endswith(tail))
        yield from (short for short in shorter if short not in words().heads)


def _swapped(parts: list[str]) -> Iterator[str]:
    """Two nouns with `و` (and) between them the other way round."""
    for k in range(1, len(parts)):
        before, here = parts[k - 1], parts[k]
        if not here.startswith(_WAW) or len(here) <= _SHORT:
            continue
        second, first = before, here[1:]
        if before.startswith(LL) and first.startswith(AL):
            second, first = AL + before[2:], LL + first[2:]
        yield " ".join([*parts[: k - 1], first, _WAW + second, *parts[k + 1 :]])


def _told(parts: list[str]) -> Iterator[str]:
    """`بلدية مدينة الشارقة`, `كتائب الشهيد عز الدين القسام`: without what the place or person in it is. Of a state and
    of its city the universities are two.
    """
    head = words().heads.get(parts[0])
    for k in range(1, len(parts) - 1):
        governor = words().governors.get(parts[k])
        place = governor and governor.label == "LOC" and not (head and head.kind == "university")
        if parts[k] in words().titles or place:
            yield " ".join([*parts[:k], *parts[k + 1 :]])


def _events(parts: list[str]) -> Iterator[str]:
    """Without the number of the edition, without the noun before the name, without what it is for."""
    fewer = [part for part in parts if part not in words().ordinals]
    if 1 < len(fewer) < len(parts):
        yield " ".join(fewer)
    if len(parts) > 1 and parts[0] in words().events:
        yield " ".join(parts[1:])
    for k in range(1, len(parts)):
        if parts[k].startswith(_LAM) and len(parts[k]) > _SHORT:
            yield " ".join(parts[:k])
            break


def _levels(parts: list[str]) -> Iterator[str]:
    """`الهيئة العامة للسياحة` and `هيئة السياحة`: the general authority for tourism."""
    first, *rest = parts
    levels = words().levels
    if len(rest) >= 2 and first.startswith(AL) and rest[0] in levels and rest[1].startswith(LL):
        yield " ".join([first[2:], AL + rest[1][2:], *rest[2:]])
        yield " ".join([first, *rest[1:]])
    if rest and first in words().heads and not first.startswith(AL):
        purpose = None
        if rest[0].startswith(AL):
            purpose = [LL + rest[0][2:], *rest[1:]]
            yield " ".join([AL + first, *purpose])
        elif len(rest) > 1 and rest[1].startswith(AL):  # `هيئة قصور الثقافة`
            purpose = [_LAM + rest[0], *rest[1:]]
        if purpose:
            fitting = (level for level in levels if level.endswith(_HEH) == first.endswith(_HEH))
            yield from (" ".join([AL + first, level, *purpose]) for level in fitting)
    if rest and rest[-1] in levels and len(rest) > 1:
        yield " ".join(parts[:-1])


def national(name: str, iso: str, kb: KnowledgeBase, said: Collection[str] = ()) -> Iterator[str]:
    """A name with a country's adjective at each place where it may stand, behind it first; of several adjectives
    (English, Scottish) first those `said`.
    """
    parts = name.split(" ")
    adjectives = sorted(kb.adjectives.get(iso, ()), key=lambda word: word.removesuffix(_HEH) not in said)
    for word in adjectives:
        for k in range(len(parts), 0, -1):
            yield " ".join([*parts[:k], word, *parts[k:]])


def placed(name: str, kb: KnowledgeBase) -> tuple[str, list] | None:
    """`البنك المركزي في تونس`, `مستشفى القاسمي بالشارقة`: the name before a place, and the entries of the place."""
    parts = name.split(" ")
    for k in range(1, len(parts)):
        if parts[k] == _IN and k + 1 < len(parts):
            place = " ".join(parts[k + 1 :])
        elif parts[k].startswith(_AT) and len(parts[k]) > 3:
            place = " ".join([parts[k][1:], *parts[k + 1 :]])
        else:
            continue
        if found := [entry for entry in kb.entries(place) if entry.label == "LOC"]:
            return " ".join(parts[:k]), found
    return None


def beside(name: str, kb: KnowledgeBase) -> Iterator[str]:
    """A name with its place joined to it otherwise: `هيئة الصحة بدبي`, `هيئة الصحة في دبي`."""
    if found := placed(name, kb):
        short = found[0]
        place = name[len(short) + 1 :]
        place = place.removeprefix(f"{_IN} ") if place.startswith(f"{_IN} ") else place[1:]
        yield from with_place(short, place)


def with_place(name: str, place: str) -> tuple[str, str, str]:
    """The ways in which a name stands with the place it belongs to."""
    return f"{name} {_AT}{place}", f"{name} {_IN} {place}", f"{name} {place}"


def foreign_rest(name: str, kb: KnowledgeBase) -> Iterator[str]:
    """Names with the same first word whose foreign rest sounds the same: `جامعة هارفرد`, `جامعة هارفارد` (Harvard)."""
    first, _, rest = name.partition(" ")
    if not rest or first not in words().heads and first not in words().governors:
        return
    if any(part.startswith((AL, LL)) or part in kb.nisba or part in words().terms for part in rest.split(" ")):
        return
    yield from kb.alike(first, rest)
