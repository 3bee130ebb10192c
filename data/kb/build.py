"""Compile the knowledge base: `python data/kb/build.py` reads `sources/` and writes `khabar.kb`. Run by hand.

`khabar.kb` is a zip of text tables, read by `pipeline.linking.kb`:

- `entries.tsv`: one entry a line, its number is its place;
- `forms.txt` and `targets.txt`, line by line: a folded form, and the numbers of its entries, best first; where there is
  no entry, a label that the form has in annotated news; `weak.txt`: forms that alone are no evidence (a common word, a
  name part);
- `units.tsv`: parts of people's names: folded form, how likely it is a name in running text (per cent), how often it
is a
  given name and a family name, and its Latin spellings, overall and by country.

- `nisba.tsv`: adjectives of nationality with country and English adjective; `meta.tsv`: how many entries come before
  the table of full names, which is large and without identifiers, and how many are entered by hand.

The rules of strength (what is a name by itself) are in `Strength`: they rest on counts, not on lists.
"""

from __future__ import annotations

import collections
import gzip
import re
import zipfile
from functools import cache
from pathlib import Path

import families

from pipeline.language.fold import fold
from pipeline.language.pattern import TOKEN
from pipeline.linking.kb import slug
from pipeline.resources import lexicon

HOME = Path(__file__).parent
SOURCES = HOME / "sources"
AL = "\u0627\u0644"
SPAN = re.compile(r"\s+")
CLUB_WORDS = re.compile(
    "^\u0646\u0627\u062f\u064a | \u0644\u0643\u0631\u0647 \u0627\u0644\u0642\u062f\u0645$"
)  # club; of football
# governorate, state, region, province, emirate, district: not part of the name in running text
REGION_WORDS = frozenset(fold(row["word"]) for row in lexicon("entities/governors.tsv") if row["kind"] == "region")
# of football, of handball: behind the names of leagues
SPORTS = tuple(" " + fold(row["word"]) for row in lexicon("entities/of_sport.tsv"))
NO_NATION = (
    "\u0627\u0644\u0645\u0627\u0644\u064a",
    "\u0627\u0644\u0642\u0645\u0631\u064a",
)  # financial, lunar: hardly ever of Mali, of the Comoros
LABELS = {"person": "PER", "club": "ORG", "team_competition": "MISC", "region": "LOC"}
# Titles of categories about people
NO_PERSON = re.compile(r"\b(?:by|films?|songs?|albums?|works|family|cultural|plays|novels|television|list|awards?)\b")
# Countries by the way they write Arabic names in Latin script.
FAMILY = 3  # names of one family name in Wikidata up to which it is a rare one
FRENCH, PERSIAN = {"DZ", "MA", "TN", "MR", "LB", "DJ", "KM"}, {"IR", "AF", "PK"}


def read(name: str):
    """Rows of a source as dictionaries; `#` starts a comment line."""
    path = SOURCES / name
    open_ = gzip.open if name.endswith(".gz") else open
    with open_(path, "rt", encoding="utf-8") as lines:
        lines = (line.rstrip("\n") for line in lines if not line.startswith("#"))
        header = next(lines).split("\t")
        for line in lines:
            cells = line.split("\t")
            if line.strip():
                yield dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True))


@cache
def form(text: str) -> str:
    """How a name is matched: its tokens folded, one blank between them."""
    return " ".join(norm for match in TOKEN.finditer(text) if (norm := fold(match.group())).strip())


