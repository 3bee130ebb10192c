"""Years without the word year: `في 2018` (in 2018), `ميزانية 2017` (the budget of 2017), `2017/2018`."""

from __future__ import annotations

from pipeline.quantities.numerals import following_words
from pipeline.times.calendar import Period
from pipeline.times.cursor import ARTICLE, WAW, Cursor, Reading
from pipeline.times.dates import FIRST_YEAR, before_christ, school_years

MEEM = "\u0645"  # abbreviates metre, the Christian era and the afternoon
GOES_ON = ("\u062f", "2", "3", "\u00b2", "\u00b3")
SIZED = 5  # tokens before a number in which a word of size is looked for


def bare_year(t: Cursor, k: int) -> Reading | None:
    """`2018` without the word year: behind a preposition or an event, and counting nothing."""
    n = t.numbers.get(k)
    if n is None:
        return None
    norm = t.norm(k)
    both = school_years(norm)
    if both:
        cue = not t.norm(k + 1)[:1].isalpha() or plain(t, k + 1) or t.tag(k - 1, "yearcue")
        return (
            Reading(k, k + 1, "period", Period("year", both[0]), Period("year", both[1]), grain="year") if cue else None
        )
    if n.form == "words" and t.tag(k - 1, "yearcue") == "noun" and 1700 <= (n.value or 0) <= 2100:
        return Reading(k, n.j, "period", Period("year", n.value), grain="year")
    if n.form != "digits" or not norm.isdecimal() or n.j > t.hi or not isinstance(n.value, int):
        return None
    if before := before_christ(t, k):
        return before
    listed = _list_goes_on(t, k)
    if len(norm) == 2 and n.value >= 30 and (listed == 2 or t.tag(k - 1, "unit") in ("Y+", "Y2")):
        return Reading(k, n.j, "period", Period("year", 1900 + n.value), grain="year")
    bracketed = t.norm(k - 1) == "(" and t.norm(n.j + 1) in (")", "-", "/")
    if len(norm) == 3 and (era := t.get(n.j, "era")) and (era[0] == "ah" or len(t.norm(n.j)) > 1 or bracketed):
        calendar = "hijri" if era[0] == "ah" else "gregorian"
        return Reading(k, era[1], "period", Period("year", n.value, calendar=calendar), grain="year")
    if len(norm) != 4:
        return None
    value, j = n.value, n.j
    if t.norm(j) == "/" and (both := school_years(f"{norm}/{t.norm(j + 1)}")) and not t.word(j + 2):
        return Reading(k, j + 2, "period", Period("year", both[0]), Period("year", both[1]), grain="year")
    if (t.norm(k - 1) == "(" or t.norm(k - 1) in _QUOTES) and (pair := t.apart(k)):
        return Reading(k, k + 2, "period", Period("year", pair[0]), Period("year", pair[1]), grain="year")
    era = t.get(j, "era")
    if era and metres(t, k, j):
        return None
    if era and (len(t.norm(j)) > 1 or era[0] == "ah") or era and t.norm(j - 1) == norm and value >= FIRST_YEAR:
        calendar = "hijri" if era[0] == "ah" else "gregorian"
        return Reading(k, era[1], "period", Period("year", value, calendar=calendar), grain="year")
    after = t.norm(j)
    if after in (":", "/") and not t.norm(j + 1)[:1].isdecimal():
        after = "."  # `خلال 2017 : …`: the end of a clause
    if not 1700 <= value <= 2100 or after in _UNITS_BEHIND or t.norm(k - 1) in _UNITS_BEHIND:
        return None
    if (listed == 4 or t.tag(k - 1, "unit") in ("Y+", "Y2") or _bracketed_list(t, k)) and not counts(t, j, value, True):
        return Reading(k, j, "period", Period("year", value), grain="year")
    named = t.get(k - 2, "yearcue")  # two words: the World Cup
    cue = t.tag(k - 1, "yearcue") or (named[0] if named and named[1] == k else None)
    cue = cue or ("prep" if n.prep or t.get(k - 1, "to") or t.tag(k - 1, "of") else None)
    if cue is None and t.comma(k - 1) and t.tag(k - 2, "yearcue") == "prep":
        cue = "prep"  # the comma of the clause printed before the number: `in ,2016`
    if cue == "name" or cue is None and _listed(t, k):
        n.name = True  # the World Cup of that year is a name
        return None
    if cue is None and 1950 <= value <= 2050 and _after_name(t, k):
        cue = "prep"  # `"آفروباسكات" 2017`
    if cue is None and 1950 <= value <= 2050 and t.norm(k - 1).startswith(ARTICLE) and not t.tag(k - 1, "numbered"):
        cue = "prep"  # behind a definite noun: `the tourist season 2017`
    if cue is None and t.tag(k - 1, "ago") and (not after[:1].isalpha() or plain(t, j)):
        cue = "prep"
    if t.tag(k - 1, "part") or t.tag(k - 1, "season"):
        cue = "prep"
    if t.get(k - 1, "from") and t.get(j, "to"):
        return None  # the end of a range that is no range of years
    counted = counts(t, j, value, strong=bool(t.tag(k - 1, "yearcue")))
    if t.norm(k - 1) == "(" and after in (")", "-") or cue == "noun":
        return Reading(k, j, "period", Period("year", value), grain="year")
    if cue and not counted:
        return Reading(k, j, "period", Period("year", value), grain="year")
    return None


