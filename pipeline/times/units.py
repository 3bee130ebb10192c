"""Years, months, weeks and their divisions: named, numbered, or told from the publication day."""

from __future__ import annotations

from datetime import date

from pipeline.times.calendar import Period, shift, within
from pipeline.times.cursor import ARTICLE, Cursor, Reading
from pipeline.times.dates import before_christ, modifier, month, named, resolve, school_years, year
from pipeline.times.spans import GRAIN, iso_length, window

PERCENT = "\u0628" + ARTICLE  # what stands before "hundred" in "percent"


def unit_period(t: Cursor, k: int) -> tuple[Period, int, int] | None:
    """A definite year, month or week counted from the publication day: (period, next token, token of the unit).

    `العام الماضي` (last year), `هذا الشهر` (this month), `الأسبوع` (the week, this one).
    """
    j, this = k, False
    if t.tag(j, "this"):
        j, this = j + 1, True
    word = t.word(j)
    unit = word.tags.get("unit") if word is not None else None
    if unit not in ("Y1", "M1", "W1") or not (word.definite or this and unit == "M1"):
        return None
    if unit == "Y1" and (itself := t.get(j + 1, "itself")):
        return (Period("year", t.year_told), itself[1], j) if t.year_told else None  # `the same year`
    after = modifier(t, j + 1)
    offset, end = after if after else (0, j + 1)
    if unit == "Y1" and t.year is not None:
        return Period("year", t.year + offset), end, j
    if t.ref is None:
        return None
    told = t.month if unit == "M1" and t.tag(j + 1, "before") else None  # `the month before`, not `last month`
    day = date(told.year, told.n, 1) if told and told.year else t.ref
    period = shift(day, unit[0], offset)
    return (period, end, j) if period else None


def container(t: Cursor, k: int) -> tuple[Period | None, int] | None:
    """What a part or division belongs to: `من العام الماضي` (of last year), `2017`, `لسنة 2016`, `مارس` (March)."""
    j = k
    if t.tag(j, "of") is not None and t.tag(j, "unit") is None and t.tag(j, "month") is None:
        j += 1
    fiscal = named_year(t, j) if t.tag(j, "unit") == "Y1" and t.get(j + 1, "fiscal") else None
    if fiscal and fiscal.period and fiscal.period.grain == "fiscal" and fiscal.period.n:
        return fiscal.period, fiscal.j
    stated = year(t, j)
    if stated:
        value, after, hijri = stated
        n = t.numbers.get(j)
        if t.tag(j, "unit") or (t.norms[after - 1].isdecimal() if n is None else n.form == "digits"):
            return Period("year", value, calendar="hijri" if hijri else "gregorian"), after
    hit = relative_unit(t, j)
    if hit:
        return hit.period, hit.j
    if month(t, j):
        found = named(t, j)
        if found:
            of = found.j + 1 if t.tag(found.j, "of") is not None else found.j
            inner = relative_unit(t, of) if found.year is None and found.mod is None else None
            value = inner.period.year if inner and inner.period and inner.period.grain == "year" else None
            period, _ = resolve(t, found, j, value)
            return period, inner.j if value else found.j
    return None


def relative_unit(t: Cursor, k: int, alone: bool = False) -> Reading | None:
    """A reading of `unit_period`, also without a publication day. alone: a bare definite unit is not enough."""
    j = k
    if t.tag(j, "this"):
        j += 1
    word = t.word(j)
    unit = word.tags.get("unit") if word is not None else None
    if unit not in ("Y1", "M1", "W1") or not (word.definite or j > k and unit == "M1"):
        return None
    if unit == "M1" and month(t, j) and t.get(j + 1, "mod") is None:
        return None
    after = modifier(t, j + 1)
    if after is None and j == k and alone:
        return None
    if unit == "Y1" and j == k and _general(t, k, after is not None):
        return None
    if after is None and (_definite_ordinal(t, j + 1) or year(t, j, bare=False)):
        return None
    hit = unit_period(t, k)
    end = hit[1] if hit else after[1] if after else j + 1
    told = t.numbers.get(end)
    if unit == "Y1" and told is not None and told.form == "digits" and (stated := year(t, end)):
        if (after or j > k) and t.year is None:
            t.told_year = stated[0] - (after[0] if after else 0)
        return Reading(k, stated[1], "period", Period("year", stated[0]), grain="year")
    return Reading(k, end, "period", hit[0] if hit else None, grain=GRAIN[unit[0]])


