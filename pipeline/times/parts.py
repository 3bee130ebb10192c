"""Parts of a period or of a day: `أواخر 2014` (late 2014), `منتصف الليل` (midnight), `هذا الصباح` (this morning)."""

from __future__ import annotations

from pipeline.times import days, spans
from pipeline.times import named as names
from pipeline.times.calendar import Period, valid
from pipeline.times.clock import clock, daypart
from pipeline.times.cursor import Cursor, Reading
from pipeline.times.dates import modifier, year
from pipeline.times.units import container, division, named_year, plural, unit_period


def part(t: Cursor, k: int) -> Reading | None:
    """`أواخر 2014`, `نهاية العام`, `منتصف مارس`: the ISO value is that of the whole period."""
    hit = t.get(k, "part")
    if hit is None or t.get(k, "noonlike"):
        return None
    kind, j = hit
    if t.definite(k) and j == k + 1:
        return None
    if t.get(j + 1, "fiscal") and (found := named_year(t, j)):
        return Reading(k, found.j, "period", found.period, found.end, grain=found.grain)
    inner = container(t, j)
    if inner is None:
        unit = t.tag(j, "unit") or "  "
        if kind == "all" and unit == "D1" and t.definite(j) and not modifier(t, j + 1):
            return Reading(k, j + 1, "duration", iso="P1D", grain="day")
        of = j + 1 if t.tag(j, "of") is not None and t.tag(j, "unit") is None else j
        for reader in (
            names.nth,
            names.decade,
            names.century,
            names.season,
            division,
            plural,
            _part_of_part,
            _day_of_part,
        ):
            found = reader(t, of)
            if found and found.kind == "clock":  # `بداية من يوم الأربعاء على الساعة الثالثة`
                return Reading(
                    k, found.j, "clock", found.period, clock=found.clock, grain=found.grain, guessed=found.guessed
                )
            if found:
                day = t.get(k, "at") and found.grain == "day" and found.end is None  # `from the 3rd of January on`
                return Reading(k, found.j, "date" if day else "period", found.period, found.end, grain=found.grain)
        if kind == "all" and unit[1] == "1" or kind == "rest" and unit in ("D1", "h1", "N1") and t.definite(j):
            if t.norm(j + 1)[:1].isdecimal() or t.get(j + 1, "month") or unit[0] == "Y" and year(t, j, bare=False):
                return None
            return Reading(k, j + 1, "duration", iso=spans.iso_length([(1, unit[0])]), grain=spans.GRAIN[unit[0]])
        hit = daypart(t, of)
        if hit and t.tag(of, "daypart") and (t.definite(of) or t.tag(k, "vague") is None):
            return Reading(k, hit[1], "clock", grain="daypart")
        return None
    period, j = inner
    unit, word = t.tag(k + 1, "unit"), t.word(k + 1)
    if kind == "all" and unit and word.definite and t.get(k + 2, "mod") is None and j == k + 2:
        return Reading(k, j, "duration", iso=spans.iso_length([(1, unit[0])]), grain=spans.GRAIN[unit[0]])
    if period is not None and period.grain == "day":
        return None
    if t.norm(k + 1).isdecimal() and kind == "in":
        return None
    if kind == "first" and period is not None and period.grain == "month":
        return Reading(k, j, "date", period._replace(grain="day", day=1), grain="day")
    if kind == "mid" and t.tag(k, "minutes") and not (period and period.grain == "month"):
        return None
    if kind == "mid" and t.tag(k, "minutes") and period is not None:
        period = period._replace(grain="day", day=15)
        return Reading(k, j, "date", period, grain="day")
    return Reading(k, j, "period", period, grain=period.grain if period else spans.GRAIN.get((unit or " ")[0], ""))


def _part_of_part(t: Cursor, k: int) -> Reading | None:
    """`بداية النصف الثاني من مارس`, `منذ بداية نهاية …`: one part inside another, no deeper."""
    hit = t.get(k, "part")
    inner = container(t, hit[1]) if hit and not t.definite(k) else None
    if not inner or not inner[0]:
        return None
    period = inner[0]
    if hit[0] == "first" and period.grain == "month":
        period = period._replace(grain="day", day=1)
    return Reading(k, inner[1], "period", period, grain=period.grain)


def _day_of_part(t: Cursor, k: int) -> Reading | None:
    """A day, told by more than a bare part of it, that a part belongs to: `late on Friday evening`."""
    found = days.day(t, k)
    return found if found is not None and found.period is not None and found.period.grain == "day" else None


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
        if (
            adverb
            or "stands" in word.tags
            and word.definite
            and (t.tag(k - 1, "of") is not None or t.tag(k - 1, "during") or word.cut)
        ):
            return Reading(k, hit[1], "clock", grain="daypart")
    return None


def on_month_day(t: Cursor, k: int) -> Reading | None:
    """`الثاني والعشرين` closing a clause behind a preposition, `الحادي والثلاثين من هذا الشهر`: a day of the month."""
    n = t.number(k)
    if n is None or not 1 <= n.value <= 31 or n.form == "mixed" or len(t.norms[n.i]) > 2 and n.form == "digits":
        return None
    j = n.j
    if t.tag(j, "of") is not None and (after := _same_month(t, j + 1)):
        p = t.month
        known = p is not None and valid(p.year, p.n, n.value)
        return Reading(k, after, "date", p._replace(grain="day", day=n.value) if known else None, grain="day")
    if n.kind != "ordinal" and n.form != "digits" or n.kind == "ordinal" and (not n.definite or t.get(k, "hour")):
        return None
    if t.tag(j, "of") is not None and (hit := unit_period(t, j + 1)) and hit[0].grain == "month":
        p = hit[0]
        return Reading(k, hit[1], "date", p._replace(grain="day", day=n.value) if valid(p.year, p.n, n.value) else None,
                       grain="day")  # fmt: skip
    if n.kind != "ordinal":
        return None
    stands = n.prep or t.preposition(k - 1) and not t.tag(k - 1, "from")
    if n.value <= 10 or not stands or t.norm(j)[:1].isalnum():
        return None
    return Reading(k, j, "date", grain="day")


def _same_month(t: Cursor, k: int) -> int | None:
    """The token behind `الشهر نفسه`, `نفس الشهر` (the same month)."""
    if t.tag(k, "unit") == "M1" and (after := t.get(k + 1, "itself")):
        return after[1]
    return k + 2 if t.tag(k, "self") and t.tag(k + 1, "unit") == "M1" else None


def clock_alone(t: Cursor, k: int) -> Reading | None:
    """A feminine ordinal that closes a clause behind `في` (at): an hour."""
    if not t.definite(k) or t.get(k, "hour") is None or not t.tag(k - 1, "of"):
        return None
    hit = clock(t, k, inside=True)
    if hit is None or t.norm(hit.j)[:1].isalnum():
        return None
    return Reading(k, hit.j, "clock", clock=hit.iso, grain="hour")