class Strength:
    """What a single word is in running text, from counts in a news corpus and in annotated news."""

    def __init__(self):
        self.rows = {}
        for row in read("word_evidence.tsv.gz"):
            word = row.pop("word")
            self.rows[word] = {key: int(value) for key, value in row.items()}

    def place(self, word: str, population: int, known: bool) -> bool:
        """Whether a word may be read as a place with nothing before it that says so."""
        row = self.rows.get(word)
        if row is None:
            return len(word) >= 4 and (known or population >= 20_000)
        seen = row["LOC"] + row["PER"] + row["O"]  # inside names of bodies a place is found by the longer name
        if row["LOC"] >= 2 or seen >= 5:
            return row["LOC"] >= 0.5 * seen
        if known:
            return row["O"] == 0 or row["LOC"] > 0
        count = max(row["count"], 1)
        places, names = 3 * row["after_place"] + row["after_in"], row["after_title"] + row["after_given"]
        return row["after_place"] >= 0.012 * count and places >= 0.13 * count and names < 0.04 * count and row["O"] == 0

    def label(self, word: str, label: str) -> bool:
        """Whether a word that is a club, company, newspaper or work may be read as one with nothing else said."""
        row = self.rows.get(word)
        if row is None:
            return True
        mine, others = row[label], sum(row[key] for key in ("PER", "LOC", "ORG", "MISC", "O", "IN")) - row[label]
        if mine + others >= 3:
            return mine >= 0.6 * (mine + others)
        return others <= 1 and row["count"] < 3000

    def figure(self, word: str) -> bool:
        """Whether one part of a public figure's name stands for the figure where nothing else is said."""
        row = self.rows.get(word)
        if row is None or row["PER"] + row["O"] == 0:
            return row is None or not word.startswith(AL) or row["count"] < 300
        return row["O"] < 0.3 * (row["PER"] + row["O"])

    def name(self, word: str, units: int) -> float:
        """The share of a word's occurrences in running text that are parts of people's names."""
        row = self.rows.get(word)
        if row is None:
            return 0.9 if units else 0.5
        seen = row["PER"] + row["LOC"] + row["ORG"] + row["MISC"] + row["O"] + row["IN"]
        around = min(1.0, 2.5 * (row["after_title"] + row["after_given"]) / max(row["count"], 10))
        prior = 0.5 * around + 0.5 * min(1.0, 6 * units / (6 * units + row["count"] + 1))
        return (row["PER"] + 4 * prior) / (seen + 4)


class Base:
    def __init__(self):
        self.entries: list[tuple] = []
        self.forms: dict[str, list[tuple[float, int]]] = collections.defaultdict(list)
        self.weak: set[str] = set()
        self.strong: set[str] = set()
        self.strength = Strength()
        self.slugs: dict[tuple[str, str], int] = {}  # label and English name to entry
        self.wrong: dict[tuple[str, str], set[str]] = collections.defaultdict(set)  # ... to spellings, "": the entry
        for row in read("wrong.tsv"):
            self.wrong[row["label"], slug(row["en"])].add(form(row["ar"]))

    def add(
        self,
        label,
        kind,
        iso,
        english,
        arabic,
        rank,
        *,
        geonames="",
        wikidata="",
        population=0,
        members="",
        known=False,
    ):
        """One entry with its spellings; `rank` orders the entries of one form."""
        names = self.right(label, english, arabic)
        if not names:
            return
        number = self._same(label, kind, iso, english)
        if number is None:
            number = len(self.entries)
            self.entries.append((label, kind, iso, english, names[0], geonames, wikidata, population, members))
            if kind != "city":
                self.slugs[label, slug(english)] = number
        for name in names:
            key = form(name)
            first, _, rest = key.partition(" ")
            if (
                kind == "region"
                and rest
                and first in REGION_WORDS
                and self.right(label, english, [rest])
                and not any(n == number for _, n in self.forms[rest])
            ):
                self.forms[rest].append((rank / 2, number))
            if len(key) < 2 or any(found == number for _, found in self.forms[key]):
                continue
            self.forms[key].append((rank, number))
            (self.strong if self._strong(key, label, kind, population, known) else self.weak).add(key)

    def spell(self, number: int, arabic, rank) -> None:
        """More spellings of an entry, of names that nothing else is called."""
        label, kind, _, english, *_ = self.entries[number]
        for name in self.right(label, english, arabic):
            key = form(name)
            if key not in self.forms:
                self.forms[key].append((rank, number))
                (self.strong if self._strong(key, label, kind, 0, True) else self.weak).add(key)

    def right(self, label: str, english: str, arabic) -> list[str]:
        """The spellings without those that are known to be wrong; none of an entry that is."""
        wrong = self.wrong.get((label, slug(english)), ())
        names = dict.fromkeys(SPAN.sub(" ", name.strip()) for name in arabic if name.strip())
        return [] if "" in wrong else [name for name in names if form(name) not in wrong]

    @staticmethod
    def slug(english: str) -> str:
        return slug(english)

    def _same(self, label, kind, iso, english) -> int | None:
        """The entry of the same English name: identifiers are made of it, so two of them would share one. Cities have
        GeoNames' identifiers.
        """
        number = self.slugs.get((label, slug(english))) if kind != "city" else None
        if number is None:
            return None
        entry = self.entries[number]
        if entry[1] == "person" and kind == "name":
            return number
        if entry[1] != kind or iso and entry[2] and entry[2] != iso:
            raise SystemExit(f"two entries are called {english}: {entry[:5]} and {(label, kind, iso)}; rename one")
        return number

    def _strong(self, key, label, kind, population, known):
        if " " in key:
            return not (label == "PER" and not known and self._plain(key))
        if not re.search("[\u0600-\u06ff]", key):
            return known or len(key) >= 3
        if label == "LOC" and kind != "region" or label == "LOC" and known:
            return self.strength.place(key, population, known)
        if label == "PER":
            return known and self.strength.figure(key)
        return known and self.strength.label(key, "ORG" if label == "GROUP" else label)

    def _plain(self, key):
        """A name made of common words only, which running text may hold by chance."""
        return all(self.strength.name(word, 1) < 0.3 for word in key.split())


