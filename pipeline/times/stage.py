"""The stage that fills `layer.times` and `layer.date`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from spacy.language import Language

from pipeline.layers import Layers, Time
from pipeline.stage import Stage
from pipeline.times.calendar import of_day
from pipeline.times.cursor import ARTICLE, Cursor, Reading
from pipeline.times.docdate import parse
from pipeline.times.lexicon import Word
from pipeline.times.ranges import read

_QUERY_TOKENS = 20


class Times(Stage):
    """Reads every time of the running text and resolves it against the article's date."""

    def annotate(self, batch: Sequence[Layers]) -> None:
        for layer in batch:
            now = parse(layer.article.date)
            layer.date = f"{now.date().isoformat()}" if now else None
            layer.times = times(layer, now)

    def show(self, doc, layer: Layers) -> None:
        spans = [doc.char_span(t.start, t.end, label=t.kind, alignment_mode="expand") for t in layer.times]
        doc.spans["times"] = [span for span in spans if span is not None]


def times(layer: Layers, now: datetime | None) -> list[Time]:
    """Every time of the running text, in order, not overlapping. `now` is the moment of publication."""
    t = Cursor(layer, now)
    found = _readings(t, layer)
    if len(found) == 1 and len(t.tokens) <= _QUERY_TOKENS and found[0].i == 0 and found[0].j == len(t.tokens):
        # The whole text is one time, as typed into a search field: it looks ahead.
        t.query = True
        found = _readings(t, layer)
    if t.year is None and t.told_year:
        t.year = t.told_year
        found = _readings(t, layer)
    _same_periods(found)
    _place_clocks(t, layer, found)
    out = []
    for reading in found:
        time = _time(t, reading)
        if time is not None:
            out.append(time)
    out = _outside_names(out, layer)
    for n, time in enumerate(out, 1):
        time.id = f"t{n}"
    return out


def _readings(t: Cursor, layer: Layers) -> list[Reading]:
    found, words, numbers = [], t.words, t.numbers
    t.month = t.quarter = t.year_told = None
    for sentence in layer.sentences:
        t.lo, t.hi = sentence.i, sentence.j
        k, hi = t.lo, t.hi
        while k < hi:
            word = words[k]
            if word is None or not word.trigger:
                if k not in numbers:
                    k += 1
                    continue
            elif word.nexts is not None and not _goes_on(t, word, k + 1):
                k += 1
                continue
            elif blocked := t.get(k, "block"):
                k = blocked[1]
                continue
            reading = read(t, k)
            if reading is None:
                k += 1
            elif found and reading.i < found[-1].j and reading.j - reading.i < found[-1].j - found[-1].i:
                k = reading.j  # it takes up words of a longer one before it
            else:
                if found and reading.i < found[-1].j:
                    found.pop()
                found.append(reading)
                k = reading.j
                if reading.grain == "year":
                    t.year_end = k
                t.remember(reading)
    return found


def _goes_on(t: Cursor, word: Word, k: int) -> bool:
    """Whether token `k` stands behind a word that begins nothing by itself as something that it begins may go on."""
    if k >= t.hi:
        return False
    if t.norms[k] in word.nexts:
        return True
    return word.opens and (t.words[k] is not None or k in t.numbers or t.norms[k] == ARTICLE)


def _time(t: Cursor, reading: Reading) -> Time | None:
    start, end = t.start(reading), t.tokens.ends[reading.j - 1]
    if start >= end:
        return None
    period, last = reading.period, reading.end
    iso, calendar = reading.iso, "gregorian"
    if iso is None and period is not None:
        iso = period.iso
        if last is not None:
            iso = _range(iso, last.iso)
        calendar = period.calendar
    if iso is not None and reading.clock and reading.iso is None:
        iso = iso + reading.clock if period.grain == "day" and "/" not in iso else None
    elif iso is None and reading.clock and period is None and reading.kind == "clock":
        iso = reading.clock
    return Time(
        start, end, t.tokens.text[start:end], reading.i, reading.j, reading.kind, reading.grain or "day", iso, calendar
    )


def _range(a: str | None, b: str | None) -> str | None:
    """`a/b`; where the ends are ranges themselves, from the first to the last of them."""
    if a is None or b is None:
        return None
    a, b = a.split("/")[0], b.split("/")[-1]
    return a if a == b else f"{a}/{b}"


def _same_periods(found: list[Reading]) -> None:
    """Fill `the same period of 2015` with the last quarter, half, month or range told before it."""
    last = None
    for reading in found:
        if reading.same and last is not None:
            a, b = last.period, last.end
            year = reading.period.year
            reading.period = a._replace(year=year)
            reading.end = b._replace(year=year + b.year - a.year) if b else None
            reading.grain = last.grain
        elif (
            reading.period is not None
            and reading.period.year
            and reading.kind == "period"
            and reading.grain in _STRETCHES
        ):
            last = reading


_STRETCHES = {"quarter", "half", "third", "month"}


def _place_clocks(t: Cursor, layer: Layers, found: list[Reading]) -> None:
    """Give a clock time without a day the day told before it in its sentence, else the one told behind it."""
    if not any(r.kind == "clock" and (r.clock or r.iso) and r.period is None for r in found):
        return
    ends = [sentence.j for sentence in layer.sentences]
    groups: dict[int, list[Reading]] = {}
    for reading in found:
        groups.setdefault(bisect_right(ends, reading.i), []).append(reading)
    for group in groups.values():
        day = next((r.period for r in group if _is_day(r)), of_day(t.ref) if t.query and t.ref else None)
        for reading in group:
            if _is_day(reading):
                day = reading.period
            elif reading.kind == "clock" and reading.clock and reading.period is None and reading.iso is None:
                reading.period = day
            elif reading.kind == "clock" and reading.iso and reading.iso[0] == "T" and day is not None:
                reading.iso = "/".join((day.iso or "") + end for end in reading.iso.split("/"))


def _is_day(reading: Reading) -> bool:
    return reading.period is not None and reading.end is None and reading.period.grain == "day"


def _outside_names(times_: list[Time], layer: Layers) -> list[Time]:
    """Drop what is part of a person's name, and a relative or vague word that is part of any longer name."""
    if not layer.mentions or not times_:
        return times_
    mentions = sorted((m.start, m.end, m.label) for m in layer.mentions)
    out, k = [], 0
    for time in times_:
        while k < len(mentions) and mentions[k][1] <= time.start:
            k += 1
        if k < len(mentions):
            start, end, label = mentions[k]
            inside = start <= time.start and time.end <= end and (start, end) != (time.start, time.end)
            whole = start <= time.start and time.end <= end
            if (
                whole
                and label == "PER"
                and (inside or time.grain != "year")
                or inside
                and not any(char.isdecimal() for char in time.text)
            ):
                continue
        out.append(time)
    return out


@Language.factory("khabar_times")
def create(nlp: Language, name: str) -> Times:
    """Registered by entry point."""
    return Times()
