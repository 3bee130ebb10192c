"""Times of day: `14:30`, `الساعة الثالثة والنصف مساء` (half past three in the evening), parts of the day."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.times.cursor import ARTICLE, WAW, Cursor
from pipeline.times.years import metres

_DIGITS = re.compile(r"(\d{1,2})([:.,])(\d{2})(?::(\d{2}))?$")
_HOUR_LETTER = re.compile(r"(\d{1,2})$")


class Clock(NamedTuple):
    hour: int
    minute: int | None
    second: int | None
    part: str | None  # am, pm, noon, night
    zone: str
    j: int

    @property
    def iso(self) -> str:
        hour = self.hour
        if (
            self.part == "pm"
            and hour < 12
            or self.part == "noon"
            and hour < 10
            or self.part == "night"
            and 6 <= hour < 12
        ):
            hour += 12
        elif self.part in ("am", "night") and hour == 12:
            hour = 0
        hour %= 24
        out = f"T{hour:02d}:{self.minute or 0:02d}"
        if self.second is not None:
            out += f":{self.second:02d}"
        return out + self.zone


def daypart(t: Cursor, k: int) -> tuple[str, int] | None:
    """(am, pm, noon or night; next token): an adverb, or a noun behind `في` (in) or `هذا` (this)."""
    j = k
    if t.norm(j) == "." and t.norm(j + 1):
        return None
    if t.get(j, "daypart") is None and (t.tag(j, "of") is not None or t.tag(j, "this")):
        j += 1
        if t.tag(j, "this"):
            j += 1
    word = t.word(j)
    if word is not None and word.conj:
        return None
    found = t.get(j, "daypart")
    if found:
        return found
    # `ص` and `م`, the abbreviations of am and pm, only behind a clock time: the caller stands there.
    if metres(t, k - 1, k):
        return None
    hit = {"\u0635": ("am", k + 1), "\u0645": ("pm", k + 1), "am": ("am", k + 1), "pm": ("pm", k + 1)}.get(t.norm(k))
    # Not in `23 م د` (million dinars) nor `ج9 ص 436` (page): a letter or a number follows.
    after = t.norm(k + 1)
    return None if hit and (after.isdecimal() or len(after) == 1 and after.isalpha()) else hit


def clock(t: Cursor, k: int, inside: bool = False) -> Clock | None:
    """A clock time at token `k`. inside: the second end of a range, where a bare hour will do."""
    j, cue, part = k, False, None
    first = daypart(t, j) if t.get(j, "daypart") else None
    if first and (t.tag(first[1], "unit") == "h1" or _hour(t, first[1])):
        part, j, cue = first[0], first[1], True
        if t.tag(j, "of") and t.tag(j, "unit") is None:
            return None
    if t.tag(j, "unit") == "h1" and t.definite(j):
        j, cue = j + 1, True
        if noon := t.get(j, "noonlike"):
            return Clock(int(noon[0][1:3]), int(noon[0][4:6]), None, None, "", noon[1])
    hour = _hour(t, j)
    if hour is None:
        return None
    value, minute, second, j, kind = hour
    if kind == "card" and not cue and not inside and (after := daypart(t, j)) is None:
        return None
    if kind == "ord" and not cue and not inside and daypart(t, j) is None and not _minutes_cue(t, j):
        return None
    if minute is None:
        minute, j, before = _minutes(t, j)
        if before:
            value = (value - 1) % 24 if value else 23
    after = daypart(t, j)
    if after:
        if part is None or after[0] in ("pm", "am"):
            part = after[0]
        j = after[1]
        if minute is None:  # nine in the evening and three quarters
            minute, j, before = _minutes(t, j)
            if before:
                value = (value - 1) % 24
        again = t.get(j, "daypart")
        if again and t.word(j).cut == 0:
            j = again[1]
    again = _DIGITS.match(t.norm(j + 1)) if t.norm(j) == "(" and t.norm(j + 2) == ")" else None
    if again and int(again[1]) < 24 and (int(again[1]) - value) % 12 == 0:  # `nine in the evening (21.00)`
        value, minute, part, j = int(again[1]), int(again[3]), None, j + 3
    zone, j = _zone(t, j)
    if not 0 <= value <= 24 or minute is not None and minute > 59 or second is not None and second > 59:
        return None
    return Clock(value, minute, second, part, zone, j)


def _hour(t: Cursor, k: int):
    """(hour, minute, second, next token, kind) in digits, as an ordinal or as a number word."""
    norm = t.norm(k)
    if norm == ARTICLE:
        k += 1
        norm = t.norm(k)
    digits = _DIGITS.match(norm)
    if digits and int(digits[1]) <= 24 and int(digits[3]) < 60:
        kind = "full" if digits[2] == ":" else "card"
        return int(digits[1]), int(digits[3]), int(digits[4]) if digits[4] else None, k + 1, kind
    n = t.numbers.get(k)
    named = t.get(k, "hour")
    if named and n is None:
        return int(named[0]), None, None, named[1], "ord"
    if n is None or n.j > t.hi or not isinstance(n.value, int):
        return None
    if n.kind == "ordinal" and named and 1 <= n.value <= 12:
        return n.value, None, None, n.j, "ord"
    if n.kind == "cardinal" and n.form == "digits" and norm.isdecimal():
        told = t.get(n.j, "daypart") or len(norm) == 4 and t.tag(k - 1, "unit") == "h1"  # `الساعة 0755`
        if len(norm) in (3, 4) and n.value < 2400 and n.value % 100 < 60 and told:
            return n.value // 100, n.value % 100, None, n.j, "card"
        return (n.value, None, None, n.j, "card") if n.value <= 24 else None
    if n.kind == "cardinal" and 1 <= n.value <= 12:
        return n.value, None, None, n.j, "card"
    return None


def _minutes_cue(t: Cursor, k: int) -> bool:
    """Whether minutes follow an hour: `والنصف` (and a half), `إلا ربعا` (less a quarter)."""
    return _minutes(t, k)[0] is not None


def _minutes(t: Cursor, k: int) -> tuple[int | None, int, bool]:
    """(minutes, next token, whether they lie before the hour)."""
    less = t.get(k, "less")
    j = less[1] if less else k
    apart = t.norm(j) == WAW
    if apart and not less:
        j += 1
    word = t.word(j)
    joined = apart or bool(less) or word is not None and word.conj
    n = t.numbers.get(j)
    if not joined and not (n is not None and n.conj):
        return None, k, False
    found = t.get(j, "minutes")
    if found:
        value, j = int(found[0]), found[1]
    elif n is not None and isinstance(n.value, int) and 0 < n.value < 60 and n.j <= t.hi:
        value, j = n.value, n.j
        if n.kind == "cardinal" and t.tag(j, "unit") not in ("m1", "m+") and not less:
            return None, k, False
        if n.kind == "ordinal" and n.value <= 12 and t.get(n.i, "hour"):
            if t.pairing:
                return None, k, False
            value = 5 * n.value  # the hand on the fifth figure: twenty-five past
            return (value, j, False) if value < 60 else (None, k, False)
    else:
        return None, k, False
    if t.tag(j, "unit") in ("m1", "m+"):
        j += 1
    return (60 - value, j, True) if less else (value, j, False)


def _zone(t: Cursor, k: int) -> tuple[str, int]:
    """(offset as ISO, next token) behind a clock time: `بتوقيت غرينتش` (GMT), `GMT`."""
    j = k
    if t.norm(j) == "(":
        j += 1
    if t.get(j, "zonehead"):
        j += 1
    elif j == k and t.tag(j, "zone") != "Z":
        return "", k
    found = t.get(j, "zone")
    if found is None:
        return "", (j if j > k and t.norm(k) != "(" else k)
    j = found[1]
    if t.norm(k) == "(" and t.norm(j) == ")":
        j += 1
    return ("" if found[0] == "local" else found[0]), j
