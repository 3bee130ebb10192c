"""Numbers told in passing, which no analyst would put in a table: "one day", "the first three places", "twice"."""

from __future__ import annotations

from functools import cache

from pipeline.facts.clause import Clause, lead
from pipeline.facts.frame import arabic
from pipeline.facts.lexicon import ARTICLE, BEH, KAF, LAM, TEH, WAW, YEH, cues
from pipeline.facts.trigger import MOVES
from pipeline.language.fold import fold
from pipeline.layers import Quantity
from pipeline.resources import lexicon

LED = ("from", "to", "in", "off", "time", "against")  # prepositions before a small number that tell where or when
MADE = 4  # tokens before the preposition in which "consists" is looked for
TIMES = ("\u00d7", "*", "x")
NEAR = 8  # tokens before "twice" in which something moves by it


def passing(view: Clause, q: Quantity, last: Quantity | None) -> bool:
    """Whether the figure is no assertion of its own; `last` is the value before it."""
    if q.dimension == "multiple":
        return _occasion(view, q)
    if _on_the_map(view, q) or _product(view, q) or _era(view, q) or _distance(view, q):
        return True
    if not arabic(q.unit):
        return False
    k = q.i - 1
    of = k >= view.first and view[k].cue == "from"
    if of and q.unit in words("of") or q.unit in words("of") and _picked(view, q):
        return True
    if any(c.isdigit() for c in q.text) or q.unit in _people():
        return False
    if _picked(view, q):
        return True
    definite = view[q.i].norm.startswith(ARTICLE)
    if q.value == 1:
        listed = last is not None and arabic(last.unit) and q.i - last.j <= 3
        return not (listed or lead(view, q, view.first).role == "by" or view[k].norm[:1] == BEH)
    if q.value == 2 and q.j == q.i + 1:
        return _dual(view, q)
    return definite and (q.unit in words("known") or k >= view.first and view[k].cue in LED)


def _dual(view: Clause, q: Quantity) -> bool:
    """ "The two", "in two", "of two kinds", and the construct "the two cars of"."""
    norm = view[q.i].norm
    if q.unit in words("dual") or norm.endswith(TEH + YEH):
        return True
    if q.unit in _scored():
        return False
    attached = q.start > view.layer.tokens.starts[q.i] and norm.lstrip(WAW)[:1] in (BEH, LAM, KAF)
    k = q.i - 1
    led = k >= view.first and view[k].cue in LED
    return attached or led and not any(_made(view[p].norm) for p in range(max(view.first, k - MADE), k))


def _made(norm: str) -> bool:
    """ "Consists of two rooms", "in addition to two rooms": the preposition leads what is counted."""
    return norm in words("made") or norm[:1] == WAW and norm[1:] in words("made")


def _picked(view: Clause, q: Quantity) -> bool:
    """Some known ones are picked out: "the last five"."""
    return q.j < view.last and view[q.j].norm in words("last")


def _on_the_map(view: Clause, q: Quantity) -> bool:
    """Degrees of longitude or latitude."""
    k = q.i - 1
    if q.unit in words("angle") and k >= view.first and view[k].norm.lstrip(WAW) in words("degree"):
        return True  # "and latitude 36 degrees"
    near = [*range(max(view.first, q.i - 4), q.i), *range(q.j, min(view.last, q.j + 2))]
    return any(
        view[k].norm in words("line") and k + 1 < view.last and view[k + 1].norm in words("degree") for k in near
    )


def _era(view: Clause, q: Quantity) -> bool:
    """A year that only its era tells: "221 H - 836 AD"."""
    era = q.unit is None and q.j < view.last and view[q.j].norm in words("era")
    return era and (
        q.j + 1 >= view.last
        or not view[q.j + 1].norm[:1].isdigit()
        and len(view[q.j + 1].norm) > 1
        or view.stop(q.j + 1)
    )


def _distance(view: Clause, q: Quantity) -> bool:
    """The distance that names a race: "in the race over 100 metres"."""
    k = q.i - 1
    if q.unit != "m" or k < view.first:
        return False
    return (
        view[k].norm.lstrip(WAW + BEH + LAM) in words("race")
        or k - 1 >= view.first
        and view[k - 1].norm in words("race")
    )


def _product(view: Clause, q: Quantity) -> bool:
    """The last side of what is measured by its sides: "854 x 480"."""
    k = q.i - 1
    return k > view.first and view[k].norm in TIMES and view[k - 1].norm[:1].isdigit()


def _occasion(view: Clause, q: Quantity) -> bool:
    """How often something happened once or twice, and weakness, which is written like "the double"."""
    norm = view[q.i].norm
    if any(c.isdigit() for c in q.text) or q.value is None or q.value > 2 or view[q.i].trigger:
        return False
    if norm.endswith(DOUBLE[2:]) and norm != DOUBLE:
        return False
    near = range(max(view.first, q.i - NEAR), q.i)
    moved = any(view[k].trigger and view[k].trigger.sense in MOVES for k in near)
    return not (moved and (norm != DOUBLE or lead(view, q, view.first).role))


DOUBLE = ARTICLE + "\u0636\u0639\u0641"  # "the double", and weakness


@cache
def words(kind: str) -> frozenset[str]:
    """One class of the word list; the nouns of units as they stand, others folded."""
    fit = fold if kind in ("last", "made", "stretch", "contract", "line", "degree", "period", "era", "race") else str
    return frozenset(fit(row["form"]) for row in lexicon("facts/passing.tsv") if row["class"] == kind)


@cache
def _people() -> frozenset[str]:
    return frozenset(form for form, kind in cues().items() if kind == "person")


@cache
def _scored() -> frozenset[str]:
    return frozenset(row["unit"] for row in lexicon("facts/rivals.tsv"))
