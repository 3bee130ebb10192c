"""From a mention to entries of the knowledge base: the spellings to try, and which of several entries is meant."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field

from pipeline.entities.words import AL, LL, words
from pipeline.language.clitics import standalone
from pipeline.layers import Layers, Mention
from pipeline.linking.kb import NATIONAL, Entry, KnowledgeBase, form

_SAME = {
    "PER": ("PER",),
    "LOC": ("LOC",),
    "ORG": ("ORG", "GROUP"),
    "GROUP": ("GROUP", "ORG"),
    "MISC": ("MISC",),
}
_VEH, _QAF, _HEH = "\u06a4", "\u0642", "\u0647"
_YEAR = re.compile("(?:19|20)[0-9][0-9]")
_AMERICAN = (
    ("\u0627\u0645\u064a\u0631\u0643", "\u0627\u0645\u0631\u064a\u0643"),
    ("\u0627\u0645\u0631\u064a\u0643", "\u0627\u0645\u064a\u0631\u0643"),
)
_SERVANT = "\u0639\u0628\u062f"
_JOINED = re.compile(rf"\b{_SERVANT}(?={AL})")
_SURE = 2  # times that a country is named as often as any other, to be the one whose ministry is meant
_VAGUE = frozenset(("government", "other", "international"))  # kinds of heads that many things have
_CLEAR = frozenset(("club", "company", "ministry", "university"))  # kinds that their heads name
_ARMED = frozenset(("party", "armed_group"))
_PLAYED = frozenset(("club", "team_competition"))
_LOCAL = frozenset(("government", "ministry", "party", "university", "club"))
_BESIDE = 5  # times that a place is larger than another of its name, for that not to count
_AGAIN = 2  # clubs and competitions named in an article on sport
_OPENING = 12  # characters within which a dateline begins
_SET_OFF = re.compile(r"\s{0,2}[-\u2013\u2014:(\u00ab\u0640/]")
_PUBLIC = frozenset(("government", "ministry"))
_SMALL = 50_000  # people; a smaller place is linked only where its country is named in the article
_LARGE = 500_000  # people; no smaller place of the name is meant, whatever countries are named: Paris, Texas
_BY_HAND = 4.0  # what a place that an editor put in the base is worth, in powers of ten of population


@dataclass(slots=True)
class Context:
    """What the article says about countries.

    Attributes
    ----------
    home : ISO code of the source's country; empty where unknown.
    named : how often each country is named, as a noun or as an adjective.
    near : how many places the article names that lie in one country, whatever else is called so.
    people : how many public figures of a country the article names: what there is to go by where it names no place.
    bodies : how many public bodies and clubs of a country it names, and media that somebody spoke to: what there is to
        go by where it names no place.
    dateline : ISO code of the country of the place that the text begins with (`القاهرة - رويترز:`); empty without one.
    football : whether a national team without more is that of football.
    sport : whether the article names a sport.
    game : the sport that the article is about as names of federations have it (`لكرة القدم`, of football); empty where
        it does not name clubs or competitions again and again.
    """

    home: str = ""
    named: Counter = field(default_factory=Counter)
    near: Counter = field(default_factory=Counter)
    people: Counter = field(default_factory=Counter)
    bodies: Counter = field(default_factory=Counter)
    dateline: str = ""
    football: bool = True
    sport: bool = False
    game: str = ""

    def likely(self, iso: str) -> bool:
        """Whether the article has to do with a country."""
        return iso != "" and (
            iso in (self.home, self.dateline) or self.named.get(iso, 0) > 0 or self.near.get(iso, 0) > 0
        )

    @property
    def main(self) -> str:
        """The country that bodies without a country belong to: that of the dateline or the source where no other is
        named much more, else the one that is named and has places named most often.
        """
        top = max(self.named.values(), default=0)
        for iso in (self.dateline, self.home):
            if iso and (self.named.get(iso, 0) + (iso == self.dateline)) * 2 >= top:
                return iso
        most = self._most
        return most.most_common(1)[0][0] if most else self.home

    @property
    def sure(self) -> str:
        """The country that bodies without a country belong to, where no other is named nearly as often, nor places of
        others alone.
        """
        main, counts = self.main, self._most
        count, others = counts.get(main, 0), max((n for iso, n in counts.items() if iso != main), default=0)
        elsewhere = bool(self.near) and main not in self.near
        local = main in (self.home, self.dateline)
        return main if main and (local or count >= _SURE * others and not elsewhere) else ""

    @property
    def _most(self) -> Counter:
        return self.named + self.near or self.people + self.bodies


def context(layer: Layers, kb: KnowledgeBase) -> Context:
    out = Context()
    source = form(layer.article.source or "")
    out.home = next((entry.iso for entry in kb.entries(source) if entry.kind == "media"), "")
    if not out.home and source.replace(" ", "") != source:
        out.home = next((e.iso for e in kb.entries(source.replace(" ", "")) if e.kind == "media"), "")
    places = set()  # and people: names that have been counted
    played = 0
    for m in layer.mentions:
        if m.label == "LOC":
            name = key(m)
            found = [entry for entry in kb.entries(name) if entry.label == "LOC"]
            if found and found[0].kind == "country" and len({e.iso for e in found if e.population > _SMALL}) == 1:
                out.named[found[0].iso] += 2  # a name that is only this country's
            elif name not in places and (iso := _country(found)):
                places.add(name)
                out.near[iso] += 1
        elif m.label == "PER" and (name := key(m)) not in places:
            places.add(name)
            out.people.update({e.iso for e in kb.entries(name)[:1] if e.kind == "person" and e.iso})
        elif m.label in ("ORG", "MISC"):
            if (name := key(m)) not in places:
                places.add(name)
                out.near.update(_inside(name, kb))
            for entry in kb.entries(key(m))[:1]:
                played += entry.kind in _PLAYED or name.endswith(words().of_sport)
                told = entry.kind == "media" and m.proclitic.endswith(LL[0])
                out.bodies[entry.iso] += bool(entry.iso) and (told or entry.kind in _LOCAL)
    out.bodies = +out.bodies
    out.dateline = _dateline(layer, kb)
    for sentence in layer.sentences:
        before = ""
        for norm in layer.tokens.norms[sentence.i : sentence.j]:
            if norm.startswith(AL) and (iso := kb.nisba.get(norm)) and f"{before} {norm}" not in words().no_nation:
                out.named[iso] += 1
            before = norm
    out.football, out.sport = _sports(layer)
    if out.sport and played >= _AGAIN:
        out.game = _game(layer) or (words().of_sport[0] if out.football else "")
    return out


def _inside(name: str, kb: KnowledgeBase) -> set[str]:
    """The countries of the places that a body or an event is named after (`معرض الرياض الدولي للكتاب`)."""
    parts = name.split(" ")[1:]
    return {iso for part in parts if (iso := _country([e for e in kb.entries(part) if e.label == "LOC"]))}


def _dateline(layer: Layers, kb: KnowledgeBase) -> str:
    """The country of the place that the text begins with, where a dash, a colon or a bracket sets it off."""
    text = layer.tokens.text
    for m in layer.mentions:
        if m.start > _OPENING:
            break
        if m.label == "LOC" and _SET_OFF.match(text, m.end):
            return next((entry.iso for entry in kb.entries(key(m)) if entry.label == "LOC"), "")
    return ""


def _game(layer: Layers) -> str:
    """The sport named most often, in the words that names end with."""
    counts, sports = Counter(), words().of_sport
    for sentence in layer.sentences:
        norms = layer.tokens.norms[sentence.i : sentence.j]
        counts.update(p for p in (*norms, *map(" ".join, zip(norms, norms[1:], strict=False))) if p in sports)
    return counts.most_common(1)[0][0] if counts else ""


def _sports(layer: Layers) -> tuple[bool, bool]:
    """Whether football is the sport of an article, and whether it names one, or a national team."""
    sides, sports = Counter(), words().sports
    for sentence in layer.sentences:
        norms = layer.tokens.norms[sentence.i : sentence.j]
        for phrase in (*norms, *map(" ".join, zip(norms, norms[1:], strict=False))):
            if phrase in sports:
                sides[sports[phrase]] += 1
    return sides[True] >= sides[False], bool(sides)


def _country(found: list[Entry]) -> str:
    """The country of a place where one of those called so is no small town, and all lie in one country or the others
    are villages beside it.
    """
    large = max((entry.population for entry in found), default=0)
    countries = {e.iso for e in found if e.iso and not (large >= _SMALL and 0 < e.population * _BESIDE < large)}
    known = any(not 0 < entry.population < _SMALL for entry in found)
    return countries.pop() if known and len(countries) == 1 else ""


def key(m: Mention) -> str:
    """The form of a mention's text, with the alef of the article that lam has swallowed."""
    return keys(m)[0]


