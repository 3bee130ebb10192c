"""Mentions of one document to clusters: the same thing under its names."""

from __future__ import annotations

from collections import defaultdict

from pipeline.layers import Mention
from pipeline.linking.kb import Entry, KnowledgeBase
from pipeline.linking.lookup import Context, candidates, choose, key
from pipeline.linking.translit import skeleton

_PREFIXES = ("\u0627\u0644",)


class Cluster:
    __slots__ = ("label", "mentions", "entry", "names")

    def __init__(self, label: str, entry: Entry | None = None):
        self.label, self.entry = label, entry
        self.mentions: list[Mention] = []
        self.names: set[str] = set()

    def add(self, m: Mention, name: str) -> None:
        self.mentions.append(m)
        self.names.add(name)

    @property
    def first(self) -> int:
        return min(m.start for m in self.mentions)


def clusters(mentions: list[Mention], kb: KnowledgeBase, where: Context) -> list[Cluster]:
    """The clusters in order of first mention. Full names first; what is left of a short name goes to the base."""
    by_name: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for m in mentions:
        by_name[_group(m.label), key(m)].append(m)
    out: list[Cluster] = []
    by_entry: dict[int, Cluster] = {}
    for (label, name), same in sorted(by_name.items(), key=lambda item: (-item[0][1].count(" "), item[1][0].start)):
        home = _within(label, name, same[0], out)
        if home is None:
            told = next((m for m in same if m.kind == "region"), same[0])  # one that says what it is speaks for all
            entry = choose(told, candidates(told, kb, where), where)
            home = by_entry.get(entry.number) if entry else None
            if home is None:
                home = Cluster(entry.label if entry else label, entry)
                out.append(home)
                if entry:
                    by_entry[entry.number] = home
        for m in same:
            home.add(m, name)
    out = _editions(out)
    for cluster in out:
        cluster.mentions.sort(key=lambda m: m.start)
    out.sort(key=lambda c: c.first)
    return out


def _editions(out: list[Cluster]) -> list[Cluster]:
    """A competition named without its year is the edition that the article names, where it names one."""
    dated = {}
    for c in out:
        if c.entry and c.entry.kind == "team_competition" and c.entry.name_en[:4].isdigit():
            dated.setdefault(c.entry.name_en[5:], c)
    kept = []
    for c in out:
        home = dated.get(c.entry.name_en) if c.entry and dated else None
        if home:
            home.mentions += c.mentions
            home.names |= c.names
        else:
            kept.append(c)
    return kept


def _group(label: str) -> str:
    return "ORG" if label == "GROUP" else label


def _within(label: str, name: str, m: Mention, out: list[Cluster]) -> Cluster | None:
    """The cluster of a longer name that this one shortens or spells otherwise; of several, the one named last before
    it.
    """
    if label == "LOC":
        return None
    parts = name.split(" ")
    bones = [skeleton(part) for part in parts]
    found = [c for c in out if _group(c.label) == label and any(_short(label, parts, bones, n) for n in c.names)]
    if not found:
        return None

    def near(c: Cluster) -> int:
        return min((m.start - other.start if other.start <= m.start else 10**9 + other.start) for other in c.mentions)

    return min(found, key=near)


def _short(label: str, parts: list[str], bones: list[str], longer: str) -> bool:
    theirs = longer.split(" ")
    if label == "PER":
        if len(theirs) < 2:
            return False
        other = [skeleton(part) for part in theirs]
        if len(bones) == 1:
            return bones[0] in (other[-1], other[0]) and len(bones[0]) >= 2
        return _in_order(bones, other) and (bones[-1] == other[-1] or bones == other[: len(bones)])
    if label == "MISC":
        return len(theirs) > len(parts) and theirs[: len(parts)] == parts and theirs[-1].isdigit()
    if label == "ORG" and len(parts) >= 2 and len(theirs) > len(parts):
        return any(theirs[k : k + len(parts)] == parts for k in (0, 1, len(theirs) - len(parts)))
    return False


def _in_order(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return all(part in rest for part in few)
