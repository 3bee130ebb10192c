"""The times of facts' values: from their own words, their sentence, or the sentences before them in the paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from pipeline.facts.clause import Clause
from pipeline.facts.frame import Frame
from pipeline.facts.lexicon import ARTICLE, BETWEEN, LAM, TO
from pipeline.layers import Quantity, Time
from pipeline.resources import lexicon

YEAR_PART = re.compile(r"(\d{4})([-/].*)?")
YEAR_OR_MONTH = re.compile(r"\d{4}(-\d\d)?")
YEAR_MONTH = re.compile(r"(\d{4})-(\d\d)(?:-\d\d)?")
MONTHS = re.compile(r"(\d{4})-(\d\d)(-01)?/\1-(\d\d)(?(3)-(?:28|29|30|31))")
FIRST = re.compile(r"(?:FY)?(\d{4})(?:-([QH])(\d)|((?:-[01]\d){0,1}(?:-\d\d)?)(?![\dXW-]))")
QUARTERS = re.compile(r"(\d{4})-Q(\d)/\1-Q(\d)")
# Ranges of months that have a name of their own.
NAMED = {("01", "03"): "-Q1", ("04", "06"): "-Q2", ("07", "09"): "-Q3", ("10", "12"): "-Q4"}
NAMED |= {("01", "06"): "-H1", ("07", "12"): "-H2", ("01", "12"): ""}
SINCE = "\u0645\u0646\u0630"
BEFORE = frozenset(("\u0633\u0627\u0628\u0642", "\u0633\u0627\u0628\u0642\u0647"))  # "previous"
BEHIND = 6  # tokens behind an earlier value in which its time is looked for
THAN = frozenset(("\u0639\u0646\u0647", "\u0639\u0646\u0647\u0627", "\u0639\u0645\u0627"))  # "than it", "than what"
SPREAD = 4  # tokens before a time in which the "since" of its clause is looked for
LED = 7  # tokens before a time in which a comparison, or a record that is the first since it, is looked for

Pair = tuple[str | None, str | None]


def read(tolds: Sequence[Told]) -> dict[int, tuple[Told, Dated]]:
    """The times of sentences by each of their tokens, with their sentence."""
    return {k: (told, t) for told in tolds for t in told.inside for k in range(t.i, t.j)}


def pair(later: tuple[Told, Dated] | None, earlier: tuple[Told, Dated] | None) -> Pair:
    """(time_from, time_to) from the times that date a fact's values."""
    time_to = later and later[1].iso
    if earlier and earlier[1].up_to_now:
        return None, time_to or earlier[1].iso
    return earlier and _relative(earlier[0].view, earlier[1], time_to), time_to


def usable(t: Time) -> bool:
    """A time that dates a value: a calendar position, resolved; of a clock time, its day."""
    return bool(t.iso) and t.kind in ("date", "period", "clock") and t.iso[0] not in "PTX"


@cache
def present() -> frozenset[str]:
    """Words that say that something holds on the article's day: "now", "currently"."""
    return frozenset(row["form"] for row in lexicon("facts/present.tsv"))


@cache
def beginnings() -> frozenset[str]:
    """Words for the beginning of a period."""
    return frozenset(row["form"] for row in lexicon("facts/beginnings.tsv"))


@cache
def standing() -> frozenset[str]:
    """Words for where a measure stood: "its level"."""
    return frozenset(row["form"] for row in lexicon("facts/standing.tsv"))


@cache
def stretches() -> dict[str, int]:
    """The length in months of a stretch that ends on a day; 0: since the beginning of the year."""
    return {row["form"]: int(row["months"]) for row in lexicon("facts/stretches.tsv")}


@dataclass(slots=True)
class Dated:
    """A time as facts give it: the day or period, without the clock."""

    i: int
    j: int
    iso: str
    compared: bool  # behind "compared with", "than", "against"
    since: bool  # behind "since", and what runs from it has no end of its own
    up_to_now: bool  # from the beginning of a period to the publication day
    earlier: bool = False  # no time of a value of now: compared, or that of an earlier value


