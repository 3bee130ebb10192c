"""From a mention to entries of the knowledge base: the spellings to try, and which of several entries is meant."""

from __future__ import annotations

import math
import re

from pipeline.entities.words import AL, LL, words
from pipeline.layers import Mention
from pipeline.linking.context import LARGE, SMALL, Context, key, keys
from pipeline.linking.kb import NATIONAL, TOWN, Entry, KnowledgeBase, form
from pipeline.linking.variants import beside, foreign_rest, national, placed, variants, with_place

_SAME = {
    "PER": ("PER",),
    "LOC": ("LOC",),
    "ORG": ("ORG", "GROUP"),
    "GROUP": ("GROUP", "ORG"),
    "MISC": ("MISC",),
}
_HEH = "\u0647"
_YEAR = re.compile("(?:19|20)[0-9][0-9]")
_SERVANT = "\u0639\u0628\u062f"
_JOINED = re.compile(rf"\b{_SERVANT}(?={AL})")
_VAGUE = frozenset(("government", "other", "international"))  # kinds of heads that many things have
_CLEAR = frozenset(("club", "company", "ministry", "university"))  # kinds that their heads name
_NAMED = frozenset(("company", "media", "club", "product", "armed_group"))  # kinds that have names of their own
_ARMED = frozenset(("party", "armed_group"))
_PUBLIC = frozenset(("government", "ministry"))
_COMMON = _PUBLIC | {"other", "party", "university"}  # kinds of bodies that are called alike in many countries
_OF_GAME = "\u0644\u0644\u0639\u0628\u0647"  # of the game
# What a country behind a place's name is worth (`جنيف - سويسرا`), and countries around that of a country, in powers of
# ten of population.
_NAMED_BEHIND = 3.0
_BESIDE = 20  # characters before and behind a name in which a word beside it is looked for
_BY_HAND = 4.0  # what a place that an editor put in the base is worth, in powers of ten of population


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
    named = m.kind in words().before and m.label in ("ORG", "MISC")
    if named and (found := _governed(m, m.kind, kb)):  # `صحيفة «اليوم»`: the paper, not today
        return found
    if found := _scripture(m, kb, where):
        return found
    home = _home(m, kb, where)
    last = key(m).rpartition(" ")[2]
    said = kb.nisba.get(last, "") if m.label == "ORG" else ""
    for folded in spellings(m, kb):
        found = [entry for entry in kb.entries(folded) if entry.label in labels]
        if said and not folded.endswith(last):  # `الأهلي القطري` (Al Ahli of Qatar) is not that of Egypt
            found = [entry for entry in found if entry.iso in (said, "")]
        if found:
            if home and found[0].kind in _NAMED and found[0].kind != home[0].kind:
                return found  # `العربية` (Al Arabiya) is no league
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
    if found := _variant(m, kb, where):
        return found
    if found := _local(m, kb, where):
        return found
    if m.label == "ORG" and (where.sport or where.played) and m.kind != "media":  # `قناة دبي` (Dubai TV) is no club
        if club := kb.club(key(m)):
            return [club]
        if found := _governed(m, "club", kb):  # `لنس`, in the base as `نادي لنس` (the club of Lens)
            return found
    if m.text.isascii() and (found := kb.english(m.label, key(m))):
        return found
    for folded in keys(m):
        if m.label in ("PER", "LOC") or _foreign(folded, kb):  # of bodies and works only foreign words are looked for
            if folded.startswith(AL) and " " not in folded:
                continue  # an Arabic word
            if found := kb.sounding(m.label, folded):
                return found
            if m.label == "LOC" and (found := [e for e in kb.sounding(TOWN, folded) if where.likely(e.iso)]):
                return found
    return []


def _governed(m: Mention, kind: str, kb: KnowledgeBase) -> list[Entry]:
    """What the base has with a word before it that says the kind."""
    found = (e for word in words().before[kind] for e in kb.entries(f"{word} {key(m)}"))
    return [e for e in found if e.label == m.label and e.kind == kind]


def _scripture(m: Mention, kb: KnowledgeBase, where: Context) -> list[Entry]:
    """`رواه البخاري`, `محمد صلى الله عليه وسلم`: in a text on religion; a first name with a word of it beside it."""
    full, first = words().scripture.get(key(m), ("", False))
    if m.label != "PER" or not where.religion or not full:
        return []
    if first:
        before = form(where.text[max(0, m.start - _BESIDE) : m.start])
        behind = form(where.text[m.end : m.end + _BESIDE])
        beside = f" {before} ".endswith(words().religion["before"])
        if not beside and not f" {behind} ".startswith(words().religion["behind"]):
            return []
    return kb.entries(full)


def _variant(m: Mention, kb: KnowledgeBase, where: Context) -> list[Entry]:
    """What the name is called in other words: in the article's country where it is one that every country may have."""
    if m.label == "PER" or m.label == "LOC" and key(m).partition(" ")[0] not in words().heads:
        return []
    labels, name, game = _SAME[m.label], key(m), where.game or words().of_sport[0]

    def fit(found: list[Entry]) -> list[Entry]:
        return [e for e in found if e.label in labels and (e.kind not in _COMMON or not e.iso or where.likely(e.iso))]

    if name.endswith(_OF_GAME) and where.sport and (found := fit(kb.entries(name.removesuffix(_OF_GAME) + game))):
        return found
    for other in (*beside(name, kb), *variants(name, m.label, kb)):
        found = fit(kb.entries(other)) if other not in kb.weak else []
        if found and not (m.label == "MISC" and found[0].kind == "team_competition" and _cut(name, other)):
            return found
    for other in foreign_rest(name, kb):
        if found := [e for e in kb.entries(other) if e.label in labels]:
            return found
    parts = name.split(" ")
    for k in range(1, len(parts)):  # `الهيئة السعودية للفضاء`: as the base has it, without the adjective
        if parts[k].startswith(AL) and (iso := kb.nisba.get(parts[k])):
            other = " ".join(parts[:k] + parts[k + 1 :])
            for one in (other, *variants(other, m.label, kb)):
                if one not in kb.weak and (found := [e for e in kb.entries(one) if e.label in labels and e.iso == iso]):
                    return found
    return _of_place(m, kb)


