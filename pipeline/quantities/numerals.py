"""Numbers in running text: digits, words, and both together.

`read(tokens, i, j)` walks a token range once and gives every number as a `Numeral`. The grammar is the one of the
Arabic numeral: units before tens joined by waw, hundreds, then a scale word (thousand and up) that closes a group;
groups fall in size, each joined by waw. A group that does not fall starts a number of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.language.fold import raw_length
from pipeline.layers import Tokens
from pipeline.quantities.digits import Digits, Habit, habit, parse
from pipeline.quantities.words import Word, words
from pipeline.resources import lexicon

WAW, REH = "\u0648", "\u0631"
_TANWEEN = "\u064b"
_EXPONENT = re.compile(r"e-?[0-9]{1,3}")
_SIGNS = {"-", "\u2212", "\u2013"}
_GROUP_WORDS = {"unit", "five", "ten", "tens", "teen", "teenunit", "hundred", "hundreds"}
_SCALES = {"scale", "scales", "scale2"}
INFINITE = float("inf")


@dataclass(slots=True)
class Numeral:
    """One number.

    Attributes
    ----------
    i, j : tokens; `start`, `end`: raw offsets, proclitics outside, the article inside.
    value : the number; None for `pair`, `vague` and `code`.
    kind : cardinal, ordinal, fraction, pair (`3-5`, ends in `parts`), vague (tens, a few), code (digits that are no
        number: telephone, version, clock, date).
    form : digits, words, mixed.
    scale : the value of the last scale word, 1 without one; lets the first end of a range borrow it.
    name : inside an entity's name.
    """

    i: int
    j: int
    start: int
    end: int
    value: int | float | None
    kind: str
    form: str
    scale: int = 1
    parts: tuple = ()
    definite: bool = False
    conj: bool = False
    prep: bool = False
    evidence: str = ""
    name: bool = False


@cache
def following_words() -> dict[str, str]:
    """What a word behind digits says about their separator: norm to scale, percent, measure or count."""
    from pipeline.quantities.units import word_classes

    out = dict(word_classes())
    out.update({norm: "scale" for norm, w in words().items() if w.cls in _SCALES and w.bare and w.value >= 1000})
    return out


@cache
def _cues() -> dict[str, frozenset[str]]:
    rows = lexicon("quantities/number_cues.tsv")
    from pipeline.language.fold import fold

    return {k: frozenset(fold(r["form"]) for r in rows if r["kind"] == k) for k in {r["kind"] for r in rows}}


def read(tokens: Tokens, i: int, j: int, separators: Habit | None = None) -> list[Numeral]:
    """Every number in tokens [i, j), in order, not overlapping.

    `separators` is what `digits.habit` found in the document; without it the whole of `tokens` is looked at.
    """
    table, norms = words(), tokens.norms
    hits = [k for k in range(i, j) if norms[k] in table or "0" <= norms[k][0] <= "9"]
    if not hits:
        return []
    if separators is None:
        separators = habit(norms)
    reader = _Reader(tokens, i, j, table, separators)
    out, done = [], i
    for k in hits:
        if k >= done:
            found = reader.numeral(k)
            if found:
                out.append(found)
                done = found.j
    return out


class _Reader:
    """The grammar over one token range; every method looks ahead a bounded number of tokens."""

    def __init__(self, tokens: Tokens, i: int, j: int, table: dict[str, Word], separators: Habit):
        self.tokens, self.i, self.j, self.table, self.habit = tokens, i, j, table, separators
        self.norms = tokens.norms

    # -- small look-ups ----------------------------------------------------------------------------------------------
    def word(self, k: int) -> Word | None:
        return self.table.get(self.norms[k]) if k < self.j else None

    def bare(self, k: int, *classes: str) -> Word | None:
        w = self.word(k)
        return w if w is not None and w.bare and w.cls in classes else None

    def joined(self, k: int) -> int | None:
        """The token of the number word or digits that waw joins at `k`, attached or not; None without one."""
        if k >= self.j:
            return None
        if self.norms[k] == WAW:
            k += 1
            if k < self.j and (self.is_digit(k) or (self.word(k) and self.word(k).bare)):
                return k
            return None
        w = self.word(k)
        return k if w and w.conj and not w.prep and self.norms[k][0] == WAW else None

    def is_digit(self, k: int) -> bool:
        return k < self.j and "0" <= self.norms[k][0] <= "9"

    def touches(self, k: int) -> bool:
        """Whether token `k` stands right behind token `k - 1`."""
        return k > 0 and self.tokens.starts[k] == self.tokens.ends[k - 1]

    # -- the number --------------------------------------------------------------------------------------------------
    def numeral(self, k: int) -> Numeral | None:
        if self.is_digit(k):
            return self._from_digits(k)
        w = self.table[self.norms[k]]
        cls = w.cls
        if cls in ("ord", "ordx"):
            return self._ordinal(k, w)
        if cls in ("vague", "hundreds_vague") or (cls == "scales"):
            return self._vague(k, w)
        if cls == "minus":
            inner = self.numeral(k + 1) if k + 1 < self.j and (self.is_digit(k + 1) or self.word(k + 1)) else None
            if inner and inner.kind in ("cardinal", "fraction") and not inner.conj and not inner.prep:
                return self._make(k, inner.j, -inner.value, inner.kind, inner.form, inner.scale, w)
            return None
        if cls == "zero":
            return self._decimal_word(k, k + 1, 0, w) or self._make(k, k + 1, 0, "cardinal", "words", 1, w)
        if cls == "frac":
            return self._fraction(k, w)
        if cls in ("fracs", "fractail"):
            return None
        return self._cardinal(k, w)

    def _make(self, k, end, value, kind, form, scale=1, w=None, evidence="", parts=()) -> Numeral:
        tokens = self.tokens
        start = tokens.starts[k]
        if w is not None and w.cut:
            start += raw_length(tokens.text[start : tokens.ends[k]], w.cut)
        before = self.norms[k - 1] if k > self.i else ""
        definite = bool(w and w.article) or (w is None and before in _cues()["article"])
        if isinstance(value, float) and value.is_integer() and abs(value) >= 1 and scale > 1:
            value = int(value)
        return Numeral(
            k, end, start, tokens.ends[end - 1], value, kind, form, scale, parts, definite,
            bool(w and w.conj), bool(w and w.prep), evidence,
        )  # fmt: skip

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
            if w is None or w.cls not in _GROUP_WORDS or (w.prep and not first):
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
            value, scale, p = _times(value, s.value), max(scale, 1) * s.value, p + 1
        return value, scale, p, form, decimal, evidence

    def _dual_construct(self, k: int) -> bool:
        """`ألفا شخص` (two thousand persons): a scale word in -a before a noun, without tanween."""
        if not self.norms[k].endswith("\u0627") or _TANWEEN in self.tokens.raw(k) or k + 1 >= self.j:
            return False
        after = self.norms[k + 1]
        return self.joined(k + 1) is None and after[0].isalpha() and after not in _cues()["function"]

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
            if nxt is not None and nxt.cls not in _GROUP_WORDS and nxt.cls not in ("scale", "scale2"):
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
            tail = (
                self._ordinal(q, self.word(q)) if q is not None and self.word(q) and self.word(q).cls == "ord" else None
            )
            if tail and tail.definite:
                return self._make(k, tail.j, total + tail.value, "ordinal", "words", 1, w)
        kind = "cardinal"
        total, p, tail = self._fraction_tail(total, last, p, form)
        if not tail and (found := self._decimal_word(k, p, total, w, last)):
            return found
        if not tail and last == 1:
            if form == "words" and (f := self.bare(p, "frac", "five")) and f.value != 0.5 and f.value != 0.25:
                if f.value < 1:
                    total, p, kind = total * f.value, p + 1, "fraction"
                elif total > 1 and self.norms[p] == self._fifth_form():
                    total, p, kind = total / 5, p + 1, "fraction"
            elif (f := self.bare(p, "fracs")) and isinstance(total, int) and total <= 10:
                total, p, kind = total * f.value, p + 1, "fraction"
                if s := self.bare(p, "scale", "scales"):
                    total, last, p, kind = total * s.value, s.value, p + 1, "cardinal"
        found = self._make(k, p, _tidy(total), kind, form, last, w, evidence)
        return self._ratio(found)

    def _group_is_fraction(self, q: int) -> bool:
        return bool(self.bare(q + 1, "fracs"))

    def _fifth_form(self) -> str:
        return _cues()["fifth"].__iter__().__next__()

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
        return self._make(k, p, _tidy(value), kind, "words", scale, w)

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
            value, after = w.value * f.value, q + 2
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
        if p + 1 >= self.j or self.norms[p] not in _cues()["point"] or not isinstance(total, int):
            return None
        zeros, q = 0, p + 1
        while (z := self.word(q)) and z.cls == "zero" and zeros < 6:
            zeros, q = zeros + 1, q + 1
        tail, end = ("", q)
        if self.is_digit(q) and self.norms[q].isdigit():
            tail, end = self.norms[q], q + 1
        elif (n := self.word(q)) and n.bare and (group := self._group(q)):
            tail, end = str(group[0]), group[1]
        if not tail and not zeros:
            return None
        value, scale = float(f"{total}.{'0' * zeros}{tail}"), 1
        if last == 1 and (s := self.bare(end, "scale", "scales")):
            value, scale, end = _times(value, s.value), s.value, end + 1
        return self._make(k, end, value, "cardinal", "words", scale, w)

    def _ratio(self, left: Numeral) -> Numeral:
        """`واحد على عشرين` (one over twenty), `ستة عشر وسبعة عشر على ثلاثة` (16 and 17/3)."""
        p = left.j
        if p + 1 >= self.j or left.scale >= 1000 or left.value is None:
            return left
        if left.form == "words" and (q := self.joined(p)) is not None and not self.is_digit(q):
            # A second number that the first cannot take up may be the numerator of a mixed number.
            group = self._group(q) if self.word(q).cls in _GROUP_WORDS else None
            if group and group[1] + 1 < self.j and self.norms[group[1]] in _cues()["over"]:
                below = self._denominator(group[1] + 1)
                if below:
                    value = left.value + group[0] / below[0]
                    return self._make(left.i, below[1], value, "fraction", "words", 1, self.word(left.i))
            return left
        if self.norms[p] in _cues()["part"] and p + 2 < self.j and self.norms[p + 1] in _cues()["out_of"]:
            below = self._denominator(p + 2, True)
            if below and below[0]:
                w = None if self.is_digit(left.i) else self.word(left.i)
                return self._make(left.i, below[1], left.value / below[0], "fraction", left.form, 1, w)
        part_of = self.norms[p] in _cues()["out_of"]
        if not part_of and self.norms[p] not in _cues()["over"]:
            return left
        below = self._denominator(p + 1)
        if below is None or not below[0]:
            return left
        value, end = left.value, below[1]
        if part_of and (value >= below[0] or not self._stands_alone(end)):
            return left
        w = self.word(left.i) if not self.is_digit(left.i) else None
        if value > 100 and value % 100 == 1 and left.form == "words" and not part_of:
            return self._make(left.i, end, value - 1 + 1 / below[0], "fraction", "words", 1, w)
        return self._make(left.i, end, _tidy(value / below[0]), "fraction", left.form, 1, w)

    def _denominator(self, k: int, article: bool = False) -> tuple[int | float, int] | None:
        """A plain cardinal from token `k`: (value, next token)."""
        if k >= self.j:
            return None
        w = self.word(k)
        if not self.is_digit(k) and not (
            w and w.bare and (article or not w.article) and w.cls in _GROUP_WORDS | {"scale", "scale2"}
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
        return k >= self.j or not (self.norms[k][0].isalnum()) or self.norms[k] in _cues()["or"]

    # -- ordinals, vague words ---------------------------------------------------------------------------------------
    def _ordinal(self, k: int, w: Word) -> Numeral | None:
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
        if w.cls == "ordx" or self._no_ordinal(k, w):
            return None
        return self._make(k, p, value, "ordinal", "words", 1, w)

    def _no_ordinal(self, k: int, w: Word) -> bool:
        """Forms that are another word more often: seconds behind a number, adverbs, an adjective in -i."""
        norm, raw = self.norms[k], self.tokens.raw(k)
        if not w.article and norm[w.cut :] in _cues()["second"]:
            before = self.norms[k - 1] if k > self.i else ""
            return not before.endswith("\u0647") or before in self.table
        return norm.endswith("\u064a") and w.value == 1 and raw.rstrip(_TANWEEN).endswith("\u064a")

    def _vague(self, k: int, w: Word) -> Numeral:
        p = k + 1
        while p < self.j and p < k + 4 and self.bare(p, "scales", "hundreds_vague", "scale"):
            p += 1
        return self._make(k, p, None, "vague", "words", 1, w)

    # -- digits ------------------------------------------------------------------------------------------------------
    def _digits(self, k: int):
        """The digit token at `k` with groups set apart by spaces and an exponent: (Digits, next token)."""
        norms, tokens = self.norms, self.tokens
        norm, p = norms[k], k + 1
        if len(norm) <= 3 and norm.isdigit() and norm[0] != "0":
            joined = norm
            while p < self.j and len(joined) < 30 and self._space_group(p):
                joined += norms[p]
                p += 1
                if not norms[p - 1].isdigit():
                    break
            if p > k + 1:
                norm = joined
        after = p + 1 if p + 1 < self.j and norms[p] == ")" else p
        following = following_words().get(norms[after], "") if after < self.j else ""
        if p + 1 < self.j and norms[p] == REH and self._reh_decimal(norm, p):
            value = float(f"{norms[p + 1]}.{norm}")
            return Digits("number", value, evidence="decimal reh, fraction printed first"), p + 2
        if p + 1 < self.j and norms[p] == "." and norm.isdigit() and self._reversed(p):
            value = float(f"{norms[p + 1]}.{norm}")
            return Digits("number", value, evidence="decimals printed back to front"), p + 2
        found = parse(norm, self.habit, following)
        if p > k + 1 and found.shape == "number":
            found.evidence = found.evidence or "groups of three set apart by spaces"
        if found.shape == "number" and p < self.j and tokens.starts[p] == tokens.ends[p - 1]:
            tail = norms[p]
            if tail[0] == "e" and _EXPONENT.fullmatch(tail):
                found.value, p = float(f"{found.value}{tail}"), p + 1
            elif tail == "e" and p + 2 < self.j and norms[p + 1] == "-" and norms[p + 2].isdigit():
                found.value, p = float(f"{found.value}e-{norms[p + 2][:3]}"), p + 3
            elif tail == "e" and p + 1 < self.j and norms[p + 1].isdigit() and self.touches(p + 1):
                found.value, p = float(f"{found.value}e{norms[p + 1][:3]}"), p + 2
        return found, p

    def _reh_decimal(self, norm: str, p: int) -> bool:
        """The press of Tunisia and Egypt prints decimals with a reh, and the fraction comes first: 4r313 is 313.4."""
        tail = self.norms[p + 1]
        plain = norm.isdigit() and tail.isdigit() and len(norm) < 12 and len(tail) < 12
        return plain and self.touches(p) and self.touches(p + 1)

    def _reversed(self, p: int) -> bool:
        """`86 .6421` for 6421.86: a right-to-left print that put the decimals first, a space before the point."""
        tail = self.norms[p + 1]
        return tail.isdigit() and len(tail) < 12 and self.touches(p + 1) and not self.touches(p)

    def _space_group(self, k: int) -> bool:
        """Whether the token at `k` is a group of three digits behind one space, maybe with decimals."""
        tokens, norm = self.tokens, self.norms[k]
        if not ("0" <= norm[0] <= "9") or tokens.starts[k] - tokens.ends[k - 1] != 1:
            return False
        gap = tokens.text[tokens.ends[k - 1]]
        if gap in "\n\t\r":
            return False
        return (
            len(norm) == 3
            and norm.isdigit()
            or len(norm) > 4
            and norm[:3].isdigit()
            and norm[3] in ".,\u066b\u060c"
            and norm[4:].isdigit()
        )

    def _from_digits(self, k: int) -> Numeral | None:
        tokens, norms = self.tokens, self.norms
        found, p = self._digits(k)
        start_at, sign = k, 1
        if k > 0 and self.touches(k):
            before = norms[k - 1]
            spaced = k - 1 == 0 or tokens.starts[k - 1] > tokens.ends[k - 2] or not norms[k - 2][-1].isalnum()
            if before in _SIGNS and spaced and not (k > 1 and self.is_digit(k - 2)):
                sign, start_at = -1, k - 1
            elif before in _SIGNS and k > 1 and self.is_digit(k - 2) and spaced:
                pass  # 4 -8: the dash joins two numbers
            elif before in _SIGNS and k > 1 and following_words().get(norms[p] if p < self.j else "") == "percent":
                sign, start_at = -1, k - 1
            elif before in _SIGNS or norms[k - 1][-1] == "_":
                # A designation: a word, a dash and digits written as one.
                return self._make(k, p, None, "code", "digits")
            elif before in (".", DECIMAL_MARK) and found.shape == "number" and spaced and norms[k].isdigit():
                found.value, start_at = float(f"0.{norms[k]}"), k - 1
                if start_at > 0 and norms[start_at - 1] in _SIGNS and self.touches(start_at):
                    sign, start_at = -1, start_at - 1
            elif before == "+" and (len(norms[k]) > 6 or found.shape == "code"):
                return self._make(k, p, None, "code", "digits")
        if found.shape in ("code", "pair") and sign < 0 or found.shape == "code":
            end = self._code_end(p)
            return self._make(k, end, None, "code", "digits")
        if found.shape == "pair":
            return self._pair(k, p, found)
        value, kind, scale, form, evidence = found.value, "cardinal", 1, "digits", found.evidence
        if found.shape == "fraction":
            kind = "fraction"
        elif isinstance(value, int) and p < self.j and "/" in norms[p] and self.is_digit(p):
            part = parse(norms[p], self.habit)
            if part.shape == "fraction" and part.value < 1 and tokens.starts[p] - tokens.ends[p - 1] == 1:
                out = self._make(k, p + 1, sign * (value + part.value), "fraction", "digits")
                out.start = tokens.starts[start_at]
                return out
        bracketed = k > self.i and p + 1 < self.j and norms[p] == ")" and norms[k - 1] == "("
        if kind == "cardinal" and bracketed and self.bare(p + 1, "scale", "scales"):
            start_at, p = k - 1, p + 1  # (3.462) milliard: brackets set around the digits alone
        if kind == "cardinal":
            read = self._scaled_digits(value, p)
            value, scale, p, form = read
            out = self._rest(k, None, value, scale, p, form, isinstance(found.value, float), evidence)
        else:
            if (s := self.bare(p, "scale", "scales")) is not None:
                value, scale, p, form, kind = value * s.value, s.value, p + 1, "mixed", "cardinal"
            elif value < 1 and p < self.j and norms[p].isdigit() and len(norms[p]) < 4 and self._mirrored(k, p):
                # A mixed number printed back to front in right-to-left text: 1/4 2.
                value, p = int(norms[p]) + value, p + 1
            out = self._make(k, p, _tidy(value), kind, form, scale, None, evidence)
        if sign < 0:
            out.value, out.start = -out.value, tokens.starts[start_at]
        elif start_at < k:
            out.start = tokens.starts[start_at]
        return out

    def _mirrored(self, k: int, p: int) -> bool:
        tokens = self.tokens
        return (
            tokens.text[tokens.starts[k]] > "\u0600"
            and tokens.starts[p] - tokens.ends[p - 1] == 1
            and self._stands_alone(p + 1)
        )

    def _scaled_digits(self, value, p):
        scale, form = 1, "digits"
        if (h := self.bare(p, "hundred")) and not h.article:
            value, p, scale, form = value * 100, p + 1, 100, "mixed"
        while (s := self.bare(p, "scale", "scales")) is not None and s.value > scale:
            value, scale, p, form = _times(value, s.value), scale * s.value, p + 1, "mixed"
        return value, scale, p, form

    def _pair(self, k: int, p: int, found) -> Numeral:
        a, b = found.parts
        scale, form = 1, "digits"
        if (s := self.bare(p, "scale", "scales")) is not None:
            a, b, scale, p, form = _times(a, s.value), _times(b, s.value), s.value, p + 1, "mixed"
        return self._make(k, p, None, "pair", form, scale, None, found.evidence, (a, b))

    def _code_end(self, p: int) -> int:
        """Digit tokens joined to a code by a slash, dash or plus belong to it."""
        while (
            p + 1 < self.j
            and self.norms[p] in ("/", "-", ".", ":")
            and self.touches(p)
            and self.is_digit(p + 1)
            and self.touches(p + 1)
        ):
            p += 2
        return p


DECIMAL_MARK = "\u066b"


def _times(value, factor):
    """Scale without float noise: 5.7 milliard is 5700000000."""
    if isinstance(value, float):
        product = round(value * factor, 6)
        return int(product) if product.is_integer() else product
    return value * factor


def _tidy(value):
    """Whole floats of computed numbers become ints; digits printed with decimals keep their float."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) >= 1 else value