@dataclass(slots=True)
class Told:
    """The times of a sentence, and through `before` those of the sentences before it in its paragraph."""

    view: Clause
    before: Told | None
    inside: list[Dated] = field(default_factory=list)
    pair: Pair = (None, None)  # the times of the last comparison so far
    carried: str | None = None  # the time in force where the sentence begins

    def __post_init__(self):
        self.inside = _times(self.view)

    def settle(self, frames: Sequence[Frame], edges: Sequence[int]) -> None:
        """Take note of which times are those of earlier values; the words of frame n are [edges[n], edges[n + 1])."""
        if self.before:
            self.pair = self.before.pair
            told = (t.iso for t in self.before.inside if not t.earlier and not t.up_to_now)
            self.carried = next(told, self.before.carried)
            self.before = None
        for n, frame in enumerate(frames):
            if found := self._earlier(frame, edges[n : n + 2]):
                found.earlier = True

    def of(self, frame: Frame, bounds: Sequence[int]) -> Pair:
        """(time_from, time_to) of a frame with the tokens of `bounds`."""
        free = [t for t in self.inside if not t.earlier]
        if ends := _ends(self.view, frame, free, bounds, len(self.inside) == 1):
            return ends
        earlier = self._earlier(frame, bounds)
        own = [t for t in free if bounds[0] <= t.i < bounds[1] and t is not earlier]
        before = [t for t in free if t.i < bounds[0] and not t.up_to_now]
        if self.pair[0] and earlier is None and not own and "from" in frame.slots:
            return self.pair  # "profits were 5 against 4 in the same period, revenue 9 against 8"
        if own:
            later = min(own, key=lambda t: abs(t.i - _anchor(frame))).iso
        elif before:
            later = before[-1].iso
        else:
            later = self.carried or next((t.iso for t in free if not t.up_to_now), None)
        if earlier is None:
            return None, later
        self.pair = _relative(self.view, earlier, later), later
        return self.pair

    def _earlier(self, frame: Frame, bounds: Sequence[int]) -> Dated | None:
        """The time of the earlier value, or the one that a movement is measured against."""
        own = [t for t in self.inside if bounds[0] <= t.i < bounds[1]]
        compared = [t for t in own if t.compared]
        start, end = frame.slots.get("from"), frame.slots.get("to") or frame.slots.get("level")
        if start is None:
            since = [t for t in own if t.since and frame.moves]
            return (compared or since or [None])[-1]
        behind = next((t for t in own if start.j <= t.i <= start.j + BEHIND), None)
        if behind and (end is None or end.i < start.i or behind.i < end.i and not self._later(start, behind)):
            return behind
        ahead = [t for t in compared if t.i < start.i]
        now = end is not None and start.i < end.i and any(end.j <= t.i < bounds[1] for t in self.view.times)
        if now and not ahead:
            ahead = [t for t in own if t.i < start.i]  # "in 2010 from 5 to 7 now"
        ahead = ahead or self._running(bounds[0], start)
        return ahead[-1] if ahead else None

    def _later(self, start: Quantity, t: Dated) -> bool:
        """Whether a time behind an earlier value is told of the one that it moved to: "from 5 to a level of now 7"."""
        return any(self.view[k].norm == TO or self.view[k].prep == LAM for k in range(start.j, t.i))

    def _running(self, begin: int, start: Quantity) -> list[Dated]:
        """What the values run from, told before them: "since 2011 from 5 to 7", in their clause or right before it."""
        view = self.view
        apart = max((k for k in range(view.first, begin) if k in view.taken or view[k].cue == "break"), default=-1)
        return [t for t in self.inside if t.since and apart < t.i < start.i]