def _cut(name: str, other: str) -> bool:
    """Whether words at the end of a competition's name are missing: `كأس العالم للرجبي` is another one."""
    return not name.endswith(other.rpartition(" ")[2])


def _of_place(m: Mention, kb: KnowledgeBase) -> list[Entry]:
    """`البنك المركزي في تونس`: that of the country; `مستشفى القاسمي بالشارقة`: what lies in the country of the city."""
    found = placed(key(m), kb)
    if not found or m.label != "ORG":
        return []
    name, (place, *_) = found
    if place.kind == "country":
        own = [e for one in national(name, place.iso, kb) for e in kb.entries(one)]
        if own := [e for e in own if e.label == "ORG" and e.iso == place.iso][:1]:
            return own
    if name in kb.weak or kb.shared(name):
        return []
    near = [e for e in kb.entries(name) if e.label in _SAME["ORG"] and e.iso == place.iso]
    return [e for e in near if place.kind == "country" or e.kind not in _PUBLIC]


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
    if of in words().years or f"{LL[0]}{of}" in words().years:
        name = before  # `لسنة 2026`, `سنة 2026` (of the year 2026)
        if found := [entry for entry in kb.entries(f"{name} {year}") if entry.label == "MISC"]:
            return found
    found = [entry for other in (name, *_shorter(name)) for entry in kb.entries(other) if entry.label == "MISC"]
    dated = [kb.editions[title] for entry in found[:1] if (title := f"{year} {entry.name_en}") in kb.editions]
    return dated or found


def _home(m: Mention, kb: KnowledgeBase, where: Context) -> list[Entry]:
    """`وزارة الداخلية` (the interior ministry), `كأس الرابطة` (the league cup): that of the country which the article
    is about, where the base has it with the country's adjective; else of the nearest country of the sentence that has
    one; else of the only one of those named that has.
    """
    name = key(m)
    if m.label not in ("ORG", "MISC") or any(part in kb.nisba for part in name.split(" ")):
        return []

    def of(iso: str) -> list[Entry]:
        found = [e for one in national(name, iso, kb, where.adjectives) for e in kb.entries(one)]
        if " " not in name and not (where.sport and where.football):  # `البطولة` (the championship) of another sport
            found = [e for e in found if e.kind != "team_competition"]
        return [e for e in found if e.label == m.label and (e.iso == iso or m.label == "MISC" and not e.iso)][:1]

    for iso in dict.fromkeys((where.sure, *where.countries(m))):
        if iso and (found := of(iso)):
            return found
    others = [found for iso in where.named if (found := of(iso))]
    return others[0] if len(others) == 1 else []


def _local(m: Mention, kb: KnowledgeBase, where: Context) -> list[Entry]:
    """`هيئة الصحة` (the health authority): that of the only place that the base has one of, in an article that names no
    other country, or is plainly about this one.
    """
    name = key(m)
    if m.label != "ORG" or " " not in name or name.split(" ")[0] not in words().heads:
        return []
    names = (one for place in where.places for one in with_place(name, place))
    found = [entries[0] for one in names if (entries := [e for e in kb.entries(one) if e.label == "ORG"])]
    countries = {iso for iso in (*where.named, *where.near) if iso}
    at_home = len(set(found)) == 1 and (found[0].iso == where.sure or countries <= {found[0].iso})
    return found[:1] if at_home else []


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
            yield from (folded.replace(a, b) for a, b in words().spellings if a in folded)
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
            field = field and (m.label == "ORG" or words().sports.get(last, False))  # the World Cup of polo is another
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
    large = any(entry.population >= LARGE for entry in found)
    behind, listed = where.behind(m), where.listed(m)
    for place, entry in enumerate(found):
        if large and entry.kind == "city" and 0 < entry.population < SMALL:
            continue
        score = math.log10(entry.population + 10) + (_BY_HAND if entry.population == 0 else 0) - 0.3 * place
        score += 1.5 * min(3, where.named.get(entry.iso, 0)) + 2.0 * (entry.iso == where.home and entry.iso != "")
        score += 1.0 * min(2, where.near.get(entry.iso, 0))
        score += _NAMED_BEHIND * (entry.iso == behind and entry.iso != "")
        if entry.kind == "country":
            score += 2.0 if m.kind in (None, "country") else -2.0
            score += _NAMED_BEHIND * listed
        if m.kind in ("city", "port") and entry.kind == "city":
            score += 2.0
        if entry.kind == "region" and m.kind is None and place_of(entry, found):
            score -= 2.0  # a governorate by the name of its capital: the city, where nothing says otherwise
        if m.kind == "region":
            score += 4.0 if entry.kind == "region" else 0.0
        if score > best_score:
            best, best_score = entry, score
    if best and best.kind == "city" and best.population and best.population < SMALL:
        return best if where.likely(best.iso) or m.kind == "city" and len(found) == 1 else None
    return best


def place_of(region: Entry, found: list[Entry]) -> bool:
    """Whether a city that is no small one is called as its region is: no California but the state."""
    cities = (entry for entry in found if entry.kind == "city" and entry.iso == region.iso)
    return any(not 0 < entry.population < SMALL for entry in cities)


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
