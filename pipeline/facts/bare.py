"""What a figure without a trigger measures: the word that governs it, or the phrase before or behind it."""

from __future__ import annotations

from functools import cache

from pipeline.facts.clause import QUOTES, Clause
from pipeline.facts.frame import Frame, arabic
from pipeline.facts.lexicon import ALEF, BEH, BETWEEN, CONJUNCTIONS, HEH, KAF, LAM, NOON, WAW, YEH, finite, measure
from pipeline.facts.phrase import (
    EDGES,
    MIN,
    PREPOSITIONS,
    SHORT,
    Said,
    Span,
    after,
    before,
    cut,
    earlier,
    leftwards,
    stem,
    trim,
)
from pipeline.facts.select import among
from pipeline.language.clitics import frequencies
from pipeline.language.fold import fold
from pipeline.layers import Quantity
from pipeline.quantities.words import begins
from pipeline.resources import lexicon

VALUE = "\u0642\u064a\u0645\u0647"
CLOSERS = frozenset(')]\u00bb"')


def beside(view: Clause, frame: Frame, said: Said | None) -> Span | None:
    """The indicator of a figure without a trigger."""
    figure = frame.slots[frame.roles[0]]
    k, floor = frame.edge, frame.gap[0]
    while k > floor and view.level(k - 1):
        k -= 1
    if k > floor and view[k - 1].norm in ("(", "[", BETWEEN):
        k -= 1
    p = k - 1
    if p > floor and view[p].norm == ":" and (label := _label(view, p, floor)):
        return label
    if own := _price(view, figure, k, floor):
        return own
    if said and _continues(view, figure, k, floor, said):
        return said.span
    copula = p >= view.first and (view[p].cue == "copula" or view[p].trigger and view[p].trigger.sense == "be")
    if copula and (found := before(view, p, view.first)):
        return found
    if arabic(figure.unit):
        if said and said.figure.unit == figure.unit and among(view, figure, k):
            return said.span  # "30 suspects, 12 of whom in the capital"
        return governor(view, figure, k, floor) or counted(view, figure) or earlier(view, k)
    if figure.unit == "%" and (found := _share(view, figure, k)):
        return found
    of = whole_of(view, figure)
    found = _whole(view, leftwards(view, k, floor), floor)
    if of and figure.unit == "%" and not (found and (measured(view, found) or _takes(view, found, k, figure))):
        return of
    if found and not (of and p >= floor and not view.content(p)):
        return found
    return (
        of
        or (earlier(view, k) if p > floor and view.stop(p) else None)
        or _carrier(view, k, figure)
        or (after(view, figure.j, view.last) or leftwards(view, k, view.first) or earlier(view, figure.i))
    )


def whole_of(view: Clause, figure: Quantity) -> Span | None:
    """What a share is a part of: "5 % of the votes"."""
    k = figure.j
    while k < view.last and view[k].cue == "approx":
        k += 1
    return after(view, k + 1, view.last) if k + 1 < view.last and view[k].cue == "from" else None


def _takes(view: Clause, span: Span, k: int, figure: Quantity) -> bool:
    """An indefinite noun right before the figure governs it: "the sorting of 94 % of the votes"."""
    led = view[k].cue in ("on", "to", "from", "off", "by") or view[k].prep or figure.start > view.layer.tokens.starts[k]
    return not led and span[1] == k and span[0] == k - 1 and _plain(view, k - 1) and not view.verb(k - 1)


def measured(view: Clause, span: Span) -> bool:
    """Whether a phrase begins with a noun that takes values: "share", "revenue"."""
    w = view[span[0]]
    return w.cue in ("carrier", "number", "whole") or measure(stem(w.norm)) >= 1


def _label(view: Clause, k: int, floor: int) -> Span | None:
    """The words before a colon, back to a stop: "price: 400 dollars"."""
    i = k
    while i > floor and k - i < 7 and not view.stop(i - 1) and not view.verb(i - 1) and i - 1 not in view.taken:
        i -= 1
    return after(view, i, k) if i < k and view.content(i) or view[i].cue in ("number", "carrier", "whole") else None


def _price(view: Clause, figure: Quantity, k: int, floor: int) -> Span | None:
    """A carrier that names what is measured: "at a price of"; "60 shares at a value of"."""
    for p in range(k, figure.i):
        w = view[p]
        behind = w.bare == VALUE and k == floor > view.first and k - 1 in view.taken
        if w.cue == "carrier" and w.prep == BEH and (behind or w.bare in _names()):
            return (p, p + 1)
    return None


@cache
def _names() -> frozenset[str]:
    return frozenset(fold(row["form"]) for row in lexicon("facts/prices.tsv"))


