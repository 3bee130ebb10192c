"""One number with what stands around it: sign or code, unit, country, per-unit, counted noun, bound.

An `Amount` is a quantity in the making; `pipeline.quantities.ranges` joins two of them, the stage emits them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from pipeline.language.clitics import split
from pipeline.language.fold import fold, raw_length
from pipeline.quantities import bounds, nouns, units
from pipeline.quantities.digits import DECIMAL
from pipeline.quantities.numeral import Numeral
from pipeline.quantities.units import Unit
from pipeline.quantities.words import words
from pipeline.resources import lexicon

ARTICLE = nouns.ARTICLE
SMALL_LETTERS = frozenset("gm")
_NEAR = 6
_LARGE_PP = 20  # a longer move in points is one of an index
_POSSESSED = ("\u062a\u0647", "\u062a\u0647\u0627", "\u062a\u0647\u0645")  # his, her, their: behind teh marbuta
_DUAL = ("\u064a\u0646", "\u0627\u0646")


@dataclass(slots=True)
class Amount:
    """Tokens [i, j), raw [start, end): number, scale and unit; [lead, tail) holds the words of its bound too.

    `lead_cut` is the length of the proclitic on the first word of the bound.
    """

    i: int
    j: int
    start: int
    end: int
    value: int | float | None
    unit: str | None = None
    dimension: str = "number"
    bound: str = "exact"
    lead: int = 0
    lead_cut: int = 0
    tail: int = 0
    min: int | float | None = None
    max: int | float | None = None
    scale: int = 1
    evidence: str = ""
    source: Unit | None = None
    rate: int = 0  # the first token of what it is counted per; 0 without


@cache
def cue(kind: str, file: str = "amount_words") -> frozenset[str]:
    """The folded forms of one kind in a small word list."""
    return frozenset(
        fold(form) for row in lexicon(f"quantities/{file}.tsv") if row["kind"] == kind for form in row["forms"].split()
    )


class Sentence:
    """Reads the amounts of one sentence of one document."""

    def __init__(self, layer, i: int, j: int, country: units.Country, market: bool):
        self.tokens, self.norms = layer.tokens, layer.tokens.norms
        self.i, self.j, self.country, self.market = i, j, country, market
        self.done = i  # the first token that no amount holds yet
        self.results: set[int] | None = None  # tokens of a list of results of matches, once asked for

    # -- one amount --------------------------------------------------------------------------------------------------
    def amount(self, n: Numeral, done: int) -> Amount:
        """The amount of one numeral; nothing before token `done` is taken."""
        self.done = max(done, self.i)
        tokens = self.tokens
        out = Amount(n.i, n.j, n.start, n.end, n.value, scale=n.scale, evidence=n.evidence, lead=n.i)
        out.dimension = {"ordinal": "ordinal", "fraction": "fraction"}.get(n.kind, "number")
        if n.kind == "pair":
            out.min, out.max = n.parts
        if n.start < tokens.starts[n.i]:
            out.i = out.lead = n.i - 1  # a sign or a decimal point in a token of its own
        if self._ordinal_ten(n):
            out.dimension = "ordinal"
        elif n.kind != "ordinal":
            self._unit(out, n, done)
            self._below_zero(out)
        self._bound(out, done)
        return out

    def _ordinal_ten(self, n: Numeral) -> bool:
        """`الدورة العشرون`, `دورته العشرين`: a definite ten behind a singular is an ordinal."""
        k = n.i - 1
        tens = n.definite and n.form == "words" and n.j == n.i + 1 and n.value in range(20, 100, 10) and not n.conj
        if not tens or n.prep or k < self.done:
            return False
        norm, singulars = self.norms[k], nouns.singulars()
        norm = norm[1:] if norm.startswith("\u0648") else norm
        own = next((norm[: -len(end)] + nouns.HEH for end in _POSSESSED if norm.endswith(end)), "")
        return (
            own in singulars
            or bool(own)
            and nouns.noun_like(own)
            or (norm.startswith(ARTICLE) and (norm[2:] in singulars or norm.endswith(nouns.HEH)))
        )

    def _unit(self, out: Amount, n: Numeral, done: int) -> None:
        norms, tokens = self.norms, self.tokens
        k = out.i - 1
        ahead = units.before().get(norms[k]) if k >= max(done, self.i) else None
        if self._bracketed(out):
            out.j, out.end = out.j + 1, tokens.ends[out.j]
            out.i = out.lead = out.i - 1
            out.start = tokens.starts[out.i]
        behind = units.match(norms, out.j, self.j, units.table())
        if ahead and tokens.starts[out.i] - tokens.ends[k] <= 1 and not (behind and behind[0].dimension == "money"):
            self._money(out, ahead, out.j)
            out.i = out.lead = k
            out.start = tokens.starts[k]
            return
        twice = n.form == "words" and n.value is not None and n.value % 100 == 2
        if behind and (behind[0].count is None or twice) and self._measures(*behind, n, out.j):
            found, end = behind
            self._money(out, found, end) if found.dimension == "money" else self._measure(out, found, end)
        elif (other := self._exchange(out.j)) and (own := self._currency_before(out.i)):
            out.unit, out.dimension = f"{own}/{other[0]}", "price"
            self._take(out, other[1])
        else:
            self._count(out, n)

    def _currency_before(self, k: int) -> str | None:
        """The currency that a bare rate of exchange is told of: `تراجعت الليرة إلى 5.43 مقابل الدولار`."""
        table = units.table()
        for p in range(k - 1, max(self.i, k - 40) - 1, -1):
            for rest, unit in table.get(self.norms[p].removeprefix(ARTICLE), ()):
                if not rest and unit.dimension == "money" and len(self.norms[p]) > 1:
                    return self.country.resolve(unit, self.country.adjective(unit, self.norms, p + 1, self.j)).code
        return None

    def _bracketed(self, out: Amount) -> bool:
        """`(58.047) قرضا`: a number alone in brackets, counted behind them."""
        norms, k = self.norms, out.j
        if not (out.i > self.i and norms[out.i - 1] == "(" and k + 1 < self.j and norms[k] == ")"):
            return False
        return units.match(norms, k + 1, self.j, units.table()) is not None or (
            nouns.counted(self.tokens.raw(k + 1), nouns.agreement(out.value)) is not None
        )

    def _measures(self, found: Unit, end: int, n: Numeral, k: int) -> bool:
        """Whether a unit word is one here: letters of the Latin script must touch the number or be two at least."""
        norm = self.norms[k]
        if end - k > 1:
            return True
        if norm in SMALL_LETTERS and self.tokens.raw(k) != norm:
            return False  # `5G`, `532G`: no grams
        if len(norm) == 1 and units.LATIN.fullmatch(norm):
            return self.tokens.starts[k] == self.tokens.ends[k - 1] or norm in ("l", "m", "g")
        if len(norm) == 1 and norm.isalpha():
            if found.dimension == "money":
                return isinstance(n.value, float)
            value = n.value if n.value is not None else n.parts[-1] if n.parts else 0
            era = not cue("hijri").isdisjoint(self.norms[max(self.i, n.i - 3) : n.i])  # `221 ه - 836 م`
            return n.form != "words" and not 1300 <= abs(value) <= 2100 and not era
        return True

    def _take(self, out: Amount, end: int) -> None:
        out.j, out.end = end, self.tokens.ends[end - 1]

    def _measure(self, out: Amount, found: Unit, end: int) -> None:
        out.source, out.unit, out.dimension = found, found.code, found.dimension
        self._scale(out, found.factor)
        self._take(out, end)
        if found.code in ("g", "kg") and found.factor == 1:
            self._small_mass(out)
        if found.code in ("km", "m") and not cue("area").isdisjoint(self.norms[max(self.done, out.i - _NEAR) : out.i]):
            out.unit += "2"  # `مساحتها 91 كم`
        rate = units.match(self.norms, end, self.j, units.per())
        each = rate and (rate[0][1] == "rate" or self.norms[end] in cue("each"))
        if each and found.dimension == "measure" and out.unit:
            out.rate, out.unit, out.dimension = end, f"{out.unit}/{rate[0][0]}", "rate"
            self._take(out, rate[1])
        if found.code == cue_unit("degree") and (quake := self._speaks_of("quake", end)) | self._speaks_of("heat", end):
            out.unit, out.dimension = cue_unit("magnitude") if quake else "Cel", "measure"

    def _speaks_of(self, kind: str, k: int) -> bool:
        """Whether the sentence speaks of an earthquake or of the weather, which tells what its degrees are."""
        return not cue(kind).isdisjoint(self.norms[max(self.i, k - 40) : min(self.j, k + 20)])

    def _small_mass(self, out: Amount) -> None:
        """A fraction of a kilogram below ten grams is given in grams."""
        if out.unit == "kg" and out.value is not None and 0 < abs(out.value) < 0.01:
            out.unit = "g"
            self._scale(out, 1000)

    def _scale(self, out: Amount, factor: float) -> None:
        if factor != 1:
            for name in ("value", "min", "max"):
                value = getattr(out, name)
                if value is not None:
                    setattr(out, name, _product(value, factor))

    def _money(self, out: Amount, found: Unit, end: int) -> None:
        norms = self.norms
        self._take(out, end)
        if found.dimension == "percent":
            out.source, out.unit, out.dimension = found, found.code, "percent"
            return
        adjective = self.country.adjective(found, norms, end, self.j)
        if adjective:
            end += 1
            self._take(out, end)
        unit = self.country.resolve(found, adjective)
        out.source, out.unit, out.dimension = unit, unit.code, "money"
        self._scale(out, unit.factor)
        per = units.match(norms, end, self.j, units.per())
        if per:
            (code, kind), end = per
            out.rate = out.j
            out.unit, out.dimension = f"{out.unit}/{code}" if code else out.unit, "price" if kind == "price" else "rate"
            self._take(out, end)
        elif out.value is not None and found.factor == 1 and (other := self._exchange(end)):
            out.unit, out.dimension = f"{out.unit}/{other[0]}", "price"
            self._take(out, other[1])
        elif out.value is not None and (goods := self._priced(out)):
            out.unit, out.dimension = f"{out.unit}/{goods}", "price"

    def _priced(self, out: Amount) -> str | None:
        """`سعر الكيلو … 51 ألف يورو`, `برميل النفط عند 60 دولارا`: what the price named before is one of."""
        norms, table, goods = self.norms, units.table(), units.priced()
        for k in range(out.i - 1, max(self.done, out.i - 12) - 1, -1):
            norm = norms[k].removeprefix(ARTICLE)
            if norms[k] in cue("price"):
                return None
            if norms[k - 1] in cue("price") and k > self.i and norm in table:
                return next((u.code for rest, u in table[norm] if not rest and u.code in goods), None)
        return None

    def _exchange(self, k: int) -> tuple[str, int] | None:
        """`3.75 ريال مقابل الدولار`, `15 جنيها للدولار`: the other currency of a rate of exchange, the next token."""
        norms = self.norms
        if k >= self.j:
            return None
        if norms[k] in cue("exchange") and k + 1 < self.j:
            k += 1
        elif not norms[k].startswith("\u0644\u0644"):
            return None
        norm = norms[k].removeprefix("\u0644\u0644").removeprefix(ARTICLE)
        found = units.table().get(norm) if norms[k] != norm else None  # definite: an amount stands without the article
        unit = next((u for rest, u in found or () if not rest and u.dimension == "money" and not u.count), None)
        return (self.country.resolve(unit, None).code, k + 1) if unit else None

    def _below_zero(self, out: Amount) -> None:
        k = out.j
        if k + 1 < self.j and self.norms[k] in cue("below") and self.norms[k + 1] in cue("zero") and out.value:
            out.value = -abs(out.value)
            if out.unit == cue_unit("degree"):
                out.unit, out.dimension = "Cel", "measure"
            self._take(out, k + 2)

    def _bound(self, out: Amount, done: int) -> None:
        found = bounds.before(self.norms, max(done, self.i), out.i)
        if found:
            out.bound, out.lead, out.lead_cut = found
        tail = bounds.after(self.norms, out.j, self.j)
        if tail and tail[0] != "same" and (tail[0] != "approx" or out.bound == "exact"):
            following = tail[1] < self.j and "0" <= self.norms[tail[1]][0] <= "9"
            if not following:
                out.bound, out.tail = tail

    # -- counted nouns -----------------------------------------------------------------------------------------------
    def _count(self, out: Amount, n: Numeral) -> None:
        if n.kind == "fraction" and n.scale == 1 and not (n.value and n.value > 1):
            return
        k, norms = out.j, self.norms
        value = n.value if n.value is not None else (n.parts[1] if n.parts else None)
        demand = nouns.agreement(value, norms[n.j - 1])
        if value == 1 and n.scale == 1 or value == 2 and n.form == "words":
            if self._count_before(out, n):
                return
            if n.form == "words" and not (value == 2 and k < self.j and norms[k] in cue("of")):
                out.value = None if n.value == 1 and n.definite else out.value  # `السهم الواحد`: each share
                return
        if k < self.j:
            unit = self._noun(k, demand, n)
            if unit:
                self._counted(out, unit, k + 1)
                return
            if norms[k] in cue("of") and k + 1 < self.j and isinstance(value, int):
                unit = self._partitive(k + 1)
                if unit:
                    self._counted(out, unit, k + 2)
                    return
        self._count_before(out, n)

    def _counted(self, out: Amount, unit: str, end: int) -> None:
        if unit == cue_unit("point") and self._of_percent(out.value):
            out.unit, out.dimension = "pp", "percent"
        elif unit == cue_unit("point") and (self.market or isinstance(out.value, float)):
            out.unit, out.dimension = "point", "measure"
        else:
            out.unit, out.dimension = unit, "count"
        self._take(out, end)
        rate = units.match(self.norms, end, self.j, units.per())
        if rate and rate[0][1] == "rate":
            out.rate, out.unit, out.dimension = end, f"{unit}/{rate[0][0]}", "rate"
            self._take(out, rate[1])

    def _of_percent(self, value) -> bool:
        """Whether a fraction of a point is one of a percentage: a percent sign or a rate stands in the sentence."""
        if self.market or not isinstance(value, float) or abs(value) >= _LARGE_PP:
            return False
        table = units.table()
        return any(
            norm in cue("rate") or norm in table and any(u.dimension == "percent" for _, u in table[norm])
            for norm in self.norms[self.i : self.j]
        )

    def _noun(self, k: int, demand: str, n: Numeral) -> str | None:
        """The counted noun at token `k`, singular."""
        norm = self.norms[k]
        if not "\u0620" < norm[0] < "\u064b":
            return None
        raw = self.tokens.raw(k)
        if n.definite and norm.startswith(ARTICLE):
            return self._definite(norm, raw)
        if n.scale > 1 and norm.startswith(ARTICLE) and self.tokens.starts[k] - self.tokens.ends[k - 1] == 1:
            return None
        if (
            n.scale > 1
            and self.norms[k - 1] in _closed()
            and norm not in nouns.plurals()
            and norm not in nouns.singulars()
        ):
            return None  # a scale word in -an is counted itself: what follows describes it
        return nouns.counted(raw, demand)

    def _definite(self, norm: str, raw: str) -> str | None:
        """The singular of a definite plural; None where the form is no known plural."""
        bare = norm[2:]
        if bare in nouns.not_counted():
            return None
        if bare in nouns.plurals():
            return nouns.plurals()[bare]
        if norm.startswith(ARTICLE) and len(norm) > 6 and norm.endswith((*nouns.SOUND_MASCULINE, nouns.SOUND_FEMININE)):
            stem = nouns.clean(raw)[2:-2]
            return nouns.feminine_or_not(stem) if norm.endswith(nouns.SOUND_FEMININE) else stem
        return None

    def _partitive(self, k: int) -> str | None:
        """`65 من العناصر` (65 of the members)."""
        if self.norms[k] in cue("great") and k + 1 < self.j:
            k += 1
        norm = self.norms[k]
        if norm.startswith(ARTICLE):
            return self._definite(norm, self.tokens.raw(k))
        return nouns.plurals().get(norm) or self._possessed(norm, self.tokens.raw(k))

    def _possessed(self, norm: str, raw: str) -> str | None:
        """The singular of a plural with a possessive pronoun: `أفرادها`, `مواجهاته`, `لاعبيه`."""
        for suffix in nouns.SUFFIXES:
            base = norm[: -len(suffix)]
            if not norm.endswith(suffix) or len(base) < 4:
                continue
            if base in nouns.plurals():
                return nouns.plurals()[base]
            stem = nouns.clean(raw)[: -len(suffix)]
            if base.endswith(nouns.SOUND_FEMININE) and nouns.noun_like(base):
                return nouns.feminine_or_not(stem[:-2])
            if base.endswith(nouns.YEH) and base[:-1] in nouns.singulars():
                return nouns.singulars()[base[:-1]]
        return None

    def _count_before(self, out: Amount, n: Numeral) -> bool:
        """The noun before its number: `دولة واحدة`, `الضباط الثلاثة` (one state, the three officers)."""
        norms, k = self.norms, out.i - 1
        if k >= self.done and norms[k] in cue("article"):
            k -= 1
        if k < self.done or n.conj or n.prep or out.value is None:
            return False
        cut, bare = 0, norms[k]
        if n.form == "words" and n.value in (1, 2) and not n.definite:
            proclitic, bare = split(bare)
            cut = len(proclitic)
        shift = raw_length(self.tokens.raw(k), cut) if cut else 0
        if n.value == 1 and n.form == "words":
            unit = units.match([bare], 0, 1, units.table())
            if unit and unit[0].count is None and unit[0].dimension not in ("percent",):
                found = unit[0]
                if found.dimension == "money":
                    found = self.country.resolve(found, None)
                out.unit, out.dimension = found.code, found.dimension
                self._scale(out, found.factor)
            else:
                name = nouns.singulars().get(bare) or (
                    nouns.counted(self.tokens.raw(k)[shift:], "singular") if bare.endswith(nouns.HEH) else None
                )
                if not name:
                    return False
                out.unit, out.dimension = name, "count"
            out.i, out.start = k, self.tokens.starts[k] + shift
            return True
        if (
            n.value == 2
            and n.form == "words"
            and not n.definite
            and len(bare) >= 5
            and bare.endswith(_DUAL)
            and nouns.noun_like(bare)
        ):
            out.unit, out.dimension = nouns.duals().get(bare) or nouns.clean(self.tokens.raw(k)[shift:])[:-2], "count"
            out.i, out.start = k, self.tokens.starts[k] + shift
            return True
        if not n.definite or not isinstance(n.value, int) or (n.form == "words" and not 2 <= n.value <= 99):
            return False
        for back in range(3):
            if k - back < self.done:
                return False
            norm, raw = norms[k - back], self.tokens.raw(k - back)
            if n.value == 2:
                name = nouns.duals().get(norm) or (nouns.clean(raw)[2:-2] if self._definite(norm, raw) else None)
            else:
                name = self._definite(norm, raw) if norm.startswith(ARTICLE) else self._possessed(norm, raw)
                if not name and back:
                    name = nouns.plurals().get(norm)
            if name:
                out.unit, out.dimension = name, "count"
                out.i, out.start = k - back, self.tokens.starts[k - back]
                return True
        return False


@cache
def _closed() -> frozenset[str]:
    """Scale words in the accusative: nothing can be counted behind them."""
    return frozenset(norm for norm, w in words().items() if w.cls == "scale" and norm.endswith(nouns.ALEF))


@cache
def cue_unit(kind: str) -> str:
    """The singular that a kind of word list names, as printed."""
    return next(row["forms"] for row in lexicon("quantities/amount_words.tsv") if row["kind"] == f"{kind}_noun")


def _product(value, factor: float):
    """Multiply without float noise; whole results become ints."""
    product = round(value * factor, 9)
    return int(product) if float(product).is_integer() else product


__all__ = ["Amount", "Sentence", "cue", "cue_unit", "replace", "DECIMAL"]