def keys(m: Mention) -> list[str]:
    folded = form(m.text)
    if _VEH in m.text:  # in Tunisia and Algeria a g, elsewhere a v
        return [folded, form(m.text.replace(_VEH, _QAF))]
    if m.proclitic.endswith("\u0644") and folded.startswith("\u0644"):
        first, _, rest = folded.partition(" ")
        return [f"{word} {rest}".strip() for word in standalone(m.proclitic, first)]
    return [folded]


def candidates(m: Mention, kb: KnowledgeBase, where: Context) -> list[Entry]:
    """Entries of the mention's label, best first: as written, then without a governing word, then with or without
    article.
    """
    labels = _SAME[m.label]
    if m.kind == "country" and where.home in words().epithets.get(key(m), ()):
        return [country] if (country := kb.country(where.home)) else []
    head, _, rest = key(m).partition(" ")
    if m.label == "LOC" and head in words().heads and words().heads[head].kind == "country" and rest in kb.nisba:
        country = kb.country(kb.nisba[rest])  # `الجمهورية الجورجية` (the Georgian republic)
        if country and not kb.entries(key(m)):
            return [country]
    if where.game and m.label in ("ORG", "GROUP") and key(m).count(" ") == 1:
        found = [e for e in kb.entries(f"{key(m)} {where.game}") if e.label == "ORG"]
        if found:  # `الاتحاد الأوروبي` (the European Union) is UEFA where there is play
            return found
    if m.kind in words().before and m.label == "ORG":  # `صحيفة «اليوم»`: the paper, not today
        governed = [e for word in words().before[m.kind] for e in kb.entries(f"{word} {key(m)}")]
        if found := [e for e in governed if e.label == "ORG" and e.kind == m.kind]:
            return found
    home = _home(m, kb, where.sure)
    last = key(m).rpartition(" ")[2]
    said = kb.nisba.get(last, "") if m.label == "ORG" else ""
    for folded in spellings(m, kb):
        found = [entry for entry in kb.entries(folded) if entry.label in labels]
        if said and not folded.endswith(last):  # `الأهلي القطري` (Al Ahli of Qatar) is not that of Egypt
            found = [entry for entry in found if entry.iso in (said, "")]
        if found:
            return home + [entry for entry in found if entry not in home]
    if home:
        return home
    if m.label == "ORG" and where.sport and where.football and key(m).rpartition(" ")[2] in kb.nisba:
        found = kb.entries(f"{key(m)} {words().of_sport[0]}")  # `الاتحاد العراقي` (the Iraqi Federation): of football
        if found:
            return found
    if m.label == "MISC" and (found := _edition(m, kb)):
        return found
    if m.label == "ORG" and (found := _headed(key(m), kb)):
        return found
    if m.label == "ORG" and (club := kb.club(key(m))):
        return [club]
    if m.text.isascii() and (found := kb.english(m.label, key(m))):
        return found
    for folded in keys(m):
        if m.label in ("PER", "LOC") or _foreign(folded, kb):  # of bodies and works only foreign words are looked for
            if folded.startswith(AL) and " " not in folded:
                continue  # an Arabic word
            if found := kb.sounding(m.label, folded):
                return found
    return []


