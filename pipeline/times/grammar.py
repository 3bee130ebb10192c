"""Which reader a word starts, and how two readings make a range."""

from __future__ import annotations

import re

from pipeline.times import days, spans
from pipeline.times import named as names
from pipeline.times.calendar import Period, valid
from pipeline.times.clock import clock, daypart
from pipeline.times.cursor import DASHES, WAW, Cursor, Reading
from pipeline.times.dates import FIRST_YEAR, LAST_YEAR, school_years, year
from pipeline.times.units import container, counted_window, division, named_year, plural, relative_unit, unit_period

_SHORT_PAIR = re.compile(r"(\d{1,2})-(\d{1,2})$")


def read(t: Cursor, k: int) -> Reading | None:
    """The time that starts at token `k`, as long as it goes, or None."""
    word = t.word(k)
    if word is not None and (t.get(k, "from") or t.get(k, "between") or t.get(k, "span") or "ago" in word.tags):
        reading = between(t, k)
        if reading:
            return reading
    reading = single(t, k)
    return _extended(t, reading) if reading else None


def single(t: Cursor, k: int) -> Reading | None:
    """One time without a range; the longest of what the readers find."""
    best = None
    for reader in _READERS:
        reading = reader(t, k)
        if reading is not None and (best is None or reading.j > best.j):
            best = reading
    return best


def _extended(t: Cursor, reading: Reading) -> Reading:
    """`يناير - مارس 2017`, `اليوم حتى الغد`: a range without a word before it."""
    if reading.kind in ("duration", "set") or reading.end is not None or reading.grain == "vague":
        return reading
    j = _connector(t, reading.j, dash=True)
    if j is None:
        return reading
    other = _side(t, j, reading)
    if other is None:
        return reading
    return _joined(t, reading.i, reading, other) or reading


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
    elif hit := t.get(j, "from"):
        j, style = hit[1], "from"
    elif t.tag(j, "ago") == "-1" and j == k:
        j, style = j + 1, "from"
    else:
        return None
    return ends(t, k, j, style)


def ends(t: Cursor, i: int, j: int, style: str) -> Reading | None:
    """Both ends of a range whose first one starts at token `j`."""
    pair = _SHORT_PAIR.match(t.norm(j))
    if pair:
        return _day_pair(t, i, j, int(pair[1]), int(pair[2]))
    first = _side(t, j, None)
    if first is None:
        return None
    after = _and(t, first.j) if style == "between" else _connector(t, first.j, dash=True)
    if after is None:
        return None
    second = _side(t, after, first)
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
        n = t.number(k)
        if n is not None and first is not None and first.kind == "clock" and n.value <= 24:
            hit = clock(t, k, inside=True)
            if hit:
                return Reading(k, hit.j, "clock", clock=hit.iso, grain="minute" if hit.minute is not None else "hour")
        if n is not None and (n.value <= 31 or FIRST_YEAR <= n.value <= LAST_YEAR) and n.kind != "fraction":
            if n.form == "digits" and not t.norms[n.i].isdigit():
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
    before, after = reading.period.first(), reading.end.first()
    if before and after and before > after:
        return None
    return reading


def _numbers(t: Cursor, i: int, a: Reading, b: Reading) -> Reading | None:
    x, y = int(a.iso), int(b.iso)
    if x >= FIRST_YEAR and y >= FIRST_YEAR:
        if x < y and _years_stand(t, i, b.j):
            return Reading(i, b.j, "period", Period("year", x), Period("year", y), grain="year")
        return None
    if x > 31 or y > 31:
        return None
    j = b.j + 1 if t.tag(b.j, "of") is not None and t.tag(b.j, "unit") is None else b.j
    hit = unit_period(t, j)
    if hit and hit[0].grain == "month":
        return _month_days(i, hit[1], hit[0], x, y)
    hit = daypart(t, b.j)
    if hit and x <= 24 and y <= 24:
        return None
    return None


def _years_stand(t: Cursor, i: int, j: int) -> bool:
    """Two four-digit numbers are years unless they count something."""
    return not t.norm(j)[:1].isalpha() or _plain(t, j)


