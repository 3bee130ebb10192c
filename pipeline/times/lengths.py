"""Lengths of time in the text, and positions told by a length: `قبل 15 عاما` (15 years ago)."""

from __future__ import annotations

from pipeline.times import spans
from pipeline.times.cursor import ARTICLE, Cursor, Reading
from pipeline.times.dates import modifier, year


def ago(t: Cursor, k: int) -> Reading | None:
    """`قبل 15 عاما` (15 years ago), `منذ أسابيع`, `بعد أسبوعين`; `قبل يومين من …` is only a length."""
    sign = t.tag(k, "ago")
    if sign is None:
        return None
    j = k + 1
    hit = t.get(j, "several")
    vague = False
    if hit:
        j, vague = hit[1], hit[0] == "1"
    unit, word = t.tag(j, "unit"), t.word(j)
    if word is not None and (word.cut or word.definite):
        return None
    found = spans.length(t, j)
    if found is None and unit is None:
        return None
    if found is None and unit[1] == "1":
        if unit[0] in "XC" or year(t, j, bare=False) or t.numbers.get(j + 1) is not None or unit == "D1":
            return None
        if unit[0] == "M" and t.get(j + 1, "month") or t.get(j + 1, "month?"):
            return None
        if t.get(j + 1, "relday") or t.get(j + 1, "weekday"):
            return None
        if t.norm(j + 1).startswith(ARTICLE) and not modifier(t, j + 1):
            return None  # the hour of something
        found = [(1, unit[0])], j + 1
    if found is None:
        # Units without a number: weeks ago.
        if t.get(j + 1, "mod") and not t.definite(j + 1):
            j += 1
        return Reading(k, j + 1, "date", grain=spans.GRAIN[unit[0]]) if sign == "-1" or vague else None
    parts, j = found
    if t.tag(j, "mod") == "full" and t.word(j).cut == 0:
        j += 1
    if vague and t.numbers.get(found[1] - 1) is None:
        return Reading(k, j, "date", grain=spans.GRAIN[parts[0][1]])
    event = t.get(j, "from") and t.norm(j + 1) and t.get(j + 1, "vague") is None
    if event and (t.tag(j + 1, "unit") is None or sign != "-1"):
        return Reading(k + 1, j, "duration", iso=spans.iso_length(parts), grain=spans.GRAIN[parts[0][1]])
    if (hit := t.get(j, "from")) and (now := t.get(j + 1, "vague")):
        j = now[1]
    elif sign == "1" and not t.ahead(k, j):
        return Reading(k, j, "duration", iso=spans.iso_length(parts), grain=spans.GRAIN[parts[0][1]])
    return spans.counted(t, k, j, parts, int(sign))


def duration(t: Cursor, k: int) -> Reading | None:
    """`3 أيام`, `ساعة ونصف`, `أسبوع كامل`, `لمدة شهر`; `… من الآن` (from now) gives a date. An age is no time."""
    hit = spans.length(t, k)
    if hit is None:
        hit = _single_unit(t, k)
        if hit is None:
            return None
    parts, j = hit
    if _is_age(t, k, j):
        return None
    if t.get(j, "from") and t.get(j + 1, "vague") and t.tag(j + 1, "vague") == "0":
        past = any(w is not None and "past" in w.tags for w in t.words[max(t.lo, k - 6) : k])
        return spans.counted(t, k, j + 2, parts, -1 if past else 1)
    if t.tag(j, "mod") == "full" and t.word(j).cut == 0:
        j += 1
    return Reading(k, j, "duration", iso=spans.iso_length(parts), grain=spans.GRAIN[parts[-1][1]])


def _single_unit(t: Cursor, k: int):
    """A singular unit as a length of one: where a word before it measures time, or `كامل` (whole) stands behind it."""
    unit, word = t.tag(k, "unit"), t.word(k)
    if unit is None or unit[1] != "1" or unit == "s1" or word.definite:
        return None
    whole = t.tag(k + 1, "mod") == "full" and t.word(k + 1).cut == 0
    if not whole and not t.tag(k - 1, "measures"):
        return None
    if t.numbers.get(k + 1) is not None and not t.numbers[k + 1].conj:
        return None
    if any(t.get(k + 1, tag) for tag in ("month", "month?", "hijri", "weekday", "relday")):
        return None
    return [(1, unit[0])], k + 1


def _is_age(t: Cursor, i: int, j: int) -> bool:
    """`(35 عاما)`, `يبلغ من العمر 20 عاما`, `20 عاما من العمر`."""
    if (t.tag(j - 1, "unit") or "h")[0] in "hms":
        return False
    if t.norm(i - 1) == "(" and t.norm(j) == ")":
        return True
    if t.norm(i - 1) in _QUOTES and t.norm(j) in _QUOTES and (t.tag(j - 1, "unit") or "").startswith("Y"):
        return True
    if t.tag(i - 1, "aged") or t.tag(i - 1, "of") is not None and t.tag(i - 2, "aged") == "2":
        return True  # `under 20 years`, `a girl of 5 years`, `teams of less than 16 years`
    for k in range(i - 1, max(t.lo, i - 7) - 1, -1):
        if t.tag(k, "age") is not None:
            return True
        if t.tag(k, "unit") is not None and k < i - 1 or t.comma(k):
            break  # the unit right before may be the other end: `أعمارهم بين عامين و16 عاما`
    return t.tag(j, "of") is not None and t.tag(j + 1, "age") is not None


_QUOTES = frozenset('"\u00ab\u00bb\u201c\u201d')


def several(t: Cursor, k: int) -> Reading | None:
    """`بضعة أيام` (a few days): a length that is not told."""
    hit = t.get(k, "several")
    if hit is None or hit[0] != "1":
        return None
    unit, word = t.tag(hit[1], "unit"), t.word(hit[1])
    if unit is None or unit[1] != "+" or word.cut or word.definite:
        return None
    return Reading(k, hit[1] + 1, "duration", grain=spans.GRAIN[unit[0]])
