"""Page furniture: lines of a text that belong to the page and not to the article.

Breadcrumbs, the repeated title, section, date and author lines, share buttons, links to other articles, keywords and
copyright. The text keeps them; the stages do not read them. Only whole lines are taken, by what they say and where they
stand: most kinds only above the first or below the last paragraph. In doubt a line is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipeline.language.fold import fold
from pipeline.resources import lexicon

Words = tuple[str, ...]

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_WORD = re.compile(r"\d+|[^\W\d_]+")
_CRUMB = re.compile(r"\s+[»›>→|/\\«‹←]+\s+")
_SUFFIX = re.compile(r"\s+[|\-–—]\s+")
_STOP = re.compile(r"[.!?؟…][»”\"')\]]*$")
_LONGEST = 300  # characters; a longer line is a paragraph
_HEAD = 10  # lines above the first paragraph that are looked at
_FOOT = 6  # lines at the end
_DEEP = 1000  # no article has as many lines: below, only the foot is looked at
_LONGEST_PHRASE = 5  # words
_AND = "\u0648"


@cache
def _phrases(kind: str) -> frozenset[Words]:
    rows = lexicon("language/furniture.tsv")
    return frozenset(tuple(_WORD.findall(fold(row["phrase"]))) for row in rows if row["kind"] == kind)


@cache
def _first_words(kind: str) -> frozenset[str]:
    return frozenset(phrase[0] for phrase in _phrases(kind))


@cache
def _vocabulary(*kinds: str) -> frozenset[str]:
    return frozenset(word for kind in kinds for phrase in _phrases(kind) for word in phrase)


def furniture(text: str, title: str | None = None) -> list[tuple[int, int]]:
    """Raw spans of the lines of `text` that are page furniture, in order.

    Parameters
    ----------
    title : the article's title where it is known; a line that repeats it is furniture, and so is one that repeats
        the last element of a breadcrumb line.

    Returns
    -------
    list of (start, end)
        Code points, white space around a line left out. Empty where nothing else would be left.
    """
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text) if not m.group().isspace()]
    if len(lines) < 2:
        return []
    page = _Page(title)
    found = []
    for number, (start, end) in enumerate(lines):
        if end - start > _LONGEST:
            page.in_head = False
            continue
        page.in_head = page.in_head and number < _HEAD
        page.in_foot = number >= len(lines) - _FOOT and number > 0
        if _DEEP < number < len(lines) - _FOOT:
            continue
        line = text[start:end]
        if page.is_furniture(line):
            lead = len(line) - len(line.lstrip())
            found.append((start + lead, start + len(line.rstrip())))
        elif _is_running(line):
            page.in_head = False
    return found if len(found) < len(lines) else []


def headline(text: str, found: Sequence[tuple[int, int]]) -> str | None:
    """The title that a text repeats above its body: the line that says the last element of a breadcrumb again.

    Parameters
    ----------
    found : the furniture of `text`.
    """
    named: set[Words] = set()
    for start, end in found[:_HEAD]:
        line = text[start:end]
        if tuple(_WORD.findall(fold(line))) in named:
            return line
        last = tuple(_WORD.findall(fold(_CRUMB.split(line)[-1])))
        if len(last) >= 3:
            named.add(last)
    return None


def _is_running(line: str) -> bool:
    """A sentence or more: many words, or a few that end with a stop, or that announce what follows."""
    words, line = len(line.split()), line.rstrip()
    return words > 25 or (words > 6 and _STOP.search(line) is not None) or line.endswith((".", ":"))


class _Page:
    """What is known of a page while its lines are read from the top."""

    def __init__(self, title: str | None):
        self.titles: set[Words] = _title_forms(title) if title else set()
        self.crumbs: set[str] = set()
        self.in_head = True
        self.in_foot = False

    def is_furniture(self, line: str) -> bool:
        words = tuple(_WORD.findall(fold(line)))
        if not words:
            return False
        stopped = _STOP.search(line.rstrip()) is not None
        if self.in_head and (
            self._is_breadcrumb(line, words, stopped)
            or (self.titles and not self.titles.isdisjoint(_title_forms(line)))
            or (not stopped and self._is_section(words))
            or _is_stamp(words)
        ):
            return True
        if (self.in_head or self.in_foot) and not stopped:
            if _opens(line, words, "byline", 10) or _opens(line, words, "tags", 30, bare=True):
                return True
            if len(words) <= 16 and _is_stamp(words) and _opening(words, "stamp"):
                return True
        if (self.in_head or self.in_foot) and len(words) <= 25 and ("©" in line or _contains(words, "rights")):
            return True
        if _opens(line, words, "related", 30, bare=True) or _is_interface(words):
            return True
        return all(part[0] == "#" and len(part) > 1 for part in line.split())

    def _is_breadcrumb(self, line: str, words: Words, stopped: bool) -> bool:
        elements = [tuple(_WORD.findall(fold(part))) for part in _CRUMB.split(line.strip())]
        elements = [element for element in elements if element]
        if len(elements) < 2 or (stopped and len(elements[-1]) < 3):
            return False
        short = all(len(element) <= 4 for element in elements[:-1])
        if not short or (elements[0] not in _phrases("home") and (len(elements) < 3 or stopped)):
            return False
        self.crumbs.update(word for element in elements[:-1] for word in element)
        if len(elements[-1]) >= 3:
            self.titles.add(elements[-1])
        else:
            self.crumbs.update(elements[-1])
        return True

    def _is_section(self, words: Words) -> bool:
        known = _vocabulary("section")
        return len(words) <= 6 and all(word in known or word in self.crumbs for word in words)


def _title_forms(title: str) -> set[Words]:
    """The words of a title, and of what stands before a site's name behind a dash or bar."""
    forms = {tuple(_WORD.findall(fold(title)))}
    cut = list(_SUFFIX.finditer(title))
    if cut:
        head = tuple(_WORD.findall(fold(title[: cut[-1].start()])))
        tail = _WORD.findall(title[cut[-1].end() :])
        if len(head) >= 4 and len(tail) <= 4:
            forms.add(head)
    return {form for form in forms if len(form) >= 2}