def _foreign(name: str, kb: KnowledgeBase) -> bool:
    """Whether a body's or work's name is no Arabic phrase: no word with an article, none that says what it is."""
    parts = name.split(" ")
    return len(parts) == 1 or not any(p.startswith((AL, LL)) or p in words().heads or p in kb.nisba for p in parts)


def _headed(name: str, kb: KnowledgeBase) -> list[Entry]:
    """`حزب النهضة`, `وكالة يونهاب الكورية الجنوبية للأنباء`: a body named with a word before it that says what it is,
    and words behind it that say whose, where the base has it without them.
    """
    first, _, rest = name.partition(" ")
    head = words().heads.get(first) or words().governors.get(first)
    if not rest or head is None:
        return []
    parts = rest.split(" ")
    for stop in range(len(parts), 0, -1):
        short = " ".join(parts[:stop])
        if all(p in kb.nisba or p.startswith(LL) for p in parts[stop:]):
            for name in (short, short.removeprefix(AL)):
                found = [e for e in kb.entries(name) if e.label == "ORG" and _is(head.kind, e.kind)]
                if found and name not in kb.weak:
                    return found
    return []


def _is(said: str, kind: str) -> bool:
    """Whether a body of a kind may be called what its head says: an agency is one of the state or of the news."""
    return said == kind or said in _VAGUE and kind not in _CLEAR or {said, kind} <= _ARMED


