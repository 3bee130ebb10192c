"""Mentions of one document to clusters: the same thing under its names."""

from __future__ import annotations

from collections import defaultdict

from pipeline.entities.words import AL, words
from pipeline.layers import Mention
from pipeline.linking.context import Context, key
from pipeline.linking.kb import Entry, KnowledgeBase
from pipeline.linking.lookup import candidates, choose
from pipeline.linking.translit import skeleton

_MANY = 50  # longer names that are looked at for one short one
_LETTERS = 3  # of the parts of an abbreviation that is spelled as it is spoken (`سي إف إيه`, CFA)
_ABOUT = frozenset(("club", "media"))  # kinds of bodies that are named in brackets for another reason


class Cluster:
    __slots__ = ("label", "mentions", "entry", "names")

    def __init__(self, label: str, entry: Entry | None = None):
        self.label, self.entry = label, entry
        self.mentions: list[Mention] = []
        self.names: dict[str, None] = {}  # in the order in which they came, the longest first: a set has none

    def add(self, m: Mention, name: str) -> None:
        self.mentions.append(m)
        self.names[name] = None

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
    longer = Longer()
    for (label, name), same in sorted(by_name.items(), key=lambda item: (-item[0][1].count(" "), item[1][0].start)):
        home = longer.find(label, name, same[0], kb)
        if home is not None and home.entry is None and label == "PER" and " " in name:
            found = [e for e in kb.entries(name) if e.kind == "person"]
            if len(found) == 1 and found[0].number not in by_entry:  # `كارل هاينريش ماركس`, then `كارل ماركس`
                home.entry, by_entry[found[0].number] = found[0], home
        if home is None or label == "ORG" and home.entry is None and _known(name, kb):
            told = next((m for m in same if m.kind == "region"), same[0])  # one that says what it is speaks for all
            entry = choose(told, candidates(told, kb, where), where, kb)
            other = by_entry.get(entry.number) if entry else None
            if home and entry and not other and any(_described(long, name) for long in home.names):
                home.entry, by_entry[entry.number] = entry, home
            elif entry or home is None:
                home = other
            if home is None:
                home = Cluster(entry.label if entry else label, entry)
                out.append(home)
                if entry:
                    by_entry[entry.number] = home
        for m in same:
            home.add(m, name)
        longer.add(home, label, name)
    out = _bracketed(_editions(out), where.text)
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


def _bracketed(out: list[Cluster], text: str) -> list[Cluster]:
    """`الإمارات للاتصالات المتكاملة (دو)`: a short name in brackets behind a longer one is the same body's, where the
    base has one of them only.
    """
    ends = {m.end: cluster for cluster in out for m in cluster.mentions}
    for short in list(out):
        homes = [ends.get(len(text[: m.start - 1].rstrip())) for m in short.mentions if _alone(m, text)]
        long = next((home for home in homes if home is not None and home is not short), None)
        if long is None or _group(long.label) != _group(short.label) or not _abbreviates(short):
            continue
        if (long.entry is None) == (short.entry is None) or short.entry and short.entry.kind in _ABOUT:
            continue
        long.entry, long.label = long.entry or short.entry, (long if long.entry else short).label
        long.mentions += short.mentions
        long.names |= short.names
        out.remove(short)
        ends |= {m.end: long for m in short.mentions}
    return out


def _alone(m: Mention, text: str) -> bool:
    return text[m.start - 1 : m.start] == "(" and text[m.end : m.end + 1] == ")"


def _abbreviates(cluster: Cluster) -> bool:
    """Whether the names of a cluster are short ones that do not say what the body is."""
    name = max(cluster.names, key=len)
    parts = name.split(" ")
    return parts[0] not in words().heads and (len(parts) == 1 or name.isascii() or max(map(len, parts)) <= _LETTERS)


def _known(name: str, kb: KnowledgeBase) -> bool:
    """Whether the base has a body of just this name: then a longer name that it does not have is another's, a branch's
    or an organ's (`ناسداك دبي` and `سوق ناسداك دبي`).
    """
    return name not in kb.weak and any(entry.label in ("ORG", "GROUP") for entry in kb.entries(name))


