"""Calendar dates: years, months, days, in digits and words, in the calendars and month names of every region."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.times.calendar import Period, hijri_near, nearest, valid
from pipeline.times.cursor import ARTICLE, DASHES, WAW, Cursor, Reading

_SEPARATED = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})$")
_PAIR = re.compile(r"(\d{1,4})([/\-.])(\d{1,4})$")
_YEARS = re.compile(r"(1[0-9]{3}|20[0-9]{2})[/\-](1[0-9]{3}|20[0-9]{2}|[0-9]{2})$")
FIRST_YEAR, LAST_YEAR = 1000, 2200
HIJRI_YEARS = range(1300, 1500)


class Named(NamedTuple):
    """A month, with or without day and year, as the words say it. `mod` -1, 0, 1: last, this, next."""

    month: int
    day: int
    year: int | None
    hijri: bool
    mod: int | None
    j: int


def month(t: Cursor, k: int, alone: bool = False) -> tuple[int, bool, int] | None:
    """(month, hijri, next token): `March`, `the month of March`, `Adhar/March`, and after a day `month 3`.

    alone: nothing stands beside it, so a name that is also another word is not taken.
    """
    prefixed = t.tag(k, "unit") == "M1"
    if prefixed:
        k += 1
    for tag, hijri in (("month", False), ("hijri", True), ("month?", False), ("hijri?", True)):
        found = t.get(k, tag)
        if found is None or (alone and tag[-1] == "?" and not prefixed):
            continue
        number, j = int(found[0]), found[1]
        # Both names at once: `17 tammuz/july`, also `tammuz (july)`.
        apart = 1 if t.norm(j) in ("/", "(", "-", "|") else 0
        other = t.get(j + apart, "month") or t.get(j + apart, "month?")
        if other and int(other[0]) == number and not hijri and not t.word(j + apart).cut:
            j = other[1] + (apart and t.norm(other[1]) == ")")
        return number, hijri, j
    if prefixed and not alone:
        n = t.number(k)
        if (
            n is not None
            and 1 + (n.form == "words") <= n.value <= 12
            and n.kind == "cardinal"
            and not t.definite(k - 1)
        ):
            return n.value, False, n.j
    return None


def year(t: Cursor, k: int, bare: bool = True) -> tuple[int, int, bool] | None:
    """(year, next token, hijri): `2018`, `عام 2018` (the year), `من سنة 2018`, `ألفين وثمانية عشر` (2018).

    bare: a number alone will do, since a month stands before it.
    """
    j = k
    if t.comma(j):
        j += 1
    if t.tag(j, "of") and t.tag(j + 1, "unit") == "Y1":
        j += 1
    named = t.tag(j, "unit") == "Y1"
    if named:
        j += 2 if t.comma(j + 1) and len(t.norm(j + 2)) == 4 and t.norm(j + 2).isdecimal() else 1
        if t.norm(j) == ARTICLE:
            j += 1
        if t.get(j, "fiscal"):
            j += 1
    elif not bare:
        return None
    if not named and t.norm(j) in DASHES and t.norm(j + 1).isdecimal() and len(t.norm(j + 1)) == 4:
        j += 1
    n = t.number(j)
    if n is None or n.kind != "cardinal" or n.scale > 1000 and n.form != "words":
        return None
    value, j = n.value, n.j
    if named and 10 <= value < 100:
        after = t.number(j)
        # Years read as two numbers: nineteen, ninety-nine.
        if value in (18, 19, 20) and after is not None and after.value < 100 and after.form == n.form == "words":
            return 100 * value + after.value, after.j, False
        if n.form == "digits" and value >= 30 and len(t.norms[n.i]) == 2 and not _measured(t, j):
            return 1900 + value, j, False
    if not FIRST_YEAR <= value <= LAST_YEAR or n.form == "digits" and not t.norms[n.i].isdecimal():
        return None
    era = t.get(j, "era")
    if era:
        j = era[1]
    return value, j, bool(era and era[0] == "ah")


def before_christ(t: Cursor, k: int, joined: int = 4) -> Reading | None:
    """`58 ق.م`, and the numbers of a list that closes so: years before Christ, as ISO 8601 counts them (1 BC is 0)."""
    n = t.number(k)
    if n is None or not 0 < n.value < 10000 or not t.norms[n.i].isdecimal():
        return None
    era = t.get(n.j, "era")
    if era is None and joined:
        j = n.j + (t.comma(n.j) or t.norm(n.j) in DASHES or t.norm(n.j) == WAW or t.tag(n.j, "to") is not None)
        further = t.number(j) if j > n.j or j in t.numbers and t.numbers[j].conj else None
        era = era if further is None or not before_christ(t, j, joined - 1) else ("bc", n.j)
    if era is None or era[0] != "bc":
        return None
    return Reading(k, era[1], "period", iso=f"-{n.value - 1:04d}" if n.value > 1 else "0000", grain="year")


def _short_year(t: Cursor, k: int) -> tuple[int, int, bool] | None:
    """`8 يوليو 851 م`: a year of three digits behind a day and its month, where nothing is counted."""
    n = t.number(k)
    if n is None or len(t.norm(k)) != 3 or not t.norm(k).isdecimal() or n.conj or n.prep:
        return None
    if era := t.get(n.j, "era"):
        return (n.value, era[1], era[0] == "ah") if era[0] != "bc" else None
    word = t.word(n.j)
    stands = not t.norm(n.j)[:1].isalpha() or word is not None and bool(word.tags.keys() & {"to", "of", "plain"})
    return (n.value, n.j, False) if stands and not _measured(t, n.j) else None


def _measured(t: Cursor, k: int) -> bool:
    """Whether a unit stands at token `k`, so that the digits before it are no short year."""
    from pipeline.quantities.units import match, table

    return match(t.norms, k, t.hi, table()) is not None


def modifier(t: Cursor, k: int) -> tuple[int, int] | None:
    """(-1, 0 or 1, next token) of a definite adjective: last, current, next."""
    if beyond := t.get(k, "beyond"):
        return int(beyond[0]), beyond[1]
    found = t.get(k, "mod")
    if found and found[0] in ("-1", "0", "1") and t.definite(k):
        return int(found[0]), found[1]
    return None


def named(t: Cursor, k: int) -> Named | None:
    """A day with its month, or a month, with what fixes its year."""
    n = t.number(k)
    day, j, hijri = 0, k, False
    if n is not None and n.value == 0:
        n = None  # safar is written like zero
    if n is not None:
        if not 1 <= n.value <= 31 or n.form == "digits" and len(t.norms[n.i]) > 2:
            return None
        day, j = n.value, n.j
        if t.norm(j) in DASHES and t.tag(j + 1, "hijri?"):
            return None  # a score: safar is written like zero
        if t.norm(j) in DASHES or t.norm(j) in ("/", ".") or t.tag(j, "of") is not None and t.norm(j)[-1:] != "\u0647":
            j += 1
        found = month(t, j)
        if found is None:
            return None
        number, hijri, j = found
    elif t.tag(k, "part") == "first":
        found = month(t, k + 1)  # the first of a month has a word of its own
        if found is None:
            return None
        day, (number, hijri, j) = 1, found
    else:
        found = month(t, k)
        if found is None:
            return None
        number, hijri, j = found
        n = t.number(j)
        clear = not _doubtful(t, k)
        if n is not None and 1 <= n.value <= 31 and clear and not (n.conj or n.prep) and _closes(t, n):
            day, j = n.value, n.j
    stated, mod = year(t, j) or day and _short_year(t, j), None
    if stated and hijri and stated[0] not in HIJRI_YEARS and not 1900 <= stated[0] <= 2100:
        stated = None
    if stated:
        value, j, era = stated
        return Named(number, day, value, hijri, None, j)
    if found := modifier(t, j):
        mod, j = found
        if t.norm(j).isdecimal() and len(t.norm(j)) == 4 and (stated := year(t, j)):  # `next January 2016`
            return Named(number, day, stated[0], hijri, None, stated[1])
    elif not day and _doubtful(t, k):
        return None
    return Named(number, day, None, hijri, mod, j)


def _doubtful(t: Cursor, k: int) -> bool:
    """Whether a month's name that is also another word stands alone, without anything before it that time follows."""
    word = t.word(k)
    if word is None or t.tag(k, "month?") is None and t.tag(k, "hijri?") is None or t.query:
        return False
    if k in t.numbers:  # safar is written like zero
        return not t.tag(k - 1, "in") or t.norm(k + 1)[:1].isalnum() or t.norm(k + 1) in DASHES
    return not (
        t.tag(k - 1, "month") or word.cut == 0 and (t.preposition(k - 1) or t.norm(k - 1) in "/()" and k > t.lo)
    )


