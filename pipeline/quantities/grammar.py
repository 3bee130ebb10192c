"""The grammar of Arabic number words.

Units stand before tens and are joined to them by waw; hundreds come first; a scale word (thousand and up) closes a
group. Groups fall in size, each joined by waw; a group that does not fall starts a number of its own.
"""

from __future__ import annotations

from pipeline.quantities.fractions import Fractions
from pipeline.quantities.numeral import GROUP_WORDS, WAW, Numeral, cues, following_words, tidy, times
from pipeline.quantities.words import Word

TANWEEN = "\u064b"


class Grammar(Fractions):
    """Cardinals and ordinals in words, with the digits that may stand among them."""

    # -- groups ------------------------------------------------------------------------------------------------------
    def _group(self, k: int) -> tuple[int, int] | None:
        """A number under a thousand in words from token `k`: (value, next token)."""
        total, first, p = 0, True, k
        hundred = tens = unit = False
        while p < self.j:
            q = p if first else self.joined(p)
            if q is None:
                break
            w = self.word(q)
            if w is None or w.cls not in GROUP_WORDS or (w.prep and not first):
                break
            cls, value = w.cls, w.value
            if cls in ("unit", "five", "teenunit"):
                ten = self.bare(q + 1, "ten")
                if unit or tens:
                    break
                if ten and not ten.article:
                    if not first and self.bare(q + 2, "fracs"):
                        break
                    total, tens, unit, p = total + 10 + value, True, True, q + 2
                elif cls == "teenunit" and not (hundred or self._before_unit(q + 1) or self._joins_tens(q + 1)):
                    break
                elif not first and self.bare(q + 1, "fracs"):
                    break  # a hundred and three quarters
                elif not hundred and value >= 3 and self.bare(q + 1, "hundred", "hundreds_vague"):
                    total, hundred, p = total + 100 * value, True, q + 2
                else:
                    total, unit, p = total + value, True, q + 1
            elif cls in ("ten", "teen"):
                if unit or tens or (not first and self.bare(q + 1, "fracs")):
                    break
                total, tens, unit, p = total + value, True, True, q + 1
            elif cls == "tens":
                if tens:
                    break
                total, tens, unit, p = total + value, True, True, q + 1
            else:  # hundred, hundreds
                if hundred or tens or unit:
                    break
                total, hundred, p = total + value, True, q + 1
            first = False
        return None if first else (total, p)

    def _joins_tens(self, k: int) -> bool:
        """`إحدى وعشرون` (twenty-one): a form for one that stands only in compounds, before tens."""
        q = self.joined(k)
        return q is not None and bool(w := self.word(q)) and w.cls == "tens"

    def _before_unit(self, k: int) -> bool:
        return k < self.j and following_words().get(self.norms[k]) in ("money", "dinar")

    def _scaled(self, k: int, first: bool):
        """One group with its scale words from token `k`: (value, scale, next token, form, decimal, evidence)."""
        w = self.word(k)
        form, evidence, decimal = "words", "", False
        if self.is_digit(k):
            read = self._digits(k)
            if read is None or read[0].shape != "number":
                return None
            value, p, form, evidence = read[0].value, read[1], "digits", read[0].evidence
            decimal = isinstance(value, float)
        elif w is not None and w.cls == "scale2":
            return 2 * w.value if not self._accusative_one(k) else w.value, w.value, k + 1, form, False, ""
        elif w is not None and w.cls == "scale":
            if self._dual_construct(k):
                return 2 * w.value, w.value, k + 1, form, False, ""
            value, p = 1, k
        else:
            group = self._group(k)
            if group is None:
                return None
            value, p = group
        scale = 1
        if not (value == 1 and p == k) and self.bare(p, "hundred") and value % 100:
            value, p, scale = value * 100, p + 1, 100
        while p < self.j:
            s = self.bare(p, "scale", "scales") if p > k or scale > 1 else w
            if s is None or (s.value <= scale and p > k) or (s.value < 1000 and form == "digits" and scale > 1):
                break
            if form == "digits":
                form = "mixed"
            value, scale, p = times(value, s.value), max(scale, 1) * s.value, p + 1
        return value, scale, p, form, decimal, evidence

    def _dual_construct(self, k: int) -> bool:
        """`ألفا شخص` (two thousand persons): a scale word in -a before a noun, without tanween."""
        if not self.norms[k].endswith("\u0627") or TANWEEN in self.tokens.raw(k) or k + 1 >= self.j:
            return False
        after = self.norms[k + 1]
        return self.joined(k + 1) is None and after[0].isalpha() and after not in cues()["function"]

    def _accusative_one(self, k: int) -> bool:
        return self.norms[k].endswith("\u0627") and not self._dual_construct(k)

    def _cardinal(self, k: int, w: Word) -> Numeral | None:
        if w.cls == "five" and self._fifth(k):
            return self._fraction(k, w, 0.2)
        read = self._scaled(k, True)
        if read is None:
            return None
        value, scale, p, form, decimal, evidence = read
        return self._rest(
            k,
            w if form == "words" or not self.is_digit(k) else None,
            value,
            scale,
            p,
            form,
            decimal,
            evidence,
        )

    def _rest(self, k, w, total, limit, p, form, decimal, evidence) -> Numeral:
        """Smaller groups, fraction tails, decimals in words and ratios behind the first group."""
        last = limit
        while limit > 1 and not decimal:
            q = self.joined(p)
            if q is None:
                h = self.bare(p, "hundreds", "unit", "five")
                if not h or h.article or (h.cls != "hundreds" and not self.bare(p + 1, "hundred")):
                    break
                q = p
            nxt = self.word(q)
            if nxt is not None and nxt.cls not in GROUP_WORDS and nxt.cls not in ("scale", "scale2"):
                break
            if nxt is not None and self._group_is_fraction(q):
                break
            part = self._scaled(q, False)
            if part is None or part[0] >= limit or part[1] >= limit or part[4]:
                break
            total, p = total + part[0], part[2]
            limit = part[1]
            form = form if form == part[3] else "mixed"
            evidence = evidence or part[5]
        if w is not None and w.article and total % 100 == 0:
            q = self.joined(p)
            first = self.word(q) if q is not None else None
            tail = self._ordinal(q, first, closing=True) if first and first.cls in ("ord", "ordx") else None
            if tail and tail.definite:
                return self._make(k, tail.j, total + tail.value, "ordinal", "words", 1, w)
        kind = "cardinal"
        total, p, tail = self._fraction_tail(total, last, p, form)
        if not tail and (found := self._decimal_word(k, p, total, w, last)):
            return found
        if not tail and last == 1:
            if form == "words" and (f := self.bare(p, "frac", "five")) and f.value != 0.5 and f.value != 0.25:
                if f.value < 1:
                    total, p, kind = round(total * f.value, 12), p + 1, "fraction"
                elif total > 1 and self.norms[p] == self._fifth_form():
                    total, p, kind = total / 5, p + 1, "fraction"
            elif (f := self.bare(p, "fracs")) and isinstance(total, int) and total <= 10:
                total, p, kind = round(total * f.value, 12), p + 1, "fraction"
                if s := self.bare(p, "scale", "scales"):
                    total, last, p, kind = total * s.value, s.value, p + 1, "cardinal"
        found = self._make(k, p, tidy(total), kind, form, last, w, evidence)
        return self._ratio(found)

    def _group_is_fraction(self, q: int) -> bool:
        return bool(self.bare(q + 1, "fracs"))

    def _fifth_form(self) -> str:
        return cues()["fifth"].__iter__().__next__()

    def _fifth(self, k: int) -> bool:
        """The word for five without its noun is a fifth: at an end, or before a definite noun or number."""
        if not self.norms[k].endswith(self._fifth_form()) or self.table[self.norms[k]].article:
            return False
        if k + 1 >= self.j:
            return True
        after = self.word(k + 1)
        if after is not None:
            return after.article and after.cls in ("tens", "scale", "hundred") and after.bare
        norm = self.norms[k + 1]
        return not norm[0].isalnum() and norm != WAW or norm.startswith("\u0627\u0644") and len(norm) > 4

    # -- ordinals, vague words ---------------------------------------------------------------------------------------
    def _ordinal(self, k: int, w: Word, closing: bool = False) -> Numeral | None:
        """closing: behind hundreds, where the word for first of the compounds stands alone too."""
        value, p = w.value, k + 1
        ten = self.bare(p, "ten")
        if ten and not ten.article:
            return self._make(k, p + 1, 10 + value, "ordinal", "words", 1, w)
        q = self.joined(p)
        t = self.word(q) if q is not None else None
        if t is not None and (t.cls == "tens" or t.cls in ("hundred", "hundreds") and t.article):
            value, p = value + t.value, q + 1
            q2 = self.joined(p)
            if t.cls == "tens" and q2 is not None and (h := self.word(q2)) and h.cls == "hundred" and h.article:
                value, p = value + h.value, q2 + 1
            return self._make(k, p, value, "ordinal", "words", 1, w)
        if w.cls == "ordx" and not closing or w.cls == "ord" and self._no_ordinal(k, w):
            return None
        return self._make(k, p, value, "ordinal", "words", 1, w)

    def _no_ordinal(self, k: int, w: Word) -> bool:
        """Forms that are another word more often: seconds behind a number, adverbs, an adjective in -i."""
        norm, raw = self.norms[k], self.tokens.raw(k)
        if not w.article and norm[w.cut :] in cues()["second"]:
            before = self.norms[k - 1] if k > self.i else ""
            return not before.endswith("\u0647") or before in self.table
        return norm.endswith("\u064a") and w.value == 1 and raw.rstrip(TANWEEN).endswith("\u064a")

    def _vague(self, k: int, w: Word) -> Numeral:
        p = k + 1
        while p < self.j and p < k + 4 and self.bare(p, "scales", "hundreds_vague", "scale"):
            p += 1
        return self._make(k, p, None, "vague", "words", 1, w)
