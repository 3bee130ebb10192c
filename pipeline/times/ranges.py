"""Ranges: which reader a word starts, and how two times make one from the first to the second."""

from __future__ import annotations

import re
from datetime import timedelta

from pipeline.times.calendar import Period, of_day, valid
from pipeline.times.clock import clock
from pipeline.times.cursor import ARTICLE, DASHES, WAW, Cursor, Reading
from pipeline.times.dates import FIRST_YEAR, LAST_YEAR, school_years
from pipeline.times.grammar import single
from pipeline.times.units import container, unit_period
from pipeline.times.years import counts

_SHORT_PAIR = re.compile(r"(\d{1,2})-(\d{1,2})$")


def read(t: Cursor, k: int) -> Reading | None:
    """The time that starts at token `k`, as long as it goes, or None."""
    word = t.word(k)
    if word is not None and word.ranges:
        reading = between(t, k)
        if reading:
            return reading
    reading = single(t, k)
    if reading is None and k in t.numbers:
        return _numbers_first(t, k)
    return _extended(t, reading) if reading else None


def _numbers_first(t: Cursor, k: int) -> Reading | None:
    """`3 - 12 سبتمبر`, `5 و6 مارس`, `2016 - 2018`: a number that only what follows shows to be a time."""
    n = t.number(k)
    if n is None or n.form != "digits" or not (n.value <= 31 or 1900 <= n.value <= 2100):
        return None
    after = t.norm(n.j)
    if t.tag(n.j, "or"):
        return _alternatives(t, k, n)
    if after not in DASHES and after != WAW and not (n.j in t.numbers and t.numbers[n.j].conj):
        return None
    if n.value > 31 and after not in DASHES:
        return None
    reading = ends(t, k, k, "between")
    told = reading is not None and reading.grain in ("day", "year") and reading.end is not None
    return reading if told else None


def _alternatives(t: Cursor, k: int, n) -> Reading | None:
    """`8 أو 9 أو 10 سبتمبر` (the 8th, 9th or 10th): days of the month that stands behind the last of them."""
    first = n.value
    for _ in range(4):
        if not t.tag(n.j, "or"):
            return None
        j = n.j + 1
        day = single(t, j)
        if day is not None and day.grain == "day" and day.period is not None and day.end is None:
            p = day.period
            fits = p.day and first < p.day and valid(p.year, p.n, first) and t.number(j) is not None
            return Reading(k, day.j, "period", p._replace(day=first), p, grain="day") if fits else None
        n = t.number(j)
        if n is None or n.value > 31:
            return None
    return None


def _extended(t: Cursor, reading: Reading) -> Reading:
    """`يناير - مارس 2017`, `اليوم حتى الغد`: a range without a word before it."""
    if reading.kind in ("duration", "set") or reading.end is not None or reading.grain == "vague":
        return reading
    if reading.period is not None and reading.period.grain == "month" and t.get(reading.j, "between"):
        return _days_behind(t, reading) or reading
    j = _connector(t, reading.j, dash=True)
    if j is None:
        return reading
    other = _side(t, j, reading)
    if other is None:
        return reading
    return _joined(t, reading.i, reading, other) or reading


def _days_behind(t: Cursor, reading: Reading) -> Reading | None:
    """`نوفمبر بين 15 و19`: the days told behind their month."""
    first = t.number(reading.j + 1)
    after = _and(t, first.j) if first is not None else None
    second = t.number(after) if after is not None else None
    if second is None:
        return None
    return _month_days(reading.i, second.j, reading.period, first.value, second.value)


def _connector(t: Cursor, k: int, dash: bool) -> int | None:
    hit = t.get(k, "to")
    if hit:
        return hit[1]
    if t.norm(k) == WAW and (hit := t.get(k + 1, "to")):
        return hit[1]
    if dash and t.norm(k) in DASHES:
        return k + 1
    return None


