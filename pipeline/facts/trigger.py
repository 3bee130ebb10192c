"""The word that governs a figure: which verb or noun of movement or value a clause gives it."""

from __future__ import annotations

from pipeline.facts.clause import Clause
from pipeline.facts.lexicon import ALEF, BEH, measure
from pipeline.layers import Quantity

MOVES = frozenset(("up", "down", "gain", "loss", "flat", "shift", "double"))
LENGTHS = frozenset(("m", "km", "cm", "mm", "ft", "in", "inch", "mile"))
DELTA_UNITS = frozenset(("%", "pp", "bp", "point", "times"))


def trigger(view: Clause, a: int, b: int, senses: frozenset[str] | None = None) -> tuple[int | None, bool]:
    """The last trigger in [a, b), and whether a level verb was looked through to it ("a rise that reached")."""
    through = False
    for k in range(b - 1, a - 1, -1):
        if k in view.spent or view[k].cue == "that" and k < b - 1 and view.reported(k):
            break
        t = view[k].trigger
        if (
            t is None
            or t.sense in ("be", "event")
            or k in view.timed
            or _bound(view, k)
            or senses
            and t.sense not in senses
        ):
            continue
        if t.participle and t.sense in MOVES and k > a and _adjective(view, k):
            continue
        if t.participle and t.sense == "light" and view[k].definite:
            continue  # "the recorded cases"
        if t.sense in ("level", "light") and _rate(view, k, a):
            through = True
            continue
        if t.sense in ("gain", "loss") and not t.verbal:
            governor = _mover(view, k, a)
            if governor is None and b - k > 4:
                continue
            return (k, through) if governor is None else (governor, through)
        if t.sense in MOVES and _measured(view, k, a):
            return _mover(view, k, a), through
        return k, through
    return None, False


def _mover(view: Clause, k: int, a: int) -> int | None:
    """The movement that governs a gain or loss at `k`: "profits rose" is about profits, not a gain."""
    for p in range(k - 1, max(a, k - 6) - 1, -1):
        t = view[p].trigger
        if view.stop(p) or t and t.sense in ("light", "level"):
            return None
        if t and t.sense in MOVES and not t.participle:
            return p
    return None


def _measured(view: Clause, k: int, a: int) -> bool:
    """The noun of movement at `k` is itself what moves: "the rate of growth fell", "cut its forecast of growth"."""
    t, w = view[k].trigger, view[k]
    if t.verbal or t.participle or w.prep == BEH or w.norm.endswith(ALEF) or k == a:
        return False
    before = view[k - 1]
    governed = before.cue in ("carrier", "forecast") and before.prep != BEH
    mover = _mover(view, k, a)
    if mover is None or view[mover].prep or view[mover].definite or w.conj:
        return False
    return governed or mover == k - 1 and not w.prep


def _bound(view: Clause, k: int) -> bool:
    """ "More than", "less than" said with a verb of movement: no movement."""
    if view[k].cue != "bound" or k + 2 >= view.last:
        return False
    return view[k + 1].cue in ("off", "on") or view[k + 2].cue in ("off", "on") and _number(view[k + 1])


def _number(w) -> bool:
    """ "Number", "their number", "its value": what a bound is said of."""
    return w.cue in ("number", "tally", "approx", "carrier")


def _adjective(view: Clause, k: int) -> bool:
    """A participle of movement that only describes the noun before it: "a high level"."""
    adverb = view[k].norm.endswith(ALEF) and not view[k - 1].norm.endswith(ALEF)  # "closed lower"
    if adverb and not view[k].definite:
        return False
    return view[k].definite or view.content(k - 1) and not view[k - 1].definite and not view.verb(k - 1)


def _rate(view: Clause, k: int, a: int) -> bool:
    """The verb at `k` gives the size of a movement named right before it: "a rise that reached"."""
    if view[k].result:
        return False
    for p in range(k - 1, max(a, k - 4) - 1, -1):
        if view.stop(p) or view.verb(p):
            return False
        other = view[p].trigger
        if other and other.sense in MOVES and not other.verbal and not view[p].definite and _described(view, p, k):
            return True
        if (
            view[p].prep == BEH
            and view[p].cue in ("carrier", "approx", "number", "span")
            or view[p].norm[0] == BEH
            and view.content(p)
        ):
            return True
    return False


def _described(view: Clause, p: int, k: int) -> bool:
    """Nothing but adjectives stands between a movement at `p` and the verb at `k`."""
    return k - p <= 2 or all(view.content(q) and not view[q].definite and q not in view.named for q in range(p + 1, k))


def amount(view: Clause, at: int, figure: Quantity, follows: bool) -> bool:
    """A gain or loss in money is an amount of its own, unless it is said of the value before it."""
    if view[at].trigger.verbal or figure.dimension in ("percent", "measure") or figure.unit in DELTA_UNITS:
        return False
    if at > view.first and view[at - 1].cue == "against":
        return True  # "compared with profits of"
    return not (follows and view[at].prep == BEH)


def measures(view: Clause, at: int, a: int, figure: Quantity) -> bool:
    """A noun that only looks like a movement: a height in metres, profits that somebody hands out."""
    t = view[at].trigger
    if t.verbal or t.participle:
        return False
    if t.sense == "up":
        return figure.unit in LENGTHS
    p = at - 1
    return t.sense == "gain" and p >= a and view.content(p) and not view[p].definite and measure(view[p].norm) < 3
