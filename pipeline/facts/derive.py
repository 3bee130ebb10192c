"""Numbers that follow from a fact's own: absolute change, percent change, yearly growth; and the check against them."""

from __future__ import annotations

import re
from itertools import product
from math import inf, log10

from pipeline.language.fold import fold
from pipeline.layers import Value

YEAR = re.compile(r"(?:FY)?(\d{4})(?:-(?:(\d\d)|Q([1-4])|H([12])))?")
# Digits, perhaps with marks of thousands, and a decimal mark, for which agencies write the letter reh.
DECIMAL = re.compile(r"(\d{1,3}(?:[.,\u066c]\d{3})+|\d+)[.,\u060c\u066b\u0631](\d{1,2})(?!\d)")
TENTH = 0.1  # of a percent or percentage point: no difference
TOLERANCE = 0.06  # relative difference up to which a stated percentage agrees with the two values (they are rounded)


def derived(start: Value | None, end: Value | None, time_from: str | None, time_to: str | None) -> dict | None:
    """`absolute_change` in the values' unit, `percent_change` and compound annual `cagr` in percent, one decimal.

    Percentages need a positive start; `cagr` needs two times at least two years apart.
    """
    if start is None or end is None or start.value is None or end.value is None or start.unit != end.unit:
        return None
    a, b = start.value, end.value
    out: dict = {"absolute_change": _round(b - a), "percent_change": None, "cagr": None}
    if a > 0 and start.unit not in ("%", "pp"):
        out["percent_change"] = round(100 * (b / a - 1), 1)
        years = _years(time_from, time_to)
        if b > 0 and years and years >= 2:
            out["cagr"] = round(100 * ((b / a) ** (1 / years) - 1), 1)
    return out


def contradicts(start: Value | None, end: Value | None, delta: Value | None, direction: str | None) -> bool:
    """Whether a stated delta does not fit the two values (beyond rounding)."""
    if not (start and end and delta) or None in (start.value, end.value) or start.unit != end.unit:
        return False
    if direction in ("up", "down") and start.value != end.value and (end.value > start.value) != (direction == "up"):
        return True
    return (apart(start, end, delta) or 0) > TOLERANCE and not _rounded(start, end, delta)


def apart(start: Value, end: Value, delta: Value) -> float | None:
    """How far a stated delta is from the difference of two values of one unit, as a part of it; None: not comparable.

    A tenth of a percent or percentage point is none, as they are rounded.
    """
    ends = _told(delta)
    if None in (start.value, end.value, ends):
        return None
    move = _move(start.value, end.value, start.unit, delta.unit)
    if move is None:
        return None
    move = abs(move)
    said = min(max(move, ends[0]), ends[1])
    off = abs(move - said)
    return 0.0 if off <= (TENTH if delta.unit in ("%", "pp") else 0) else off / said if said else inf


def _told(delta: Value) -> tuple[float, float] | None:
    """The least and the greatest size of a stated delta."""
    ends = (delta.min, delta.max) if delta.value is None else (delta.value, delta.value)
    return None if None in ends else tuple(sorted(map(abs, ends)))


def _move(start: float, end: float, unit: str | None, delta: str | None) -> float | None:
    """The movement between two values of a `unit`, in the unit of a `delta`; None: not comparable."""
    move = end - start
    if delta == "%" and unit != "%":
        return 100 * move / start if start > 0 else None
    return None if delta == "times" or delta not in (unit, "pp", "%") else move


def _rounded(start: Value, end: Value, delta: Value) -> bool:
    """Whether two values before they were rounded may have differed by a stated delta."""
    a, b = _rounding(start), _rounding(end)
    r = max(_rounding(delta), TENTH if delta.unit in ("%", "pp") else 0)
    ends = product((start.value - a, start.value + a), (end.value - b, end.value + b))
    moves = [_move(x, y, start.unit, delta.unit) for x, y in ends]
    if None in moves:
        return False
    low, high = _told(delta)
    least = 0 if min(moves) < 0 < max(moves) else min(map(abs, moves))
    return least <= high + r and low - r <= max(map(abs, moves))


def _rounding(v: Value) -> float:
    """Half of the last place in which a value is told behind a decimal mark ("1.2 billion": 0.05 billion), else 0."""
    told = DECIMAL.search(fold(v.text))
    number = float(re.sub(r"\D", "", told[1]) + "." + told[2]) if told else 0
    if not number or not v.value:
        return 0.0
    power = log10(abs(v.value) / number)  # a whole one: the mark is no thousands separator
    return 10 ** (power - len(told[2])) / 2 if abs(power - round(power)) < 1e-6 else 0.0


def _years(a: str | None, b: str | None) -> float | None:
    p, q = YEAR.fullmatch(a or ""), YEAR.fullmatch(b or "")
    if not (p and q):
        return None
    return int(q[1]) - int(p[1]) + (_part(q) - _part(p))


def _part(m: re.Match) -> float:
    month, quarter, half = m[2], m[3], m[4]
    return (int(month) - 1) / 12 if month else (int(quarter) - 1) / 4 if quarter else (int(half) - 1) / 2 if half else 0


def _round(x: float) -> float | int:
    x = float(f"{x:.10g}")
    return int(x) if x.is_integer() else x
