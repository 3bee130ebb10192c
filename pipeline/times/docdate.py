"""Reading the publication date that a source prints beside its article."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

from pipeline.language.fold import fold
from pipeline.resources import lexicon

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?(.*)", re.S)
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2}))?(?!\d)")
_ZONE = re.compile(r"(z|[+-]\d{2}:?\d{2})\s*$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?)?$")
_EPOCH = re.compile(r"1?\d{9}(?:\d{3})?(?:\.\d+)?$")
_LAST_HIJRI = 1500  # no article was published before: a year up to it is Hijri
_FIRST, _LAST = 1501, 2200
_NUMBER = re.compile(r"\d+")


def parse(printed: str | None) -> datetime | None:
    """The moment that a printed date names, None where it names none.

    Reads ISO 8601, `28/03/2016` (day first), `Wed, 28 Mar 2018 21:34:11 GMT`, Arabic months of every region, Hijri
    dates, seconds since 1970. The clock and the offset are kept as printed; a date without a year is none.
    """
    if not isinstance(printed, str) or len(printed) > 200:
        return None
    text = fold(printed).strip()
    if not text:
        return None
    for read in (_iso, _compact, _epoch, _arabic, _day_first, _rfc):
        try:
            found = read(text)
        except (ValueError, OverflowError):
            found = None
        if found is not None:
            return found if _FIRST <= found.year <= _LAST else None
    return None


def _zone(text: str):
    match = _ZONE.search(text)
    if match is None:
        return None
    zone = match.group(1)
    return UTC if zone == "z" else datetime.strptime(zone.replace(":", ""), "%z").tzinfo


def _iso(text):
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, rest = match.groups()
    return datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
        tzinfo=_zone(rest) if hour else None,
    )  # fmt: skip


def _compact(text):
    match = _COMPACT.match(text)
    return match and datetime(*(int(part) for part in match.groups() if part))


def _epoch(text):
    if not _EPOCH.match(text):
        return None
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)


def _clock(text) -> tuple[int, ...]:
    match = _CLOCK.search(text)
    return tuple(int(part or 0) for part in match.groups()) if match else ()


def _day_first(text):
    match = _DAY_FIRST.search(text)
    if match is None:
        return None
    day, month, year = (int(part) for part in match.groups())
    if year < 100:
        year += 2000 if year < 70 else 1900
    if month > 12 >= day:
        day, month = month, day
    if year <= _LAST_HIJRI:
        return _hijri(year, month, day)
    return datetime(year, month, day, *_clock(text[match.end() :]))


def _hijri(year, month, day):
    from hijridate import Hijri

    found = Hijri(year, month, day).to_gregorian()
    return datetime(found.year, found.month, found.day)


@cache
def _months() -> tuple[dict[str, tuple[int, bool]], re.Pattern]:
    """Every folded name of a month with its number and whether it is Hijri, and the pattern that finds them."""
    names = {
        fold(row["form"]): (int(row["value"]), row["tag"].startswith("hijri"))
        for row in lexicon("times/words.tsv")
        if row["tag"].rstrip("?") in ("month", "hijri")
    }
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return names, re.compile(rf"(?<!\w)(?:{listed})(?!\w)")


def _arabic(text):
    """`28 mars 2018` in Arabic words, with the month before or behind the day."""
    names, pattern = _months()
    places = list(pattern.finditer(text))
    if not places:
        return None
    where = min(places, key=lambda place: names[place.group()][1])  # a Gregorian month before a Hijri one
    month, is_hijri = names[where.group()]
    before = [int(n) for n in _NUMBER.findall(_CLOCK.sub(" ", text[: where.start()]))]
    after = [int(n) for n in _NUMBER.findall(_CLOCK.sub(" ", text[where.end() :]))]
    numbers = before[-1:] + after
    day = next((n for n in numbers if 1 <= n <= 31), None)
    year = next((n for n in numbers + before if 1300 <= n <= 2200), None)
    if day is None or year is None:
        return None
    return _hijri(year, month, day) if is_hijri else datetime(year, month, day, *_clock(text))


def _rfc(text):
    """English and RFC 2822 forms. dateutil fills gaps from `default`: two defaults tell what the text fixes itself."""
    if len(_NUMBER.findall(text)) < 2:
        return None
    from dateutil import parser

    found = [
        parser.parse(text.upper(), dayfirst=True, default=datetime(*start)) for start in ((2000, 1, 1), (2004, 2, 2))
    ]
    return found[0] if found[0] == found[1] else None
