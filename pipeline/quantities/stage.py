"""The stage that fills `layer.quantities`: every number of the running text that is no name, time or identifier."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import compress

from spacy.language import Language

from pipeline.language.fold import fold, raw_length
from pipeline.layers import Layers, Quantity
from pipeline.quantities import nouns, ranges, units
from pipeline.quantities.amounts import Amount, Sentence, cue, cue_unit
from pipeline.quantities.digits import Habit
from pipeline.quantities.naming import Naming, Spans
from pipeline.quantities.numeral import Numeral
from pipeline.quantities.numerals import read
from pipeline.stage import Stage

_DUAL_ENDS = ("\u0627\u0646", "\u064a\u0646", "\u062a\u064a")
_LAM2, _BAL = "\u0644\u0644", "\u0628\u0627\u0644"
_PREFIXES = ("", "\u0648", "\u0628", "\u0644", "\u0641", "\u0648\u0628", "\u0643")
_QUERY = 3  # tokens of the longest name of a unit that a text may consist of


@cache
def _triggers() -> dict[str, tuple[str, object, int]]:
    """Words that are a quantity without a numeral: norm -> (kind, noun or unit trie key, proclitic length)."""
    out: dict[str, tuple[str, object, int]] = {}
    for prefix in _PREFIXES:
        for first, options in units.table().items():
            if any(unit.count for _, unit in options) and prefix + first not in nouns.singulars():
                out.setdefault(prefix + first, ("unit", first, len(prefix)))
        for norm, singular in nouns.duals().items():
            if not (prefix and norm.startswith(nouns.ARTICLE) and prefix != "\u0648"):
                out.setdefault(prefix + norm, ("dual", singular, len(prefix)))
                if not prefix and norm.startswith(nouns.ARTICLE):
                    out.setdefault(_LAM2 + norm[2:], ("dual", singular, 1))
                    out.setdefault(_BAL + norm[2:], ("dual", singular, 1))
    for norm in cue("double"):
        out[norm] = ("double", None, 0)
    for norm in cue("twofold"):
        out[norm] = ("double", None, 0)
    for norm in cue("halftail"):
        out[norm] = ("half", None, 0)
    for norm in cue("counts_one"):
        out.setdefault(norm, ("one", None, 0))
    return out


class QuantityStage(Stage):
    """Numbers with unit, bound and range; reads numerals, mentions, entities and times."""

    def annotate(self, batch: Sequence[Layers]) -> None:
        for layer in batch:
            layer.quantities = _Document(layer).quantities()


class _Document(Naming):
    def __init__(self, layer: Layers):
        super().__init__(layer)
        self.names = Spans(layer.mentions)
        self.out: list[Quantity] = []

    def quantities(self) -> list[Quantity]:
        layer, norms, triggers = self.layer, self.norms, _triggers()
        country = units.Country(layer)
        market: bool | None = None
        numerals, at = layer.numerals, 0
        for s in layer.sentences:
            events: list = []
            while at < len(numerals) and numerals[at].i < s.j:
                events.append(numerals[at])
                at += 1
            words = list(compress(range(s.i, s.j), map(triggers.__contains__, norms[s.i : s.j])))
            query = len(norms) <= _QUERY and not events
            if not events and not words and not query:
                continue
            if market is None:
                market = not cue("market").isdisjoint(norms)
            sentence = Sentence(layer, s.i, s.j, country, market)
            if self._alone(sentence):
                continue
            sentence.score = True
            self._sentence(sentence, self.wanted(events, sentence), words)
        for number, quantity in enumerate(self.out, 1):
            quantity.id = f"q{number}"
        return self.out

    def _alone(self, sentence: Sentence) -> bool:
        """A text that is nothing but the name of a measure or currency, as typed into a search field: one of it."""
        norms, tokens = self.norms, self.tokens
        found = units.match(norms, 0, len(norms), units.table()) if len(norms) <= _QUERY else None
        if found is None or found[1] != len(norms) or found[0].count or found[0].dimension != "measure":
            return False
        if norms[0] in nouns.plurals() or len(norms[0]) < 2:
            return False
        a = Amount(0, found[1], tokens.starts[0], tokens.ends[found[1] - 1], 1, evidence="the unit alone")
        sentence._measure(a, *found)
        if a.unit == "kg":
            a.unit, a.value = "g", 1000  # no number is stated: in the base unit of UCUM
        self._emit(a, sentence)
        return True

    # -- one sentence ------------------------------------------------------------------------------------------------
    def _sentence(self, sentence: Sentence, numerals: list[Numeral], words: list[int]) -> None:
        done, w, k = sentence.i, 0, 0
        while k < len(numerals) or w < len(words):
            if k >= len(numerals) or (w < len(words) and words[w] < numerals[k].i):
                done = max(done, self._word(sentence, words[w], done))
                w += 1
                continue
            n = numerals[k]
            k += 1
            if n.i < done:
                continue
            half = self._unit_and_half(sentence, n, done)
            if half:
                done = half
                continue
            a = sentence.amount(n, done)
            if self._overlaps_time(a, n):
                a = self._bare(n)
            split = self._split_between(sentence, n, a, numerals[k] if k < len(numerals) else None)
            if split:
                self._emit(split, sentence)
                done = split.j
                continue
            while k < len(numerals) and (m := numerals[k]) is not None:
                if m.i < a.j:
                    k += 1
                    continue
                ready, further = ranges.join(sentence, a, m, done)
                for amount in ready:
                    if amount is not a or further is not None:
                        self._emit(amount, sentence)
                if further is None:
                    break
                done, a, k = a.i, further, k + 1
            self._emit(a, sentence)
            done = a.j

    def _overlaps_time(self, a: Amount, n: Numeral) -> bool:
        """Whether what was taken for the unit belongs to a time."""
        end = self.tokens.ends[a.rate - 1] if a.rate else a.end
        ahead = a.start < n.start and self.times.overlap(a.start, n.start)
        return ahead or (n.end < end and self.times.overlap(n.end, end))

    def _bare(self, n: Numeral) -> Amount:
        """The number alone, where what looked like its unit belongs to a time."""
        kind = "number" if n.kind not in ("ordinal", "fraction") else n.kind
        return Amount(n.i, n.j, n.start, n.end, n.value, dimension=kind, lead=n.i, scale=n.scale)

    def _split_between(self, sentence, n: Numeral, a: Amount, m: Numeral | None) -> Amount | None:
        """`بين مئة وخمسين`: one number to the grammar, two behind `between` when no second number follows."""
        norms = self.norms
        if (
            n.form != "words"
            or n.j - n.i < 2
            or a.lead <= sentence.i
            or norms[a.lead - 1] not in cue("between", "range_words")
        ):
            return None
        if m is not None and m.i <= a.j + 1 and (m.conj or norms[a.j] == ranges.WAW):
            return None
        for cut in range(n.j - 1, n.i, -1):
            if norms[cut][0] == ranges.WAW:
                first, second = read(self.tokens, n.i, cut, Habit()), read(self.tokens, cut, n.j, Habit())
                if len(first) == len(second) == 1 and first[0].value is not None and second[0].value is not None:
                    low = sentence.amount(first[0], first[0].i)
                    high = sentence.amount(second[0], second[0].i)
                    if ranges._fits(low, high):
                        return ranges._range(low, high)
        return None

    def _unit_and_half(self, sentence: Sentence, n: Numeral, done: int) -> int | None:
        """`لتر ونصف` (a litre and a half): the unit counts one."""
        k = n.i - 1
        joined = n.conj
        if n.kind == "fraction" and k > done and self.norms[k] == ranges.WAW:
            k, joined = k - 1, True
        if n.kind != "fraction" or not joined or n.form != "words" or not n.value or n.value >= 1 or k < done:
            return None
        return self._one_and(sentence, k, n.value, n.j)

    def _one(self, sentence: Sentence, k: int) -> int | None:
        """`بواقع نقطة`, `البالغ درهما`: a unit that counts one, since a word before it asks for a number."""
        found = units.match(self.norms, k, sentence.j, units.table())
        if found is None or found[0].count or found[0].dimension not in ("money", "percent", "measure"):
            if k >= sentence.j or self.norms[k] != fold(cue_unit("point")):
                return None
            found = units.Unit("point", "measure"), k + 1
        unit, end = found
        nominal = self.norms[k].isalpha() and len(self.norms[k]) > 2 and self.norms[k] not in nouns.plurals()
        if not nominal or unit.code == "%" or end < sentence.j and self.norms[end][:1].isdecimal():
            return None
        a = Amount(k, end, self.tokens.starts[k], self.tokens.ends[end - 1], 1, lead=k, evidence="the unit alone")
        sentence._money(a, unit, end) if unit.dimension == "money" else sentence._measure(a, unit, end)
        self._emit(a, sentence)
        return a.j

    def _one_and(self, sentence: Sentence, k: int, part: float, end: int) -> int | None:
        found = units.match(self.norms, k, k + 1, units.table())
        if not found or found[0].count or found[0].dimension not in ("measure", "duration"):
            return None
        unit = found[0]
        tokens = self.tokens
        start, value = tokens.starts[k], unit.factor * (1 + part)
        a = Amount(k, end, start, tokens.ends[end - 1], value, unit.code, unit.dimension, lead=k)
        self._emit(a, sentence)
        return end

    # -- words that count without a numeral --------------------------------------------------------------------------
    def _word(self, sentence: Sentence, k: int, done: int) -> int:
        if k < done:
            return done
        tokens, norms = self.tokens, self.norms
        kind, what, cut = _triggers()[norms[k]]
        start = tokens.starts[k] + (raw_length(tokens.raw(k), cut) if cut else 0)
        named = self.names.overlap(start, tokens.ends[k])
        if self.times.overlap(start, tokens.ends[k]) or named and (kind != "unit" or len(norms) > _QUERY):
            return done
        if kind == "one":
            return self._one(sentence, k + 1) or done
        if kind == "half":
            before = k - 2 if norms[k - 1] == ranges.WAW else k - 1
            if norms[k][0] != ranges.WAW and before == k - 1 or before < done:
                return done
            return self._one_and(sentence, before, 0.5, k + 1) or done
        a = Amount(k, k + 1, start, tokens.ends[k], 2, lead=k)
        if kind == "double":
            a.unit, a.dimension = "times", "multiple"
            if any(isinstance(w, str) and w in norms[k + 1 : k + 4] for w in cue("zero")) or self._number_soon(
                sentence, k
            ):
                return done
        elif kind == "dual":
            if k + 1 < sentence.j and "0" <= norms[k + 1][0] <= "9":
                return done  # `articles 55 and 204`: what follows names them
            if k > sentence.i and norms[k - 1].endswith(_DUAL_ENDS) and norms[k - 1] in _triggers():
                return done  # an adjective that agrees with the dual before it
            a.unit, a.dimension = what, "count"
            found = units.match([fold(what)], 0, 1, units.table())
            if found and found[0].dimension == "duration":
                a.unit, a.dimension = found[0].code, "duration"
            if what == ranges.cue("point_noun", "amount_words").__iter__().__next__():
                a.unit = "point" if sentence.market else what
        else:
            found = units.match([what, *norms[k + 1 : k + 6]], 0, min(6, sentence.j - k), units.table())
            if found is None or found[0].count is None:
                if what not in nouns.duals():
                    return done
                found = units.Unit(nouns.duals()[what], "count"), 1
            unit, size = found
            before = norms[k - 1] if k > sentence.i else ""
            if unit.dimension == "duration" and len(before) > 4 and before.endswith(_DUAL_ENDS[:2]):
                return done  # `أمينين عامين`, two general secretaries: an adjective
            a.j, a.end = k + size, tokens.ends[k + size - 1]
            if unit.dimension == "money":
                sentence._money(a, unit, a.j)
            else:
                sentence._measure(a, unit, a.j)
        sentence._below_zero(a)
        sentence._bound(a, done)
        if a.j < sentence.j and norms[a.j] in _twos():
            a.j, a.end = a.j + 1, tokens.ends[a.j]
        self._emit(a, sentence)
        return a.j

    def _number_soon(self, sentence: Sentence, k: int) -> bool:
        """`تضاعف ثلاث مرات`: the factor is said in the next words, so the verb is no number of its own."""
        for at in range(k + 1, min(k + 12, sentence.j)):
            found = units.match(self.norms, at, sentence.j, units.table())
            if found and found[0].code == "times":
                return True
        return False

    def _price_goes_on(self, a: Amount, sentence: Sentence) -> None:
        """`من 53 دولاراً للبرميل إلى 57 دولاراً`: what the first price is counted per holds for the second."""
        last = self.out[-1] if self.out and self.out[-1].i >= sentence.i else None
        if (
            last is None
            or last.dimension != "price"
            or a.dimension != "money"
            or not last.unit.startswith(f"{a.unit}/")
        ):
            return
        between = self.norms[last.j : a.lead]
        if len(between) <= 8 and not cue("goes_on").isdisjoint(between):
            a.unit, a.dimension = last.unit, last.dimension

    def _emit(self, a: Amount, sentence: Sentence) -> None:
        norms = self.norms
        if a.value is None and (a.min is None or a.max is None):
            return
        self._price_goes_on(a, sentence)
        if a.value is None:
            spoken = a.lead > sentence.i and norms[a.lead - 1] in cue("between", "range_words") | cue(
                "from", "range_words"
            )
            if a.min >= a.max:
                return
            if a.unit is None and a.bound == "exact" and a.max < ranges.SMALL and a.j - a.i == 1 and not spoken:
                return
        tokens, start, end = self.tokens, a.start, a.end
        lead, i = a.lead, a.i
        if lead < a.i:
            start, i = tokens.starts[lead] + raw_length(tokens.raw(lead), a.lead_cut), lead
        if a.tail > a.j:
            end = tokens.ends[a.tail - 1]
        low, high = a.min, a.max
        if a.value is not None and a.bound == "exact" and i > sentence.i and norms[i - 1] in cue("equal"):
            # An equation closes the interval at both ends.
            low = high = a.value
            i, start = i - 1, tokens.starts[i - 1]
        if self.out and i < self.out[-1].j:
            i, start = a.i, a.start  # its bound words are those of the number before it
        self.out.append(
            Quantity(
                start, end, tokens.text[start:end], i, max(a.j, a.tail), a.dimension, a.value, low, high,
                a.unit, a.bound, "", a.evidence, (a.start, a.end),
            )
        )  # fmt: skip


@cache
def _twos() -> frozenset[str]:
    from pipeline.quantities.words import words

    return frozenset(norm for norm, w in words().items() if w.cls == "unit" and w.value == 2 and not (w.conj or w.prep))


@Language.factory("khabar_quantities")
def create(nlp, name):
    """Registered by entry point."""
    return QuantityStage()
