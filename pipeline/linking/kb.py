"""The knowledge base: what the news names, with identifiers and English names.

Compiled by `data/kb/build.py` from sources kept beside it. Loading reads the table of spellings (some 60 ms); an
entry is parsed when it is first asked for, until then the table is one piece of bytes, which takes a quarter of the
memory of its lines. A user's own entries (`own.py`) come before ours.
"""

from __future__ import annotations

import io
import re
import sys
import unicodedata
import zipfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pipeline.language.fold import fold
from pipeline.language.pattern import TOKEN
from pipeline.linking.own import LABELS, rows, tables
from pipeline.linking.translit import alike, bones, plain
from pipeline.resources import data

_AL = "\u0627\u0644"
_SLUG = re.compile(r"[^a-z0-9]+")
NATIONAL = " national football team"  # how the English names of clubs end that are a country's
_SURNAME = 4  # consonants of a person's one name from which its vowels may be spelled otherwise
_FEW = 4  # bearers of a name in Arab countries from which it is an Arabic one, if no more are from elsewhere
_CITY = 100_000  # people: smaller places are looked for by sound only in countries that the article names
TOWN = "town"  # what they are called in place of a label


@dataclass(slots=True, frozen=True)
class Entry:
    """One thing of the knowledge base.

    Attributes
    ----------
    kind : subtype in the sense of the record (`country`, `city`, `bloc`, `company` ...); `name` for a full name of
        which only the Latin spelling is known, not who bears it.
    iso : ISO 3166 alpha-2 of the country itself, or of the country it lies in or belongs to; empty where there is none.
    name, name_en : usual Arabic and English name.
    members : ISO 3166 codes of a bloc's member states.
    number : place in the compiled table; a user's entries have negative numbers.
    """

    label: str
    kind: str
    iso: str
    name_en: str
    name: str
    geonames: str
    wikidata: str
    population: int
    members: tuple[str, ...]
    number: int

    @property
    def id(self) -> str:
        """Stable identifier: `geonames:…` or `wikidata:…` where known, else made of label and English name."""
        if self.geonames:
            return f"geonames:{self.geonames}"
        if self.wikidata:
            return f"wikidata:{self.wikidata}"
        return f"{self.label.lower()}:{slug(self.name_en) or fold(self.name).replace(' ', '-')}"


def slug(english: str) -> str:
    """An English name as it stands in identifiers: small letters without accents, hyphens between words."""
    plain = unicodedata.normalize("NFKD", english.replace("+", " plus")).encode("ascii", "ignore").decode()
    return _SLUG.sub("-", plain.lower()).strip("-")


def form(text: str) -> str:
    """A name as it is matched: tokens folded, one blank between them."""
    return " ".join(norm for match in TOKEN.finditer(text) if (norm := fold(match.group())).strip())


def _entry(line: str, number: int) -> Entry:
    label, kind, iso, english, name, geonames, wikidata, population, members = line.split("\t")
    return Entry(label, kind, iso, english, name, geonames, wikidata, int(population), tuple(members.split()), number)


class _Lines(Sequence[str]):
    """The lines of a file as one piece of bytes, decoded when they are asked for."""

    def __init__(self, text: bytes):
        self._text = text
        self._starts = array("L", [0, *(match.end() for match in re.finditer(b"\n", text))])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._text[self._starts[number] : self._starts[number + 1] - 1].decode()


