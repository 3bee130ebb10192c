"""Lengths of time, and positions counted from the publication day: `قبل ثلاثة أشهر` (three months ago)."""

from __future__ import annotations

from fractions import Fraction

from pipeline.times.calendar import Period, of_day, shift
from pipeline.times.cursor import DASHES, WAW, Cursor, Reading

_SYMBOL = {"Y": "Y", "M": "M", "W": "W", "D": "D", "N": "D", "X": "Y", "C": "Y", "h": "H", "m": "M", "s": "S"}
_LINKS = ("\u0627\u0644", "\u0648", "\u0641", "\u0644\u0644", "\u0628")
_ALEF = "\u0627"
_DUALS = ("\u064a\u0646", "\u0627\u0646")
_FACTOR = {"X": 10, "C": 100}
GRAIN = {
    "Y": "year", "M": "month", "W": "week", "D": "day", "N": "day", "X": "decade", "C": "century",
    "h": "hour", "m": "minute", "s": "second",
}  # fmt: skip
_ORDER = "CXYMWDNhms"

Parts = list[tuple[int | Fraction, str]]


def iso_length(parts: Parts) -> str:
    """ISO 8601 duration; a fraction of an hour in minutes, of another unit as a decimal.

    >>> iso_length([(3, "D")]), iso_length([(Fraction(3, 2), "h")])
    ('P3D', 'PT1H30M')
    """
    date_part, time_part = {}, {}
    for n, unit in parts:
        n = n * _FACTOR.get(unit, 1)
        if unit == "h" and n != int(n):
            time_part["H"] = time_part.get("H", 0) + int(n)
            unit, n = "m", (n - int(n)) * 60
        symbol = _SYMBOL[unit]
        into = time_part if unit in "hms" else date_part
        into[symbol] = into.get(symbol, 0) + n
    if "W" in date_part and (len(date_part) > 1 or time_part):
        date_part["D"] = date_part.get("D", 0) + 7 * date_part.pop("W")
    out = "P" + "".join(f"{_plain(date_part[s])}{s}" for s in "YMWD" if date_part.get(s))
    clock = "".join(f"{_plain(time_part[s])}{s}" for s in "HMS" if time_part.get(s))
    return out + ("T" + clock if clock else "")


def _plain(n) -> str:
    return str(int(n)) if n == int(n) else f"{float(n):.4f}".rstrip("0").rstrip(".")


def length(t: Cursor, k: int) -> tuple[Parts, int] | None:
    """(parts, next token) of a counted length: `3 أيام` (days), `يومين` (two days), `ساعة ونصف`, `عام و شهر`."""
    parts, j = [], k
    while len(parts) < 5:
        one = _one(t, j, first=not parts)
        if one is None:
            break
        n, unit, after = one
        if parts and _ORDER.index(unit) <= _ORDER.index(parts[-1][1]):
            break
        parts.append((n, unit))
        j = after
        half = _and_half(t, j)
        if half:
            parts[-1] = (n + half[0], unit)
            j = half[1]
            break
        if t.norm(j) == WAW and _one(t, j + 1, first=False):
            j += 1
        elif not _joined(t, j):
            break
    while parts and t.norm(j - 1) == WAW:
        j -= 1
    return (parts, j) if parts else None


def _joined(t: Cursor, k: int) -> bool:
    word, n = t.word(k), t.numbers.get(k)
    return bool(word is not None and word.conj or n is not None and n.conj)


def _one(t: Cursor, k: int, first: bool) -> tuple[int | Fraction, str, int] | None:
    """One count with its unit. A bare singular counts only behind another part, or before a half."""
    n = t.numbers.get(k)
    if n is not None and n.j <= t.hi and n.value is not None and n.kind in ("cardinal", "fraction"):
        unit = t.tag(n.j, "unit")
        word = t.word(n.j)
        if unit and word.cut == 0 and not word.definite and n.value > 0:
            if n.kind == "fraction" and unit[1] != "1":
                return None
            if unit == "Y1" and _years(t, n.j + 1):
                return None
            if unit[1] == "+" and unit[0] in "DMW" and _years(t, n.i):
                return None  # `دورة 2017 أيام`
            if unit == "s1" and n.value > 99 and n.form == "words":
                return None
            if unit[0] in "XC" and (n.scale > 1 or n.value > 50 or unit[0] == "X" and _content(t, n.j + 1)):
                return None  # a decade is written like a contract
            if t.tag(n.j + 1, "light"):
                return None  # a light year is a distance
            if unit in ("D1", "N1") and t.get(n.j + 1, "weekday") and t.norms[n.j][-1:] != _ALEF:
                return None  # the day of the week behind a number that counts something else
            if first and _second_end(t, k, n):
                return None
            return Fraction(str(n.value)).limit_denominator(1000), unit[0], n.j + 1
        return None
    found = t.tag(k, "minutes")  # half, quarter, third, as the readers of numbers may leave them alone
    if found and (unit := t.tag(k + 1, "unit")) and unit[1] == "1" and not t.definite(k + 1) and found != "45":
        return Fraction(int(found), 60), unit[0], k + 2
    unit, word = t.tag(k, "unit"), t.word(k)
    if unit is None or word.definite:
        return None
    if unit[1] == "2":
        before = t.norm(k - 1)
        agrees = unit == "Y2" and len(before) > 4 and before.endswith(_DUALS) and word.cut == 0
        return None if agrees else (2, unit[0], k + 1)  # two general secretaries
    if unit[0] == "X" and not t.tag(k - 1, "measures") and t.tag(k - 1, "ago") is None and not t.tag(k - 1, "during"):
        return None  # a decade is written like a contract
    if unit[1] == "1" and (one := t.numbers.get(k + 1)) and one.value == 1 and one.form == "words":
        return None if one.definite or one.conj or one.prep else (1, unit[0], k + 2)
    if unit[1] == "1" and unit != "s1" and (not first or _and_half(t, k + 1) or _smaller(t, k + 1, unit[0])):
        return 1, unit[0], k + 1
    return None


