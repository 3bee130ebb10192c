"""How a figure stands to the one before it: an earlier value, somebody else's, the same one in another measure."""

from __future__ import annotations

from functools import cache

from pipeline.facts.clause import Clause, Lead
from pipeline.facts.frame import Frame, alike
from pipeline.facts.lexicon import ALEF, BEH, HEH, LAM, PRONOUNS, TEH, word
from pipeline.facts.trigger import DELTA_UNITS, MOVES, trigger
from pipeline.language.fold import fold
from pipeline.layers import Quantity
from pipeline.resources import lexicon

FI = "\u0641\u064a"  # the preposition "in"
FAR = 8  # words
RATES = ("\u0646\u0633\u0628\u0647",)  # "rate of"
AS_FOR = "\u0628\u0627\u0644\u0646\u0633\u0628\u0647"  # "as for"
THAT_IS = "\u0627\u064a"  # "that is"


def relative(view: Clause, previous: Frame, sense: str, at: int, hint: Lead) -> bool:
    """ "Lost 2 billion of its value, which fell to 7": the clause behind the relative says where the movement ended."""
    if not previous.moves or set(previous.slots) != {"delta"} or hint.role not in ("to", "on") or at <= view.first:
        return False
    same = {"gain": "up", "loss": "down"}
    return view[at - 1].cue == "relative" and same.get(sense, sense) == same.get(previous.sense, previous.sense)


def sets_against(view: Clause, k: int, a: int) -> bool:
    """`k` is "against", and not "on the other side", nor "for" a price behind a verb of its own in [a, k)."""
    if view[k].cue != "against" or view[k].definite and k > a and view[k - 1].cue == "in":
        return False
    if any(view[p].norm in _trades() for p in range(max(view.first, a - FAR), k)):
        return False
    return not any(view.verb(p) and view[p].trigger is None for p in range(a, k))


@cache
def _trades() -> frozenset[str]:
    return frozenset(fold(row["form"]) for row in lexicon("facts/trades.tsv"))


def far(view: Clause, previous: Frame, figure: Quantity) -> bool:
    """Too many words lie between two figures for the second to be an earlier value of the first."""
    between = range(previous.last().j, figure.i)
    return len(between) > 30 or sum(k not in view.timed and not view.stop(k) for k in between) > FAR


def moved_on(view: Clause, previous: Frame, figure: Quantity, at: int) -> bool:
    """The movement at `at` takes the level before it further: "it was 14 in 2014 and rose to 16".

    Its verb has no subject of its own, or one that only points back: "the number", "their share".
    """
    if set(previous.slots) != {"level"} or not alike(previous.last(), figure) or figure.unit is None:
        return False
    between = range(previous.last().j, at)
    if sum(view.content(k) for k in between) > 3 or any(view[k].cue == "break" for k in between):
        return False
    if any(view.verb(k) and view[k].trigger is None for k in between):
        return False
    own = [k for k in range(at + 1, figure.i) if view.content(k) or view[k].cue in ("number", "carrier", "tally")]
    moves = view[at].trigger.verbal or view[at].prep == LAM or view[at].norm.endswith(PRONOUNS)
    return moves and all(_points_back(view, k) for k in own)


def _points_back(view: Clause, k: int) -> bool:
    """ "The number", "their share"."""
    norm = view[k].norm
    if view[k].definite or view[k].cue == "tally":
        return view[k].cue in ("number", "carrier", "tally")
    stem = next((norm.removesuffix(p) for p in PRONOUNS[::-1] if norm.endswith(p)), "")
    return word(stem.removesuffix(TEH) + HEH if stem.endswith(TEH) else stem).cue in ("number", "carrier")


def used_to_be(view: Clause, k: int, a: int) -> bool:
    """`k` is "was" in "after it had been"."""
    t = view[k].trigger
    where = k > view.first and view[k - 1].cue == "break" and k + 1 < view.last and not view.content(k + 1)
    return bool(t and t.sense == "be" and (where or any(view[p].cue == "that" for p in range(max(a, k - 2), k))))