class KnowledgeBase:
    """Spellings to entries.

    `forms` maps a folded form to the numbers of its entries, best first, as text (`"12,9"`), or to a label where
    annotated news has the name and no entry does; `weak` holds the forms that are no evidence by themselves.
    """

    def __init__(self, path: Path | None = None, user: Iterable[Path] = ()):
        with zipfile.ZipFile(path or data("kb/khabar.kb")) as archive:
            self._lines = _Lines(archive.read("entries.tsv"))
            self._units = archive.read("units.tsv")
            forms = archive.read("forms.txt").decode().split("\n")
            targets = archive.read("targets.txt").decode().split("\n")
            weak = archive.read("weak.txt").decode().split("\n")
            nisba = archive.read("nisba.tsv").decode()
            meta = dict(row.split("\t") for row in archive.read("meta.tsv").decode().splitlines())
        self._figures, self._by_hand = int(meta["figures"]), int(meta["by_hand"])
        self.forms: dict[str, str] = dict(zip(forms[:-1], map(sys.intern, targets[:-1]), strict=True))
        self.weak: set[str] = set(weak[:-1])
        nations = [row.split("\t") for row in nisba.splitlines()]
        self.nisba: dict[str, str] = {word: iso for word, iso, _ in nations}
        self.adjective: dict[str, str] = {word: english for word, _, english in nations}
        self._own: list[Entry] = []
        for file in user:
            self.read(file)

    def __len__(self) -> int:
        return len(self._lines) + len(self._own)

    def __iter__(self) -> Iterator[Entry]:
        """All entries, a user's own first."""
        yield from self._own
        for number, line in enumerate(self._lines):
            yield _entry(line, number)

    @cache  # noqa: B019 - one knowledge base lives as long as its process
    def entry(self, number: int) -> Entry:
        return self._parsed(number)

    def _parsed(self, number: int) -> Entry:
        """An entry that is not kept: most of them no document ever asks for."""
        return self._own[-number - 1] if number < 0 else _entry(self._lines[number], number)

    def entries(self, key: str) -> list[Entry]:
        """The entries of a folded form, best first."""
        targets = self.forms.get(key, "")
        return [self.entry(int(n)) for n in targets.split(",")] if targets and not targets.isupper() else []

    def label(self, key: str) -> str | None:
        """The label of a form that has no entry but is a name in annotated news."""
        targets = self.forms.get(key, "")
        return targets if targets.isupper() else None

    def by_hand(self, entry: Entry) -> bool:
        """Whether an entry was entered by hand rather than taken from a source."""
        return entry.number < self._by_hand

    def country(self, iso: str) -> Entry | None:
        return self._countries.get(iso)

    @cached_property
    def _countries(self) -> dict[str, Entry]:
        lines = enumerate(self._lines)
        found = [_entry(line, number) for number, line in lines if line.startswith("LOC\tcountry\t")]
        out: dict[str, Entry] = {}
        for entry in found:
            if entry.geonames or entry.iso not in out:
                out[entry.iso] = entry
        return out

    @cached_property
    def adjectives(self) -> dict[str, list[str]]:
        """ISO codes of countries to the definite forms of their adjectives of nationality."""
        out: dict[str, list[str]] = defaultdict(list)
        for word, iso in self.nisba.items():
            if word.startswith(_AL):
                out[iso].append(word)
        return dict(out)

    @cache  # noqa: B019 - as above
    def shared(self, name: str) -> bool:
        """Whether a body's name is one that several countries have: the base has it with an adjective of nationality
        behind it (`مجلس الشيوخ الفرنسي`, the French Senate).
        """
        return any(f"{name} {word}" in self.forms for words in self.adjectives.values() for word in words)

    @cached_property
    def editions(self) -> dict[str, Entry]:
        """Competitions of one year, by their English name."""
        lines = enumerate(self._lines)
        found = (_entry(line, number) for number, line in lines if line.startswith("MISC\t"))
        return {entry.name_en: entry for entry in found if entry.name_en[:4].isdigit()}

    def english(self, label: str, name: str) -> list[Entry]:
        """The body or thing entered by hand that is called so in English (`Windows Phone`)."""
        number = self._english.get((label, name))
        return [] if number is None else [self.entry(number)]

    @cached_property
    def _english(self) -> dict[tuple[str, str], int]:
        out: dict[tuple[str, str], int] = {}
        for number in range(self._by_hand):
            label, _, _, name, _ = self._lines[number].split("\t", 4)
            if label in ("ORG", "MISC"):
                out.setdefault((label, form(name)), number)
        return out

    def club(self, word: str) -> Entry | None:
        """The club that a city's name stands for in sport (`هانوفر`: Hannover 96): of those whose name begins or ends
        with it the only one, or the only one entered by hand.
        """
        if not any(entry.label == "LOC" for entry in self.entries(word)):
            return None
        found = self._clubs.get(word, ())
        by_hand = [number for number in found if number < self._by_hand]
        only = by_hand if len(by_hand) == 1 else found
        return self.entry(*only) if len(only) == 1 else None

    @cached_property
    def _clubs(self) -> dict[str, set[int]]:
        """First and last words of clubs' names of two words and more, to the clubs."""
        clubs = {
            str(number)
            for number, line in enumerate(self._lines)
            if line.startswith("ORG\tclub\t") and f"{NATIONAL}\t" not in line
        }
        out: dict[str, set[int]] = defaultdict(set)
        for key, targets in self.forms.items():
            if " " in key and (number := targets.partition(",")[0]) in clubs:
                for word in (key.partition(" ")[0], key.rpartition(" ")[2]):
                    out[word].add(int(number))
        return dict(out)

    @cached_property
    def sounds(self) -> dict[tuple[str, str], list[tuple[str, int]]]:
        """(label, consonants of a foreign name) to spellings with their entry: public figures, countries, bodies,
        places; those of less than 100,000 people, if not entered by hand, as `TOWN`.
        """
        out: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        for key, targets in self.forms.items():
            if targets.isupper():
                continue
            number = int(targets.partition(",")[0])
            if number >= self._figures:
                continue
            entry = self._parsed(number)
            by_hand, town = number < self._by_hand, entry.kind == "city" and entry.population < _CITY
            known = by_hand or entry.kind not in ("club", "team_competition")
            sound = bones(key) if known and entry.kind != "region" else ""
            if len(sound) >= _SURNAME or sound and key not in self.weak:
                out[TOWN if town and not by_hand else entry.label, sound].append((key, number))
        return dict(out)

    @cached_property
    def joined(self) -> dict[str, str]:
        """Forms of two words and more of bodies and things entered by hand, by their letters without blanks."""
        out: dict[str, str] = {}
        for key, targets in self.forms.items():
            if " " in key and not targets.isupper() and key not in self.weak:
                number = int(targets.partition(",")[0])
                if number < self._by_hand and not self._lines[number].startswith(("LOC", "PER")):
                    out.setdefault("".join(part for part in key.split(" ") if part.isalnum()), key)
        return out

    @cached_property
    def _rests(self) -> dict[tuple[str, str], list[str]]:
        """First word and consonants of the rest, of bodies' names entered by hand, to the forms."""
        out: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key in self.joined.values():
            first, _, rest = key.partition(" ")
            if sound := bones(rest):
                out[first, sound].append(key)
        return dict(out)

    def alike(self, first: str, rest: str) -> list[str]:
        """Forms with the same first word and a rest that sounds the same."""
        sound = bones(rest)
        found = self._rests.get((first, sound), ()) if sound else ()
        return [key for key in found if alike(rest, key.partition(" ")[2])]

    def sounding(self, label: str, key: str) -> list[Entry]:
        """The entries of a label, or `TOWN`, that other spellings of the name `key` lead to, the largest first."""
        sound = bones(key)
        found = self.sounds.get((label, sound), ()) if sound else ()
        short = label in ("PER", TOWN) and " " not in key and len(sound) < _SURNAME  # `جريسي` need not be Grossi
        same = (lambda one, other: plain(one) == plain(other)) if short else alike
        if label == "PER":
            found = [(other, number) for other, number in found if not self.two(key, other)]
        entries = {number: self.entry(number) for other, number in found if same(key, other)}
        return sorted(entries.values(), key=lambda entry: (entry.number >= 0, -entry.population))

    def two(self, key: str, other: str) -> bool:
        """Whether two names that sound the same are two Arabic ones: `الجمال` is no `الجميل`, `محمد` no `محمود`."""
        pairs = zip(key.split(" "), other.split(" "), strict=False)
        return any(one != two and self._arabic(one) and self._arabic(two) for one, two in pairs)

    def _arabic(self, word: str) -> bool:
        _, given, family, elsewhere, _ = self.units.get(word, (0, 0, 0, 0, ""))
        return given + family > max(_FEW, elsewhere)

    @cached_property
    def units(self) -> dict[str, tuple]:
        """Parts of people's names: folded form to (share of uses that are names 0-1, given, family, elsewhere,
        spellings).
        """
        out = {}
        shares = [percent / 100 for percent in range(101)]
        for line in io.BytesIO(self._units):
            word, share, given, family, world, spellings = line.decode().rstrip("\n").split("\t")
            out[word] = (shares[int(share)], int(given), int(family), int(world), spellings)
        self._units = b""
        return out

    def read(self, path: Path | str) -> int:
        """Add the entries of a user's table (see `own.rows`); the number read. They come before ours."""
        table = rows(path)
        for row in table:
            names = row["ar"].split("|")
            number = -len(self._own) - 1
            self._own.append(
                Entry(
                    row["label"], row["kind"], row["iso"], row["en"], names[0], row["geonames"], row["wikidata"],
                    int(row["population"] or 0), tuple(row["members"].split()), number,
                )
            )  # fmt: skip
            for key in dict.fromkeys(key for name in names if (key := form(name))):
                before = self.forms.get(key, "")
                self.forms[key] = f"{number}" + (f",{before}" if before and not before.isupper() else "")
                self.weak.discard(key)
        return len(table)

    def search(self, text: str, limit: int = 10) -> list[Entry]:
        """Entries by Arabic or English name: the exact form first, then names that begin with it, then that hold it;
        where none does, a name that sounds the same.
        """
        key = form(text)
        if not key:
            return []
        found = {entry.number: entry for entry in self.entries(key)}
        if len(found) < limit:
            ranks: list[tuple[int, int, Entry]] = []
            needle = text.strip().lower()
            own = [(entry.number, entry.name_en) for entry in self._own]
            lines = [
                (number, line.split("\t", 4)[3]) for number, line in enumerate(self._lines) if needle in line.lower()
            ]
            for number, english in own + lines:
                name = english.lower()
                if needle in name:
                    rank = 0 if name == needle else 1 if name.startswith(needle) else 2
                    ranks.append((rank, -self.entry(number).population, self.entry(number)))
            for other, targets in self.forms.items():
                if key in other and not targets.isupper():
                    entry = self.entry(int(targets.split(",")[0]))
                    ranks.append((1 if other.startswith(key) else 2, -entry.population, entry))
            for _, _, entry in sorted(ranks, key=lambda item: (item[0], item[1], item[2].number)):
                found.setdefault(entry.number, entry)
                if len(found) >= limit:
                    break
        if not found:
            found = {entry.number: entry for label in LABELS for entry in self.sounding(label, key)}
        return list(found.values())[:limit]

    def find(self, id: str) -> Entry | None:
        """The entry with an identifier, a user's own before ours."""
        return next((entry for entry in self if entry.id == id), None)

    def spellings(self, entry: Entry) -> list[str]:
        """The folded forms that lead to an entry."""
        number = str(entry.number)
        return [key for key, targets in self.forms.items() if number in targets.split(",")]


def load(user: tuple[str, ...] = ()) -> KnowledgeBase:
    """The shipped knowledge base with the user's table and then the tables `user`, loaded once a process."""
    return _load(tuple(map(str, tables(user))))


@cache
def _load(paths: tuple[str, ...]) -> KnowledgeBase:
    return KnowledgeBase(user=map(Path, paths))
