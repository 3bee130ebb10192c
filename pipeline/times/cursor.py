"""What the readers see of a document: words by meaning, numbers by token, the publication moment, the tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.language.fold import raw_length
from pipeline.layers import Layers
from pipeline.times.calendar import Period
from pipeline.times.lexicon import Word, analyse

ARTICLE = "\u0627\u0644"  # the article as a token of its own, before digits
WAW = "\u0648"
COMMAS = frozenset(",\u060c")
DASHES = frozenset("-\u2013\u2014\u2212")
_LOOK_BACK = 14
_MEASURED = 4  # tokens before a month in which the number stands that it dates
_NO_TAGS: dict = {}


@dataclass(slots=True)
class Reading:
    """A time as it is read, tokens [i, j). `guessed`: its year comes from the publication day alone."""

    i: int
    j: int
    kind: str
    period: Period | None = None
    end: Period | None = None
    clock: str | None = None  # `T14:30`, with an offset where one is told
    iso: str | None = None
    grain: str = ""
    guessed: bool = False
    same: bool = False  # the stretch told before, in the year of `period`
    start: int = -1  # raw offset, where it is not that of token i


class Cursor:
    """One document. Readers take a token index and look ahead a bounded number of tokens, never past `hi`."""

    def __init__(self, layer: Layers, now: datetime | None):
        self.layer, self.tokens, self.norms = layer, layer.tokens, layer.tokens.norms
        self.words: list[Word | None] = analyse(self.norms)
        self.numbers = {n.i: n for n in layer.numerals}
        self.now, self.ref = now, now.date() if now else None
        self.year = now.year if now else None
        self.told_year: int | None = None  # the current year, as an undated text tells it (`the current year 2015`)
        self.has_clock = now is not None and ":" in (layer.article.date or "")
        self.name_ends: set[int] | None = None  # tokens behind names, filled when a bare year asks
        self.lo = self.hi = 0
        self.month: Period | None = None  # the last month told, for `the 13th of the same month`
        self.quarter: Period | None = None  # the last quarter, for `the quarter before`
        self.year_told: int | None = None  # and the last year
        self.year_end = -1  # where the last year read so far ends, for lists of years
        self.pairing = False  # behind `between`, where "and" joins two times
        self.query = False  # the whole text is one time, as typed into a search field

    # -- look-ups ----------------------------------------------------------------------------------------------------
    def norm(self, k: int) -> str:
        return self.norms[k] if self.lo <= k < self.hi else ""

    def word(self, k: int) -> Word | None:
        return self.words[k] if self.lo <= k < self.hi else None

    def get(self, k: int, tag: str) -> tuple[str, int] | None:
        """The value of a tag at token `k` and the token behind it; the longest phrase wins."""
        if not self.lo <= k < self.hi or (word := self.words[k]) is None:
            return None
        if tag in word.phrases:
            for rest, value in word.phrases[tag]:
                if self.follows(k + 1, rest):
                    return value, k + 1 + len(rest)
        value = word.tags.get(tag)
        return None if value is None else (value, k + 1)

    def follows(self, k: int, rest: tuple[str, ...]) -> bool:
        end = k + len(rest)
        return end <= self.hi and self.norms[k] == rest[0] and tuple(self.norms[k:end]) == rest

    def tag(self, k: int, tag: str) -> str | None:
        """The value of a tag of the one token."""
        if not self.lo <= k < self.hi or (word := self.words[k]) is None:
            return None
        return word.tags.get(tag)

    def definite(self, k: int) -> bool:
        word = self.word(k)
        return word is not None and word.definite

    def number(self, k: int):
        """The numeral at token `k` (behind an article that stands apart), whole and small enough to count units."""
        if self.norm(k) == ARTICLE:
            k += 1
        n = self.numbers.get(k)
        if n is None or n.j > self.hi or not isinstance(n.value, int) or n.value < 0:
            return None
        return n

    def comma(self, k: int) -> bool:
        return self.norm(k) in COMMAS

    def apart(self, k: int) -> tuple[int, int] | None:
        """Two years that follow one another, nothing but a space between them: `للعام 2012 2013`."""
        a, b = self.norm(k), self.norm(k + 1)
        years = len(a) == len(b) == 4 and a.isdecimal() and b.isdecimal()
        return (int(a), int(b)) if years and 1900 <= int(a) <= 2100 and int(b) == int(a) + 1 else None

    def preposition(self, k: int) -> bool:
        """Whether token `k` is a word that a time may stand behind."""
        word = self.word(k)
        return word is not None and bool(word.tags.keys() & _BEFORE_TIMES)

    def remember(self, reading: Reading) -> None:
        """Keep the year, the quarter and the month that a reading tells."""
        told = reading.end or reading.period
        if told is not None and told.year and told.calendar == "gregorian":
            self.year_told = told.year
        if told is not None and told.n and told.grain in ("day", "month") and told.calendar == "gregorian":
            self.month = told
        if told is not None and told.grain == "quarter":
            self.quarter = told

    # -- offsets -----------------------------------------------------------------------------------------------------
    def start(self, reading: Reading) -> int:
        """Where a reading starts in the raw text, behind its proclitics."""
        if reading.start >= 0:
            return reading.start
        i, word = reading.i, self.words[reading.i]
        n = self.numbers.get(i)
        if n is not None and (word is None or not word.cut):
            return n.start
        begin = self.tokens.starts[i]
        if word is not None and word.cut:
            begin += raw_length(self.tokens.text[begin : self.tokens.ends[i]], word.cut)
        return begin

    # -- tense -------------------------------------------------------------------------------------------------------
    def ahead(self, i: int, j: int) -> int:
        """1 where the words around tokens [i, j) speak of the future, else 0."""
        return max(0, self.tense(i, j))

    def came(self, i: int) -> bool:
        """Whether the day or month at token `i`, or the list that it closes, dates what a verb says was measured.

        That is where a preposition leads from the number to it, and nothing is expected: "reached 5 % in July".
        """
        while self.word(i) and self.words[i].conj and self.tag(i - 1, "month"):
            i -= 1
        before = range(max(self.lo, i - _LOOK_BACK), i - 1)
        if not self.preposition(i - 1) or self.tag(i - 1, "to") or self.numbers.keys().isdisjoint(before[-_MEASURED:]):
            return False
        if any(self.get(k, "future") or self.tag(k, "expects") for k in before):
            return False
        verbs = (k for k in reversed(before) if (w := self.words[k]) and w.cut == w.conj and not w.definite)
        return next((tag for k in verbs for tag in ("came", "past") if self.tag(k, tag)), None) == "came"

    def tense(self, i: int, j: int) -> int:
        """1 future, -1 past, 0 not told.

        The verb nearest before tokens [i, j) decides, within its sentence; without one, a future verb right behind it.
        """
        if self.query:
            return 1
        for k in range(i - 1, max(self.lo, i - _LOOK_BACK) - 1, -1):
            word = self.words[k]
            if word is not None:
                if "past" in word.tags:
                    return -1
                if self.get(k, "future"):
                    if any(self.tag(m, "was") for m in range(k - 5, k)):
                        return 0  # `كان من المقرر` (it was planned) tells neither
                    return 1 if self.tag(k - 1, "unless") is None else -1  # `لم` makes the verb past
        return int(any(self.get(k, "future") for k in range(j, min(j + 2, self.hi))))


_BEFORE_TIMES = {"from", "to", "between", "of", "ago", "this", "part", "yearcue", "span", "every"}


def day_or_none(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year else None
    except ValueError:
        return None