def _definite_ordinal(t: Cursor, k: int) -> bool:
    n = t.number(k)
    return (
        t.definite(k)
        and (t.tag(k, "ord") is not None or t.tag(k, "mod") == "last")
        or (n is not None and n.kind == "ordinal" and n.definite)
    )


def same_period(t: Cursor, k: int) -> Reading | None:
    """`الفترة نفسها من العام 2015`: the stretch told before, in another year; the stage fills it in."""
    hit = t.get(k, "same")
    if hit is None:
        return None
    inner = container(t, hit[1])
    if inner is None or inner[0] is None or inner[0].grain != "year":
        return Reading(k, inner[1] if inner else hit[1], "period", grain="vague")
    return Reading(k, inner[1], "period", inner[0], grain="year", same=True)


def _general(t: Cursor, k: int, modified: bool) -> bool:
    """Whether `العام` is the adjective "general" (secretary general, public sector) and no year."""
    before = t.norm(k - 1)
    if not before.startswith((ARTICLE, "\u0648" + ARTICLE, "\u0644\u0644", "\u0628" + ARTICLE)):
        return False
    word = t.word(k - 1)
    if word is not None and (word.tags.keys() & {"span", "weekday", "part", "season"}):
        return False
    # Behind a definite noun: `former, current secretary general`, but `production rose last year`.
    return not modified or t.tag(k + 1, "title") is not None


def named_year(t: Cursor, k: int) -> Reading | None:
    """`عام 2018`, `سنة 2017`, `السنة المالية 2018/2019`, `العام 2016/2017`, `عامي 2015 و2016`."""
    word = t.word(k)
    if word is None or word.tags.get("unit") not in ("Y1", "Y2"):
        return None
    j = k + 1
    fiscal = t.get(j, "fiscal")
    if fiscal:
        j = fiscal[1]
        if t.norm(j).startswith(ARTICLE) and school_years(t.norm(j + 1)):
            j += 1  # `the new school year 2015/2016`
    if t.norm(j) == ARTICLE:
        j += 1
    both = school_years(t.norm(j))
    if both is None and t.norm(j + 1) in ("/", "-") and t.norm(j).isdecimal():
        both = school_years(f"{t.norm(j)}/{t.norm(j + 2)}")
        j += 2 if both else 0
    if both is None and (both := t.apart(j)):
        j += 1
    if both:
        if fiscal and fiscal[0] == "1" and both[1] == both[0] + 1:
            return Reading(k, j + 1, "period", Period("fiscal", both[0], 1), grain="year")
        return Reading(k, j + 1, "period", Period("year", both[0]), Period("year", both[1]), grain="year")
    if early := before_christ(t, j):
        early.i = k
        return early
    stated = year(t, k)
    if stated:
        value, after, hijri = stated
        if fiscal and fiscal[0] == "1":
            return Reading(k, after, "period", Period("fiscal", value), grain="year")
        return Reading(
            k, after, "period", Period("year", value, calendar="hijri" if hijri else "gregorian"), grain="year"
        )
    if fiscal and (mod := modifier(t, j)) and t.definite(k):
        if fiscal[0] != "1" and t.ref:  # the year of schools and universities, from September on
            start = t.ref.year - (t.ref.month < 9) + mod[0]
            return Reading(k, mod[1], "period", Period("year", start), Period("year", start + 1), grain="year")
        period = shift(t.ref, "Y", mod[0]) if t.ref else None
        return Reading(k, mod[1], "period", Period("fiscal", period.year) if period else None, grain="year")
    return None