def between(t: Cursor, k: int) -> Reading | None:
    """`من 2018 إلى 2023`, `بين 15 و19 نوفمبر`, `الفترة الممتدة من … إلى …`."""
    j = k
    if hit := t.get(j, "span"):
        j = hit[1]
        if t.tag(j, "of") is not None and t.get(j, "from") is None:
            j += 1
    if hit := t.get(j, "between"):
        j, style = hit[1], "between"
        if t.get(j, "pair"):
            j += 1
    elif t.get(j, "pair") and j == k:
        j, style = j + 1, "list"
    elif hit := t.get(j, "from"):
        j, style = hit[1], "from"
    elif t.tag(j, "ago") == "-1" and j == k:
        j, style = j + 1, "from"
    else:
        return None
    if t.word(j) is None and j not in t.numbers and t.norm(j) != ARTICLE:
        return None  # most often: `من` before what is no time
    reading = ends(t, k, j, style)
    if reading is not None and style == "list" and t.tag(j, "weekday"):
        # `يومي الاثنين والثلاثاء 10 و11 أبريل`: the dates behind the days of the week
        dated = _numbers_first(t, reading.j)
        if dated is not None and dated.grain == "day" and dated.end is not None:
            dated.i = k
            return dated
    return reading


def ends(t: Cursor, i: int, j: int, style: str) -> Reading | None:
    """Both ends of a range whose first one starts at token `j`."""
    if style != "list" and (both := school_years(t.norm(j))):
        return Reading(i, j + 1, "period", Period("year", both[0]), Period("year", both[1]), grain="year")
    pair = _SHORT_PAIR.match(t.norm(j))
    if pair:
        return _day_pair(t, i, j, int(pair[1]), int(pair[2]))
    t.pairing = style != "from"
    first = _side(t, j, None)
    t.pairing = False
    if first is None:
        return None
    t.remember(first)  # `from the 8th of August to the 24th of the same month`
    after = _and(t, first.j) if style != "from" else _connector(t, first.j, dash=True)
    if after is None:
        return None
    second = _side(t, after, first)
    if style == "list":
        # `أيام 22 و23 و24 جانفي`: from the first to the last of them.
        for _ in range(6):
            after = _and(t, second.j) if second is not None else None
            further = _side(t, after, first) if after is not None else None
            if further is None:
                break
            second = further
    if second is None:
        return None
    return _joined(t, i, first, second)


def _and(t: Cursor, k: int) -> int | None:
    """The token where the second end begins, which carries the conjunction or stands behind it."""
    if t.norm(k) == WAW:
        return k + 1
    if t.norm(k) in DASHES:
        return k + 1
    word, n = t.word(k), t.numbers.get(k)
    if word is not None and word.conj or n is not None and n.conj:
        return k
    return _connector(t, k, dash=False)


def _side(t: Cursor, k: int, first: Reading | None) -> Reading | None:
    """One end of a range: a whole time, or a number whose unit the other end tells."""
    reading = single(t, k)
    if reading is None and t.tag(k, "this") is None:
        day = t.tag(k, "unit") == "D1" and not t.definite(k) and t.number(k + 1) is not None
        n = t.number(k + day)
        if n is not None and first is not None and first.kind == "clock" and n.value <= 24:
            hit = clock(t, k, inside=True)
            if hit:
                return Reading(k, hit.j, "clock", clock=hit.iso, grain="minute" if hit.minute is not None else "hour")
        if n is not None and (n.value <= 31 or FIRST_YEAR <= n.value <= LAST_YEAR) and n.kind != "fraction":
            if n.form == "digits" and not t.norms[n.i].isdecimal():
                return None
            return Reading(k, n.j, "number", iso=str(n.value))
    if reading is None or reading.kind in ("duration", "set") or reading.end is not None or reading.grain == "vague":
        return None
    return reading