def _closes(t: Cursor, n) -> bool:
    """Whether a number behind a month is its day: an ordinal, or closed by a year, a range or the end."""
    if n.kind == "ordinal":
        return True
    if n.form != "digits":
        return False
    if year(t, n.j, bare=False) is not None:
        return True
    stands = not t.norm(n.j)[:1].isalpha() or t.tag(n.j, "to") is not None
    return stands and not _measured(t, n.j)


def resolve(t: Cursor, found: Named, i: int, container: int | None = None, weekday: int | None = None):
    """(Period, whether the year was guessed) of a named day or month."""
    month_, day, year_, hijri, mod, j = found
    if hijri:
        return _resolve_hijri(t, found, i)
    if year_ is None:
        year_ = container
    if year_ is not None:
        if day and not valid(year_, month_, day):
            return None, False
        return Period("day" if day else "month", year_, month_, day), False
    if day and not valid(None, month_, day):
        return None, False
    grain = "day" if day else "month"
    if t.ref is None or day and mod is None and t.tag(i - 1, "event"):
        return Period(grain, None, month_, day), True
    if mod == 0 or t.query and weekday is None and mod is None:
        return Period(grain, t.ref.year, month_, day), mod is None
    if mod is not None:
        ahead = mod
        if (month_, day or 0) == (t.ref.month, t.ref.day if day else 0):
            return Period(grain, t.ref.year + mod, month_, day), False
    else:
        ahead = -1 if t.tag(i - 1, "since") or t.came(i) else t.ahead(i, j)
    return Period(grain, nearest(month_, day or None, t.ref, ahead, weekday), month_, day), mod is None


