"""Readers for seasons, decades, centuries, feasts, the n-th day or week of something, repeated and vague times."""

from __future__ import annotations

from pipeline.times.calendar import Period, hijri_in_year, hijri_near, nearest, shift, weekday_within, within
from pipeline.times.cursor import ARTICLE, Cursor, Reading
from pipeline.times.dates import modifier, month, named, year
from pipeline.times.spans import GRAIN, iso_length, length
from pipeline.times.units import container

_MADDA = "\u0622"  # in the first letter of a name


def season(t: Cursor, k: int) -> Reading | None:
    """`صيف 2016` (summer), `الصيف الماضي`, `هذا الصيف`; a bare one only behind a preposition."""
    j = k + 1 if t.tag(k, "this") else k
    hit = t.get(j, "season")
    if hit is None or t.definite(j) and not t.word(j).cut and t.norm(j - 1).startswith(ARTICLE):
        return None  # `the winter sales`: an adjective
    word, n, after = t.word(j), int(hit[0]), hit[1]
    value = None
    if mod := modifier(t, after):
        value, after = _season_year(t, n, mod[0], k, after), mod[1]
    elif (inner := container(t, after)) and (inner[0] is None or inner[0].grain == "year"):
        value, after = inner[0].year if inner[0] else None, inner[1]
    elif j > k or word.definite and (t.preposition(k - 1) or word.cut) or t.query or t.ahead(k, after):
        value = _season_year(t, n, 0, k, after) if j > k or t.query else None  # a bare season may be any year's
    else:
        return None
    return Reading(k, after, "period", Period("season", value, n) if value else None, grain="season")


def _season_year(t: Cursor, n: int, mod: int | None, i: int, j: int) -> int | None:
    if t.ref is None:
        return None
    middle = {21: 4, 22: 7, 23: 10, 24: 1}[n]
    if mod == 0:
        return t.ref.year
    return nearest(middle, None, t.ref, t.ahead(i, j) if mod is None else mod)


def decade(t: Cursor, k: int) -> Reading | None:
    """`الثمانينات`, `تسعينيات القرن الماضي`; the century is the twentieth unless told."""
    hit = t.get(k, "decade")
    if hit is None or _age_follows(t, hit[1]):
        return None
    tens, j = int(hit[0]), hit[1]
    base = 1900
    of = j + 1 if t.tag(j, "of") is not None else j
    inner = century(t, of)
    if inner and inner.period:
        base, j = inner.period.year, inner.j
    elif not t.definite(k):
        return None
    return Reading(k, j, "period", Period("decade", base + 10 * tens), grain="decade")


def _age_follows(t: Cursor, k: int) -> bool:
    return t.tag(k, "age") is not None or t.tag(k, "of") is not None and t.tag(k + 1, "age") is not None


def century(t: Cursor, k: int) -> Reading | None:
    """`القرن العشرين` (the twentieth century), `القرن الـ19`, `القرن الماضي`."""
    if t.tag(k, "unit") != "C1" or not t.definite(k):
        return None
    n = t.number(k + 1)
    if n is not None and 1 <= n.value <= 22:
        era = t.get(n.j, "era")
        if era and era[0] == "bc":
            return Reading(k, era[1], "period", iso=f"-{n.value - 1:02d}XX" if n.value > 1 else None, grain="century")
        hijri = bool(era) and era[0] == "ah"  # a Hijri century has no place in the calendar of `iso`
        period = Period("century", 100 * (n.value - 1)) if n.value > 1 and not hijri else None
        return Reading(k, era[1] if era else n.j, "period", period, grain="century")
    mod = modifier(t, k + 1)
    if mod is None:
        return None
    value = (t.ref.year if t.ref else 2000) // 100 * 100 + 100 * mod[0]
    return Reading(k, mod[1], "period", Period("century", value), grain="century")


def holiday(t: Cursor, k: int) -> Reading | None:
    """A feast day, in the year told beside it or the one nearest to the publication day."""
    j = k + 1 if t.tag(k, "unit") == "D1" and not t.definite(k) and t.get(k, "holiday") is None else k
    hit = t.get(j, "holiday")
    if hit is None:
        return None
    value, after = hit
    stated = year(t, after) or (year(t, after + 1) if t.tag(after, "of") is not None else None)
    if value.startswith("?"):
        if stated is None:
            return None
        value = value[1:]
    reading = Reading(k, stated[1] if stated else after, "date", grain="day")
    if not value:
        return reading
    hijri = value.startswith("h:")
    month_, _, day = value.removeprefix("h:").partition("-")
    month_, day = int(month_), int(day or 0)
    ahead = t.ahead(k, after)
    if stated:
        told = stated[0]
        reading.period = (
            (hijri_in_year(month_, day, told) if hijri else Period("day", told, month_, day))
            if told > 1500
            else Period("day" if day else "month", told, month_, day, "hijri")
            if hijri
            else None
        )
    elif t.ref is None:
        reading.period = None if hijri else Period("day", None, month_, day)
    elif hijri:
        reading.period = hijri_near(month_, day, t.ref, ahead)
    else:
        when = t.ref.year if t.query else nearest(month_, day, t.ref, ahead)
        reading.period = Period("day", when, month_, day)
    return reading