def compared(frame: Frame, figure: Quantity) -> bool:
    value = frame.slots.get("to") or frame.slots.get("level")
    if value is None:
        return frame.moves
    return alike(value, figure)


def group(view: Clause, figure: Quantity) -> bool:
    """The compared value belongs to somebody else: "25 % for his rival", "in Egypt", and not "for the same period"."""
    if figure.unit in rivals():
        return True
    k = figure.j
    if k >= view.last or k in view.timed:
        return False
    w = view[k]
    if w.norm == AS_FOR or figure.unit == "%" and w.cue == "from" and k + 1 < view.last and view.content(k + 1):
        return True
    if w.norm == FI and figure.unit == "%" and k + 1 < view.last and k + 1 in view.named:
        return k + 1 not in view.timed
    if w.norm == FI and figure.unit == "%" and k + 2 < view.last and view.content(k + 1) and view[k + 1].definite:
        return not any(p in view.timed or view[p].cue in ("period", "time", "same", "earlier") for p in (k + 1, k + 2))
    if w.cue in ("time", "period", "same") or w.bare[:2] == "\u0639\u0627":
        return False
    return w.norm[:1] == "\u0644" and len(w.norm) > 3 and not _period_near(view, k)


@cache
def comparatives() -> dict[str, str]:
    return {fold(row["form"]): row["sense"] for row in lexicon("facts/comparatives.tsv")}


def compares(view: Clause, figure: Quantity, a: int) -> str:
    """Which way a figure differs that stands between a comparative and what it is compared with, else ''.

    "Higher by 5 % than last year's"; the figure comes behind "by", which tells it from "more than 5 %".
    """
    if figure.unit not in DELTA_UNITS:
        return ""
    k = figure.i
    by = figure.start > view.layer.tokens.starts[k]  # the preposition is written onto the figure
    rate = figure.unit == "%" and k > a and view[k - 1].bare in RATES and view[k - 1].prep == BEH
    while k > a and (view[k - 1].prep == BEH or view[k - 1].cue in ("by", "approx", "carrier")):
        k -= 1
        by = by or view[k].prep == BEH or view[k].cue == "by"
    if not by or k <= a:
        return ""
    sense = comparatives().get(view[k - 1].bare, "") if not view[k - 1].definite else ""
    if figure.j < view.last and view[figure.j].cue in ("from", "off", "against") or view[k - 1].norm.endswith(ALEF):
        return sense
    return sense if rate else ""  # "costs less at a rate of 25 %"


@cache
def rivals() -> frozenset[str]:
    return frozenset(row["unit"] for row in lexicon("facts/rivals.tsv"))


def _period_near(view: Clause, k: int) -> bool:
    return any(view[p].cue in ("same", "period", "time") or p in view.timed for p in range(k, min(view.last, k + 3)))


def converted(view: Clause, figure: Quantity, start: int, previous: Frame, hint: Lead) -> bool:
    """A second measure of the value before it: in brackets, or after "that is", "equal to"."""
    b = figure.i
    gap = range(max(start, b - 6), b)
    same = figure.dimension in ("money", "measure", "percent", "price", "rate", "multiple")
    bracket = same and hint.edge > start and view[hint.edge - 1].norm in "(["
    if bracket and b - start <= 4 and hint.edge - 1 <= previous.last().j:
        return True
    if bracket and figure.j < view.last and view[figure.j].norm in ")]" and figure.dimension == "money":
        return b - start <= 8 and previous.last().dimension in ("money", "percent", "price")
    if not _measures_the_same(previous, figure):
        return False
    that_is = hint.edge > start and view[hint.edge - 1].norm == THAT_IS and b - start <= 14
    that_is = that_is or b - start <= 6 and any(view[k].cue == "also" for k in gap)
    return that_is and trigger(view, start, b, MOVES)[0] is None


def _measures_the_same(previous: Frame, figure: Quantity) -> bool:
    """Whether "that is" can only say the same in another measure: not "50 million, that is 12 % of it"."""
    first = previous.last().dimension
    if figure.dimension == "percent":
        return first in ("measure", "money") and previous.moves
    return first == figure.dimension or None in (previous.last().unit, figure.unit)