def hand_made(base: Base) -> None:
    for path in sorted((SOURCES / "entries").glob("*.tsv")):
        for row in read(f"entries/{path.name}"):
            rank = 1000 if row["kind"] == "country" else 900
            base.add(
                row["label"], row["kind"], row["iso"], row["en"], row["ar"].split("|"), rank,
                geonames=row["geonames"], wikidata=row["wikidata"], members=row["members"], known=True,
            )  # fmt: skip


def countries(base: Base) -> None:
    """What CLDR, countrynames and GeoNames add to the countries, and countries that are not listed by hand."""
    facts = {row["iso"]: row for row in read("geonames_countries.tsv.gz")}
    listed = {
        entry[2]: k for k, entry in enumerate(base.entries) if entry[1] == "country" and entry[2] not in ("GB", "")
    }
    listed["GB"] = next(k for k, e in enumerate(base.entries) if e[3] == "United Kingdom")
    for row in read("country_names.tsv.gz"):
        iso, fact = row["iso"], facts.get(row["iso"])
        names = [name for name in (row["cldr"], *row["countrynames"].split("|")) if name]
        number = listed.get(iso, base.slugs.get(("LOC", slug(fact["name"]))) if fact else None)
        if number is not None:
            for name in names:
                key = form(name)
                if key not in base.forms:
                    base.forms[key].append((950, number))
                    strong = " " in key or base.strength.place(key, 1_000_000, True)
                    (base.strong if strong else base.weak).add(key)
            if fact:
                entry = list(base.entries[number])
                entry[5], entry[7] = fact["geonames"], int(fact["population"])
                base.entries[number] = tuple(entry)
        elif fact and iso not in ("AN", "CS"):
            base.add("LOC", "country", iso, fact["name"], names, 950, geonames=fact["geonames"],
                     population=int(fact["population"]), known=True)  # fmt: skip


def cities(base: Base) -> None:
    ids = {entry[5]: number for number, entry in enumerate(base.entries) if entry[5]}
    by_hand = {(entry[3], entry[2]): number for number, entry in enumerate(base.entries) if entry[0] == "LOC"}
    for row in read("geonames_cities.tsv.gz"):
        population, names = int(row["population"]), row["arabic"].split("|")
        number = ids.get(row["geonames"], by_hand.get((row["name"], row["country"])))
        if number is not None and base.entries[number][1] in ("city", "region"):
            entry = list(base.entries[number])
            entry[5], entry[7] = row["geonames"], population
            base.entries[number] = tuple(entry)
            for name in base.right("LOC", row["name"], names):
                key = form(name)
                if not any(found == number for _, found in base.forms[key]):
                    base.forms[key].append((800, number))
                    (base.strong if base.strength.place(key, population, False) else base.weak).add(key)
            continue
        rank = min(700.0, population**0.4) if population else 1.0
        base.add(
            "LOC", "city", row["country"], row["name"], names, rank, geonames=row["geonames"], population=population
        )


PARTICLES = {"of", "the", "and", "de", "la", "van", "von", "bin", "ibn", "al", "el", "da", "dos", "du", "di"}


CLUB_LETTERS = re.compile(r"\b(?:A?[FS]c|Ac|As|B?sc|[CSU]d|Cf|[FG]k|Gnk|Kv|Bk|Js|Mc|Rc|Sv|Tsg|Us|Usm|Vf[bl])\b")


ROMAN = re.compile(r"(?<= )(?:X{0,2}(?:I{1,3}|I?V|VI{1,3}|I?X))\b", re.IGNORECASE)  # Henry VII
ORDINALS = frozenset(fold(row["word"]) for row in lexicon("entities/ordinals.tsv"))
TITLES = frozenset(fold(row["word"]) for row in lexicon("entities/titles.tsv"))