def _number_first(t: Cursor, i: int, a: Reading, b: Reading) -> Reading | None:
    x = int(a.iso)
    if b.kind == "clock":
        if x > 24 or b.period is not None or b.clock is None:
            return None
        hour = int(b.clock[1:3])
        if hour >= 12 and x < 12 and x + 12 <= hour:
            x += 12
        return Reading(i, b.j, "clock", iso=f"T{x:02d}/{b.clock}", grain=b.grain)
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
    if p is not None and p.grain == "day" and p.day < y <= 31 and valid(p.year, p.n, y):
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
    date = a.period.iso if a.period else ""
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


# -- readers of one time, each (cursor, token) -> Reading or None ------------------------------------------------------


def part(t: Cursor, k: int) -> Reading | None:
    """`أواخر 2014`, `نهاية العام`, `منتصف مارس`: the ISO value is that of the whole period."""
    hit = t.get(k, "part")
    if hit is None:
        return None
    kind, j = hit
    if t.definite(k):
        return None
    inner = container(t, j)
    if inner is None:
        for reader in (names.decade, names.century, names.season, division, plural, part):
            found = reader(t, j) or reader(t, j + 1) if t.tag(j, "of") is not None else reader(t, j)
            if found:
                return Reading(k, found.j, "period", found.period, found.end, grain=found.grain)
        if (kind == "all" or kind == "rest") and t.tag(j, "unit") in ("D1", "h1", "N1") and t.definite(j):
            return Reading(k, j + 1, "duration", iso=spans.iso_length([(1, t.tag(j, "unit")[0])]), grain="day")
        hit = daypart(t, j)
        if hit and t.tag(j, "daypart"):
            return Reading(k, hit[1], "clock", grain="daypart")
        return None
    period, j = inner
    unit, word = t.tag(k + 1, "unit"), t.word(k + 1)
    if kind == "all" and unit and word.definite and t.get(k + 2, "mod") is None and j == k + 2:
        return Reading(k, j, "duration", iso=spans.iso_length([(1, unit[0])]), grain=spans.GRAIN[unit[0]])
    if period is not None and period.grain == "day":
        return None
    if t.norm(k + 1).isdigit() and kind == "in":
        return None
    if kind == "mid" and t.tag(k, "minutes") and not (period and period.grain == "month"):
        return None
    if kind == "mid" and t.tag(k, "minutes") and period is not None:
        period = period._replace(grain="day", day=15)
        return Reading(k, j, "date", period, grain="day")
    return Reading(k, j, "period", period, grain=period.grain if period else spans.GRAIN.get((unit or " ")[0], ""))


def ago(t: Cursor, k: int) -> Reading | None:
    """`قبل 15 عاما` (15 years ago), `منذ أسابيع`, `بعد أسبوعين`; `قبل يومين من …` is only a length."""
    sign = t.tag(k, "ago")
    if sign is None:
        return None
    j = k + 1
    hit = t.get(j, "several")
    vague = False
    if hit:
        j, vague = hit[1], hit[0] == "1"
    unit, word = t.tag(j, "unit"), t.word(j)
    if word is not None and (word.cut or word.definite):
        return None
    found = spans.length(t, j)
    if found is None and unit is None:
        return None
    if found is None and unit[1] == "1":
        if unit[0] in "XC" or year(t, j, bare=False) or t.numbers.get(j + 1) is not None or unit == "D1":
            return None
        if unit[0] == "M" and t.get(j + 1, "month") or t.get(j + 1, "month?"):
            return None
        found = [(1, unit[0])], j + 1
    if found is None:
        # Units without a number: weeks ago.
        if t.get(j + 1, "mod") and not t.definite(j + 1):
            j += 1
        return Reading(k, j + 1, "date", grain=spans.GRAIN[unit[0]]) if sign == "-1" or vague else None
    parts, j = found
    if t.tag(j, "mod") == "full" and t.word(j).cut == 0:
        j += 1
    if vague and t.numbers.get(found[1] - 1) is None:
        return Reading(k, j, "date", grain=spans.GRAIN[parts[0][1]])
    if t.get(j, "from") and t.norm(j + 1) and t.get(j + 1, "vague") is None:
        if t.tag(j + 1, "unit") is None or t.tag(k, "ago") != "-1":
            return Reading(k + 1, j, "duration", iso=spans.iso_length(parts), grain=spans.GRAIN[parts[0][1]])
    if (hit := t.get(j, "from")) and (now := t.get(j + 1, "vague")):
        j = now[1]
    elif sign == "1" and not t.ahead(k, j):
        return Reading(k, j, "duration", iso=spans.iso_length(parts), grain=spans.GRAIN[parts[0][1]])
    return spans.counted(t, k, j, parts, int(sign))