def _edition(m: Mention, kb: KnowledgeBase) -> list[Entry]:
    """`كأس أفريقيا 2017`: the edition of a year where the base has it, else what is held again and again."""
    name, _, year = key(m).rpartition(" ")
    if not name or not _YEAR.fullmatch(year):
        return []
    before, _, of = name.rpartition(" ")
    if of in words().years:
        name = before  # `لسنة 2026` (of the year 2026)
        if found := [entry for entry in kb.entries(f"{name} {year}") if entry.label == "MISC"]:
            return found
    found = [entry for other in (name, *_shorter(name)) for entry in kb.entries(other) if entry.label == "MISC"]
    dated = [kb.editions[title] for entry in found[:1] if (title := f"{year} {entry.name_en}") in kb.editions]
    return dated or found


def _home(m: Mention, kb: KnowledgeBase, iso: str) -> list[Entry]:
    """`وزارة الداخلية` (the interior ministry), `مجلس الشيوخ` (the senate): that of the country which the article is
    about, where the base has it with the country's adjective.
    """
    name = key(m)
    if m.label != "ORG" or not iso or any(part in kb.nisba for part in name.split(" ")):
        return []
    found = [e for word in kb.adjectives.get(iso, ()) for e in kb.entries(f"{name} {word}")]
    return [e for e in found if e.label == "ORG" and e.iso == iso][:1]


def _shorter(name: str):
    """A competition's name without the sport."""
    for sport in words().of_sport:
        if f" {sport}" in name:
            yield name.replace(f" {sport}", "")


def _competition(name: str, kb: KnowledgeBase):
    """Without `بطولة` (championship) and the like before it; with the nation's other gender: `السوبر الإسبانية`."""
    head = words().heads.get(name.partition(" ")[0])
    if head and head.label == "MISC":
        for shorter in (name.partition(" ")[2], *(short.partition(" ")[2] for short in _shorter(name))):
            if shorter not in kb.weak:
                yield shorter
    if name.rpartition(" ")[2] in kb.nisba:
        yield name.removesuffix(_HEH) if name.endswith(_HEH) else name + _HEH


