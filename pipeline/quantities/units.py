"""Units of measure, ratios and currencies, as tries over folded tokens built from the lexicons.

`match(norms, k, j, table)` finds the longest unit at token `k`; which country's dinar it is, is asked of `Country`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlsplit

from pipeline.language.fold import fold
from pipeline.language.pattern import TOKEN
from pipeline.resources import lexicon

LATIN = re.compile(r"[a-z]+")
_ARTICLE = "\u0627\u0644"
_OF = ("", "\u0648", "\u0628", "\u0644", "\u0641")  # and, in, of


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as its words name it. `count` is 2 for a dual; `key` joins currencies that share a name."""

    code: str
    dimension: str
    factor: float = 1
    count: int | None = None
    key: str = ""


Trie = dict[str, list[tuple[tuple[str, ...], "Unit"]]]


def _tokens(form: str) -> tuple[str, ...]:
    """A lexicon form, its words joined by `_`, as folded tokens."""
    return tuple(fold(m.group()) for m in TOKEN.finditer(form.replace("_", " ")) if not m.group().isspace())


def _trie(entries) -> Trie:
    out: Trie = {}
    for form, unit in entries:
        first, *rest = _tokens(form)
        out.setdefault(first, []).append((tuple(rest), unit))
    for options in out.values():
        options.sort(key=lambda option: -len(option[0]))
    return out


@cache
def table() -> Trie:
    """Every unit that may stand behind a number."""
    entries = []
    for row in lexicon("quantities/units.tsv"):
        unit = Unit(row["unit"], row["dimension"], float(row["factor"]), 2 if row["dual"] else None)
        entries += [(form, unit) for form in row["forms"].split()]
    for row in lexicon("quantities/currencies.tsv"):
        count, _, factor = row["factor"].rpartition("*")
        unit = Unit(row["iso"], "money", float(factor), int(count) if count else None, row["key"])
        forms = row["forms"].split()
        entries += [(form, unit) for form in forms]
        # Currency names take the article: `مليون من الدولارات`, `5 مليارات الدولار`.
        entries += [
            (fold(_ARTICLE + form), unit) for form in forms if "\u0620" < form[0] < "\u064b" and "." not in form
        ]
    return _trie(entries)


@cache
def before() -> dict[str, Unit]:
    """Units that may stand in front of the number: signs and codes."""
    out = {}
    for first, options in table().items():
        for rest, unit in options:
            latin = LATIN.fullmatch(first)
            sign = not first[0].isalpha() or (latin and len(first) >= 3 and unit.dimension == "money")
            if sign and not rest and unit.dimension in ("money", "percent"):
                out[first] = unit
    return out


@cache
def per() -> dict[str, list[tuple[tuple[str, ...], tuple[str, str]]]]:
    """What an amount may be counted per: (unit code, kind)."""
    return _trie(
        (form, (row["per"], row["kind"])) for row in lexicon("quantities/per.tsv") for form in row["forms"].split()
    )


@cache
def priced() -> frozenset[str]:
    """Codes of the measures that things are priced by."""
    return frozenset(row["per"] for row in lexicon("quantities/per.tsv") if row["kind"] == "price" and row["per"])


def match(norms: list[str], k: int, j: int, trie):
    """The longest entry of `trie` at token `k`: (entry, next token), or None."""
    options = trie.get(norms[k]) if k < j else None
    if options:
        for rest, found in options:
            end = k + 1 + len(rest)
            if not rest or (end <= j and tuple(norms[k + 1 : end]) == rest):
                return found, end
    return None


@cache
def word_classes() -> dict[str, str]:
    """What a unit word behind digits says about their separator: percent, measure or count."""
    from pipeline.quantities.nouns import ALEF, plurals, singulars

    out = dict.fromkeys((*singulars(), *plurals(), *(norm + ALEF for norm in singulars())), "count")
    for norm, options in table().items():
        dimensions = {unit.dimension for _, unit in options}
        if any(unit.key in ("dinar", "kuwaiti", "bahraini", "jordanian", "iraqi", "tunisian") for _, unit in options):
            out[norm] = "dinar"  # a thousand fils: three decimals are as common as grouping
            continue
        if "money" in dimensions:
            out[norm] = "money"
            continue
        out[norm] = "percent" if "percent" in dimensions and not norm[0].isalpha() else "measure"
    return out