def _continues(view: Clause, figure: Quantity, k: int, floor: int, said: Said) -> bool:
    """The figure is the next item of a list that shares its indicator: its item only names whose value it is.

    "sold 6 shares of A, 5 shares of B"; "A 8 million, then B 7 million"; "trading of 6 shares worth 9 dollars".
    """
    other = said.figure
    before_it = said.span[1] <= other.i  # the things counted are not the indicator
    if k == floor == other.j:
        return before_it and figure.unit != other.unit and view[k].cue == "carrier" and view[k].prep == BEH
    first = floor + (view[floor].norm in CLOSERS)
    shares = figure.unit == other.unit == "%" and not before_it
    if shares and k == floor and view[k].conj == WAW and _whose(view, figure):
        return True
    conjunct = view[k - 1].norm in (WAW, "\u060c", ",")
    if arabic(figure.unit) and arabic(other.unit) and before_it and conjunct and k - floor <= 8:
        return figure.unit == other.unit or k - 1 == first
    if figure.unit != other.unit or k - first > 10 or arabic(figure.unit):
        return arabic(figure.unit) and figure.unit == other.unit and view[first].cue == "then"
    if view[first].cue == "then":
        return True
    named = False
    for p in range(first, k):
        w = view[p]
        if view.verb(p) or p > first and measure(stem(w.norm)) >= 3 and p not in view.named:
            return False
        named = named or p in view.named or w.norm in QUOTES
    return named and (view[first].norm[:1] in CONJUNCTIONS or view[first].norm in ("\u060c", ",", "(", ")"))


def _whose(view: Clause, figure: Quantity) -> bool:
    """Behind the figure stands no more than whose it is: "13 % for the rival"."""
    k = figure.j
    return k < view.last and view[k].norm[:1] == LAM and not view[k].cue and cut(view, k) > 0


def _whole(view: Clause, span: Span | None, floor: int) -> Span | None:
    """The phrase with the noun that it completes over a preposition: "spending on schools"."""
    if span is None or span[0] - 2 < floor or measure(stem(view[span[0]].norm)) >= 3 or _plain(view, span[1] - 1):
        return span
    i = span[0] - 1
    if view[span[0]].norm[:1] == LAM and cut(view, span[0]):
        i += 1
    elif view[i].cue not in ("in", "on", "to") and view[i].norm not in PREPOSITIONS:
        return span
    head = leftwards(view, i, floor) if view.content(i - 1) else None
    return (head[0], span[1]) if head and span[1] - head[0] <= 2 * SHORT else span


def _plain(view: Clause, p: int) -> bool:
    """An indefinite noun, no name: it governs the figure itself."""
    return p not in view.named and not view[p].definite


def _share(view: Clause, figure: Quantity, k: int) -> Span | None:
    """What a share of people or things does: "40 % of the voters support him"."""
    p = k - 1
    led = p < view.first or view.stop(p) or view[p].cue in ("that", "break", "approx", "in") or view.verb(p)
    if not led or view[k].cue in ("on", "to", "from", "off"):
        return None  # "got 40 %"
    if p >= view.first and view.verb(p) and view[p].trigger is None and not _says(view, figure):
        return (p, p + 1)
    for q in range(figure.j, min(view.last, figure.j + 12)):
        if view.stop(q) or q in view.taken or view[q].cue == "relative":
            break
        if view[q].cue == "that":
            return _predicate(view, q + 1) if q + 1 < view.last else None
        if view.verb(q) and not (view[q].trigger and view[q].trigger.sense not in ("event", "be")):
            return _predicate(view, q)
    return None


def _says(view: Clause, figure: Quantity) -> bool:
    return any(view[q].cue == "that" for q in range(figure.j, min(view.last, figure.j + 12)))


def governor(view: Clause, figure: Quantity, k: int, floor: int) -> Span | None:
    """What is said of counted things: the noun that governs them ("the killing of"), or a verb of events near them."""
    led = view[k].cue in ("on", "to", "from", "off") or figure.start > view.layer.tokens.starts[figure.i]
    for p in range(k - 1, floor - 1 if led else max(floor, k - 10) - 1, -1):
        if (
            led
            or view.stop(p)
            or view[p].cue in ("that", "break", "relative", "whole")
            or view.verb(p)
            and not view.level(p)
        ):
            break
        if view[p].cue == "number" and (p < k - 1 or p < figure.i - 1 and not view.content(p - 1)):
            return (after(view, p, k) or trim(view, p, k)) if p < k - 1 else None  # "the number of viewers of X is"
    p = k - 1
    if p >= floor and view[p].cue == "tally":
        return (p, p + 1)
    if p - 1 >= floor and view[p].cue == "number" and view.content(p - 1):
        p -= 1
    if p >= floor and view.content(p) and not view.verb(p) and not view[p].definite and _governs(view, p, floor):
        bare = p - 1 >= floor and view.content(p - 1) and not view.verb(p - 1) and not view[p].trigger
        if bare and not view[p - 1].definite and _governs(view, p - 1, floor) and not cut(view, p):
            return (p - 1, p + 1)  # "the release of"
        return (p, p + 1)
    if p > floor and view[p].cue == "on" and view.content(p - 1) and not view.verb(p - 1):
        return leftwards(view, p, floor, 2)
    if k > floor and view[k].cue in ("on", "off") and view.content(k - 1) and not view.verb(k - 1):
        return leftwards(view, k, floor, 2)
    person = any(view[p].cue == "person" for p in range(figure.i, min(view.last, figure.j + 1)))
    for side in (range(k - 1, max(floor, k - 7) - 1, -1), range(figure.j, min(view.last, figure.j + 6))):
        for p in side:
            if view.stop(p) or p in view.taken or view[p].cue in ("that", "relative"):
                break
            t = view[p].trigger
            if (
                t
                and t.sense == "event"
                and (t.verbal or p >= figure.j and view[p].norm.endswith(ALEF))
                or person
                and view.verb(p)
                and not view.level(p)
            ):
                return (p, p + 1)
    p = k - 1
    if not led and p >= floor and view[p].definite and view.content(p) and not _clause_has_verb(view, p, floor):
        return leftwards(view, k, floor)  # "the houses of prayer: 498 mosques"
    return None


