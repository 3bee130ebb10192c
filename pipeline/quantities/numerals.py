"""Numbers in running text: digits, words, and both together.

`read(tokens, i, j)` walks a token range once and gives every number as a `Numeral`. The words are read by
`pipeline.quantities.grammar`; this module holds what stands in digits.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import compress

from pipeline.layers import Tokens
from pipeline.quantities.digits import DECIMAL, Digits, Habit, habit, parse
from pipeline.quantities.grammar import Grammar
from pipeline.quantities.numeral import WAW, Numeral, following_words, tidy, times
from pipeline.quantities.words import begins, words

ARTICLE = "\u0627\u0644"
MIN = "\u0645\u0646"
REH = "\u0631"
HAMZA = "\u0623"
_ONE = WAW + "\u0627\u062d\u062f"
_GROUPED = re.compile(r"\d{1,3}(?:[,\u060c\u066c]\d{3})+")  # 6,421
_SEPARATOR = re.compile(r"[,\u060c\u066c]")
# A right-to-left mark behind the point shows the digits in the other order: the reader sees 4.1.
_TURNED = re.compile(r"\d+[.,\u066b]\u200f+(?!00)\d\d?")
_LONG = 11  # digits of a number before a point that is read with a space before it
_EXPONENT = re.compile(r"e-?[0-9]{1,2}")  # more is no number of the news, and no finite one soon
_SIGNS = {"-", "\u2212", "\u2013"}


def read(tokens: Tokens, i: int, j: int, separators: Habit | None = None) -> list[Numeral]:
    """Every number in tokens [i, j), in order, not overlapping.

    `separators` is what `digits.habit` found in the document; without it the whole of `tokens` is looked at.
    """
    return _numbers(tokens, i, j, _begins(tokens, i, j), separators or habit(tokens.norms))


def read_all(tokens: Tokens, ranges: Iterable[tuple[int, int]]) -> list[Numeral]:
    """Every number in ranges of tokens that follow one another; none goes over the end of its range."""
    hits = _begins(tokens, 0, len(tokens))
    separators, at, out = habit(tokens.norms[k] for k in hits), 0, []
    for i, j in ranges:
        first = bisect_left(hits, i, at)
        at = bisect_left(hits, j, first)
        if first < at:
            out += _numbers(tokens, i, j, hits[first:at], separators)
    return out


def _begins(tokens: Tokens, i: int, j: int) -> list[int]:
    """The tokens that may begin a number."""
    return list(compress(range(i, j), map(begins().__getitem__, tokens.norms[i:j])))


def _numbers(tokens: Tokens, i: int, j: int, hits: list[int], separators: Habit) -> list[Numeral]:
    reader, out, done = _Reader(tokens, i, j, words(), separators), [], i
    for k in hits:
        if k >= done:
            found = reader.numeral(k)
            if found:
                out.append(found)
                done = found.j
    return out


class _Reader(Grammar):
    """The grammar with the numbers in digits. `straight`: a space before a point stood in a number of this range that
    can only be read from left to right.
    """

    straight = False

    # -- the number --------------------------------------------------------------------------------------------------
    def numeral(self, k: int) -> Numeral | None:
        if self.is_digit(k):
            return self._from_digits(k)
        if self.norms[k] == _ONE and HAMZA in self.tokens.raw(k):
            return None  # "and one of": the conjunction before another word, folded alike
        w = self.table[self.norms[k]]
        cls = w.cls
        if cls in ("ord", "ordx"):
            return self._ordinal(k, w)
        if cls in ("vague", "hundreds_vague") or (cls == "scales"):
            return self._vague(k, w)
        if cls == "minus":
            ahead = self.word(k + 1)
            inner = self.numeral(k + 1) if self.is_digit(k + 1) or (ahead and ahead.cls != "minus") else None
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

    # -- digits ------------------------------------------------------------------------------------------------------
    def _digits(self, k: int):
        """The digit token at `k` with groups set apart by spaces and an exponent: (Digits, next token)."""
        norms, tokens = self.norms, self.tokens
        norm, p = norms[k], k + 1
        if "\u200f" in tokens.raw(k) and _TURNED.fullmatch(tokens.raw(k)):
            norm = "".join(re.split(r"(\D)", norm)[::-1])
        if len(norm) <= 3 and norm.isdecimal() and norm[0] != "0":
            joined = norm
            while p < self.j and len(joined) < 30 and self._space_group(p):
                joined += norms[p]
                p += 1
                if not norms[p - 1].isdecimal():
                    break
            if p > k + 1:
                norm = joined
        after = p + 1 if p + 1 < self.j and norms[p] == ")" else p
        following = self._following(after)
        behind = norms[after + 1] if after + 1 < self.j and norms[after] == MIN else ""
        if behind.startswith(ARTICLE) and behind not in self.table:
            following = "count"  # `622.650 من المتكلمين`: so many of them
        if p + 1 < self.j and norms[p] == REH and self._reh_decimal(norm, p):
            value = float(f"{norms[p + 1]}.{norm}")
            return Digits("number", value, evidence="decimal reh, fraction printed first"), p + 2
        if p + 1 < self.j and norms[p] == "." and norm.isdecimal() and self._reversed(p):
            last = self._mirrored_groups(norm, p)
            if last:
                parts = [norms[q] for q in range(last - 1, p, -2)] + [norm]
                return Digits("number", int("".join(parts)), evidence="groups printed back to front"), last
            if self._straight(norm, k, p):
                return parse(f"{norm}.{norms[p + 1]}", self.habit, self._following(p + 2)), p + 2
            behind = self._following(p + 2)
            whole = _SEPARATOR.sub("", norms[p + 1])
            zeros = norm == "000" and not self._percent(p + 2)
            grouped = len(norm) == 3 and len(norms[p + 1]) <= 3 and (behind == "count" or zeros)
            value = int(whole + norm) if grouped else float(f"{whole}.{norm}")
            what = "groups" if grouped else "decimals"
            return Digits("number", value, evidence=f"{what} printed back to front"), p + 2
        found = parse(norm, self.habit, following)
        if p > k + 1 and found.shape == "number":
            found.evidence = found.evidence or "groups of three set apart by spaces"
        if found.shape == "number" and p < self.j and tokens.starts[p] == tokens.ends[p - 1]:
            tail = norms[p]
            if tail[0] == "e" and _EXPONENT.fullmatch(tail):
                found.value, p = float(f"{found.value}{tail}"), p + 1
            elif tail == "e" and p + 2 < self.j and norms[p + 1] == "-" and norms[p + 2].isdecimal():
                found.value, p = float(f"{found.value}e-{norms[p + 2][:2]}"), p + 3
            elif tail == "e" and p + 1 < self.j and norms[p + 1].isdecimal() and self.touches(p + 1):
                found.value, p = float(f"{found.value}e{norms[p + 1][:2]}"), p + 2
        return found, p

    def _percent(self, k: int) -> bool:
        from pipeline.quantities.units import match, table

        found = match(self.norms, k, self.j, table())
        return found is not None and found[0].dimension == "percent"

    def _reh_decimal(self, norm: str, p: int) -> bool:
        """The press of Tunisia and Egypt prints decimals with a reh, and the fraction comes first: 4r313 is 313.4."""
        tail = self.norms[p + 1]
        plain = norm.isdecimal() and tail.isdecimal() and len(norm) < 12 and len(tail) < 12
        return plain and self.touches(p) and self.touches(p + 1)

    def _reversed(self, p: int) -> bool:
        """`86 .6421`, `86 .6،421` for 6421.86: a right-to-left print that put the decimals first, a space before the
        point.
        """
        tail = self.norms[p + 1]
        whole = tail.isdecimal() and len(tail) < 12 or len(tail) < 16 and _GROUPED.fullmatch(tail) is not None
        return whole and self.touches(p + 1) and not self.touches(p)

    def _following(self, p: int) -> str:
        return following_words().get(self.norms[p], "") if p < self.j else ""

    def _straight(self, head: str, k: int, p: int) -> bool:
        """`2818 .13`, `1 .04`, `%1 .68`: not printed back to front, as four decimals, or `04`, would show; nor are the
        numbers behind them.
        """
        tail = self.norms[p + 1]
        if not tail.isdecimal() or len(head) > _LONG or head[0] == "0" and len(head) > 1:
            self.straight = False
            return False
        percent = k > self.i and self.norms[k - 1] == "%" and self.touches(k)
        shown = percent or len(head) > 3 or tail[0] == "0" and len(tail) > 1
        self.straight = shown or self.straight and len(tail) < 4
        return self.straight

    def _mirrored_groups(self, norm: str, p: int) -> int:
        """The token behind `350 .486 .3` (3,486,350): two groups of three and more, each before its point; else 0."""
        q = p
        while q + 1 < self.j and q - p < 10 and self.norms[q] == "." and self._reversed(q):
            q += 2
            if len(self.norms[q - 1]) != 3:
                break
        return q if q - p >= 4 and len(norm) == 3 and len(self.norms[q - 1]) <= 3 else 0

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
            and norm.isdecimal()
            or len(norm) > 4
            and norm[:3].isdecimal()
            and norm[3] in ".,\u066b\u060c"
            and norm[4:].isdecimal()
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
            elif before in (".", DECIMAL) and found.shape == "number" and spaced and norms[k].isdecimal():
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
            elif value < 1 and p < self.j and norms[p].isdecimal() and len(norms[p]) < 4 and self._mirrored(k, p):
                # A mixed number printed back to front in right-to-left text: 1/4 2.
                value, p = int(norms[p]) + value, p + 1
            out = self._make(k, p, tidy(value), kind, form, scale, None, evidence)
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
            value, scale, p, form = times(value, s.value), scale * s.value, p + 1, "mixed"
        return value, scale, p, form

    def _pair(self, k: int, p: int, found) -> Numeral:
        a, b = found.parts
        scale, form = 1, "digits"
        if (s := self.bare(p, "scale", "scales")) is not None:
            a, b, scale, p, form = times(a, s.value), times(b, s.value), s.value, p + 1, "mixed"
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