@cache
def _countries() -> dict[str, dict[str, tuple[str, float | None]]]:
    """key -> country -> (ISO 4217 code, subunit factor)."""
    out: dict = {}
    for row in lexicon("quantities/currency_countries.tsv"):
        factor = float(row["factor"]) if row["factor"] else None
        out.setdefault(row["key"], {})[row["country"]] = (row["iso"], factor)
    return out


@cache
def _adjectives() -> dict[tuple[str, str], str]:
    """(key, folded adjective) -> country; with and without the article."""
    out = {}
    for row in lexicon("quantities/currency_countries.tsv"):
        for form in row["adjectives"].split():
            out[row["key"], fold(form)] = row["country"]
            out[row["key"], fold(_ARTICLE + form)] = row["country"]
    return out


@cache
def _demonyms() -> dict[str, str]:
    """Definite nationality adjective -> country, where no two countries share it."""
    out: dict[str, str] = {}
    for (_, form), country in _adjectives().items():
        if form.startswith(_ARTICLE) and len(form) > 4:
            out[form] = country if out.get(form, country) == country else ""
    return {form: country for form, country in out.items() if country}


@cache
def _names() -> dict[str, str]:
    """Country names, with the proclitics of place and belonging, to the country."""
    out: dict[str, str] = {}
    for row in lexicon("quantities/countries.tsv"):
        for norm in map(fold, row["names"].split()):
            out |= {prefix + norm: row["country"] for prefix in _OF}
            if norm.startswith(_ARTICLE):
                out["\u0644\u0644" + norm[2:]] = row["country"]
    return out


@cache
def _sources() -> tuple[tuple[str, str], ...]:
    return tuple((fold(row["match"]), row["country"]) for row in lexicon("quantities/sources.tsv"))


class Country:
    """Which country a shared currency name means in one document.

    The adjective behind the name decides; else the adjective that the same name carries elsewhere in the document; else
    the countries the document names most, among those that use the name; else the country of its source; else the
    default of the lexicon. A dollar without adjective is always the US dollar.
    """

    def __init__(self, layer):
        self._layer = layer
        self._named: dict[str, str] = {}
        self._ranked: list[str] | None = None

    def adjective(self, unit: Unit, norms: list[str], k: int, j: int) -> str | None:
        country = _adjectives().get((unit.key, norms[k])) if k < j else None
        if country:
            self._named.setdefault(unit.key, country)
        return country

    def resolve(self, unit: Unit, country: str | None) -> Unit:
        """The unit with its ISO 4217 code and subunit factor."""
        options = _countries().get(unit.key)
        if not options:
            return unit
        if country is None:
            country = self._context(unit.key, options)
        if country not in options:
            return unit
        iso, factor = options[country]
        return replace(unit, code=iso, factor=unit.factor if factor is None else factor)

    def _context(self, key: str, options) -> str | None:
        if key in self._named:
            return self._named[key]
        if key in ("dollar", "cent"):
            return None
        return next((c for c in self._rank() if c in options), None)

    def _rank(self) -> list[str]:
        """Countries of the document: by mentions and nationality adjectives, then that of its source."""
        if self._ranked is None:
            counts: Counter = Counter()
            for entity in self._layer.entities:
                if entity.label == "LOC" and (iso := entity.ids.get("iso3166")):
                    counts[iso] += len(entity.mentions)
            title = [fold(word) for word in (self._layer.article.title or "").split()]
            for known in (_demonyms(), _names()):
                counts.update(known[norm] for norm in (*self._layer.tokens.norms, *title) if norm in known)
            ranked = [iso for iso, _ in counts.most_common()]
            self._ranked = ranked + [c for c in [_source_country(self._layer.article)] if c]
        return self._ranked


def _source_country(article) -> str | None:
    text = fold(f"{article.source or ''} {article.url or ''}")
    for part, country in _sources():
        if part in text:
            return country
    try:
        host = urlsplit(article.url or "").hostname or ""
    except ValueError:
        return None
    last = host.rpartition(".")[2].upper()
    return last if len(last) == 2 else None
