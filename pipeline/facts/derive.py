"""Numbers that follow from a fact's own: absolute change, percent change, yearly growth; and the check against them."""

from __future__ import annotations

import re
from math import inf

from pipeline.layers import Value

YEAR = re.compile(r"(?:FY)?(\d{4})(?:-(?:(\d\d)|Q([1-4])|H([12])))?")
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
    return (apart(start, end, delta) or 0) > TOLERANCE


def apart(start: Value, end: Value, delta: Value) -> float | None:
    """How far a stated delta is from the difference of two values of one unit, as a part of it; None: not comparable.

    A tenth of a percent or percentage point is none, as they are rounded.
    """
    ends = (delta.min, delta.max) if delta.value is None else (delta.value, delta.value)
    if None in (start.value, end.value, *ends):
        return None
    low, high = sorted(map(abs, ends))
    move = abs(end.value - start.value)
    if delta.unit == "%" and start.unit != "%":
        if start.value <= 0:
            return None
        move *= 100 / start.value
    elif delta.unit == "times" or delta.unit not in (start.unit, "pp", "%"):
        return None
    said = min(max(move, low), high)
    off = abs(move - said)
    return 0.0 if off <= (0.1 if delta.unit in ("%", "pp") else 0) else off / said if said else inf


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
