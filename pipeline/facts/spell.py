"""Lengths of time that are values: a prison term, an average, what something takes. Times of a length, as figures."""

from __future__ import annotations

import re

from pipeline.facts.clause import REACH, Clause, lead
from pipeline.facts.passing import words
from pipeline.facts.trigger import MOVES
from pipeline.layers import Quantity, Time

UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day", "TH": "hour", "TM": "min", "TS": "s"}
IN_UCUM = {"minute": "min", "second": "s"}
DURATIONS = frozenset(("year", "month", "week", "day", "hour", "minute", "second", "min", "s"))
WITHIN = 6  # tokens before a length in which a word that asks for one is looked for
PART = re.compile(r"(\d+(?:\.\d+)?)([YMWDHS])")


def spells(view: Clause) -> list[Quantity]:
    """The times of a sentence that are asserted lengths, as figures."""
    return [
        Quantity(t.start, t.end, t.text, t.i, t.j, "duration", told[0], unit=told[1], core=(t.start, t.end))
        for t in view.times
        if t.kind == "duration" and t.iso and (told := _told(t)) and t.j - t.i < REACH and _asserted(view, t)
    ]


def _told(t: Time) -> tuple[float | int, str] | None:
    """Number and unit of an ISO 8601 duration of one part; hours and minutes are hours with a fraction."""
    date, _, clock = t.iso.removeprefix("P").partition("T")
    parts = {unit: float(n) for n, unit in PART.findall(date)} | {
        "T" + unit: float(n) for n, unit in PART.findall(clock)
    }
    if len(parts) == 1 and "TM" in parts and t.grain == "hour":
        parts = {"TH": parts["TM"] / 60}  # "half an hour"
    if set(parts) == {"TH", "TM"}:
        parts = {"TH": parts["TH"] + parts["TM"] / 60}
    if set(parts) == {"TM", "TS"}:
        parts = {"TM": parts["TM"] + parts["TS"] / 60}
    if len(parts) != 1:
        return None
    ((unit, value),) = parts.items()
    value = round(value, 2)
    return (int(value) if value == int(value) else value), UNITS[unit]


def _asserted(view: Clause, t: Time) -> bool:
    """A word asks for the length: a sentence, a term, an average, a verb of value or movement; none for time passed."""
    first, k = view[t.i], t.i - 1
    if first.cue == "time" or k >= view.first and view[k].cue in ("time", "in", "age"):
        return False
    if t.j < view.last and view[t.j].cue == "span":
        return True  # "four months in prison"
    edge = lead(view, Quantity(t.start, t.end, t.text, t.i, t.j, "duration", 1), view.first)
    digits = any(c.isdigit() for c in t.text)
    for k in range(t.i - 1, max(view.first, edge.edge - WITHIN) - 1, -1):
        w = view[k]
        if w.cue == "time" or view.stop(k) and k < edge.edge or k in view.taken:
            return False
        if w.cue == "span":
            beside = k + 1 >= edge.edge  # "for a period of", "a contract of": told in passing
            return w.bare not in words("contract") and not (beside and w.bare in words("stretch"))
        if w.trigger and (w.trigger.sense == "level" or w.trigger.sense in MOVES and edge.role):
            return digits
    return False