def nth(t: Cursor, k: int) -> Reading | None:
    """`أول ثلاثاء من شهر أكتوبر`, `الأسبوع الثالث من هذا الشهر`, `آخر يوم في 2015`: the n-th of a period."""
    n, j = _ordinal(t, k)
    unit = weekday = None
    if n is not None:
        if t.tag(j, "unit") == "D1" and t.get(j + 1, "weekday"):
            j += 1
    else:
        j = k
    if t.tag(j, "unit") in ("D1", "W1", "M1") and not (n is not None and t.definite(j)):
        unit, j = t.tag(j, "unit")[0], j + 1
    elif (hit := t.get(j, "weekday")) and (n is not None or t.definite(j)):
        weekday, j = int(hit[0]), hit[1]
    elif n is not None and (two := t.number(j)) is not None and two.value == 2 and two.form == "words":
        weekday, j = 0, two.j  # Monday is written as the number two
    else:
        return None
    if n is None:
        n, j = _ordinal(t, j, definite=True)
        if n is None:
            return None
    of = t.word(j)
    inner = container(t, j) if of is not None and ("of" in of.tags or "this" in of.tags or of.cut) else None
    if inner is None or inner[0] is None or inner[0].grain == "day":
        if inner is None and unit == "D" and n == -1 and t.ahead(k, j):
            return Reading(k, j, "date", grain="day")
        return Reading(k, inner[1], "date", grain=GRAIN.get(unit, "day")) if inner else None
    whole = inner[0]
    period = weekday_within(whole, weekday, n) if weekday is not None else within(whole, unit, n)
    return Reading(k, inner[1], "date" if weekday is not None or unit == "D" else "period", period,
                   grain=GRAIN.get(unit, "day"))  # fmt: skip


def _ordinal(t: Cursor, k: int, definite: bool = False) -> tuple[int | None, int]:
    """(n, next token): first to fifth, -1 for last; with or without the article."""
    word = t.word(k)
    if word is not None and word.definite == definite:
        if "ord" in word.tags:
            n = t.number(k)
            return (n.value, n.j) if n is not None and n.kind == "ordinal" else (int(word.tags["ord"]), k + 1)
        if word.tags.get("part") == "late" and not definite and "unit" not in word.tags and t.norm(k)[-1:] == "\u0631":
            return -1, k + 1
        if word.tags.get("mod") == "last" and definite:
            return -1, k + 1
    n = t.number(k)
    if n is not None and n.kind == "ordinal" and n.definite == definite and 1 <= n.value <= 53:
        return n.value, n.j
    return None, k


def week_of_date(t: Cursor, k: int) -> Reading | None:
    """`أسبوع 15 سبتمبر`: the week that holds the day."""
    if t.tag(k, "unit") != "W1" or t.definite(k):
        return None
    from pipeline.times.calendar import week_of
    from pipeline.times.dates import resolve

    found = named(t, k + 1)
    if found is None or not found.day or found.hijri:
        return None
    period, guessed = resolve(t, found, k)
    first = period.first() if period else None
    return Reading(k, found.j, "period", week_of(first) if first else None, grain="week", guessed=guessed)


def repeated(t: Cursor, k: int) -> Reading | None:
    """`سنويا` (yearly), `كل يوم` (every day), `كل ثلاثة أشهر`, `كل جمعة`: ISO 8601 length of the interval."""
    hit = t.get(k, "set")
    if hit:
        return Reading(k, hit[1], "set", iso=hit[0], grain=GRAIN[hit[0][-1]])
    if t.tag(k, "every") is None:
        return None
    unit, word = t.tag(k + 1, "unit"), t.word(k + 1)
    if word is not None and "weekday" in word.tags and not (n := t.number(k + 1)):
        return Reading(k, k + 2, "set", iso="P1W", grain="week")
    if unit and unit[1] == "1" and not word.definite:
        if unit == "D1" and t.get(k + 2, "weekday"):
            return Reading(k, k + 3, "set", iso="P1W", grain="week")
        if unit == "M1" and month(t, k + 1):
            return None  # each Ramadan
        return Reading(k, k + 2, "set", iso=iso_length([(1, unit[0])]), grain=GRAIN[unit[0]])
    n = t.numbers.get(k + 1)
    if n is not None and not n.definite or unit and unit[1] == "2":
        hit = length(t, k + 1)
        if hit:
            return Reading(k, hit[1], "set", iso=iso_length(hit[0]), grain=GRAIN[hit[0][0][1]])
    return None


def vague(t: Cursor, k: int) -> Reading | None:
    """Times that nothing fixes: `مؤخرا` (recently), `الآونة الأخيرة` (of late)."""
    hit = t.get(k, "vague")
    if hit and t.tokens.text[t.tokens.starts[k]] == _MADDA:
        return None  # a name, folded like "now"
    if hit:
        return Reading(k, hit[1], "date", grain="vague")
    hit = t.get(k, "nowday")
    if hit:
        if not t.query:
            return Reading(k, hit[1], "date", grain="vague")
        reading = Reading(k, hit[1], "date", shift(t.ref, "D", 0) if t.ref else None, grain="day")
        if t.has_clock and reading.period:
            reading.clock, reading.grain = f"T{t.now:%H:%M}", "minute"
        return reading
    return None