def _joined(t: Cursor, i: int, a: Reading, b: Reading) -> Reading | None:
    """The range from `a` to `b`, where they go together."""
    if a.kind == "number" and b.kind == "number":
        return _numbers(t, i, a, b)
    if a.kind == "number":
        return _number_first(t, i, a, b)
    if b.kind == "number":
        return _number_last(t, i, a, b)
    if a.clock and b.clock and a.kind == b.kind == "clock":
        return _clocks(t, i, a, b)
    if a.kind == "clock" or b.kind == "clock":
        return None
    reading = Reading(i, b.j, "period", a.period, b.period, grain=b.grain)
    if a.period is None or b.period is None:
        reading.period = reading.end = None
        reading.iso = f"{a.iso}/{b.iso}" if a.iso and b.iso else None
        return reading
    x, y = a.period, b.period
    if x.calendar != y.calendar:
        return reading
    if a.guessed and not b.guessed and y.year is not None and x.grain in ("day", "month"):
        # The year told at the second end is that of the first one too, or the one before.
        value = y.year if (x.n, x.day) <= (y.n or 12, y.day or 31) else y.year - 1
        reading.period = x._replace(year=value)
    elif b.guessed and x.year is not None and y.grain in ("day", "month") and (x.n, x.day) <= (y.n, y.day or 31):
        reading.end = y._replace(year=x.year)
    elif b.guessed and x.year is not None and y.year is not None and y.year <= x.year:
        reading.end = y._replace(year=x.year + 1)
    if a.guessed and b.guessed:
        _under_way(t, reading)
    before, after = reading.period.first(), reading.end.first()
    if before and after and before > after and x.grain in ("day", "month") and not _year_told(t, a):
        # `بين غرة جانفي و31 ديسمبر 2015`: the year told at the second end
        value = y.year if (x.n, x.day) <= (y.n or 12, y.day or 31) else y.year - 1
        reading.period = x._replace(year=value)
        before = reading.period.first()
    if before and after and before > after:
        if (before - after).days >= 7 or not any(t.tag(k, "weekday") for k in range(b.i, b.j)):
            return None
        reading.end = of_day(after + timedelta(7))  # from Monday to Friday: the Friday behind that Monday
    return reading


def _under_way(t: Cursor, reading: Reading) -> None:
    """A range without its year, of which the publication day is a part a year before, is the one under way."""
    a, b = reading.period, reading.end
    if t.ref is None or not a.year or not b.year or a.grain not in ("day", "month"):
        return
    a, b = a._replace(year=a.year - 1), b._replace(year=b.year - 1)
    if a.grain == "day" and not (valid(a.year, a.n, a.day) and valid(b.year, b.n, b.day or 1)):
        return
    first, last = a.first(), b.first()
    if first and last and first <= t.ref <= last and (last - first).days < 200:
        reading.period, reading.end = a, b


def _year_told(t: Cursor, a: Reading) -> bool:
    return any(len(t.norms[k]) == 4 and t.norms[k].isdecimal() for k in range(a.i, a.j)) or any(
        t.get(k, "mod") or t.get(k, "relday") or t.get(k, "weekday") for k in range(a.i, a.j)
    )


def _numbers(t: Cursor, i: int, a: Reading, b: Reading) -> Reading | None:
    x, y = int(a.iso), int(b.iso)
    if x >= FIRST_YEAR and y >= FIRST_YEAR:
        if x < y and _years_stand(t, i, b.j) and _as_years(t, i, a, b, y):
            return Reading(i, b.j, "period", Period("year", x), Period("year", y), grain="year")
        return None
    if x > 31 or y > 31:
        return None
    j = b.j + 1 if t.tag(b.j, "of") is not None and t.tag(b.j, "unit") is None else b.j
    hit = unit_period(t, j)
    if hit and hit[0].grain == "month":
        return _month_days(i, hit[1], hit[0], x, y)
    return None


def _years_stand(t: Cursor, i: int, j: int) -> bool:
    """Two four-digit numbers are years unless they count something."""
    value = int(t.norms[j - 1]) if t.norms[j - 1].isdecimal() else 0
    return t.tag(i, "pair") == "Y" or t.tag(i + 1, "pair") == "Y" or not counts(t, j, value)