def _opening(words: Words, kind: str) -> int:
    """How many words at the start of a line are a phrase of `kind`; the longest one counts."""
    if not words or words[0] not in _first_words(kind):
        return 0
    return next((n for n in range(min(_LONGEST_PHRASE, len(words)), 0, -1) if words[:n] in _phrases(kind)), 0)


def _opens(line: str, words: Words, kind: str, limit: int, bare: bool = False) -> bool:
    """The line begins with a phrase of `kind` and a colon, bar or dots, or (`bare`) consists of it."""
    if len(words) > limit or words[0] not in _first_words(kind):
        return False
    if words in _phrases(kind):
        return bare or line.rstrip().endswith(":")
    # What stands before, between and behind the first words: the mark has to follow the phrase.
    gaps = _WORD.split(fold(line), maxsplit=_LONGEST_PHRASE)
    return any(
        words[:n] in _phrases(kind) and re.match(r"\s*(?::|\||\.\.|…|؟|-\s)", gap)
        for n, gap in enumerate(gaps[1 : len(words)], 1)
    )


def _contains(words: Words, kind: str) -> bool:
    return any(words[i : i + n] in _phrases(kind) for i in range(len(words)) for n in (1, 2, 3))


def _is_stamp(words: Words) -> bool:
    """Nothing but words of dates and times, and a number."""
    if len(words) > 16 or not any(word[0].isdigit() for word in words):
        return False
    known = _vocabulary("stamp", "time")
    dates = sum(word in known for word in words)
    return dates > 0 and all(word in known or word.isdigit() for word in words)


def _is_interface(words: Words) -> bool:
    """The line is put together of button labels only."""
    if len(words) > 14:
        return False
    i = labels = 0
    while i < len(words):
        n = _opening(words[i:], "interface")
        if not n and words[i][0] == _AND:
            n = _opening((words[i][1:], *words[i + 1 :]), "interface")
        if not n and words[i : i + 1] not in _phrases("joint") and not words[i].isdigit():
            return False
        labels += n > 0
        i += n or 1
    return labels > 0
