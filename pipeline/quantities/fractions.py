"""Fractions in words: halves and thirds, decimals as they are spoken, ratios."""

from __future__ import annotations

from pipeline.quantities.numeral import GROUP_WORDS, WAW, Lookup, Numeral, cues, tidy, times
from pipeline.quantities.words import Word

LARGEST = 1000  # the numbers of a ratio that is told as one "over" the other


class Fractions(Lookup):
    """The part of the grammar that reads what is no whole number."""

    # -- fractions ---------------------------------------------------------------------------------------------------
    def _fraction(self, k: int, w: Word, value: float | None = None) -> Numeral | None:
        value = w.value if value is None else value
        p, scale, kind = k + 1, 1, "fraction"
        after = self.word(p)
        if after is not None and after.bare:
            if after.cls == "scale" and after.value >= 100:
                value, scale, p, kind = value * after.value, after.value, p + 1, "cardinal"
            elif after.cls == "tens" and after.article:
                value, p, kind = value * after.value, p + 1, "cardinal"
        return self._make(k, p, tidy(value), kind, "words", scale, w)

    def _fraction_tail(self, total, scale, p, form):
        """`ونصف [المليون]` (and a half [million]) behind a number: (value, next token, found)."""
        q = p + 1 if p < self.j and self.norms[p] == WAW else p
        w = self.word(q)
        if w is None or not (w.conj if q == p else w.bare) or w.prep:
            return total, p, False
        value = None
        if w.cls in ("frac", "fractail"):
            value, after = w.value, q + 1
        elif w.cls in ("unit", "five", "ten", "hundred") and (f := self.bare(q + 1, "fracs")):
            value, after = round(w.value * f.value, 12), q + 2
        elif w.cls == "five" and scale == 1 and form == "words" and total < 20 and total != 10:
            value, after = 0.2, q + 1
        if value is None:
            return total, p, False
        if scale > 1:
            if (s := self.bare(after, "scale")) and s.value == scale:
                after += 1
            return total + value * scale, after, True
        return total + value, after, True

    def _decimal_word(self, k, p, total, w, last=1) -> Numeral | None:
        """`خمسة فاصل ثلاثة` (five point three); the digits behind the point are read as they are spoken."""
        if p + 1 >= self.j or self.norms[p] not in cues()["point"] or not isinstance(total, int):
            return None
        zeros, q = 0, p + 1
        while (z := self.word(q)) and z.cls == "zero" and zeros < 6:
            zeros, q = zeros + 1, q + 1
        tail, end = ("", q)
        if self.is_digit(q) and self.norms[q].isdecimal():
            tail, end = self.norms[q], q + 1
        elif (n := self.word(q)) and n.bare and (group := self._group(q)):
            tail, end = str(group[0]), group[1]
        if not tail and not zeros:
            return None
        value, scale = float(f"{total}.{'0' * zeros}{tail}"), 1
        if last == 1 and (s := self.bare(end, "scale", "scales")):
            value, scale, end = times(value, s.value), s.value, end + 1
        return self._make(k, end, value, "cardinal", "words", scale, w)

    def _ratio(self, left: Numeral) -> Numeral:
        """`واحد على عشرين` (one over twenty), `ستة عشر وسبعة عشر على ثلاثة` (16 and 17/3)."""
        p = left.j
        if p + 1 >= self.j or left.scale >= 1000 or left.value is None:
            return left
        if left.form == "words" and (q := self.joined(p)) is not None and not self.is_digit(q):
            # A second number that the first cannot take up may be the numerator of a mixed number.
            group = self._group(q) if self.word(q).cls in GROUP_WORDS else None
            if group and group[1] + 1 < self.j and self.norms[group[1]] in cues()["over"]:
                below = self._denominator(group[1] + 1)
                if below:
                    value = left.value + group[0] / below[0]
                    return self._make(left.i, below[1], value, "fraction", "words", 1, self.word(left.i))
            return left
        if self.norms[p] in cues()["part"] and p + 2 < self.j and self.norms[p + 1] in cues()["out_of"]:
            below = self._denominator(p + 2, True)
            if below and below[0]:
                w = None if self.is_digit(left.i) else self.word(left.i)
                return self._make(left.i, below[1], left.value / below[0], "fraction", left.form, 1, w)
        part_of = self.norms[p] in cues()["out_of"]
        if not part_of and self.norms[p] not in cues()["over"]:
            return left
        every = part_of and self.norms[p + 1] in cues()["every"]  # `واحد من كل خمسة أطفال`
        below = self._denominator(p + 1 + every)
        if below is None or not below[0]:
            return left
        value, end = left.value, below[1]
        if part_of and (value >= below[0] or not (every or self._stands_alone(end))):
            return left
        if not part_of and max(value, below[0]) > LARGEST:
            return left  # `يحصل سنة 2021 على 30 مليون` (gets 30 million in 2021)
        w = self.word(left.i) if not self.is_digit(left.i) else None
        if value > 100 and value % 100 == 1 and left.form == "words" and not part_of:
            return self._make(left.i, end, value - 1 + 1 / below[0], "fraction", "words", 1, w)
        return self._make(left.i, end, tidy(value / below[0]), "fraction", left.form, 1, w)

    def _denominator(self, k: int, article: bool = False) -> tuple[int | float, int] | None:
        """A plain cardinal from token `k`: (value, next token)."""
        if k >= self.j:
            return None
        w = self.word(k)
        if not self.is_digit(k) and not (
            w and w.bare and (article or not w.article) and w.cls in GROUP_WORDS | {"scale", "scale2"}
        ):
            return None
        head = self._scaled(k, True)
        if head is None or head[4]:
            return None
        total, limit, p = head[0], head[1], head[2]
        while limit > 1 and (q := self.joined(p)) is not None:
            part = self._scaled(q, False)
            if part is None or part[0] >= limit or part[1] >= limit:
                break
            total, limit, p = total + part[0], part[1], part[2]
        return total, p

    def _stands_alone(self, k: int) -> bool:
        """Whether nothing is counted at token `k`: the end, a mark, or `or`."""
        return k >= self.j or not (self.norms[k][0].isalnum()) or self.norms[k] in cues()["or"]