def _own(label: str, name: str, longer: str, kb: KnowledgeBase) -> bool:
    """Whether a body is no part of a longer name that holds its own: `الأمم المتحدة` in the name of its fund, a company
    in that of its branch (`إتش بي الشرق الأوسط`) or of another that the base has (`موانئ دبي العالمية`). With one word
    before it, it is else the same (`مجموعة البنك الدولي`).
    """
    if label != "ORG" or not _known(name, kb):
        return False
    theirs = {entry.number for entry in kb.entries(longer)}
    other = bool(theirs) and theirs.isdisjoint(entry.number for entry in kb.entries(name))
    if longer.startswith(f"{name} "):
        return longer.removeprefix(name) in words().tails or other
    head, _, rest = longer.partition(" ")
    return rest != name or other and head not in words().heads


def _described(longer: str, name: str) -> bool:
    """`كتلة المستقبل النيابية`: the name and an adjective behind it."""
    rest = longer.removeprefix(f"{name} ")
    return rest != longer and " " not in rest.removeprefix('" ') and rest.removeprefix('" ').startswith(AL)


def _group(label: str) -> str:
    return "ORG" if label == "GROUP" else label


class Longer:
    """Clusters by the words of their names where a shorter form may take hold: first, second and last."""

    def __init__(self):
        self.index: dict[tuple[str, str], list[tuple[Cluster, str]]] = defaultdict(list)

    def add(self, cluster: Cluster, label: str, name: str) -> None:
        parts = name.split(" ")
        if len(parts) > 1:
            for part in {parts[0], parts[1], parts[-1]}:
                self.index[label, skeleton(part)].append((cluster, name))

    def find(self, label: str, name: str, m: Mention, kb: KnowledgeBase) -> Cluster | None:
        """The cluster of a longer name that `name` shortens or spells otherwise; of several, the one named last."""
        if label == "LOC":
            return None
        parts = name.split(" ")
        bones = [skeleton(part) for part in parts]
        found: dict[int, Cluster] = {}
        for bone in dict.fromkeys((bones[0], bones[-1])):
            for cluster, longer in self.index.get((label, bone), ())[-_MANY:]:
                shorter = _short(label, parts, bones, longer, kb) or _of_club(label, name, cluster, longer, kb)
                if shorter and not _own(label, name, longer, kb):
                    found[id(cluster)] = cluster

        def near(c: Cluster) -> int:
            return min((m.start - o.start if o.start <= m.start else 10**9 + o.start) for o in c.mentions)

        return min(found.values(), key=near) if found else None


def _short(label: str, parts: list[str], bones: list[str], longer: str, kb: KnowledgeBase) -> bool:
    theirs = longer.split(" ")
    if label == "PER":
        if len(theirs) < 2 or len(parts) == 1 and all(kb.two(parts[0], part) for part in (theirs[0], theirs[-1])):
            return False
        if len(parts) == len(theirs) and kb.two(" ".join(parts), longer):
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


def _of_club(label: str, name: str, cluster: Cluster, longer: str, kb: KnowledgeBase) -> bool:
    """`يونايتد`, `الريال`: the first or last word of a club that the article names in full; not the last one where it
    is another club (`انتر ميلان`, Inter, and `ميلان`, AC Milan) or whose it is (`المصري` of `الترسانة المصري`).
    """
    if label != "ORG" or " " in name or name in kb.nisba or not (cluster.entry and cluster.entry.kind == "club"):
        return False
    theirs, word = longer.split(" "), name.removeprefix(AL)
    other = any(entry.kind == "club" and kb.by_hand(entry) for entry in kb.entries(name))
    return len(name) > 3 and (word == theirs[0].removeprefix(AL) or word == theirs[-1].removeprefix(AL) and not other)


def _in_order(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return all(part in rest for part in few)