def spellings(m: Mention, kb: KnowledgeBase):
    governors = words().governors
    for folded in keys(m):
        yield folded
        first, _, rest = folded.partition(" ")
        if rest and first in governors:
            yield rest
        if m.label == "PER":
            yield from _servants(folded)
        else:
            yield from (folded.replace(a, b) for a, b in _AMERICAN if a in folded)
        if m.label == "MISC":
            yield from _shorter(folded)
            yield from _competition(folded, kb)
        if m.label in ("ORG", "MISC") and " " not in folded and folded.startswith(AL) and folded[2:] not in kb.weak:
            yield folded[2:]  # `الناسا` (the NASA)
        if m.label != "PER" and " " in folded:
            yield folded[2:] if folded.startswith(AL) else AL + folded
        if m.label in ("ORG", "MISC") and rest:
            shorter, _, last = folded.rpartition(" ")
            if words().sports.get(last) is False:
                continue  # the competition of another age or sport
            nation = m.label == "ORG" and last.startswith(AL) and last in kb.nisba
            field = last.startswith(LL) and not shorter.startswith(AL) and shorter not in kb.weak
            club = first in words().governors and words().governors[first].kind == "club"
            if len(shorter) > 4 and (nation or field and (not club or last in words().sports)):
                yield shorter  # without the nationality or the field: `سامسونج للإلكترونيات` (Samsung Electronics)


def _servants(folded: str):
    """`عبدالله` (servant of God) in two words and in one."""
    if _SERVANT in folded:
        yield folded.replace(f"{_SERVANT} ", _SERVANT)
        yield _JOINED.sub(f"{_SERVANT} ", folded)


def choose(m: Mention, found: list[Entry], where: Context, kb: KnowledgeBase) -> Entry | None:
    """The entry meant, or None: nothing in the base, or nothing that the article makes likely."""
    if not found:
        return None
    if m.label != "LOC":
        return _other(m, found, where, kb)
    best, best_score = None, -math.inf
    large = any(entry.population >= _LARGE for entry in found)
    for place, entry in enumerate(found):
        if large and entry.kind == "city" and 0 < entry.population < _SMALL:
            continue
        score = math.log10(entry.population + 10) + (_BY_HAND if entry.population == 0 else 0) - 0.3 * place
        score += 1.5 * min(3, where.named.get(entry.iso, 0)) + 2.0 * (entry.iso == where.home and entry.iso != "")
        score += 1.0 * min(2, where.near.get(entry.iso, 0))
        if entry.kind == "country":
            score += 2.0 if m.kind in (None, "country") else -2.0
        if m.kind in ("city", "port") and entry.kind == "city":
            score += 2.0
        if entry.kind == "region" and m.kind is None and place_of(entry, found):
            score -= 2.0  # a governorate by the name of its capital: the city, where nothing says otherwise
        if m.kind == "region":
            score += 4.0 if entry.kind == "region" else 0.0
        if score > best_score:
            best, best_score = entry, score
    if best and best.kind == "city" and best.population and best.population < _SMALL:
        return best if where.likely(best.iso) or m.kind == "city" and len(found) == 1 else None
    return best


def place_of(region: Entry, found: list[Entry]) -> bool:
    return any(entry.kind == "city" and entry.iso == region.iso for entry in found)


def _other(m: Mention, found: list[Entry], where: Context, kb: KnowledgeBase) -> Entry | None:
    """Bodies, people and works: one of a country that the article is about, else the first; no public body whose name
    says what it is and not whose (`الديوان الملكي`, the royal court), where the article is about other countries.
    """
    name = key(m)
    if m.label == "ORG" and where.main and name.split(" ")[0] in words().heads:
        said = {kb.nisba[part] for part in name.split(" ") if part in kb.nisba}
        said |= {e.iso for e in kb.entries(name.partition(" ")[2]) if e.label == "LOC"}
        if kb.shared(name):
            said |= {"", where.sure}
            found = [e for e in found if e.kind not in _PUBLIC or where.likely(e.iso) or e.iso in said]
    if not where.football and words().of_sport[0] not in name:
        ball = f" {words().of_sport[0]}"  # `الاتحاد الآسيوي` of chess
        found = [e for e in found if not e.name_en.endswith(NATIONAL) and not form(e.name).endswith(ball)]

    def fits(entry: Entry) -> float:
        return (entry.kind == m.kind) + (where.likely(entry.iso))

    return max(found, key=lambda entry: (fits(entry), -found.index(entry)), default=None)
