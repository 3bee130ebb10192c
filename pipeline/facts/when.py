"""The times of a fact's values: from its own words, its sentence, or the sentences just before."""

from __future__ import annotations

import re

from pipeline.facts.clause import Clause
from pipeline.facts.frame import Frame
from pipeline.layers import Time

PART = re.compile(r"(\d{4})(-.*)?")


def usable(t: Time) -> bool:
    """A time that dates a value: a calendar position, resolved, no clock time and no bare length."""
    return bool(t.iso) and t.kind in ("date", "period") and not t.iso.startswith(("P", "T", "X"))


def iso(t: Time) -> str:
    """The day or period of a time, without the clock."""
    return t.iso.split("T")[0]


def times(view: Clause, frame: Frame, bounds: tuple[int, int], carried: Time | None) -> tuple[str | None, str | None]:
    """(time_from, time_to) of a frame with the tokens of `bounds`; `carried`: the time in force before."""
    inside = [t for t in view.times if usable(t)]
    start, end = frame.slots.get("from"), frame.slots.get("to") or frame.slots.get("level")
    delta = frame.slots.get("delta")
    anchor = end or delta or start
    pair = _pair(view, frame, inside)
    if pair:
        return pair
    time_from = None
    own = [t for t in inside if bounds[0] <= t.i < bounds[1]]
    compared = [t for t in own if _is_comparison(view, t, frame)]
    rest = [t for t in own if t not in compared]
    if start is not None:
        behind = [t for t in own if start.j <= t.i <= start.j + 6 and (anchor is start or t.i > start.j - 1)]
        ahead = [t for t in compared if t.i < start.i]
        chosen = behind[:1] if (end is None or end.i < start.i or (behind and behind[0].i < end.i)) else []
        chosen = chosen or ahead[-1:]
        if chosen:
            time_from = chosen[0]
            rest = [t for t in rest if t is not time_from]
    elif compared:
        time_from = compared[-1]
    rest = [t for t in rest if t is not time_from]
    time_to = min(rest, key=lambda t: abs(t.i - anchor.i)) if rest else None
    if time_to is None:
        others = [t for t in inside if t is not time_from and t not in compared]
        before = [t for t in others if t.i < bounds[0]]
        time_to = before[-1] if before else (others[0] if others and not own else None)
    time_to = time_to or carried
    a = _same_period(view, time_from, iso(time_to) if time_to else None) if time_from else None
    return a, iso(time_to) if time_to else None


def _pair(view: Clause, frame: Frame, inside: list[Time]) -> tuple[str, str] | None:
    """One range that gives both times: "from 2018 to 2023"."""
    if "from" not in frame.slots or "to" not in frame.slots:
        return None
    for t in inside:
        if t.iso.count("/") == 1 and not t.iso.startswith("FY"):
            a, b = t.iso.split("/")
            if a and b and not a.startswith(".") and not b.startswith("."):
                return a, b
    return None


def _is_comparison(view: Clause, t: Time, frame: Frame) -> bool:
    """The time stands behind "compared with", "than", "against"."""
    for k in range(t.i - 1, max(view.first, t.i - 7) - 1, -1):
        if k in view.taken or view[k].cue in ("break", "time") and k not in view.timed:
            return False
        if view[k].cue in ("against", "off"):
            return True
    return False


def _same_period(view: Clause, t: Time, reference: str | None) -> str:
    """ "The same period of last year" is the reference period, a year earlier."""
    value = iso(t)
    near = range(max(view.first, t.i - 4), min(view.last, t.j + 2))
    if reference and any(view[k].cue == "same" for k in near):
        a, b = PART.fullmatch(value), PART.fullmatch(reference)
        if a and b and b[2] and not a[2] and "/" not in reference:
            return a[1] + b[2]
    return value
