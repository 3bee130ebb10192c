"""What an article says about countries and sports, and the form of a mention."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field

from pipeline.entities.words import AL, LL, words
from pipeline.language.clitics import standalone
from pipeline.layers import Layers, Mention
from pipeline.linking.kb import Entry, KnowledgeBase, form

SMALL = 50_000  # people; a smaller place is linked only where its country is named in the article
LARGE = 500_000  # people; no smaller place of the name is meant, whatever countries are named: Paris, Texas
_VEH, _QAF, _HEH = "\u06a4", "\u0642", "\u0647"
_SURE = 2  # times that a country is named as often as any other, to be the one whose ministry is meant
_PLAYED = frozenset(("club", "team_competition"))
_LOCAL = frozenset(("government", "ministry", "party", "university", "club"))
_BESIDE = 5  # times that a place is larger than another of its name, for that not to count
_AGAIN = 2  # clubs and competitions named in an article on sport, words of religion in one on that
_PLACES = 50  # places of an article that a body without one may belong to
_OPENING = 12  # characters within which a dateline begins
_SET_OFF = re.compile(r"\s{0,2}[-\u2013\u2014:(\u00ab\u0640/]")


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
    played : clubs and competitions that it names.
    game : the sport that the article is about as names of federations have it (`لكرة القدم`, of football); empty where
        it does not name clubs or competitions again and again.
    sentences : first token and end of each sentence.
    spoken : tokens that name a country, as a noun or as an adjective, in order.
    nouns : those of them that are nouns.
    religion : whether it is on religion.
    places : forms of the first 50 places that the article names.
    adjectives : definite adjectives of nationality in the text, masculine.
    text : the article's.
    """

    home: str = ""
    named: Counter = field(default_factory=Counter)
    near: Counter = field(default_factory=Counter)
    people: Counter = field(default_factory=Counter)
    bodies: Counter = field(default_factory=Counter)
    dateline: str = ""
    football: bool = True
    sport: bool = False
    played: int = 0
    game: str = ""
    sentences: list[tuple[int, int]] = field(default_factory=list)
    spoken: list[tuple[int, str]] = field(default_factory=list)
    nouns: set[int] = field(default_factory=set)
    religion: bool = False
    places: dict[str, None] = field(default_factory=dict)
    adjectives: set[str] = field(default_factory=set)
    text: str = ""

    def countries(self, m: Mention) -> list[str]:
        """The countries named in a mention's sentence, those before it first, the nearest of them first."""
        first, last = self._sentence(m)
        low, high = (bisect_left(self.spoken, k, key=lambda s: s[0]) for k in (first, last))
        found = [(k >= m.j, abs(k - m.i), iso) for k, iso in self.spoken[low:high] if not m.i <= k < m.j]
        return list(dict.fromkeys(iso for _, _, iso in sorted(found)))

    def _sentence(self, m: Mention) -> tuple[int, int]:
        at = bisect_right(self.sentences, m.i, key=lambda s: s[0]) - 1
        return self.sentences[at] if at >= 0 else (0, 0)

    def behind(self, m: Mention) -> str:
        """The country named right behind a mention in its sentence: `جنيف - سويسرا`, `تورنتو بكندا`."""
        at, end = bisect_left(self.spoken, m.j, key=lambda s: s[0]), min(m.j + 2, self._sentence(m)[1])
        return self.spoken[at][1] if at < len(self.spoken) and self.spoken[at][0] < end else ""

    def listed(self, m: Mention) -> bool:
        """Whether a mention stands between two countries: `الإمارات وعمان والبحرين`, Oman and not Amman."""
        first, last = self._sentence(m)
        before, after = range(max(first, m.i - 2), m.i), range(m.j, min(m.j + 2, last))
        return not self.nouns.isdisjoint(before) and not self.nouns.isdisjoint(after)

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
    out = Context(text=layer.tokens.text)
    source = form(layer.article.source or "")
    out.home = next((entry.iso for entry in kb.entries(source) if entry.kind == "media"), "")
    if not out.home and source.replace(" ", "") != source:
        out.home = next((e.iso for e in kb.entries(source.replace(" ", "")) if e.kind == "media"), "")
    places = set()  # and people: names that have been counted
    for m in layer.mentions:
        if m.label == "LOC":
            name = key(m)
            if len(out.places) < _PLACES:
                out.places[name] = None
            found = [entry for entry in kb.entries(name) if entry.label == "LOC"]
            if found and found[0].kind == "country" and len({e.iso for e in found if e.population > SMALL}) == 1:
                out.named[found[0].iso] += 2  # a name that is only this country's
                out.spoken.append((m.i, found[0].iso))
                out.nouns.add(m.i)
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
                out.played += entry.kind in _PLAYED or name.endswith(words().of_sport)
                told = entry.kind == "media" and m.proclitic.endswith(LL[0])
                out.bodies[entry.iso] += bool(entry.iso) and (told or entry.kind in _LOCAL)
    out.bodies = +out.bodies
    out.dateline = _dateline(layer, kb)
    families = {k for m in layer.mentions if m.label == "PER" for k in range(m.i, m.j)}  # `السويدي`: no Swede
    for sentence in layer.sentences:
        before = ""
        out.sentences.append((sentence.i, sentence.j))
        for k, norm in enumerate(layer.tokens.norms[sentence.i : sentence.j], sentence.i):
            iso = kb.nisba.get(norm) if norm.startswith(AL) and k not in families else None
            if iso and f"{before} {norm}" not in words().no_nation:
                out.named[iso] += 1
                out.spoken.append((k, iso))
                out.adjectives.add(norm.removesuffix(_HEH))
            before = norm
    out.spoken.sort()
    out.football, out.sport = _sports(layer)
    if not out.sport:
        folded = f" {' '.join(layer.tokens.norms)} "
        out.religion = sum(folded.count(word) for word in words().religion["text"]) >= _AGAIN
    if out.sport and out.played >= _AGAIN:
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
    countries = {e.iso for e in found if e.iso and not (large >= SMALL and 0 < e.population * _BESIDE < large)}
    known = any(not 0 < entry.population < SMALL for entry in found)
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