def duration(t: Cursor, k: int) -> Reading | None:
    """`3 أيام`, `ساعة ونصف`, `أسبوع كامل`, `لمدة شهر`; `… من الآن` (from now) gives a date. An age is no time."""
    hit = spans.length(t, k)
    if hit is None:
        hit = _single_unit(t, k)
        if hit is None:
            return None
    parts, j = hit
    if _is_age(t, k, j):
        return None
    if t.get(j, "from") and t.get(j + 1, "vague") and t.tag(j + 1, "vague") == "0":
        past = any(w is not None and "past" in w.tags for w in t.words[max(t.lo, k - 6) : k])
        return spans.counted(t, k, j + 2, parts, -1 if past else 1)
    if t.tag(j, "mod") == "full" and t.word(j).cut == 0:
        j += 1
    return Reading(k, j, "duration", iso=spans.iso_length(parts), grain=spans.GRAIN[parts[-1][1]])


def _single_unit(t: Cursor, k: int):
    """A singular unit as a length of one: where a word before it measures time, or `كامل` (whole) stands behind it."""
    unit, word = t.tag(k, "unit"), t.word(k)
    if unit is None or unit[1] != "1" or word.definite or unit in ("s1", "D1") and t.tag(k + 1, "mod") != "full":
        if not (unit == "D1" and t.tag(k - 1, "measures")):
            return None
    if word.definite or t.numbers.get(k + 1) is not None and not t.numbers[k + 1].conj:
        return None
    if t.get(k + 1, "month") or t.get(k + 1, "weekday") or t.get(k + 1, "month?") or t.get(k + 1, "hijri"):
        return None
    if (
        t.tag(k + 1, "mod") == "full"
        and t.word(k + 1).cut == 0
        or t.tag(k - 1, "measures")
        or unit[0] in "WM"
        and (t.norm(k - 1) == "" and t.norm(k + 1) == "")
    ):
        return [(1, unit[0])], k + 1
    return None


def _is_age(t: Cursor, i: int, j: int) -> bool:
    """`(35 عاما)`, `يبلغ من العمر 20 عاما`, `20 عاما من العمر`."""
    if t.tag(j - 1, "unit") not in ("Y1", "Y+", "M1", "M+", "Y2"):
        return False
    if t.norm(i - 1) == "(" and t.norm(j) == ")":
        return True
    if any(t.tag(k, "age") is not None for k in range(max(t.lo, i - 3), i)):
        return True
    return t.tag(j, "of") is not None and t.tag(j + 1, "age") is not None


def several(t: Cursor, k: int) -> Reading | None:
    """`بضعة أيام` (a few days): a length that is not told."""
    hit = t.get(k, "several")
    if hit is None or hit[0] != "1":
        return None
    unit, word = t.tag(hit[1], "unit"), t.word(hit[1])
    if unit is None or unit[1] != "+" or word.cut or word.definite:
        return None
    return Reading(k, hit[1] + 1, "duration", grain=spans.GRAIN[unit[0]])


def bare_year(t: Cursor, k: int) -> Reading | None:
    """`2018` without the word year: behind a preposition or an event, or closed by punctuation, and counting nothing."""
    n = t.numbers.get(k)
    if n is None:
        return None
    norm = t.norm(k)
    both = school_years(norm)
    if both:
        cue = not t.norm(k + 1)[:1].isalpha() or _plain(t, k + 1) or t.tag(k - 1, "yearcue")
        return (
            Reading(k, k + 1, "period", Period("year", both[0]), Period("year", both[1]), grain="year") if cue else None
        )
    if n.form != "digits" or not norm.isdigit() or len(norm) != 4 or n.j > t.hi:
        return None
    value, j = n.value, n.j
    era = t.get(j, "era")
    if era and (len(t.norm(j)) > 1 or era[0] == "ah") or era and t.norm(j - 1) == norm and value >= FIRST_YEAR:
        calendar = "hijri" if era[0] == "ah" else "gregorian"
        return Reading(k, era[1], "period", Period("year", value, calendar=calendar), grain="year")
    if not 1700 <= value <= 2100 or t.norm(j) in _UNITS_BEHIND or t.norm(k - 1) in _UNITS_BEHIND:
        return None
    cue = t.tag(k - 1, "yearcue") or ("prep" if n.prep or t.get(k - 1, "to") or t.tag(k - 1, "of") else None)
    if t.tag(k - 1, "part") or t.tag(k - 1, "season"):
        cue = "prep"
    after = t.norm(j)
    counts = after[:1].isalpha() and not _plain(t, j)
    if t.norm(k - 1) == "(" and after in (")", "-") or cue == "noun":
        return Reading(k, j, "period", Period("year", value), grain="year")
    if cue and (not counts or value % 100 and value >= 1900):
        return Reading(k, j, "period", Period("year", value), grain="year")
    return None