def _times(view: Clause) -> list[Dated]:
    """The times of a sentence that can date a value."""
    out: list[Dated] = []
    today = begins(view.layer.date)
    for t in view.times:
        now = t.grain == "vague" and any(view[k].norm in present() for k in range(t.i, t.j))
        if not (usable(t) or now and len(today) == 10):
            continue
        value = today if now else iso(t)
        if stretch := _ended(view, t, value):
            value, start = stretch
            out = [other for other in out if other.i < start]
        since = "/" not in value and _since(view, t)
        if since and _record(view, t):
            continue
        if out and t.i - out[-1].j <= 1 and out[-1].iso.startswith(value):
            continue  # "the first quarter of this year (2017)"
        up_to_now = _up_to_now(view, t, value, today) if since else None
        since = since and up_to_now is None and not today.startswith(value)  # "since this year"
        compared = _compared(view, t)
        out.append(Dated(t.i, t.j, up_to_now or value, compared, since, up_to_now is not None, compared))
    return out


def iso(t: Time) -> str:
    """The day or period of a time; January to June is the first half, a fiscal year of one number is that year."""
    value = t.iso
    if "T" in value:
        value = "/".join(dict.fromkeys(end.split("T")[0] for end in value.split("/")))
    if value.startswith("FY") and "/" not in value:
        value = value[2:]
    if m := QUARTERS.fullmatch(value):
        value = f"{m[1]}-{3 * int(m[2]) - 2:02d}/{m[1]}-{3 * int(m[3]):02d}"
    m = MONTHS.fullmatch(value)
    return m[1] + NAMED[m[2], m[4]] if m and (m[2], m[4]) in NAMED else value


def begins(value: str | None) -> str:
    """The first year, month or day of a time, in digits; empty where there is none."""
    m = FIRST.match(value or "")
    if m is None:
        return ""
    if m[2]:
        return f"{m[1]}-{(int(m[3]) - 1) * (3 if m[2] == 'Q' else 6) + 1:02d}"
    return m[1] + (m[4] or "")


def _ended(view: Clause, t: Time, value: str) -> tuple[str, int] | None:
    """The period that ends on the day or month `value`, and the token that it begins with: "the year ending on"."""
    k = next((k for k in range(t.i - 1, max(view.first, t.i - 3) - 1, -1) if view[k].cue == "ended"), None)
    day = YEAR_MONTH.fullmatch(value)
    if k is None or day is None:
        return None
    year, last = int(day[1]), int(day[2])
    for p in range(k - 1, max(view.first, k - 5) - 1, -1):
        months = _months(view, p)
        if months == 12 and last != 12:
            return f"FY{year - 1}/{year}", p
        if months is not None and months <= last:
            first = last - months + 1 if months else 1
            name = NAMED.get((f"{first:02d}", day[2]))
            return f"{year}{name}" if name is not None else f"{year}-{first:02d}/{value[:7]}", p
    return None


def _months(view: Clause, k: int) -> int | None:
    """The length of the stretch that token `k` names or begins, in months; 0 where it began with its year."""
    for t in view.times:
        if t.i == k and (length := re.fullmatch(r"P(\d+)([MY])", t.iso or "")):
            return int(length[1]) * (12 if length[2] == "Y" else 1)
        if t.i == k and (span := MONTHS.fullmatch(t.iso or "")):
            return int(span[4]) - int(span[2]) + 1
    word = view[k].bare
    return stretches().get(word, stretches().get(word.removeprefix(LAM + LAM).removeprefix(ARTICLE)))


def _compared(view: Clause, t: Time) -> bool:
    """The time stands behind "compared with", "than", "against"; "5 % on last year", "from its level in 2014"."""
    for k in range(t.i - 1, max(view.first, t.i - LED) - 1, -1):
        if view[k].cue == "on" and k - 1 in view.taken:
            return True
        if view[k].norm in standing() and _than(view, k):
            return True
        if k in view.taken or view[k].cue in ("break", "time") and k not in view.timed:
            return False
        if view[k].cue in ("against", "off") or view[k].norm in THAN:
            return True
    return False