def plural(t: Cursor, k: int) -> Reading | None:
    """`السنوات الخمس المقبلة` (the next five years), `اليومين الماضيين`, `الأشهر التسعة الأولى من 2016`."""
    word = t.word(k)
    unit = word.tags.get("unit") if word is not None else None
    if unit is None or unit[1] == "1" or not word.definite:
        return None
    j, n = k + 1, 2 if unit[1] == "2" else None
    vague = False
    if n is None and (number := t.number(j)) is not None and number.definite:
        n, j = number.value, number.j
    if t.tag(j, "mod") == "few" and t.definite(j):
        vague, j = True, j + 1
    return _window(t, k, j, unit, n, vague)


def counted_window(t: Cursor, k: int) -> Reading | None:
    """`الثلاث سنوات الأخيرة`, `3 أيام القادمة`, `الـ24 ساعة الماضية`: a number before its unit."""
    n = t.number(k)
    if n is None or n.kind != "cardinal" or not n.value:
        return None
    word = t.word(n.j)
    unit = word.tags.get("unit") if word is not None else None
    if n.value == 100 and t.norm(k).startswith(PERCENT):
        return None  # `66 بالمئة العام الماضي` (66 percent last year)
    if unit is None or not (t.tag(n.j + 1, "mod") or t.get(n.j + 1, "ord")) or not t.definite(n.j + 1):
        return None
    return _window(t, k, n.j + 1, unit, n.value, False)


def last_ones(t: Cursor, k: int) -> Reading | None:
    """`آخر 3 أسابيع` (the last three weeks), `آخر يومين`."""
    if t.tag(k, "last") is None or t.definite(k):
        return None
    n = t.number(k + 1)
    j = n.j if n is not None else k + 1
    unit, word = t.tag(j, "unit"), t.word(j)
    if unit is None or word.cut or word.definite or (n is None) != (unit[1] == "2"):
        return None
    span = window(t, n.value if n is not None else 2, unit[0], -1)
    reading = Reading(k, j + 1, "period", grain=GRAIN[unit[0]])
    if span:
        reading.period, reading.end = span
    return reading


def first_ones(t: Cursor, k: int) -> Reading | None:
    """`أول أسبوعين من مارس` (the first two weeks of March), `أول 3 أشهر من 2016`."""
    if t.tag(k, "ord") != "1" or t.definite(k):
        return None
    n = t.number(k + 1)
    j = n.j if n is not None else k + 1
    unit, word = t.tag(j, "unit"), t.word(j)
    if unit is None or word.cut or word.definite or (n is None) != (unit[1] == "2") or unit[0] not in "MWD":
        return None
    hit = container(t, j + 1) if t.tag(j + 1, "of") is not None else None
    if hit is None or hit[0] is None:
        return None
    a, b = within(hit[0], unit[0], 1), within(hit[0], unit[0], n.value if n is not None else 2)
    return Reading(k, hit[1], "period", a, b, grain=GRAIN[unit[0]]) if a and b else None


def _window(t: Cursor, k: int, j: int, unit: str, n: int | None, vague: bool) -> Reading | None:
    mod = t.get(j, "mod")
    if mod and t.definite(j):
        if mod[0] == "few":
            return Reading(k, mod[1], "period", grain=GRAIN[unit[0]])
        sign = {"-1": -1, "1": 1, "last": -1, "0": -1}.get(mod[0])
        if sign is None:
            return None
        reading = Reading(k, mod[1], "period", grain=GRAIN[unit[0]])
        span = window(t, n, unit[0], sign) if n and not vague else None
        if span:
            reading.period, reading.end = span
        return reading
    first = t.get(j, "ord")
    if n and first and first[0] == "1" and unit[0] in "MWD":
        hit = container(t, first[1])
        if hit is None and unit[0] == "M" and t.ref and t.tag(first[1], "of") is None:
            hit = Period("year", t.ref.year), first[1]
        if hit and hit[0] is not None:
            a, b = within(hit[0], unit[0], 1), within(hit[0], unit[0], n)
            if a and b:
                return Reading(k, hit[1], "period", a, b, grain=GRAIN[unit[0]])
        return Reading(k, hit[1] if hit else first[1], "period", grain=GRAIN[unit[0]])
    if vague:
        return Reading(k, j, "period", grain=GRAIN[unit[0]])
    if isinstance(n, int) and j > k + 1 and unit[0] in "YMWD":
        return Reading(k, j, "duration", iso=iso_length([(n, unit[0])]), grain=GRAIN[unit[0]])  # `الأشهر التسعة`
    return None


