"""English names of what the knowledge base does not have: people from licensed name tables, bodies from their parts.

Nothing is invented: a person's name is given only where every part of it is in the tables with the spelling of the
region, a body's only where every word of it has an English one.
"""

from __future__ import annotations

from pipeline.entities.words import AL, words
from pipeline.linking.kb import Entry, KnowledgeBase

_FRENCH = frozenset(["DZ", "MA", "TN", "MR", "LB", "DJ", "KM"])
_SON = {"\u0628\u0646": ("bin", "Ben"), "\u0627\u0628\u0646": ("Ibn", "Ibn"), "\u0622\u0644": ("Al", "Al")}
_ABD = "\u0639\u0628\u062f"
_ABU = {"\u0627\u0628\u0648": ("Abu", "Abou"), "\u0627\u0628\u064a": ("Abi", "Abi"), "\u0627\u0645": ("Umm", "Om")}
_SEEN = 2  # how often a spelling must have been seen


def person(name: str, iso: str, kb: KnowledgeBase) -> str | None:
    """A person's name in Latin letters, spelled as in country `iso`; None where a part is unknown.

    `name` is a form (folded, one blank between parts).
    """
    parts, out, k = name.split(" "), [], 0
    french = iso in _FRENCH
    if len(parts) < 2:
        return None
    while k < len(parts):
        part = parts[k]
        if part == _ABD and k + 1 < len(parts):
            spelled = _unit(_ABD + parts[k + 1], iso, kb)
            k += 1
        elif part in _SON and 0 < k < len(parts) - 1:
            spelled = _SON[part][french]
        elif part in _ABU and k < len(parts) - 1:
            spelled = _ABU[part][french]
        else:
            spelled = _unit(part, iso, kb)
        if not spelled:
            return None
        out.append(spelled)
        k += 1
    return " ".join(out)


def _unit(part: str, iso: str, kb: KnowledgeBase) -> str | None:
    """The usual spelling of one part of a name: in the country itself, in countries that spell alike, anywhere."""
    french = iso in _FRENCH
    for word, prefix in ((part, ""), (part[2:], "" if french else "al-")) if part.startswith(AL) else ((part, ""),):
        unit = kb.units.get(word)
        if not unit:
            continue
        spellings = {}
        for cell in unit[4].split("|"):
            where, spelling, _, total = cell.split(":")
            spellings[where] = (spelling, int(total))
        arab = sum(unit[1:3]) >= unit[3]  # an Arab name; else a foreign one
        near = ("F", "A", "W") if french else ("A", "W", "F") if arab else ("W", "A", "F")
        for where in (iso, *near):
            if where in spellings and (spellings[where][1] >= _SEEN or where == iso):
                spelled = spellings[where][0]
                return prefix + spelled if prefix and not spelled.lower().startswith(("al", "el")) else spelled
    return None


def body(name: str, iso: str, kb: KnowledgeBase) -> str | None:
    """The English name of a body, built from its head and the words of its name."""
    first, _, rest = name.partition(" ")
    head = words().heads.get(first)
    if head is None or not head.en or not rest:
        return None
    parts = rest.split(" ")
    country = kb.country(iso)
    nation = country.name_en if country else ""
    if head.mode == "nation" and not any(part in kb.nisba for part in parts):
        place = _place(parts, kb)
        if place is None:
            return None
        nation = place.name_en  # the police of a city is not that of its country
    if head.mode == "nation" or parts[-1] in kb.nisba and kb.nisba[parts[-1]] == iso and iso:
        if not nation:
            return None
        if head.mode == "nation" and "{c}" in head.en:
            return head.en.replace("{c}", nation) if len(parts) == 1 or head.kind != "club" else None
        inner = translate(parts[:-1], kb)
        return f"{head.en.replace('{}', inner)} ({nation})" if inner else None
    purpose = next((k for k, part in enumerate(parts) if part.startswith("\u0644\u0644") and k), len(parts))
    inner, after = translate(parts[:purpose], kb), translate(parts[purpose:], kb, True)
    if not inner or purpose < len(parts) and not after:
        return None
    return f"{head.en.replace('{}', inner)} {after or ''}".strip()


def _place(parts: list[str], kb: KnowledgeBase) -> Entry | None:
    """The place that the words begin with, where they mean a place before anything else."""
    for stop in range(len(parts), 0, -1):
        if found := kb.entries(" ".join(parts[:stop])):
            return found[0] if found[0].label == "LOC" else None
    return None


def translate(parts: list[str], kb: KnowledgeBase, purpose: bool = False) -> str | None:
    """Words to English, longest known phrases first; None where one is unknown."""
    out, k = [], 0
    while k < len(parts):
        for stop in range(min(len(parts), k + 5), k, -1):
            phrase = " ".join(parts[k:stop])
            english = _phrase(phrase, kb, conjunction=purpose or k > 0)
            if english:
                out.append(english)
                k = stop
                break
        else:
            return None
    return " ".join(out) or None


def _phrase(phrase: str, kb: KnowledgeBase, conjunction: bool) -> str | None:
    terms = words().terms
    if phrase in terms:
        return terms[phrase]
    if phrase in kb.adjective:
        return kb.adjective[phrase]
    if conjunction and phrase.startswith("\u0648" + AL) and phrase[1:] in terms:
        return "and " + terms[phrase[1:]]
    if conjunction and phrase.startswith("\u0644\u0644") and AL + phrase[2:] in terms:
        return "of " + terms[AL + phrase[2:]]
    entries = [e for e in kb.entries(phrase) if e.label in ("LOC", "PER", "GROUP") and e.name_en]
    entries.sort(key=lambda entry: entry.kind == "region")
    return entries[0].name_en if entries else None