def _than(view: Clause, k: int) -> bool:
    """ "Than", "from" or "four times" stands before token `k`."""
    led = k > view.first and view[k - 1].cue in ("from", "off")
    return led or any(q.j == k and q.unit == "times" for q in view.figures)


def _since(view: Clause, t: Time) -> bool:
    """The time is the one that something runs from: "since 2011", "since it began in 2011"."""
    for k in range(t.i, max(view.first, t.i - SPREAD) - 1, -1):
        if view[k].bare == SINCE:
            return True
        if k in view.taken or view.stop(k):
            return False
    return False


def _up_to_now(view: Clause, t: Time, value: str, today: str) -> str | None:
    """From the beginning of a year or month to the publication day: "since the beginning of the year"."""
    first = f"{value}-01-01"[:10]
    told = YEAR_OR_MONTH.fullmatch(value) and len(today) == 10 and first < today
    return f"{first}/{today}" if told and view[t.i].bare in beginnings() else None


def _record(view: Clause, t: Time) -> bool:
    """ "The highest since 2011", "the sharpest fall since 2011"; not "the biggest country saw a fall since 2011"."""
    moved = t.i
    for k in range(t.i - 1, max(view.first, t.i - LED) - 1, -1):
        if k in view.taken or view.stop(k):
            return False
        if view[k].cue == "compare":
            return moved == t.i or not any(view[p].definite for p in range(k + 1, moved))
        if view[k].trigger:
            moved = k
    return False


def _anchor(frame: Frame) -> int:
    """The token of the figure whose time is `time_to`."""
    slots = frame.slots
    return (slots.get("to") or slots.get("level") or slots.get("delta") or slots["from"]).i


def _ends(view: Clause, frame: Frame, free: list[Dated], bounds: Sequence[int], alone: bool) -> Pair | None:
    """One range that gives both times: "from 2018 to 2023", "between 2018 and 2023", "over the last three decades".

    One since the beginning of a period does, among the frame's words (`bounds`), if its sentence has no other time
    (`alone`).
    """
    if "from" not in frame.slots or "to" not in frame.slots:
        return None
    for t in free:
        if "/" not in t.iso or t.iso[0] == "F":
            continue
        a, b = t.iso.split("/")
        led = any(view[k].cue == "from" or view[k].bare == BETWEEN for k in range(t.i, min(t.i + 3, t.j)))
        if led or t.up_to_now and alone and bounds[0] <= t.i < bounds[1] or _stretch(t, frame, free):
            return a, b
    return None


def _stretch(t: Dated, frame: Frame, free: list[Dated]) -> bool:
    """Whether a time is some years before the figures, which have no other; one year and the next are a season."""
    a, b = t.iso.split("/")
    first, last = min(q.i for q in frame.slots.values()), max(q.j for q in frame.slots.values())
    alone = not any(t.j <= other.i < last + BEHIND for other in free)
    return t.j <= first and alone and a.isdecimal() and b.isdecimal() and int(b) - int(a) > 1


def backwards(times: Pair) -> bool:
    """Whether the time of the earlier value begins after that of the later one."""
    a, b = map(begins, times)
    return bool(a and b) and a > b and not a.startswith(b)


def _relative(view: Clause, earlier: Dated, later: str | None) -> str:
    """The earlier time, where it is told by the later one: "the same period of last year", "the year before"."""
    value, near = earlier.iso, range(max(view.first, earlier.i - 4), min(view.last, earlier.j + 2))
    a, b = YEAR_PART.fullmatch(value), YEAR_PART.match(later or "")
    if not (a and b) or a[2]:
        return value
    if any(view[k].cue == "same" for k in near) and later[4:]:
        whole = later.count(b[1]) == later.count("/") + 1
        return later.replace(b[1], a[1]).replace("-02-29", "-02-28") if whole else value
    if any(view[k].cue == "earlier" and view[k].bare in BEFORE for k in range(earlier.i, earlier.j)):
        return str(int(b[1]) - 1)
    return value
