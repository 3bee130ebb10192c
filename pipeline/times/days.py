"""Days: day of the week, relative day, date, part of the day and clock, in whatever order the text has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pipeline.quantities import nouns
from pipeline.times import clock as clocks
from pipeline.times.calendar import Period, of_day, shift, valid, weekday_within
from pipeline.times.cursor import Cursor, Reading
from pipeline.times.dates import modifier, month, named, numeric, resolve
from pipeline.times.units import unit_period

_LONG_AGO = 5  # days: where no verb tells the tense, one or two days ahead are likelier than five or six ago
_PARTS = 9  # no day is told in more components


@dataclass(slots=True)
class _Found:
    """What was told of one day so far."""

    relative: int | None = None
    weekday: int | None = None
    mod: int | None = None
    date: object = None  # Named
    period: Period | None = None
    guessed: bool = False
    day: int = 0  # a day of the month without its month
    clock: str | None = None
    part: bool = False
    half: str = ""  # am, pm, noon or night, as a part of the day told before the hour
    container: Period | None = None
    pending: bool = False  # the word "day" itself
    this: bool = False


def day(t: Cursor, k: int) -> Reading | None:
    """A day at token `k`, with all that stands in apposition to it; also a month that a day could have stood before."""
    found, j = _Found(), k
    for _ in range(_PARTS):
        after = _component(t, j, found)
        if after is None and j > k:
            after = _across(t, j, found)
        if after is None:
            break
        j = after
    return _conclude(t, k, j, found)


def _across(t: Cursor, j: int, found: _Found) -> int | None:
    """A component behind a comma, a bracket, `الموافق` (corresponding to) or `في` (on); only where one follows."""
    k = j
    if t.comma(k) or t.norm(k) in ("(", "-", "/"):
        k += 1
    if (hit := t.get(k, "dayword")) and t.definite(k):
        k = hit[1]
        if t.norm(k) in (":", "ل", "\u0644"):
            k += 1
    elif hit := t.get(k, "at"):
        k = hit[1]
        if t.tag(k, "unit") != "h1":
            return None
    elif t.tag(k, "of") is not None and t.tag(k, "unit") is None:
        k += 1
    if k == j:
        return None
    before = t.norm(j)
    if before in ("-", "/") and not (found.weekday is not None or found.relative is not None):
        return None
    only_dates = before == "(" or before in ("-", "/")
    after = _component(t, k, found, across=True, only_dates=only_dates)
    if after is None:
        return None
    if before == "(":
        if t.norm(after) != ")":
            return after if found.relative is None and found.weekday is None else after
        after += 1
    return after


def _component(t: Cursor, j: int, found: _Found, across: bool = False, only_dates: bool = False) -> int | None:
    word = t.word(j)
    n = t.numbers.get(j)
    if word is None and n is None and t.norm(j) != "\u0627\u0644":
        return None
    started = found.relative is not None or found.weekday is not None or found.date or found.period or found.part
    if word is not None and word.conj and (started or found.pending):
        return None
    if word is not None and not only_dates:
        after = _worded(t, j, found, word, across)
        if after:
            return after
    if not found.date and not found.period:
        hit = numeric(t, j) if n is not None else None
        if hit and hit[0] is not None:
            found.period, found.guessed = hit[0], hit[2]
            return hit[1]
        hit = named(t, j)
        if hit and (hit.day or not (found.relative is not None or found.weekday is not None or found.part)):
            if not hit.day and (found.day or word is None):
                return None
            found.date = hit
            return hit.j
        if n is not None and found.weekday is not None and not found.day and not only_dates:
            hit = _bare_day(t, n, found)
            if hit:
                return hit
    if n is not None and found.pending and not started and t.definite(j - 1) is False and not found.day:
        hit = _day_of_month(t, n, found)
        if hit:
            return hit
    if not found.clock and not only_dates and (started or not across):
        hit = clocks.clock(t, j)
        if hit:
            found.clock = hit._replace(part=hit.part or found.half).iso
            return hit.j
    return None


def _day_of_month(t: Cursor, n, found: _Found) -> int | None:
    """`يوم 15 من هذا الشهر`: the day of a month told behind it."""
    hit = unit_period(t, n.j + 1) if t.tag(n.j, "of") is not None else None
    if hit is None or hit[0].grain != "month" or not valid(hit[0].year, hit[0].n, n.value):
        return None
    found.period = hit[0]._replace(grain="day", day=n.value)
    return hit[1]


def _bare_day(t: Cursor, n, found: _Found) -> int | None:
    """`الجمعة 15`, `الخميس في الحادية والعشرين`: the day of the month alone, behind a day of the week."""
    if not isinstance(n.value, int) or not 1 <= n.value <= 31 or n.j > t.hi or n.conj:
        return None
    if found.relative is not None and t.ref and abs((t.ref + timedelta(found.relative)).day - n.value) % 30 > 1:
        return None  # `today, Sunday, 5 guns were found`
    if n.j < t.hi and n.form == "digits" and nouns.counted(t.tokens.raw(n.j), nouns.agreement(n.value)):
        return None
    after = t.norm(n.j)
    if n.form == "digits" and (len(t.norms[n.i]) > 2 or after[:1].isalpha() and not t.preposition(n.j)):
        word = t.word(n.j)
        listed = word is not None and word.conj and "weekday" in word.tags  # Friday 6 and Saturday 7 January
        if word is not None and "unit" in word.tags or not listed and t.norm(n.j + 1)[:1].isdecimal():
            return None
    if n.kind == "cardinal" and n.form == "words":
        return None
    if n.value <= 5 and t.tag(n.j, "of") is not None and t.tag(n.j + 1, "unit") is not None:
        return None  # the second Sunday of the month
    found.day = n.value
    return n.j


def _worded(t: Cursor, j: int, found: _Found, word, across: bool) -> int | None:
    """A component that is a word: relative day, day of the week, "day", part of the day, adjective, container."""
    told = found.weekday is not None or found.relative is not None or found.pending
    if found.relative is None and not found.period:
        hit = t.get(j, "relday") or _spoken(t, j, found)
        if hit:
            found.relative = int(hit[0])
            return hit[1]
    if "this" in word.tags and not found.pending and not told and _this_stands(t, j + 1):
        found.this = True
        return j + 1
    if (
        found.weekday is None
        and (hit := t.get(j, "weekday"))
        and (word.definite or found.pending or t.definite(j + 1) and t.tag(j + 1, "unit") == "W1")
    ):
        found.weekday = int(hit[0])
        return hit[1]
    unit = word.tags.get("unit")
    if unit in ("D1", "N1") and not word.conj or unit in ("D1", "N1") and not (found.weekday or found.relative):
        return _day_word(t, j, found, word, unit)
    if told and found.mod is None and not found.date:
        hit = modifier(t, j)
        if hit:
            found.mod = hit[0]
            return hit[1]
    if not found.part or found.weekday is None:
        hit = t.get(j, "daypart")
        if hit and not (across and t.tag(j, "daypart") is None) and _part_stands(t, j, hit[1], found):
            found.part, found.half = True, hit[0]
            return hit[1]
    if (found.weekday is not None or found.date or found.relative) and not found.container:
        hit = unit_period(t, j)
        if hit and hit[0].grain in ("week", "month", "year") and t.definite(hit[2]):
            found.container = hit[0]
            return hit[1]
        if (t.tag(j, "of") is not None) and (hit := unit_period(t, j + 1)) and hit[0].grain in ("week", "month"):
            found.container = hit[0]
            return hit[1]
    return None


def _spoken(t: Cursor, j: int, found: _Found) -> tuple[str, int] | None:
    """The spoken word for tomorrow, which is also "with a ball": behind "day", before an hour, or alone."""
    hit = t.get(j, "relday?")
    if hit is None:
        return None
    alone = j == t.lo and hit[1] == t.hi
    after = t.get(hit[1], "daypart") or t.tag(hit[1], "unit") == "h1" or t.get(hit[1], "weekday")
    return hit if alone or found.pending or after else None


def day_of_unit(t: Cursor, k: int) -> Reading | None:
    """`الأسبوع المقبل يوم الجمعة`: the week before its day."""
    hit = unit_period(t, k)
    if hit is None or hit[0].grain != "week":
        return None
    j = hit[1] + 1 if t.tag(hit[1], "unit") == "D1" else hit[1]
    weekday = t.get(j, "weekday")
    if weekday is None or not t.definite(j):
        return None
    return Reading(k, weekday[1], "date", weekday_within(hit[0], int(weekday[0]), 1), grain="day")


def _this_stands(t: Cursor, k: int) -> bool:
    """Whether `هذا` (this) stands before a day or a month."""
    word = t.word(k)
    if word is None or word.cut:
        return False
    return (
        word.definite
        and ("weekday" in word.tags or word.tags.get("unit") == "D1")
        or bool(t.get(k, "month") or t.get(k, "month?") or word.tags.get("unit") == "M1" and month(t, k))
    )


def _day_word(t: Cursor, j: int, found: _Found, word, unit: str) -> int | None:
    """`اليوم` (today) or the word for day or night before a day."""
    if found.pending or found.date or found.period:
        return None
    if unit == "D1" and word.definite:
        if modifier(t, j + 1) and found.relative is None:
            found.pending = True
            return j + 1
        if word.cut > word.conj or t.tag(j - 1, "in"):
            return None  # `في اليوم`: a day, each day
        n = t.number(j + 1) if t.tag(j + 1, "weekday") is None else None
        if n is not None and n.kind == "ordinal" and t.definite(j + 1) or n is not None and n.definite:
            return None
        if found.relative is None and found.weekday is None:
            found.relative = 0
            return j + 1
        return None
    if word.definite:
        return None
    if word.tags.get("daypart") and found.part:
        return None
    relative = t.get(j + 1, "relday") or t.get(j + 1, "relday?")
    if t.get(j + 1, "weekday") or relative or _date_follows(t, j + 1):
        found.pending = True
        found.part = found.part or unit == "N1"
        return j + 1
    return None


def _date_follows(t: Cursor, k: int) -> bool:
    if t.numbers.get(k) is None:
        return False
    hit = named(t, k)
    n = t.number(k)
    month_behind = n is not None and n.value <= 31 and t.tag(n.j, "of") is not None and unit_period(t, n.j + 1)
    return bool(hit and hit.day) or numeric(t, k) is not None or bool(month_behind)


def _part_stands(t: Cursor, j: int, after: int, found: _Found) -> bool:
    """A part of the day belongs to a day beside it; alone it is an adverb or stands before a day or behind `في`."""
    if found.weekday is not None or found.relative is not None or found.date or found.period or found.pending:
        return True
    word = t.word(j)
    if word.definite and "stands" not in word.tags:
        return False  # Morocco is written like sunset
    nxt = t.word(after)
    if nxt is not None and (
        "weekday" in nxt.tags and nxt.definite or t.get(after, "relday") or nxt.tags.get("unit") == "D1"
    ):
        return True
    return _date_follows(t, after)


def _conclude(t: Cursor, i: int, j: int, found: _Found) -> Reading | None:
    reading = Reading(i, j, "date")
    period, guessed = None, False
    weekday = found.weekday
    if found.period is not None:
        period, guessed = found.period, found.guessed
    elif found.date is not None:
        year = found.container.year if found.container else None
        if found.date.day == 0 and found.relative is None and weekday is None and not found.part and found.clock:
            return None
        if found.this and found.date.mod is None and found.date.year is None:
            found.date = found.date._replace(mod=0)
        period, guessed = resolve(t, found.date, i, year, weekday)
        if period is None:
            return None if not found.date.hijri else Reading(i, j, "date", grain="day", clock=None)
    elif found.relative is not None:
        offset = found.relative + (found.mod or 0)
        period = shift(t.ref, "D", offset) if t.ref else None
        if period is not None and weekday is not None:
            period = _corrected(period, weekday)
    elif found.day and weekday is not None:
        period, guessed = _month_day(t, found, i, j), True
    elif weekday is not None:
        period = _weekday(t, found, i, j)
    elif found.pending and found.mod is not None:
        period = shift(t.ref, "D", found.mod) if t.ref else None
    elif found.clock:
        reading.kind, reading.clock, reading.grain = "clock", found.clock, _clock_grain(found.clock)
        return reading
    else:
        return None
    reading.period, reading.guessed = period, guessed
    reading.grain = period.grain if period else "day"
    if found.clock:
        reading.clock, reading.kind, reading.grain = found.clock, "clock", _clock_grain(found.clock)
    if period is not None and period.grain == "month":
        reading.kind = "period"
    return reading


def _corrected(period: Period, weekday: int) -> Period:
    """The day of the week printed beside `today` or `yesterday` corrects a publication day that is one day off."""
    off = (weekday - period.first().weekday() + 3) % 7 - 3
    return of_day(period.first() + timedelta(off)) if abs(off) == 1 else period


def _clock_grain(iso: str) -> str:
    return "minute" if ":" in iso else "hour"


def _weekday(t: Cursor, found: _Found, i: int, j: int) -> Period | None:
    """The nearest such day on or before the publication day, unless words or tense say that it lies ahead."""
    if found.container is not None:
        return weekday_within(found.container, found.weekday, 1)
    if t.ref is None:
        return None
    back = (t.ref.weekday() - found.weekday) % 7
    tense = t.tense(i, j) if found.mod is None else found.mod
    if tense == 1 or tense == 0 and found.mod is None and back >= _LONG_AGO:
        return of_day(t.ref + timedelta((7 - back) % 7 or (7 if found.mod == 1 or t.query else 0)))
    if found.mod == -1 and back == 0:
        back = 7
    return of_day(t.ref - timedelta(back))


def _month_day(t: Cursor, found: _Found, i: int, j: int) -> Period | None:
    """The day with this number and day of the week closest to the publication day."""
    if t.ref is None:
        return None
    best = None
    for shift_ in range(-6, 7):
        months = t.ref.year * 12 + t.ref.month - 1 + shift_
        year, month = months // 12, months % 12 + 1
        if not (0 < year < 10000 and valid(year, month, found.day)):
            continue
        period = Period("day", year, month, found.day)
        off = period.first().weekday() != found.weekday
        cost = abs((period.first() - t.ref).days) + 1000 * off
        if best is None or cost < best[0]:
            best = cost, period
    return best[1] if best else None
