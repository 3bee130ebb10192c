"""Calendar positions and their ISO 8601 / EDTF form.

Sources of the notation: ISO 8601-1:2019 (dates, weeks, durations, intervals), ISO 8601-2:2019 (EDTF: unspecified
digits `XXXX`, `201X`, seasons 21 to 24), and for quarters, halves and fiscal years the house form `2018-Q1`,
`2018-H1`, `FY2018/2019`.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

MONTHS = {"Q": 3, "H": 6, "T": 4}
GRAINS = ("century", "decade", "year", "half", "quarter", "season", "month", "week", "day")


class Period(NamedTuple):
    """One calendar position. `n` is the month, week, quarter, half or season; the year is None where unknown."""

    grain: str
    year: int | None
    n: int = 0
    day: int = 0
    calendar: str = "gregorian"

    @property
    def iso(self) -> str | None:
        grain, year, n, day = self.grain, self.year, self.n, self.day
        if year is not None and not 0 < year < 10000:
            return None
        if self.calendar == "hijri":
            return hijri_iso(self)
        y = "XXXX" if year is None else f"{year:04d}"
        match grain:
            case "year":
                return y if year else None
            case "decade":
                return y[:3] + "X" if year else None
            case "century":
                return y[:2] + "XX" if year else None
            case "fiscal":
                return f"FY{y}/{year + 1:04d}" if n else f"FY{y}"
            case "half":
                return f"{y}-H{n}"
            case "quarter":
                return f"{y}-Q{n}"
            case "third":
                return f"{y}-{4 * n - 3:02d}/{y}-{4 * n:02d}"
            case "season":
                return f"{y}-{n}"
            case "month":
                return f"{y}-{n:02d}"
            case "week":
                return f"{y}-W{n:02d}" if year else None
            case "day":
                return f"{y}-{n:02d}-{day:02d}"
        return None

    def first(self) -> date | None:
        """The first day, None where the year is unknown."""
        iso = self.iso
        if iso is None or "X" in iso or self.year is None or self.grain in ("fiscal", "season", "third"):
            return None
        if self.calendar == "hijri":
            return date.fromisoformat((iso + "-01-01")[:10]) if self.grain == "year" else _day(iso.split("/")[0])
        match self.grain:
            case "year":
                return date(self.year, 1, 1)
            case "half":
                return date(self.year, 6 * self.n - 5, 1)
            case "quarter":
                return date(self.year, 3 * self.n - 2, 1)
            case "month":
                return date(self.year, self.n, 1)
            case "week":
                return date.fromisocalendar(self.year, self.n, 1)
            case "day":
                return date(self.year, self.n, self.day)
        return None


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def of_day(day: date) -> Period:
    return Period("day", day.year, day.month, day.day)


def valid(year: int | None, month: int, day: int) -> bool:
    """Whether that day exists (29 February does where the year is unknown)."""
    return 1 <= month <= 12 and 1 <= day <= monthrange(year if year and 0 < year < 10000 else 2000, month)[1]


def shift(day: date, unit: str, n: int) -> Period | None:
    """The period of that unit (`Y M W D`, `X` decades, `C` centuries) which lies `n` units from the one of `day`."""
    if abs(n) > 20000:
        return None
    try:
        match unit:
            case "Y":
                year = day.year + n
                return Period("year", year) if 0 < year < 10000 else None
            case "X":
                return Period("year", day.year + 10 * n) if 0 < day.year + 10 * n < 10000 else None
            case "C":
                return Period("century", day.year + 100 * n) if 0 < day.year + 100 * n < 10000 else None
            case "M":
                months = day.year * 12 + day.month - 1 + n
                return Period("month", months // 12, months % 12 + 1) if 12 <= months < 120000 else None
            case "W":
                year, week, _ = (day + timedelta(7 * n)).isocalendar()
                return Period("week", year, week)
            case "D" | "N":
                return of_day(day + timedelta(n))
    except OverflowError:
        return None
    return None


def within(period: Period, unit: str, n: int) -> Period | None:
    """The `n`-th month, week or day of a longer period; -1 the last one. Weeks count from its first Monday."""
    first = period.first()
    if first is None or abs(n) > 366:
        return None
    after = next_period(period)
    if unit == "D":
        day = first + timedelta(n - 1) if n > 0 else after - timedelta(-n)
        return of_day(day) if first <= day < after else None
    if unit == "W":
        if n > 0:
            monday = first + timedelta(-first.weekday() % 7 + 7 * (n - 1))
        else:
            last = after - timedelta(1)
            monday = last - timedelta((last.weekday() + 1) % 7 + 6)
        year, week, _ = monday.isocalendar()
        return Period("week", year, week)
    if unit == "M" and period.grain in ("year", "half", "quarter"):
        span = {"year": 12, "half": 6, "quarter": 3}[period.grain]
        month = first.month + (n - 1 if n > 0 else span + n)
        return Period("month", first.year, month) if first.month <= month < first.month + span else None
    return None


def weekday_within(period: Period, weekday: int, n: int) -> Period | None:
    """The `n`-th such day of the week in the period; -1 the last one."""
    first = period.first()
    if first is None or abs(n) > 53:
        return None
    after = next_period(period)
    if n > 0:
        day = first + timedelta((weekday - first.weekday()) % 7 + 7 * (n - 1))
    else:
        last = after - timedelta(1)
        day = last - timedelta((last.weekday() - weekday) % 7)
    return of_day(day) if first <= day < after else None


def next_period(period: Period) -> date:
    """The day after the last one of a period that has a first day."""
    first = period.first()
    match period.grain:
        case "day":
            return first + timedelta(1)
        case "week":
            return first + timedelta(7)
    months = {"year": 12, "half": 6, "quarter": 3, "month": 1}[period.grain]
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def nearest(month: int, day: int | None, ref: date, ahead: int, weekday: int | None = None) -> int | None:
    """The year of a day or month that names none.

    ahead 1: the first on or after the publication day; -1: the last on or before it; 0: the closest one. A day of
    the week named beside it has the last word.
    """
    best, best_cost = None, None
    for year in range(max(1, ref.year - 6), min(9999, ref.year + 6) + 1):
        if day is not None and not valid(year, month, day):
            continue
        when = date(year, month, day or 15)
        distance = (when - ref).days
        if day is None and (year, month) == (ref.year, ref.month):
            distance = 0
        cost = abs(distance)
        if weekday is not None and when.weekday() != weekday:
            cost += 4000
        if ahead and distance * ahead < 0:
            cost += 2000
        if best_cost is None or cost < best_cost:
            best, best_cost = year, cost
    return best


def hijri_iso(period: Period) -> str | None:
    """The Gregorian day, or the range of days, of a Hijri position (Umm al-Qura calendar, 1343 to 1500 AH)."""
    if period.year is None:
        return None
    from hijridate import Hijri

    try:
        if period.grain == "day":
            return Hijri(period.year, period.n, period.day).to_gregorian().isoformat()
        first = Hijri(period.year, period.n or 1, 1)
        month = period.n or 12
        last = Hijri(period.year, month, Hijri(period.year, month, 1).month_length())
        a, b = first.to_gregorian().isoformat(), last.to_gregorian().isoformat()
        return f"{a}/{b}" if period.grain == "month" else f"{a[:4]}/{b[:4]}" if a[:4] != b[:4] else a[:4]
    except (ValueError, OverflowError):
        return None


def hijri_years(ref: date) -> range:
    """The Hijri years that may hold a day near `ref`."""
    from hijridate import Gregorian

    try:
        year = Gregorian(ref.year, ref.month, ref.day).to_hijri().year
    except (ValueError, OverflowError):
        return range(0)
    return range(max(1343, year - 1), min(1500, year + 1) + 1)


def hijri_near(month: int, day: int, ref: date, ahead: int) -> Period | None:
    """The Hijri month (day 0) or day closest to `ref`, or the next or last one (`ahead` 1, -1)."""
    best, best_cost = None, None
    for year in hijri_years(ref):
        period = Period("day" if day else "month", year, month, day, "hijri")
        iso = period.iso
        if iso is None:
            continue
        first, last = (date.fromisoformat(part) for part in (iso.split("/") * 2)[:2])
        distance = (first - ref).days if first > ref else (last - ref).days if last < ref else 0
        cost = abs(distance) + (2000 if ahead * distance < 0 else 0)
        if best_cost is None or cost < best_cost:
            best, best_cost = period, cost
    return best


def hijri_in_year(month: int, day: int, year: int) -> Period | None:
    """The Hijri day or month that begins in a Gregorian year."""
    if not 1924 < year < 2077:
        return None
    for hijri in hijri_years(date(year, 7, 1)):
        period = Period("day" if day else "month", hijri, month, day, "hijri")
        if (period.iso or "").startswith(f"{year:04d}"):
            return period
    return None


def week_of(day: date) -> Period:
    year, week, _ = day.isocalendar()
    return Period("week", year, week)