def headline(english: str) -> str:
    """arwikicats has English in small letters."""
    words = [w if w in PARTICLES and k else w[:1].upper() + w[1:] for k, w in enumerate(english.split(" "))]
    title = re.sub(r"(?<=[-.])[a-z]", lambda m: m.group().upper(), " ".join(words))
    return CLUB_LETTERS.sub(lambda m: m.group().upper(), title)


def _king(row: dict) -> str:
    """`هنري السابع` of `هنري السابع ملك إنجلترا` (Henry VII of England); empty for other people."""
    parts = form(row["arabic"]).split(" ")
    numbered = row["kind"] == "person" and len(parts) > 3 and parts[1] in ORDINALS and parts[2] in TITLES
    return " ".join(parts[:2]) if numbered else ""


def titles(base: Base) -> None:
    rows = list(read("arwikicats_titles.tsv.gz"))
    kings = collections.Counter(map(_king, rows))
    for row in rows:
        kind, arabic = row["kind"], row["arabic"]
        names = [arabic]
        if kind == "club":
            short = CLUB_WORDS.sub("", CLUB_WORDS.sub("", form(arabic)))
            names.append(short)
            if not any(found for found in base.forms.get(short, ()) if base.entries[found[1]][1] == "club"):
                base.add("ORG", "club", row["iso"], headline(row["english"]), names, 30)
            continue
        if kind == "person" and (" " not in arabic or form(arabic) in base.forms or NO_PERSON.search(row["english"])):
            continue
        if kind == "region" and " " not in form(arabic) and form(arabic) in base.forms:
            continue
        if kind == "team_competition" and any(form(arabic).removesuffix(s) in base.forms for s in SPORTS):
            continue  # the league of a sport, entered by hand without the sport
        short, english = _king(row), headline(row["english"])
        if short:
            english = ROMAN.sub(lambda m: m.group().upper(), english)
            names += [short] if kings[short] == 1 and short not in base.forms else []
        other = base.slugs.get((LABELS[kind], slug(row["english"])))
        if other is not None and base.entries[other][1] != kind:
            continue
        base.add(LABELS[kind], kind, row["iso"], english, names, 250,
                 population=int(kind == "region"), known=kind == "team_competition")  # fmt: skip


def people(base: Base) -> None:
    """Full names, mostly of people in Wikidata, whose identifiers the source does not give: the spelling in Latin
    letters and a country. Where Wikidata has one bearer, of a country that writes Arabic, and hardly anybody else of
    the family name, the name says who is meant: a public figure. The others are names, and no people.
    """
    best: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    bearers: dict[str, list[dict]] = collections.defaultdict(list)
    families: collections.Counter = collections.Counter()
    for row in read("full_names.tsv.gz"):
        key = form(row["arabic"])
        if not 2 <= len(key.split()) <= 6:
            continue
        if key not in bearers:
            families[family(key)] += 1
        bearers[key].append(row)
        if row["country"] == "PK" or key in base.forms:
            continue
        weight = int(row["count"]) * {"en": 3, "fr": 2}.get(row["language"], 1)
        best[key][row["latin"]] += weight
    for key, latin in sorted(best.items()):
        known = families[family(key)] <= FAMILY and all(base.strength.name(part, 1) >= 0.3 for part in key.split())
        rows = bearers[key]
        one = len({row["country"] for row in rows}) == 1 and all(row["count"] == row["wikidata"] == "1" for row in rows)
        english = latin.most_common(1)[0][0]
        taken = ("PER", slug(english)) in base.slugs
        if known and one and not taken and " " in english and rows[0]["country"] not in PERSIAN:
            base.add("PER", "person", rows[0]["country"], english, [key], 100)
        else:
            base.add("PER", "name", "", english, [key], 100)


def family(key: str) -> str:
    """The last part of a name, without the article."""
    return key.rpartition(" ")[2].removeprefix(AL)


def seen(base: Base) -> dict[str, str]:
    """Names of annotated news that no entry has: the form and its label."""
    counts: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    for row in read("ner_names.tsv.gz"):
        counts[row["form"]][row["label"]] += int(row["count"])
    out = {}
    for key, labels in counts.items():
        label, count = labels.most_common(1)[0]
        if count < 0.7 * sum(labels.values()) or len(key) < 3:
            continue
        if key in base.forms:
            continue
        row = base.strength.rows.get(key)
        rare = row is not None and (row["count"] < 2000 or count >= 5)
        if label == "PER" and " " not in key and (count < 3 or base.strength.name(key, 5) < 0.5):
            continue
        if " " in key or row is None or rare and count >= 2 and base.strength.label(key, label):
            out[key] = label
    return out


