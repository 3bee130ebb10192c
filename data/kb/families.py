"""Families of entries that a rule spells: bodies of each country and of its cities, editions of competitions."""

from __future__ import annotations

import collections
import re

from pipeline.language.fold import fold

AL = "\u0627\u0644"
_HEH, _YEH = "\u0629", "\u064a"
ARAB = {  # countries of the Arab League
    "AE",
    "BH",
    "DJ",
    "DZ",
    "EG",
    "IQ",
    "JO",
    "KM",
    "KW",
    "LB",
    "LY",
    "MA",
    "MR",
    "OM",
    "PS",
    "QA",
    "SA",
    "SD",
    "SO",
    "SY",
    "TN",
    "YE",
}
_COUNTRY = re.compile(r" \{[cfm]\}")
_MANY = 3  # words of a country's name up to which its bodies are called by it
_RANK = 400  # below what is entered by hand, above names that sources list
MISC = frozenset(("team_competition", "law", "event"))  # kinds that are no bodies
NO_TEAM = frozenset(("GB",))  # its nations have theirs


def adjectives(read) -> dict[str, list[tuple[str, str, str]]]:
    """ISO code to adjectives of nationality with the article: (masculine, feminine, English)."""
    english = {row["name"].lower(): row["iso"] for row in read("geonames_countries.tsv.gz")}
    out: dict[str, dict[str, tuple[str, str, str]]] = collections.defaultdict(dict)
    rows = [(row["nisba"], row["iso"], row["gloss"]) for row in read("nisba.tsv")]
    for row in read("arwikicats_nationalities.tsv.gz"):
        if row["country"] in english and " " not in row["nisba"]:
            rows.append((row["nisba"], english[row["country"]], row["adjective"].title()))
    for word, iso, gloss in rows:
        word = AL + word.removeprefix(AL)
        if word.endswith(_YEH):
            out[iso].setdefault(fold(word), (word, word + _HEH, gloss))
    found = {iso: list(words.values()) for iso, words in out.items()}
    for row in read("country_words.tsv"):
        found[row["iso"]] = [(row["m"], row["f"], row["gloss"])]
    return found


def countries(base) -> dict[str, tuple[str, list[str]]]:
    """ISO code to English name and short Arabic names, of the countries that have GeoNames' identifiers."""
    numbers = {n: e for n, e in enumerate(base.entries) if e[0] == "LOC" and e[1] == "country" and e[5]}
    names: dict[int, list[str]] = collections.defaultdict(list)
    for key, targets in base.forms.items():
        for _, number in targets:
            if number in numbers and len(key.split()) <= _MANY and key[0] > "\u0600":
                names[number].append(key)
    return {e[2]: (e[3], [e[4], *names[n]]) for n, e in numbers.items() if e[7] > 0}


def _taken(base, form, label: str, names) -> list[int]:
    """The entries of a label that have one of these names already."""
    return [n for name in names for _, n in base.forms.get(form(name), ()) if base.entries[n][0] == label]


def _enter(base, taken: list[int], label: str, kind: str, iso: str, english: str, spelled, new: bool = True) -> None:
    """Spell the entry that has one of the names, or this English one; make it where there is none."""
    known = taken[0] if taken else base.slugs.get((label, base.slug(english)))
    if known is not None:
        base.spell(known, spelled, _RANK)
    elif new:
        base.add(label, kind, iso, english, spelled, _RANK, known=True)


def bodies(base, read, form) -> None:
    """The bodies of each country."""
    words = adjectives(read)
    for iso, (english, names) in countries(base).items():
        nations = words.get(iso, [])
        adjective = nations[0][2] if nations else english
        for row in read("country_bodies.tsv"):
            team, label = row["kind"] == "club", "MISC" if row["kind"] in MISC else "ORG"
            of = set(row["of"].split())
            if not of & {"all", "known", iso} and not ("arab" in of and iso in ARAB) or team and iso in NO_TEAM:
                continue
            spelled: list[str] = []
            for pattern in row["ar"].split("|"):
                if "{c}" in pattern:
                    spelled += [pattern.replace("{c}", name) for name in names]
                else:
                    spelled += [pattern.replace("{m}", m).replace("{f}", f) for m, f, _ in nations]
            taken = _taken(base, form, label, spelled)
            if not team:  # entered by hand without the country's name
                bare = _taken(base, form, label, _COUNTRY.sub("", row["ar"]).split("|"))
                taken += [n for n in bare if base.entries[n][2] == iso]
            name = row["en"].replace("{c}", english).replace("{a}", adjective)
            _enter(base, taken, label, row["kind"], iso, name, spelled, bool(spelled) and "known" not in of)
            if row["kind"] == "ministry":  # without its first word it is one only where the text says so
                first = row["ar"].partition(" ")[0]
                short = {form(name) for name in spelled if not name.startswith(first)}
                base.strong -= short
                base.weak |= short


def local(base, read, form) -> None:
    """The bodies that each city, governorate or emirate of a country has: courts, municipalities, hospitals."""
    places = list(read("places.tsv"))
    for row in read("local_bodies.tsv"):
        for place in places:
            if place["of"] != row["of"]:
                continue
            english = row["en"].replace("{p}", place["en"])
            names = place["ar"].split("|")
            spelled = [pattern.replace("{p}", name) for pattern in row["ar"].split("|") for name in names]
            _enter(base, _taken(base, form, "ORG", spelled), "ORG", row["kind"], place["iso"], english, spelled)


def editions(base, read, form) -> None:
    """The editions of competitions, one a year of `editions.tsv`."""
    for row in read("editions.tsv"):
        for year in row["years"].split():
            english = row["en"].replace("{y}", year)
            spelled = [name.replace("{y}", year) for name in row["ar"].split("|")]
            _enter(base, [], "MISC", row["kind"], "", english, spelled)