def _as_years(t: Cursor, i: int, a: Reading, b: Reading, last: int) -> bool:
    """Numbers in words, or beyond the years that news speaks of, are years only where the text says so."""
    if t.tag(i, "pair") == "Y" or t.tag(i + 1, "pair") == "Y" or t.tag(i - 1, "unit") == "Y1" or t.tag(i, "span"):
        return True
    digits = all((n := t.number(side.i)) is not None and n.form == "digits" for side in (a, b))
    return digits and 1700 <= last <= 2100


def _number_first(t: Cursor, i: int, a: Reading, b: Reading) -> Reading | None:
    x = int(a.iso)
    if b.kind == "clock":
        if x > 24 or b.period is not None or b.clock is None:
            return None
        hour = int(b.clock[1:3])
        if hour >= 12 and x < 12 and x + 12 <= hour:
            x += 12
        return Reading(i, b.j, "clock", iso=f"T{x:02d}:00/{b.clock}", grain=b.grain)
    p = b.period
    if p is None or p.grain == "year" and x >= FIRST_YEAR and p.year and x < p.year:
        return Reading(i, b.j, "period", Period("year", x), p, grain="year") if p else None
    if p.grain == "day" and 1 <= x <= 31 and b.i < b.j and x < p.day and valid(p.year, p.n, x):
        return Reading(i, b.j, "period", p._replace(day=x), p, grain="day", guessed=b.guessed)
    return None


def _number_last(t: Cursor, i: int, a: Reading, b: Reading) -> Reading | None:
    """`تموز 13 الى 15`, `2015 إلى 2017` where the first one was read as a year."""
    y, p = int(b.iso), a.period
    if a.kind == "clock":
        return None
    if p is not None and p.grain == "year" and p.year and y > p.year and _years_stand(t, i, b.j):
        return Reading(i, b.j, "period", p, Period("year", y), grain="year")
    dated = any(k in t.numbers for k in range(a.i, a.j))  # not `since last night until 9 …`
    if p is not None and p.grain == "day" and dated and p.day < y <= 31 and valid(p.year, p.n, y):
        return Reading(i, b.j, "period", p, p._replace(day=y), grain="day")
    return None


def _clocks(t: Cursor, i: int, a: Reading, b: Reading) -> Reading:
    first, second = a.clock, b.clock
    if _told(t, b) and not _told(t, a) and len(first) >= 3:
        hour, end = int(first[1:3]), int(second[1:3])
        if hour < 12 <= end and hour + 12 <= end:
            first = f"T{hour + 12:02d}" + first[3:]
    elif _told(t, a) and not _told(t, b):
        hour, end = int(first[1:3]), int(second[1:3])
        if end < 12 and end + 12 > hour >= end:
            second = f"T{end + 12:02d}" + second[3:]
    reading = Reading(i, b.j, "clock", a.period, grain=b.grain)
    day = a.period or b.period
    if a.period and b.period and a.guessed and not b.guessed:
        day = day._replace(year=b.period.year)
    reading.period = day
    date = day.iso if day else ""
    last = b.period.iso if b.period else date
    reading.iso = f"{date}{first}/{last}{second}"
    return reading


def _told(t: Cursor, reading: Reading) -> bool:
    return any(t.get(k, "daypart") for k in range(reading.i, reading.j))


def _day_pair(t: Cursor, i: int, j: int, x: int, y: int) -> Reading | None:
    """`بين 4-22 يناير 2017`."""
    hit = container(t, j + 1)
    if hit and hit[0] is not None and hit[0].grain == "month":
        return _month_days(i, hit[1], hit[0], x, y)
    return None


def _month_days(i: int, j: int, p: Period, x: int, y: int) -> Reading | None:
    if not (x < y and valid(p.year, p.n, x) and valid(p.year, p.n, y)):
        return None
    return Reading(i, j, "period", p._replace(grain="day", day=x), p._replace(grain="day", day=y), grain="day")
