"""Which figures of a sentence can be values of a fact: not ordinals, ages, scores, lengths of time in passing."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import replace
from functools import cache

from pipeline.facts.clause import Clause, Lead, lead
from pipeline.facts.frame import arabic
from pipeline.facts.lexicon import ALEF, ARTICLE, BEH, BETWEEN, LAM, NOON, PRONOUNS, THEIR, TO, WAW, YEH, measure, word
from pipeline.facts.passing import passing, words
from pipeline.facts.spell import DURATIONS, IN_UCUM, spells
from pipeline.facts.trigger import MOVES
from pipeline.language.fold import fold
from pipeline.layers import Quantity
from pipeline.quantities.nouns import SUFFIXES, counted
from pipeline.resources import lexicon

PARTS = (1 / 2, 1 / 3, 2 / 3, 1 / 4, 3 / 4, 1 / 5)  # fractions that news give as words


def candidates(view: Clause) -> list[Quantity]:
    """The figures that may become values, in order."""
    out: list[Quantity] = []
    asserted = set()
    for q in spells(view):
        asserted.add(q.start)
        insort(view.figures, q, key=lambda other: other.i)
        view.timed.difference_update(range(q.i, q.j))
        view.taken.update(range(q.i, q.j))
    figures = ranges(view)
    for n, q in enumerate(figures):
        if q.dimension == "ordinal" or _name(view, q) or _known_pair(view, q) or _members(view, q):
            continue
        if q.unit in _goals() and q.value is not None and q.value < 10 and _in_match(view) and not _balance(view, q):
            continue
        if _occasions(view, q) or _year(view, q) or view[max(view.first, q.i - 1)].norm.lstrip(LAM) == WHOLE:
            continue
        if q.unit in DURATIONS and q.start not in asserted:
            if not _length_asked_for(view, q):
                continue
            q = replace(q, unit=IN_UCUM.get(q.unit, q.unit))
        if passing(view, q, out[-1] if out else None):
            continue
        if q.dimension == "fraction" and not q.unit:
            share = _share_of(view, q, figures[n + 1 : n + 2])
            if share:
                out.append(share)
            continue
        if n and q.value is not None and q.value == figures[n - 1].value and q.i <= figures[n - 1].j + 1 and out:
            if not out[-1].unit and q.unit and out[-1].start == figures[n - 1].start:
                out[-1] = replace(out[-1], unit=q.unit, dimension=q.dimension, j=q.j)  # "39 thirty-nine persons"
            continue
        if q.unit in _points() and any(view[k].norm in indices() for k in range(max(view.first, q.i - 10), q.i)):
            q = replace(q, unit="point", dimension="measure")
        if not q.unit:
            unit = unit_of(view, q, out)
            if unit:
                q = replace(q, unit=unit, dimension="count" if arabic(unit) else "money")
            elif not _bare(view, q, out, figures[n + 1 : n + 2]):
                continue
            elif shared := _shared_unit(view, q, out):
                q = replace(q, unit=shared.unit, dimension=shared.dimension)
        out.append(q)
    return out


@cache
def indices() -> frozenset[str]:
    """Words whose bare values, and whose points, are those of an index."""
    return frozenset(fold(row["form"]) for row in lexicon("facts/indices.tsv"))


@cache
def _points() -> frozenset[str]:
    return frozenset(row["unit"] for row in lexicon("facts/rivals.tsv") if row["gloss"].startswith("point"))


def ranges(view: Clause) -> list[Quantity]:
    """The figures, with "between A and B" and "between A to B" read as one where each end has its own unit."""
    out: list[Quantity] = []
    skip = 0
    for n, q in enumerate(view.figures):
        if skip:
            skip -= 1
            continue
        out.append(q)
        if span := _from_to(view, q, view.figures[n + 1 : n + 2]):
            out[-1], skip = span, 1
            continue
        if (
            q.value is None
            or q.i == view.first
            or not any(view[k].norm == BETWEEN for k in range(max(view.first, q.i - 2), q.i))
        ):
            continue
        for step, other in enumerate(view.figures[n + 1 : n + 3], 1):
            if other.i - q.j > 8 or other.value is None:
                break
            if other.unit == q.unit and view[other.i - 1].norm in (WAW, TO):
                low, high = sorted((q.value, other.value))
                text = view.layer.tokens.text[q.start : other.end]
                span = (q.start, other.end)
                out[-1] = replace(q, end=other.end, j=other.j, text=text, value=None, min=low, max=high, core=span)
                skip = step
                break
    return out


def _from_to(view: Clause, q: Quantity, following: list[Quantity]) -> Quantity | None:
    """ "8 % to 9 %" without "from", or behind a verb of value: one figure, no movement."""
    other = following[0] if following else None
    if other is None or None in (q.value, other.value) or not q.unit or q.unit != other.unit or other.i != q.j + 1:
        return None
    if view[q.j].norm != TO or not q.value < other.value <= 5 * q.value or q.i == view.first:
        return None
    k = q.i - 1
    origin = view[k].cue == "from"
    if origin:
        k -= 1
    moved = any(view[p].trigger and view[p].trigger.sense in MOVES for p in range(max(view.first, k - 15), k + 1))
    if moved or origin and not any(view.level(p) for p in range(max(view.first, k - 3), k + 1)):
        return None
    text = view.layer.tokens.text[q.start : other.end]
    span = (q.start, other.end)
    return replace(q, end=other.end, j=other.j, text=text, value=None, min=q.value, max=other.value, core=span)


def _name(view: Clause, q: Quantity) -> bool:
    """A number inside a name: "the Group of Twenty"."""
    return all(k in view.named for k in range(q.i, q.j))


def _known_pair(view: Clause, q: Quantity) -> bool:
    """A dual of known things ("the two parties", "between the ministries of", "the channels A and B") and no count."""
    if q.value != 2 or any(c.isdigit() for c in q.text) or not arabic(q.unit):
        return False
    norm = view[q.i].norm
    definite = norm.startswith((ARTICLE, BEH + ARTICLE, LAM + LAM, WAW + ARTICLE))
    construct = q.j == q.i + 1 and not norm.endswith((NOON, ALEF)) and q.j < view.last
    of_known = construct and (q.j in view.named or view[q.j].definite)
    behind = q.i > view.first and view[q.i - 1].norm == BETWEEN
    return behind or definite and q.j == q.i + 1 or of_known or q.unit in _scores() and q.unit in _sides()


@cache
def _sides() -> frozenset[str]:
    return frozenset(row["unit"] for row in lexicon("facts/sides.tsv"))


@cache
def _scores() -> frozenset[str]:
    return frozenset(row["unit"] for row in lexicon("facts/sides.tsv") if "score" in row["gloss"])


@cache
def _goals() -> frozenset[str]:
    return _scores() & _sides()


def _in_match(view: Clause) -> bool:
    return any(w.bare in _match_words() or w.norm in _match_words() for w in view.words)


@cache
def _match_words() -> frozenset[str]:
    return frozenset(fold(row["form"]) for row in lexicon("facts/match_words.tsv"))


def _balance(view: Clause, q: Quantity) -> bool:
    """Goals of a season, "with a balance of nine": a measured noun or a movement stands before them."""
    k = lead(view, q, view.first).edge
    near = [view[p].norm for p in range(max(view.first, k - 2), k)]
    return any(measure(w) >= 3 or measure(w[1:]) >= 3 for w in near)


def _members(view: Clause, q: Quantity) -> bool:
    """ "The five countries" of a group of five that the article names."""
    if not arabic(q.unit) or any(c.isdigit() for c in q.text) or not view[q.i].norm.startswith(ARTICLE):
        return False
    return any(e.label == "GROUP" and len(e.members) == q.value for e in view.layer.entities)


def _occasions(view: Clause, q: Quantity) -> bool:
    """Sessions, seasons, rounds: the time that something took ("in three sessions", "for four seasons")."""
    if q.unit not in _periods():
        return False
    k = lead(view, q, view.first).edge
    return any(view[p].cue in ("time", "in", "span") for p in range(max(view.first, k - 2), q.i))


@cache
def _periods() -> frozenset[str]:
    return frozenset(row["unit"] for row in lexicon("facts/periods.tsv"))


def _year(view: Clause, q: Quantity) -> bool:
    """A year that the noun behind it was taken for a thing counted: "in 2016 a rise from"."""
    if not (arabic(q.unit) and isinstance(q.value, int) and 1900 <= q.value <= 2100):
        return False
    k = q.i - 1
    return k >= view.first and view[k].norm == IN and q.j == q.i + 2 and view[q.i + 1].trigger is not None


def _share_of(view: Clause, q: Quantity, following: list[Quantity]) -> Quantity | None:
    """A part of a known whole, in percent: "half of the population", "fell by a quarter"."""
    if q.value and any(view[k].norm == WHOLE for k in range(q.i, q.j)):  # "one of every five"
        return replace(q, value=round(100 * q.value, 2), unit="%", dimension="percent", evidence="part")
    if q.value is None or not any(abs(q.value - part) < 1e-9 for part in PARTS) or any(c.isdigit() for c in q.text):
        return None
    if following and following[0].unit == "%" and view[following[0].i - 1].norm == "(":
        return None  # the figure in brackets says it exactly
    percent = replace(q, value=round(100 * q.value, 2), unit="%", dimension="percent", evidence="part")
    if view[q.j - 1].norm.endswith(SUFFIXES):
        return percent  # "half of them"
    if view[q.j - 1].norm.lstrip(BEH + LAM).startswith(ARTICLE):
        role = lead(view, q, view.first).role
        moved = any(view[k].trigger and view[k].trigger.sense in MOVES for k in range(max(view.first, q.i - 12), q.i))
        if role == "to" and moved:  # "fell to a half"
            percent = replace(percent, value=round(100 - percent.value, 2))
        if q.bound != "exact" and not moved and not (q.j < view.last and view[q.j].definite):
            return percent  # "more than a third"
        return percent if moved and role in ("by", "to") else None
    k = q.j + (q.j < view.last and view[q.j].norm in THESE)
    if k >= view.last or k in view.timed or k in view.taken or not (view.content(k) or view[k].cue == "number"):
        return None
    if word(view[k].norm.removeprefix(ARTICLE)).cue == "year" or view[k].norm in words("period"):
        return None
    own = view[k].norm.endswith(SUFFIXES) and len(view[k].norm) > 4
    following = k + 1 < view.last and (view.content(k + 1) and view[k + 1].definite or k + 1 in view.named)
    return percent if view[k].definite or own or k in view.named or following else None


THESE = ("\u0647\u0630\u0647", "\u0647\u0630\u0627", "\u0639\u062f\u062f")  # this, number of
IN, WHOLE = "\u0641\u064a", "\u0643\u0644"


def _near(view: Clause, q: Quantity, left: int, right: int):
    for k in range(max(view.first, q.i - left), q.i):
        yield k
    for k in range(q.j, min(view.last, q.j + right)):
        yield k


def _length_asked_for(view: Clause, q: Quantity) -> bool:
    """A length of time is a value where a word asks for it: a sentence, a term, an average; ages never are."""
    if any(view[k].cue == "age" for k in _near(view, q, 5, 4)):
        return False
    if q.i - 1 >= view.first and view[q.i - 1].norm == "(":
        return False
    edge = lead(view, q, view.first)
    for k in range(max(view.first, edge.edge - 4), q.i):
        w = view[k]
        if (
            w.cue == "span"
            or w.trigger
            and (w.trigger.sense in MOVES or w.trigger.sense == "level" and q.unit != "year")
        ):
            return True
        if w.cue == "time":
            return False
    return False


def unit_of(view: Clause, q: Quantity, taken: list[Quantity]) -> str | None:
    """The unit that the words around a bare number give it, where they do."""
    edge = lead(view, q, view.first)
    low = max(view.first, q.i - 14, taken[-1].j if taken else view.first)
    if shared := _of_whole(view, q, taken):
        return shared
    if among(view, q, edge.edge):
        counts = [t for t in reversed(taken[-2:]) if arabic(t.unit) or t.dimension == "money"]
        if view[max(edge.edge - 1, view.first)].norm.endswith(THEIR):  # "20 dead in 3 countries, 5 of them"
            counts.sort(key=lambda t: t.i > view.first and view[t.i - 1].cue == "in")
        return counts[0].unit if counts else None
    for k in range(edge.edge, low - 1, -1):
        if view[k].cue == "number" and k + 1 < q.i:  # "the number of dead": one of the dead
            return _one_of(view.layer.tokens.raw(k + 1))
        if view[k].cue == "tally":  # "the injured, whose number is 17"
            return next(
                (unit for p in range(k - 1, max(view.first, k - 6) - 1, -1) if (unit := _plural(view, p))), None
            )
    people = q.j < view.last and view[q.j].cue == "person"
    k = edge.edge - 1
    event = k >= view.first and view[k].trigger is not None and view[k].trigger.sense == "event"
    few = isinstance(q.value, int) and q.value < 10**6
    if _they(view, q.j) or (people or event) and few:
        return next((t.unit for t in reversed(taken) if arabic(t.unit)), _person())
    digits = all(view[p].norm[0].isdigit() for p in range(q.i, q.j))
    if q.value is not None and q.value >= (10**6 if digits else 1000):
        return _currency(view, q, 40 if q.value >= 10**6 else 12)
    return None


def _they(view: Clause, k: int) -> bool:
    """Whether token `k` is a verb of people: "1.8 million come from". Six letters or more, no "Yemenis"."""
    norm = view[k].norm if k < view.last and k not in view.named else ""
    return len(norm) > 5 and norm[0] == YEH and norm.endswith(WAW + NOON) and norm[-3] != YEH


def _one_of(raw: str) -> str | None:
    """The singular of a plural noun, which may have the article or a pronoun: "its inhabitants"."""
    raw = raw.removeprefix(ARTICLE)
    pronoun = next((p for p in PRONOUNS[::-1] if raw.endswith(p) and len(raw) > len(p) + 2), "")
    return counted(raw, "plural") or (counted(raw.removesuffix(pronoun), "plural") if pronoun else None)


def _plural(view: Clause, k: int) -> str | None:
    """The singular of the token where it is a definite plural."""
    if not view[k].definite or k in view.named or not view.content(k):
        return None
    raw = view.layer.tokens.raw(k)
    noun = raw[raw.index(ARTICLE) + len(ARTICLE) :] if ARTICLE in raw else raw
    unit = _one_of(noun)
    return unit if unit != noun else None


@cache
def _person() -> str:
    return next(row["form"] for row in lexicon("facts/cues.tsv") if row["class"] == row["gloss"] == "person")


def _currency(view: Clause, q: Quantity, within: int) -> str | None:
    """The currency of the amount before, for "eight million" among amounts."""
    quantities = view.layer.quantities
    n = bisect_left(quantities, q.i, key=lambda other: other.i)
    for other in reversed(quantities[max(0, n - 4) : n]):
        if other.dimension == "money" and q.i - other.j <= within:
            return other.unit
    return None


def _bare(view: Clause, q: Quantity, taken: list[Quantity], following: list[Quantity]) -> bool:
    """A number without a unit counts where its neighbours give it one."""
    if q.value is None and q.min is None:
        return False
    if q.value == 1 and not q.text[:1].isdigit():
        return False  # "one", a pronoun
    edge = lead(view, q, view.first)
    if _large(view, q) or among(view, q, edge.edge) or taken and _item(view, q, taken[-1]):
        return True
    if taken and taken[-1].unit and q.i - taken[-1].j <= 8 and _linked(view, taken[-1].j, q.i):
        return True
    near = range(max(view.first, q.i - 14), q.i)
    moved = any(view[k].cue == "against" or view[k].trigger and view[k].trigger.sense in MOVES for k in near)
    if taken and taken[-1].unit and q.i - taken[-1].j <= 10 and edge.role in ("to", "from") and moved:
        return True
    for k in range(max(view.first, edge.edge - 8), edge.edge + 1):
        if k < q.i and (view[k].cue in ("number", "tally") or k >= edge.edge - 1 and view.level(k)):
            return True
    if not _looks_like_a_year(q) and _led(view, q, edge):
        return True
    if edge.role in ("from", "to") and following and _apart(view, q.j, following[0].i) <= 3:
        return any(view[k].trigger and view[k].trigger.sense in MOVES for k in range(max(view.first, q.i - 12), q.i))
    return False


def _large(view: Clause, q: Quantity) -> bool:
    """Thousands and millions that are told with their word: "2.4 million", not "he wrote", which looks like "1000"."""
    if q.value is None:
        return True
    return (
        q.value >= 1000
        and q.j > q.i + 1
        and not view[q.i].norm.startswith(ARTICLE)
        and not view[q.j - 1].norm[:1].isdigit()
    )


def _item(view: Clause, q: Quantity, last: Quantity) -> bool:
    """The next of a list of places or groups: "5 thousand in the town and 300 in the villages"."""
    k = q.i - 1
    joined = (
        k > view.first and view[k].norm == WAW or view[q.i].norm[:1] == WAW and q.start > view.layer.tokens.starts[q.i]
    )
    if not joined or q.j >= view.last or q.i - last.j > 10 or _looks_like_a_year(q):
        return False
    behind = view[q.j]
    return behind.cue in ("in", "from") or behind.norm[:1] in (BEH, LAM) and not behind.cue and behind.definite


def _looks_like_a_year(q: Quantity) -> bool:
    return isinstance(q.value, int) and 1900 <= q.value <= 2100 and q.j == q.i + 1


def among(view: Clause, q: Quantity, edge: int) -> bool:
    """ "Of whom 5", "of whom more than 5", "5 of them"; the words that belong to the figure begin at `edge`."""
    before, behind = view[max(edge - 1, view.first)], view[min(q.j, view.last - 1)]
    return edge > view.first and before.cue == "among" or q.j < view.last and behind.cue == "among"


def _of_whole(view: Clause, q: Quantity, taken: list[Quantity]) -> str | None:
    """ "302 out of 382 centres": what the other of the two figures counts."""
    if _out_of(view, q.j):
        n = bisect_left(view.figures, q.j + 2, key=lambda other: other.i)
        whole = view.figures[n] if n < len(view.figures) and view.figures[n].i <= q.j + 3 else None
        return whole.unit if whole and arabic(whole.unit) else None
    part = taken[-1] if taken else None
    return part.unit if part and arabic(part.unit) and part.j + 2 == q.i and _out_of(view, part.j) else None


def _out_of(view: Clause, k: int) -> bool:
    return view.first <= k and k + 1 < view.last and (view[k].cue, view[k + 1].cue) == ("from", "whole")


def _led(view: Clause, q: Quantity, edge: Lead) -> bool:
    """What stands before digits makes them a value: "against", a verb of value and its subject."""
    if not any(c.isdigit() for c in q.text) or any(view[k].cue == "age" for k in _near(view, q, 5, 4)):
        return False
    if edge.role == "against":
        return True
    for k in range(edge.edge - 1, max(view.first, edge.edge - 3) - 1, -1):
        if view.stop(k) or k in view.taken or view.verb(k):
            return view.level(k)
    return False


def _shared_unit(view: Clause, q: Quantity, taken: list[Quantity]) -> Quantity | None:
    """The figure before, whose unit a bare number in the same list leaves unsaid: "A at 50 dollars, B at 75"."""
    if not taken or q.i - taken[-1].j > 8 or not (arabic(taken[-1].unit) or taken[-1].dimension == "money"):
        return None
    listed = view[taken[-1].j].conj or view[taken[-1].j].norm[:1] == WAW or view.stop(taken[-1].j)
    same = lead(view, q, taken[-1].j).role == lead(view, taken[-1], view.first).role == "by"
    return taken[-1] if listed and same else None


def _apart(view: Clause, a: int, b: int) -> int:
    """Tokens in [a, b) that are no part of a time and no punctuation."""
    return sum(k not in view.timed and not view.stop(k) for k in range(a, min(b, a + 12))) + max(0, b - a - 12)


def _linked(view: Clause, a: int, b: int) -> bool:
    """The number continues a list or a comparison."""
    if a >= b:
        return False
    w = view[a]
    return (
        w.conj != "" or w.norm[:1] == "\u0648" or w.cue in ("against", "to", "from") or w.norm in ("\u060c", ",")
    ) and any(view[k].cue in ("against", "to", "by", "from") or view[k].norm[:1] == "\u0648" for k in range(a, b))
