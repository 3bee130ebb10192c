"""Which readers a word can start, and the longest time that they find."""

from __future__ import annotations

from pipeline.times import days, lengths, parts, units, years
from pipeline.times import named as names
from pipeline.times.cursor import ARTICLE, Cursor, Reading

_DAY = (
    "relday", "relday?", "weekday", "month", "month?", "hijri", "hijri?", "daypart", "hour", "unit", "this",
)  # fmt: skip
# (reader, tags of the token that it can start with, whether it can start with a number)
READERS = (
    (names.holiday, ("holiday", "unit"), False),
    (names.vague, ("vague", "nowday"), False),
    (days.day, _DAY, True),
    (days.day_of_unit, ("unit", "this"), False),
    (units.named_year, ("unit",), False),
    (units.relative, ("unit", "this"), False),
    (units.same_period, ("same",), False),
    (units.plural, ("unit",), False),
    (units.counted_window, (), True),
    (units.first_ones, ("ord",), False),
    (units.last_ones, ("last",), False),
    (units.division, ("division",), False),
    (names.nth, ("ord", "part", "unit", "weekday"), True),
    (names.week_of_date, ("unit",), False),
    (names.season, ("season", "this"), False),
    (names.decade, ("decade",), False),
    (names.century, ("unit",), False),
    (parts.part, ("part",), False),
    (lengths.ago, ("ago",), False),
    (lengths.duration, ("unit", "minutes"), True),
    (lengths.several, ("several",), False),
    (names.repeated, ("set", "every"), False),
    (years.bare_year, (), True),
    (parts.daypart_alone, ("noonlike", "this", "daypart"), False),
    (parts.on_month_day, (), True),
    (parts.clock_alone, ("hour",), False),
)
_OF_NUMBERS = tuple(reader for reader, _, numbers in READERS if numbers)
_YEAR = (years.bare_year,)


def _readers(t: Cursor, k: int):
    """The readers for token `k`, remembered with its word."""
    word = t.word(k)
    if word is None:
        return _YEAR if _counts_something(t, k) else _OF_NUMBERS
    if word.readers is None:
        tags = {*word.tags, *word.phrases}
        word.readers = tuple(r for r, starts, _ in READERS if tags.intersection(starts))
        word.number_readers = tuple(r for r, starts, numbers in READERS if numbers or tags.intersection(starts))
    if k in t.numbers:
        return word.number_readers
    return word.readers


def _counts_something(t: Cursor, k: int) -> bool:
    """Whether a plain number stands before a word that no time contains, as most numbers do: it can but be a year."""
    n = t.numbers.get(k)
    if n is None or n.j >= t.hi or t.words[n.j] is not None or n.j in t.numbers:
        return False
    after = t.norms[n.j]
    return len(after) > 2 and after.isalpha() and (n.form == "words" or t.norms[k].isdecimal())


def single(t: Cursor, k: int) -> Reading | None:
    """One time without a range; the longest of what the readers find, the first of equals."""
    best = None
    readers = _OF_NUMBERS if t.norm(k) == ARTICLE and k + 1 in t.numbers else _readers(t, k)
    for reader in readers:
        reading = reader(t, k)
        if reading is not None and (best is None or reading.j > best.j):
            best = reading
    return best