def _resolve_hijri(t: Cursor, found: Named, i: int):
    from pipeline.times.calendar import hijri_in_year

    month_, day, year_, _, mod, j = found
    if year_ is not None:
        if year_ in HIJRI_YEARS:
            return Period("day" if day else "month", year_, month_, day, "hijri"), False
        return hijri_in_year(month_, day, year_), False
    if t.ref is None:
        return None, True
    return hijri_near(month_, day, t.ref, mod if mod is not None else t.ahead(i, j)), True


def numeric(t: Cursor, k: int) -> tuple[Period | None, int, bool] | None:
    """A date in digits alone: `28/03/2016` (day first), `2016-03-28`, `3/2015`, `22/4`; (period, next, guessed)."""
    norm = t.norm(k)
    full = _SEPARATED.match(norm)
    if full:
        a, _, b, c = full.groups()
        if len(a) == 4:
            y, m, d = int(a), int(b), int(c)
            if len(c) > 2:
                return None
        elif len(c) in (2, 4) and len(a) < 3:
            d, m, y = int(a), int(b), int(c)
            if len(c) == 2:
                y += 2000 if y < 50 else 1900
            if m > 12 >= d:
                d, m = m, d
        else:
            return None
        j = k + 1
        era = t.get(j, "era")
        if era:
            j = era[1]
        if not (FIRST_YEAR <= y <= LAST_YEAR and valid(y, m, d)):
            return None
        if y in HIJRI_YEARS or era and era[0] == "ah":
            return Period("day", y, m, d, "hijri"), j, False
        return Period("day", y, m, d), j, False
    pair = _PAIR.match(norm)
    if pair is None:
        return None
    a, mark, b = pair.groups()
    if len(a) == 4 and len(b) < 3 and mark != "." and 1 <= int(b) <= 12 and FIRST_YEAR <= int(a) <= LAST_YEAR:
        return Period("month", int(a), int(b)), k + 1, False
    if len(b) == 4 and len(a) < 3 and mark != "." and 1 <= int(a) <= 12 and FIRST_YEAR <= int(b) <= LAST_YEAR:
        return Period("month", int(b), int(a)), k + 1, False
    if len(a) < 3 and len(b) < 3 and _day_month_cue(t, k, mark):
        d, m = int(a), int(b)
        if m > 12 >= d:
            d, m = m, d
        if valid(None, m, d):
            period, guessed = resolve(t, Named(m, d, None, False, None, k + 1), k)
            return period, k + 1, guessed
    return None


def _day_month_cue(t: Cursor, k: int, mark: str) -> bool:
    """A pair of small numbers is a day only beside a day of the week, or where a verb ahead puts one in time."""
    if t.tag(k - 1, "weekday") is not None or t.tag(k - 1, "unit") == "D1":
        return True
    after = t.norm(k + 1)
    closed = not after or not after[0].isalnum() and after not in "%/"
    return closed and t.ahead(k, k + 1) == 1 and k - t.lo <= 4 and t.tag(k - 1, "to") is None


def school_years(norm: str) -> tuple[int, int] | None:
    """`2017/2018`, `2017-18`: both years, where the second follows the first or is later."""
    found = _YEARS.match(norm)
    if found is None:
        return None
    a, b = int(found[1]), int(found[2])
    if len(found[2]) == 2:
        b += a // 100 * 100
        if b != a + 1:
            return None
    return (min(a, b), max(a, b)) if a != b else None