def division(t: Cursor, k: int) -> Reading | None:
    """Quarters, halves, thirds: `الربع الأول من 2017`, `النصف الثاني من العام الماضي`, `الثلاثي الأول`."""
    hit = t.get(k, "division")
    if hit is None or not t.definite(k):
        return None
    kind, j = hit
    n = t.number(j)
    if n is not None and n.kind == "ordinal" and 1 <= n.value <= 4 and t.definite(j):
        part, j = n.value, n.j
    elif (found := t.get(j, "ord")) and t.definite(j):
        part, j = int(found[0]), found[1]
    elif t.tag(j, "mod") == "last" and t.definite(j):
        part, j = {"Q": 4, "H": 2, "T": 3}[kind], j + 1
    elif (mod := modifier(t, j)) and kind == "Q" and t.ref:
        told = t.quarter if t.tag(j, "before") else None  # `the quarter before`, not `last quarter`
        base = (told.year, told.n) if told and told.year else (t.ref.year, (t.ref.month + 2) // 3)
        quarters = base[0] * 4 + base[1] - 1 + mod[0]
        return Reading(k, mod[1], "period", Period("quarter", quarters // 4, quarters % 4 + 1), grain="quarter")
    else:
        return None
    if part > {"Q": 4, "H": 2, "T": 3}[kind]:
        return None
    grain = {"Q": "quarter", "H": "half", "T": "third"}[kind]
    last = _further(t, j, part) if kind == "Q" else None
    if last:
        last, j = last
    inner = container(t, j)
    if inner:
        whole, j = inner
        if whole is None:
            return Reading(k, j, "period", grain=grain)
        if whole.grain == "fiscal" and whole.iso:
            return Reading(k, j, "period", iso=f"{whole.iso}-{kind}{part}", grain=grain)
        if whole.grain == "year" and whole.calendar == "gregorian":
            end = Period(grain, whole.year, last) if last else None
            return Reading(k, j, "period", Period(grain, whole.year, part), end, grain=grain)
        return Reading(k, j, "period", whole, grain=whole.grain)
    # Without its year: the latest that has begun, unless something else is divided (`of the match`).
    if t.tag(j, "of") is not None and t.norm(j) == "\u0645\u0646" or kind == "H" and not t.preposition(k - 1):
        return None
    if t.ref is None:
        return Reading(k, j, "period", grain=grain)
    months = {"Q": 3, "H": 6, "T": 4}[kind]
    begun = t.ref.month > months * (part - 1)
    when = t.ref.year if begun or t.ahead(k, j) else t.ref.year - 1
    return Reading(k, j, "period", Period(grain, when, part), Period(grain, when, last) if last else None, grain=grain)


def _further(t: Cursor, k: int, part: int) -> tuple[int, int] | None:
    """`الربع الأول والثاني`: the number of the later quarter, and the token behind it."""
    n = t.number(k)
    if n is None or n.kind != "ordinal" or not n.definite or not n.conj or not part < n.value <= 4:
        return None
    return n.value, n.j


def relative(t: Cursor, k: int) -> Reading | None:
    """`العام الماضي`, `هذا الشهر`; a bare definite unit is no time of its own."""
    return relative_unit(t, k, alone=True)