def _clause_has_verb(view: Clause, p: int, floor: int) -> bool:
    for q in range(p, max(floor, p - 15) - 1, -1):
        if view.stop(q) or view[q].cue in ("that", "break"):
            return False
        if view.verb(q) or finite(view[q].norm):
            return True
    return False


@cache
def _light() -> frozenset[str]:
    return frozenset(fold(row["form"]) for row in lexicon("facts/light_nouns.tsv"))


def _governs(view: Clause, p: int, floor: int) -> bool:
    """Whether the noun at `p` can be in construct with what follows it and says something of it."""
    w = view[p]
    word = w.norm[cut(view, p) :]
    if p in view.named or word in _light() or w.norm in _light() or view[p + 1].norm in QUOTES:
        return False
    if word.endswith(HEH + ALEF) and p - 1 >= floor and view[p - 1].cue in ("in", "on", "from"):
        return False  # "in its office"
    if word.endswith(ALEF) and not word.endswith(HEH + ALEF):
        return False  # an indefinite object or adverb
    plural = word[-2:] in (WAW + NOON, YEH + NOON) and len(word) > 4
    return not (plural and frequencies().get(word[:-2] + (YEH if word[-2] == WAW else WAW) + NOON, 0) > 2)


def counted(view: Clause, figure) -> Span | None:
    """The counted noun with its adjectives, inside the figure or right behind it."""
    unit = fold(figure.unit or "")
    best = max(
        range(figure.i, min(view.last, figure.j + 2)),
        key=lambda p: (_common(view[p].norm, unit), -abs(p - figure.j + 1)),
    )
    if _common(view[best].norm, unit) < 2:
        best = figure.j - 1 if not begins()[view[figure.j - 1].norm] else figure.j
        if best < view.last and view[best].norm == MIN:
            best += 1
        if best >= view.last or view.stop(best) or view[best].cue == "in":
            return None
    i, k = best, max(best + 1, figure.j if best < figure.j else 0)
    while k < view.last and k - i < 4 and view.content(k) and not view.stop(k) and not view.verb(k):
        if view[k].norm[:1] in (BEH, LAM, KAF) and cut(view, k) or view[k].norm[:1] == WAW and cut(view, k):
            break
        k += 1
    if best < figure.j and begins()[view[figure.j - 1].norm]:
        k = best + 1
    if k == i + 1 and k + 1 < view.last and view[k].norm == MIN and view.content(k + 1) and not view.verb(k + 1):
        return trim(view, i, k + 2)  # "members of the council"
    return (i, k)


def _predicate(view: Clause, k: int) -> Span:
    """A verb phrase: the verb and a few words of its complement."""
    end = k + 1
    while (
        end < view.last and end - k < SHORT and not view.stop(end) and end not in view.taken and end not in view.timed
    ):
        if view[end].cue in EDGES or view.verb(end):
            break
        end += 1
    return trim(view, k, end) or (k, k + 1)


def _carrier(view: Clause, k: int, figure) -> Span | None:
    """The noun of the lead itself: "at a price of"."""
    return next(((p, p + 1) for p in range(k, figure.i) if view[p].cue == "carrier"), None)


def _common(word: str, unit: str) -> int:
    """Letters of `unit` found in order in `word`: broken plurals keep their root."""
    n = 0
    for letter in word:
        n += n < len(unit) and letter == unit[n]
    return n


def anything(view: Clause, frame: Frame) -> Span | None:
    """The last resort, where no phrase names what is measured: the verb that governs the figure, or a word near it."""
    figure = frame.slots[frame.roles[0]]
    if frame.trigger is not None:
        return (frame.trigger, frame.trigger + 1)
    before_it = range(figure.i - 1, max(view.first, figure.i - 2 * SHORT) - 1, -1)
    near = next((k for k in before_it if view.verb(k)), None)
    if near is None:
        near = next(
            (k for k in (*before_it, *range(figure.j, min(view.last, figure.j + SHORT))) if view.content(k)), None
        )
    return None if near is None else (near, near + 1)
