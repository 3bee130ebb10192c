"""The word lists of the entity rules, read from `data/lexicons/entities/` and folded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.entities.spans import readings
from pipeline.language.fold import fold
from pipeline.resources import lexicon

AL = "\u0627\u0644"
LL = "\u0644\u0644"
WAL = "\u0648\u0627\u0644"
OPEN = frozenset("\u00ab\u201c\"\u2018'\u201e")  # quotation marks that may open
CLOSE = {"\u00ab": "\u00bb", "\u201c": "\u201d", '"': '"', "\u2018": "\u2019", "'": "'", "\u201e": "\u201d"}


@dataclass(slots=True, frozen=True)
class Head:
    mode: str
    label: str
    kind: str
    en: str


@dataclass(slots=True, frozen=True)
class Governor:
    label: str
    kind: str
    strength: str


class Words:
    """Folded word lists; `first(table, norm)` looks a token up with its proclitic set aside."""

    def __init__(self):
        rows = lexicon("entities/heads.tsv")
        self.heads = {fold(r["head"]): Head(r["mode"], r["label"], r["kind"], r["en"]) for r in rows}
        rows = lexicon("entities/governors.tsv")
        self.governors = {fold(r["word"]): Governor(r["label"], r["kind"], r["strength"]) for r in rows}
        kinds = {g.kind for g in self.governors.values() if g.label in ("ORG", "MISC")}
        self.before = {kind: [w for w, g in self.governors.items() if g.kind == kind] for kind in kinds}
        self.duals = frozenset(fold(r["word"]) for r in lexicon("entities/duals.tsv"))
        self.no_nation = frozenset(fold(r["phrase"]) for r in lexicon("entities/no_nation.tsv"))
        self.titles = {fold(r["word"]): r["role"] for r in lexicon("entities/titles.tsv")}
        self.breaks = frozenset(fold(r["word"]) for r in lexicon("entities/breaks.tsv"))
        self.particles = {fold(r["word"]): r["role"] for r in lexicon("entities/particles.tsv")}
        self.homographs = {r["word"]: float(r["share"]) for r in lexicon("entities/homographs.tsv")}
        self.years = frozenset(fold(r["word"]) for r in lexicon("entities/years.tsv"))
        self.speech = {fold(r["word"]): True for r in lexicon("entities/speech.tsv")}
        self.sport = frozenset(fold(r["word"]) for r in lexicon("entities/sport.tsv"))
        self.of_sport = tuple(fold(r["word"]) for r in lexicon("entities/of_sport.tsv"))
        self.sports = {fold(r["phrase"]): r["side"] == "football" for r in lexicon("entities/other_sports.tsv")}
        self.epithets = {fold(r["word"]): r["iso"].split() for r in lexicon("entities/epithets.tsv")}
        self.generic = frozenset(fold(r["phrase"]) for r in lexicon("entities/generic.tsv"))
        self.purposes = frozenset(fold(r["word"]) for r in lexicon("entities/purposes.tsv"))
        self.terms = {fold(r["term"]): r["en"] for r in lexicon("entities/terms.tsv")}
        self.same_heads: dict[str, list[str]] = {}
        for r in lexicon("entities/same_heads.tsv"):
            self.same_heads.setdefault(fold(r["word"]), []).append(fold(r["as"]))
        rows = [(fold(r["one"]), fold(r["other"])) for r in lexicon("entities/spellings.tsv")]
        self.spellings = tuple(pair for one, other in rows for pair in ((one, other), (other, one)))
        self.ordinals = {fold(r["word"]) for r in lexicon("entities/ordinals.tsv")}
        self.ordinals |= {f"{word}\u0647" for word in self.ordinals if word.startswith(AL)}  # and the feminine
        self.events = frozenset(fold(r["word"]) for r in lexicon("entities/events.tsv"))
        self.tails = tuple(" " + fold(r["word"]) for r in lexicon("entities/company_tails.tsv"))
        self.levels = tuple(fold(r["word"]) for r in lexicon("entities/levels.tsv"))
        self.never_last = frozenset(fold(r["word"]) for r in lexicon("entities/never_last.tsv"))
        self.inside = frozenset(fold(r["word"]) for r in lexicon("entities/inside.tsv"))
        self.prepositions = frozenset(fold(r["word"]) for r in lexicon("entities/prepositions.tsv"))
        rows = lexicon("entities/scripture.tsv")
        self.scripture = {fold(r["word"]): (fold(r["as"]), r["first"] == "yes") for r in rows}
        self.religion: dict[str, tuple[str, ...]] = {}
        for r in lexicon("entities/religion.tsv"):
            self.religion[r["where"]] = (*self.religion.get(r["where"], ()), f" {fold(r['word'])} ")
        self._found: dict[tuple[int, str], tuple] = {}

    def first(self, table: dict, norm: str):
        """(letters of the proclitic, word, value) where a reading of `norm` stands in `table`, else None."""
        key = (id(table), norm)
        found = self._found.get(key, ())
        if found == ():
            if len(self._found) > 200_000:
                self._found.clear()
            found = None
            for skip, word in readings(norm) if len(norm) <= 40 else ():
                if word in table:
                    found = (skip, word, table[word])
                    break
            self._found[key] = found
        return found


@cache
def words() -> Words:
    return Words()