def _list_goes_on(t: Cursor, k: int) -> int:
    """`أعوام 96 و97 و98`: the digits of the year that ends right before a comma or "and" at token `k`; else 0."""
    apart = t.comma(k - 1) or t.norm(k - 1) == WAW
    before = k - 1 if apart else k if t.numbers[k].conj else -1
    return len(t.norms[before - 1]) if before > t.lo and before == t.year_end and t.norms[before - 1].isdecimal() else 0


def _bracketed_list(t: Cursor, k: int) -> bool:
    """`(1991 و1992)`: two years or more in brackets of their own."""
    if t.norm(k - 1) != "(":
        return False
    for j in range(k + 1, min(t.hi, k + 24)):
        norm = t.norm(j)
        if norm == ")":
            return j > k + 1
        year = len(norm) - (j in t.numbers and t.numbers[j].conj) == 4 and norm[-4:].isdecimal()
        if not (year and 1700 <= int(norm[-4:]) <= 2100 or norm == WAW or t.comma(j)):
            return False
    return False


def _listed(t: Cursor, k: int) -> bool:
    """`أولمبياد 2008 و2012`: joined to a year that is part of a name."""
    i = k - 2 if t.norm(k - 1) == WAW else k - 1 if t.numbers[k].conj else -1
    before = t.numbers.get(i)
    return before is not None and before.name and before.form == "digits" and len(t.norm(i)) == 4


def _after_name(t: Cursor, k: int) -> bool:
    """Whether a name ends before token `k`: a mention, or a quotation, that is no make or model."""
    if t.comma(k - 1) and t.tokens.ends[k - 1] == t.tokens.starts[k]:
        k -= 1  # the comma of the clause printed before the number
    if t.norm(k - 1) in _QUOTES:
        return True
    if t.name_ends is None:
        t.name_ends = {m.j for m in t.layer.mentions if m.label != "PER"}
    if k not in t.name_ends:
        return False
    from pipeline.quantities.naming import skip

    return t.norm(k - 1) not in skip("next")


_QUOTES = frozenset('"\u00bb\u201d')
_UNITS_BEHIND = frozenset("%$\u20ac\u00a3\u066a/:.") - {"."}


def counts(t: Cursor, k: int, value: int, strong: bool = False) -> bool:
    """Whether a number that may be a year counts what stands at token `k`.

    strong: it stands behind a word like `في` (in), where years are far more frequent than counts.
    """
    norm = t.norm(k)
    if not norm[:1].isalpha() or plain(t, k):
        return False
    kind = following_words().get(norm)
    if value % 100 == 0 or not 1900 <= value <= 2100 or kind and not (strong and kind == "count"):
        return True
    # A noun counted by a number that ends in 11 to 99 stands in the accusative, which alef shows.
    return value % 100 > 10 and norm.endswith("\u0627") and len(norm) > 3


def plain(t: Cursor, k: int) -> bool:
    """Whether a number cannot count the word: a function word, a definite noun, something with a conjunction."""
    norm = t.norm(k)
    word = t.word(k)
    if word is not None and (word.conj or word.definite or word.tags.keys() & _PLAIN_TAGS):
        return True
    return norm.startswith(("\u0627\u0644", "\u0648", "\u0644\u0644", "\u0628\u0627\u0644", "\u0641"))


_PLAIN_TAGS = {"plain", "of", "to", "from", "ago", "past", "future", "between"}


def metres(t: Cursor, k: int, j: int) -> bool:
    """`ارتفاعه 1094م`: the letter at `j` behind the number at `k` is one of metres, since a size is told before it.

    Or its unit goes on: square metres, million dinars.
    """
    return t.norm(j) == MEEM and (t.norm(j + 1) in GOES_ON or any(t.tag(p, "size") for p in range(k - SIZED, k)))