def units(base: Base) -> list[tuple]:
    """Parts of names with their Latin spellings, by region of writing."""
    latin: dict[str, dict[str, collections.Counter]] = collections.defaultdict(
        lambda: collections.defaultdict(collections.Counter)
    )
    roles: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    for row in read("name_units.tsv.gz"):
        count, word = int(row["count"]), row["arabic"]
        where = (
            "F" if row["country"] in FRENCH else "P" if row["country"] in PERSIAN else "A" if row["country"] else "W"
        )
        spelling = headline(row["latin"].lower())
        latin[word][where][spelling] += count
        if where in "AF" and row["country"]:
            latin[word][row["country"]][spelling] += count
        roles[word][row["role"] if row["country"] else "world"] += count
    rows = []
    for word, regions in sorted(latin.items()):
        total = sum(roles[word].values())
        share = base.strength.name(word, total)
        if total < 2 and share < 0.5:
            continue
        spellings = []
        for where, counted in sorted(regions.items()):
            spelling, count = counted.most_common(1)[0]
            if (
                len(where) == 1
                or count >= 2
                and spelling != regions["F" if where in FRENCH else "A"].most_common(1)[0][0]
            ):
                spellings.append(f"{where}:{spelling}:{count}:{counted.total()}")
        rows.append(
            (
                word,
                round(100 * share),
                roles[word]["given"],
                roles[word]["surname"],
                roles[word]["world"],
                "|".join(spellings),
            )
        )
    return rows


def nisbas() -> list[tuple[str, str, str]]:
    """Adjectives of nationality, all genders and both states, with the country and the English adjective."""
    english = {row["name"].lower(): row["iso"] for row in read("geonames_countries.tsv.gz")}
    out = {}
    for row in read("arwikicats_nationalities.tsv.gz"):
        if row["country"] in english and " " not in row["nisba"]:
            out[fold(row["nisba"])] = (english[row["country"]], headline(row["adjective"]))
    for row in read("nisba.tsv"):
        out[fold(row["nisba"])] = (row["iso"], row["gloss"])
    for word in NO_NATION:
        out.pop(word, None)
    full = {}
    for word, nation in out.items():
        bare = word.removeprefix(AL)
        for stem in (word, bare):
            for ending in ("", "\u0647", "\u064a\u0646", "\u062a\u064a\u0646"):
                if not (ending and stem.endswith("\u0647")):
                    full.setdefault(stem + ending, nation)
    return sorted((word, iso, adjective) for word, (iso, adjective) in full.items())


def table(rows) -> str:
    return "".join("\t".join(str(cell) for cell in row) + "\n" for row in rows)


def main() -> None:
    base = Base()
    hand_made(base)
    by_hand = len(base.entries)
    countries(base)
    cities(base)
    families.bodies(base, read, form)
    families.local(base, read, form)
    families.editions(base, read, form)
    titles(base)
    figures = len(base.entries)
    people(base)
    extra = seen(base)
    common = {form(row["word"]) for row in read("common.tsv")}
    base.strong -= common
    extra = {key: label for key, label in extra.items() if key not in common}
    forms = []
    for key in sorted({*base.forms, *extra}):
        weak = key not in base.strong
        targets = [str(n) for _, n in sorted(base.forms.get(key, ()), key=lambda item: (-item[0], item[1]))]
        forms.append((key, "W" if weak and key not in extra else "", ",".join(targets) or extra[key]))
    with zipfile.ZipFile(HOME / "khabar.kb", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name, rows in (
            ("entries.tsv", base.entries),
            ("forms.txt", [(key,) for key, _, _ in forms]),
            ("targets.txt", [(targets,) for _, _, targets in forms]),
            ("weak.txt", [(key,) for key, weak, _ in forms if weak]),
            ("units.tsv", units(base)),
            ("nisba.tsv", nisbas()),
            ("meta.tsv", [("figures", figures), ("by_hand", by_hand)]),
        ):
            out.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), table(rows).encode(), zipfile.ZIP_DEFLATED, 9)
    print(f"{len(base.entries)} entries, {len(forms)} forms, {(HOME / 'khabar.kb').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
