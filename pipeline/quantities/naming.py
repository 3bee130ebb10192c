"""Which numbers count something, and which name: identifiers, results of matches, verses, list bullets, names."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

from pipeline.language.fold import fold
from pipeline.layers import Layers
from pipeline.quantities import bounds, nouns, ranges, units
from pipeline.quantities.amounts import SMALL_LETTERS, Sentence, cue
from pipeline.quantities.digits import COMMAS
from pipeline.quantities.numeral import Numeral
from pipeline.quantities.numerals import MIN
from pipeline.resources import lexicon

_LAM2 = "\u0644\u0644"
_PREFIXES = ("", "\u0648", "\u0628", "\u0644", "\u0641")
_BULLETS = frozenset("-)./–:")
_JOINTS = frozenset((",", "\u060c", ranges.WAW))
_TOUCHING = frozenset("/_#@\u2044")


@cache
def skip(reach: str) -> frozenset[str]:
    rows = lexicon("quantities/skip_cues.tsv")
    forms = [fold(f) for row in rows if row["reach"] == reach for f in row["forms"].split()]
    forms += [_LAM2 + form[2:] for form in forms if form.startswith(nouns.ARTICLE)]
    forms += [nouns.ARTICLE + form for form in forms if not form.startswith((nouns.ARTICLE, _LAM2))]
    return frozenset(prefix + form for form in forms for prefix in _PREFIXES)


class Spans:
    """Raw spans in order, asked whether one overlaps a given span."""

    def __init__(self, spans):
        self.spans = sorted((s.start, s.end) for s in spans)
        self.starts = [s for s, _ in self.spans]

    def overlap(self, start: int, end: int) -> bool:
        k = bisect_right(self.starts, start)
        return (k > 0 and self.spans[k - 1][1] > start) or (k < len(self.starts) and self.starts[k] < end)

    def within(self, start: int, end: int) -> bool:
        """Whether one span holds all of the given one."""
        k = bisect_right(self.starts, start)
        return k > 0 and self.spans[k - 1][1] >= end


class Naming:
    """Tells the numerals of one document that are quantities from those that are not."""

    def __init__(self, layer: Layers):
        self.layer, self.tokens, self.norms = layer, layer.tokens, layer.tokens.norms
        self.times = Spans(layer.times)

    def wanted(self, numerals: list[Numeral], sentence: Sentence) -> list[Numeral]:
        out: list[Numeral] = []
        skipped = -1  # where the last identifier ended: `articles 55 and 204`
        for n in numerals:
            if n.name or n.kind in ("code", "vague"):
                continue
            if self.times.overlap(n.start, n.end) and not self._ratio_behind(n, sentence):
                continue
            if n.form != "words":
                joint = self.norms[n.i - 1]
                listed = n.conj or joint in _JOINTS or joint in cue("or", "range_words")
                listed = listed and n.i - (not n.conj) == skipped
                listed = listed or n.i == skipped and len(self.norms[n.i]) > 5  # telephone numbers side by side
                if (listed and not self._has_unit(n, sentence)) or self._identifier(n, sentence):
                    skipped = n.j
                    continue
            if n.kind == "fraction" and n.j < sentence.j and self.norms[n.j] in cue("final"):
                continue
            if n.value == 0 and self._scored(n, sentence) or self._goals(n, sentence):
                continue
            after = self.norms[n.j : n.j + 2] if n.j + 1 < sentence.j else ["", ""]
            if n.kind == "ordinal" and after[0] in cue("to_last") and after[1] in cue("last"):
                continue  # the last but one
            if n.kind == "ordinal" and n.i > sentence.i and self.norms[n.i - 1] in skip("channel"):
                continue
            if n.form == "digits" and (self._fixture(n, sentence) or self._result(n, sentence, numerals)):
                continue
            out.append(n)
        return out

    def _result(self, n: Numeral, sentence: Sentence, numerals: list[Numeral]) -> bool:
        """`بنتيجة 20 مقابل 19`: both halves of a result, which are whole."""
        norms, k = self.norms, n.i - 1
        if k > sentence.i and (norms[k] in cue("against") or norms[k] in cue("dash", "range_words")):
            k -= 2
        return isinstance(n.value, int) and k >= sentence.i and norms[k] in cue("result")

    def _fixture(self, n: Numeral, sentence: Sentence) -> bool:
        """A half of one of several pairs `25 - 20` of small whole numbers: a list of results."""
        if sentence.results is None:
            dash, norms, pairs = cue("dash", "range_words"), self.norms, []
            for k in range(sentence.i + 1, sentence.j - 1):
                a, b = norms[k - 1], norms[k + 1]
                small = norms[k] in dash and a.isdecimal() and b.isdecimal() and int(a) < ranges.SMALL > int(b)
                if small and units.match(norms, k + 2, sentence.j, units.table()) is None:
                    pairs.append(k)
            falling = any(int(norms[k - 1]) >= int(norms[k + 1]) for k in pairs)
            sentence.results = {k + d for k in pairs for d in (-1, 1)} if falling and len(pairs) > 1 else set()
        return n.i in sentence.results

    def _scored(self, n: Numeral, sentence: Sentence) -> bool:
        """A nought beside a dash is half of a score: `2-صفر`."""
        dash, norms = cue("dash", "range_words"), self.norms
        if n.i - 2 >= sentence.i and norms[n.i - 1] in cue("against") and norms[n.i - 2].isdecimal():
            return True  # `4 مقابل 0`
        return (n.j < sentence.j and norms[n.j] in dash) or (n.i > sentence.i and norms[n.i - 1] in dash)

    def _goals(self, n: Numeral, sentence: Sentence) -> bool:
        """`3 -0` is a score too, though its dash touches the second number like a sign."""
        norms, tokens, k = self.norms, self.tokens, n.j
        if n.form != "digits" or not isinstance(n.value, int) or not 0 <= n.value < 130 or k + 1 >= sentence.j:
            return False
        dash = norms[k] in cue("dash", "range_words")
        if norms[k] in cue("against") and norms[k + 1] == "0":
            return True
        if dash and norms[k + 1] in cue("zero"):
            return True
        signed = dash and tokens.starts[k] > tokens.ends[k - 1]
        return signed and tokens.starts[k + 1] == tokens.ends[k] and norms[k + 1] == "0"

    def _ratio_behind(self, n: Numeral, sentence: Sentence) -> bool:
        """A percent sign, a currency or a measure right behind digits: no time, whatever stands before them."""
        found = units.match(self.norms, n.j, sentence.j, units.table())
        if found is None or n.form == "words" or found[0].dimension not in ("percent", "money", "measure"):
            return False
        # `1999م`: one time that holds the letter too, so that it is an era and no metre
        return not self.times.within(n.start, self.tokens.ends[found[1] - 1])

    def _identifier(self, n: Numeral, sentence: Sentence) -> bool:
        """Digits that name rather than count: after `number`, `article`, a make; list bullets; parts of a code."""
        norms, tokens, k = self.norms, self.tokens, n.i
        touching = k > 0 and tokens.starts[k] == tokens.ends[k - 1]
        after = norms[n.j] if n.j < sentence.j else ""
        glued = bool(after) and tokens.starts[n.j] == tokens.ends[n.j - 1]
        if k == sentence.i and after in _BULLETS and n.form == "digits" and isinstance(n.value, int) and n.value < 100:
            return not (n.j + 1 < sentence.j and "0" <= norms[n.j + 1][0] <= "9") or after == ")"
        if (
            glued
            and after == "-"
            and n.form == "digits"
            and n.j + 1 < sentence.j
            and tokens.starts[n.j + 1] > tokens.ends[n.j]
        ):
            return isinstance(n.value, int) and n.value < 100  # a bullet within the line
        if k > sentence.i + 1 and norms[k - 1] in "<>" and norms[k - 2] in "=<>":
            return True  # an operator of program text
        if k > sentence.i:
            before = norms[k - 1]
            if before in _JOINTS and tokens.ends[k - 1] == tokens.starts[k] and k - 2 >= sentence.i:
                before = norms[k - 2]  # the comma of the clause printed before the number: `الدقيقة ،27`
            if k - 2 >= sentence.i and norms[k - 2] in skip("road") and before.startswith(nouns.ARTICLE):
                return not self._has_unit(n, sentence)
            if before in skip("number") and n.scale == 1 and not self._grouped(n):
                return True
            if before in skip("next") or (before == ":" and k - 2 >= sentence.i and norms[k - 2] in skip("next")):
                return not self._has_unit(n, sentence)
            if touching and before in _TOUCHING:
                return True
            if touching and self._written_on(n, norms[k - 1], sentence):
                return True
            if touching and before == "+" and (units.LATIN.match(norms[k - 2]) or norms[k - 2][0].isdecimal()):
                return True  # `T+3`, `90+1`
            if before == "(" and self._play(n, sentence):
                return True
            at = k - 2 if before == ":" else k - 1
            if at > sentence.i and norms[at] in skip("verse") and "(" in norms[max(sentence.i, at - 2) : at]:
                return True  # `(يوسف: 46)`
            if units.LATIN.match(before) and before not in units.before():
                return n.scale == 1 and not self._has_unit(n, sentence)
        dialled = len(norms[k]) >= 5 and n.form == "digits" and n.kind != "pair" and not self._grouped(n)
        if dialled and not self._has_unit(n, sentence):
            near = skip("near")
            if any(norms[b] in near for b in range(max(sentence.i, k - 4), k)):
                return True
        return glued and bool(units.LATIN.match(after)) and not self._has_unit(n, sentence)

    def _written_on(self, n: Numeral, before: str, sentence: Sentence) -> bool:
        """`صفاقس1`: a small number written as one with the name before it."""
        small = n.form == "digits" and isinstance(n.value, int) and n.value < 100
        if not small or len(before) < 4 or not before.isalpha():
            return False
        return bounds.before(self.norms, sentence.i, n.i) is None and not self._has_unit(n, sentence)

    def _grouped(self, n: Numeral) -> bool:
        """Groups of three digits, twice or more: nothing is dialled or numbered so."""
        return sum(map(self.norms[n.i].count, COMMAS)) > 1

    def _play(self, n: Numeral, sentence: Sentence) -> bool:
        """`(53)`, `(90+1)` in a sentence about goals: a minute of play; `(يوسف: 46)` is told by its word."""
        norms, k = self.norms, n.j
        if not isinstance(n.value, int) or n.value > 120 or k >= sentence.j:
            return False
        if norms[k] not in (")", "+", ranges.WAW, MIN) and not (norms[k][0] == ranges.WAW and norms[k][1:].isdecimal()):
            return False
        return not cue("goal").isdisjoint(norms[max(sentence.i, n.i - 60) : min(sentence.j, k + 60)])

    def _has_unit(self, n: Numeral, sentence: Sentence) -> bool:
        if n.scale > 1:
            return True
        if units.match(self.norms, n.j, sentence.j, units.table()) is not None:
            letter = self.norms[n.j]
            return letter not in SMALL_LETTERS or self.tokens.raw(n.j) == letter
        return n.j < sentence.j and nouns.counted(self.tokens.raw(n.j), nouns.agreement(n.value)) is not None