def _content(t: Cursor, k: int) -> bool:
    """Whether an indefinite content word stands at token `k`: what a contract is for."""
    norm = t.norm(k)
    return norm[:1].isalpha() and t.word(k) is None and not norm.startswith(_LINKS)


def _second_end(t: Cursor, k: int, n) -> bool:
    """Whether the number at `k` closes a range of lengths: `بين 10 و15 يوما`, `3 إلى 5 أيام`; a range is a quantity."""
    j = k if n.conj else k - 1
    if j < k and not (t.norm(j) == WAW or t.norm(j) in DASHES or t.tag(j, "to") or t.tag(j, "or")):
        return False
    for i in range(j - 1, max(t.lo, j - 5) - 1, -1):
        before = t.numbers.get(i)
        if before is not None:
            plain = before.j == j and before.kind == "cardinal" and not t.get(before.j, "unit")
            if not plain or before.value is None or before.value >= n.value:
                return False
            joined = t.tag(i - 1, "between") or t.tag(i - 2, "between")
            return bool(joined) if n.conj or t.norm(j) == WAW else True
    return False


def _smaller(t: Cursor, k: int, unit: str) -> bool:
    """Whether a counted smaller unit is joined on: `ساعة و20 دقيقة`."""
    k += t.norm(k) == WAW
    n = t.numbers.get(k)
    after = t.tag(n.j, "unit") if n is not None and n.j < t.hi else None
    return bool(after) and (n.conj or t.norm(k - 1) == WAW) and _ORDER.index(after[0]) > _ORDER.index(unit)


def _years(t: Cursor, k: int) -> bool:
    """Whether digits of a year stand at token `k`, so that the word before it names that year."""
    norm = t.norm(k)
    return len(norm) == 4 and norm.isdecimal() and "1800" < norm < "2200"


def _and_half(t: Cursor, k: int) -> tuple[Fraction, int] | None:
    """`ونصف` (and a half), `والنصف الساعة`, as a part of the unit before it."""
    apart = t.norm(k) == WAW
    j = k + 1 if apart else k
    word = t.word(j)
    if word is None or not (apart or word.conj):
        return None
    value = word.tags.get("minutes")
    if value in ("30", "15", "20") and not t.tag(j + 1, "unit"):
        return Fraction(int(value), 60), j + 1
    if value in ("30", "15", "20") and t.definite(j + 1) and t.tag(j + 1, "unit"):
        return Fraction(int(value), 60), j + 2
    return None


def counted(t: Cursor, i: int, j: int, parts: Parts, sign: int) -> Reading:
    """The position `parts` before (-1) or after (1) the publication moment; its grain is that of the smallest unit."""
    reading = Reading(i, j, "date", grain=GRAIN[parts[-1][1]])
    if t.now is None:
        return reading
    if any(n != int(n) for n, _ in parts) and parts[-1][1] not in "hms":
        return reading
    day, seconds = t.ref, 0
    for n, unit in parts:
        if unit in "hms":
            seconds += int(n * {"h": 3600, "m": 60, "s": 1}[unit])
            continue
        if len(parts) == 1:
            period = shift(day, unit, sign * int(n))
            reading.period = period
            reading.grain = period.grain if period else reading.grain
            return reading
        day = _moved(day, unit, sign * int(n))
        if day is None:
            return reading
    if seconds:
        return _moment(t, reading, day, sign * seconds)
    reading.period = of_day(day)
    return reading


def _moved(day, unit: str, n: int):
    from dateutil.relativedelta import relativedelta

    name = {"Y": "years", "M": "months", "W": "weeks", "D": "days", "N": "days"}.get(unit)
    try:
        if name is None:
            return day + relativedelta(years=n * _FACTOR[unit])
        return day + relativedelta(**{name: n})
    except (ValueError, OverflowError):
        return None


def _moment(t: Cursor, reading: Reading, day, seconds: int) -> Reading:
    """Hours and minutes counted from a publication moment whose clock is known."""
    from datetime import datetime, timedelta

    if not t.has_clock:
        return reading
    try:
        when = datetime(day.year, day.month, day.day, t.now.hour, t.now.minute, t.now.second) + timedelta(0, seconds)
    except OverflowError:
        return reading
    reading.period = of_day(when.date())
    reading.clock = f"T{when:%H:%M:%S}" if seconds % 60 else f"T{when:%H:%M}"
    return reading


def window(t: Cursor, n: int, unit: str, sign: int) -> tuple[Period, Period] | None:
    """`the next five years`, `the last two days`: ends, in order.

    Days are counted whole, without the publication day; of a longer unit the current one is the near end.
    """
    if t.ref is None or unit in "hms" or n < 1:
        return None
    far = shift(t.ref, unit, sign * n * (10 if unit == "X" else 1)) if unit != "X" else shift(t.ref, "Y", sign * n * 10)
    near = shift(t.ref, unit, sign if unit in "DN" else 0)
    if far is None or near is None:
        return None
    return (far, near) if sign < 0 else (near, far)