_UNITS_BEHIND = frozenset("%$\u20ac\u00a3\u066a/:.") - {"."}


def _plain(t: Cursor, k: int) -> bool:
    """Whether the word cannot be what a number counts: a function word, a definite noun, something with a conjunction."""
    norm = t.norm(k)
    word = t.word(k)
    if word is not None and (word.conj or word.definite or word.tags.keys() & _PLAIN_TAGS):
        return True
    return norm.startswith(("\u0627\u0644", "\u0648", "\u0644\u0644", "\u0628\u0627\u0644", "\u0641"))


_PLAIN_TAGS = {"plain", "of", "to", "from", "ago", "past", "future", "between"}


def daypart_alone(t: Cursor, k: int) -> Reading | None:
    """`منتصف الليل` (midnight), `هذا الصباح`, `في المساء`, `وقت متأخر من الليل`."""
    hit = t.get(k, "noonlike")
    if hit:
        return Reading(k, hit[1], "clock", clock=hit[0], grain="minute")
    if t.tag(k, "this") and (hit := t.get(k + 1, "daypart")):
        period = Period("day", t.ref.year, t.ref.month, t.ref.day) if t.ref else None
        return Reading(k, hit[1], "date", period, grain="day")
    hit = t.get(k, "daypart")
    word = t.word(k)
    if hit and word.tags.get("unit") is None:
        adverb = not word.definite and t.norm(k)[-1:] == "\u0627" and "minutes" not in word.tags
        if adverb or word.definite and (t.tag(k - 1, "of") is not None or word.cut):
            return Reading(k, hit[1], "clock", grain="daypart")
    return None


def on_month_day(t: Cursor, k: int) -> Reading | None:
    """`الثاني والعشرين` closing a clause behind a preposition, `الحادي والثلاثين من هذا الشهر`: a day of the month."""
    n = t.number(k)
    if n is None or n.kind != "ordinal" or not 1 <= n.value <= 31 or not n.definite or t.get(k, "hour"):
        return None
    j = n.j
    if t.tag(j, "of") is not None and (hit := unit_period(t, j + 1)) and hit[0].grain == "month":
        p = hit[0]
        return Reading(k, hit[1], "date", p._replace(grain="day", day=n.value) if valid(p.year, p.n, n.value) else None,
                       grain="day")  # fmt: skip
    if n.value <= 10 or not (n.prep or t.preposition(k - 1)) or t.norm(j)[:1].isalnum():
        return None
    return Reading(k, j, "date", grain="day")


def clock_alone(t: Cursor, k: int) -> Reading | None:
    """A feminine ordinal that closes a clause behind `في` (at): an hour."""
    if not t.definite(k) or t.get(k, "hour") is None or not t.tag(k - 1, "of"):
        return None
    hit = clock(t, k, inside=True)
    if hit is None or t.norm(hit.j)[:1].isalnum():
        return None
    return Reading(k, hit.j, "clock", clock=hit.iso, grain="hour")


def relative(t: Cursor, k: int) -> Reading | None:
    """`العام الماضي`, `هذا الشهر`; a bare definite unit is no time of its own."""
    return relative_unit(t, k, alone=True)


_READERS = (
    names.holiday, names.vague, days.day, named_year, relative, plural, counted_window, division, names.nth, names.week_of_date, names.season, names.decade, names.century, part, ago,
    duration, several, names.repeated, bare_year, daypart_alone, on_month_day, clock_alone,
)  # fmt: skip
