"""From figures to frames: which figures of a sentence belong to one statement, and what each does in it."""

from __future__ import annotations

from pipeline.facts.clause import REACH, Clause, Lead, lead
from pipeline.facts.compare import (
    FI,
    comparatives,
    compared,
    compares,
    converted,
    far,
    group,
    moved_on,
    relative,
    rivals,
    sets_against,
    used_to_be,
)
from pipeline.facts.frame import Frame, alike, arabic
from pipeline.facts.lexicon import ALEF, BEH, HEH, WAW, measure
from pipeline.facts.trigger import DELTA_UNITS, MOVES, amount, measures, trigger
from pipeline.layers import Quantity

COUNT_MOVED = "level.count_moved"


def frames(view: Clause, figures: list[Quantity]) -> list[Frame]:
    """Read the figures of a sentence from first to last."""
    out: list[Frame] = []
    floor = view.first
    for figure in figures:
        floor = max(floor, figure.i - REACH)
        frame = _read(view, figure, floor, out[-3:])
        if frame is not None:
            out.append(frame)
        floor = figure.j
    return [_amount(view, frame) for frame in out]


def _amount(view: Clause, frame: Frame) -> Frame:
    """The frame, or a level where what stands alone behind a movement is an amount of its own."""
    figure, at = frame.last(), frame.trigger
    plain = list(frame.slots) == ["delta"] and frame.sense in ("up", "down") and frame.parent is None
    if plain and at is not None and _own(view, figure, at):
        return _level(figure, frame.gap, Lead("", frame.edge), None, "level.bare")
    return frame


def _own(view: Clause, figure: Quantity, at: int) -> bool:
    """A figure that the movement at `at` does not govern.

    A share "that makes up 70 % of", "the rate of growth was 5 %"; an amount without "by", "to" or "from", behind
    another verb, or "at a value of".
    """
    hint = lead(view, figure, view.first)
    clause = any(view[k].cue in ("relative", "that") for k in range(at + 1, figure.i))
    if figure.unit == "%" and not hint.role:
        of = figure.j < view.last and view[figure.j].cue == "from" and figure.j not in view.timed
        return clause or of and not view[at].trigger.verbal or _rate_of(view, at)
    if figure.dimension not in ("money", "measure") or figure.unit in DELTA_UNITS:
        return False
    verb = any(view.verb(k) for k in range(at + 1, figure.i))
    if hint.role:
        worth = any(view[k].bare in WORTH for k in range(hint.edge, figure.i))
        return verb or worth
    if _tight(view, at + 1, figure.i):
        return False
    clause = clause or verb or any(view.stop(k) for k in range(at + 1, figure.i))
    return not (view[at].trigger.verbal and figure.dimension == "money" and not clause)  # "the share fell 50 fils"


def _rate_of(view: Clause, at: int) -> bool:
    """ "The rate of growth", which is a value and no movement."""
    k = at - 1
    rate = k >= view.first and view[k].cue == "carrier" and not view[k].prep
    return rate and not view[at].trigger.verbal and view[at].trigger.sense == "up"


WORTH = frozenset(("\u0642\u064a\u0645\u0647", "\u0645\u0628\u0644\u063a"))  # value, sum


def _start(view: Clause, a: int, b: int) -> int:
    """The token after the last clause edge in [a, b)."""
    for k in range(b - 1, a - 1, -1):
        following = view[min(k + 1, b - 1)]
        if view[k].norm in (";", "\u061b") or view[k].cue == "break" and following.norm != FI and following.prep != BEH:
            return k + 1
    return a


def _read(view: Clause, figure: Quantity, a: int, earlier: list[Frame]) -> Frame | None:
    """Give `figure` to the frame before it, or open a frame for it, or drop it (None)."""
    b = figure.i
    start = _start(view, a, b)
    if start > a and any(view.content(k) for k in range(start, b)):
        earlier = []
    previous = earlier[-1] if earlier else None
    if previous and previous.moves and any(view[k].cue == "among" for k in range(a, min(a + 2, b))):
        previous = None  # "rose to 9, of which 5 in the north"
        earlier = []
    if sense := compares(view, figure, start):
        frame = Frame(sense, {}, "change.comparative", (a, b), edge=b - 2)
        frame.put("delta", figure)
        return frame
    own = view[figure.i].trigger
    if own and own.sense == "double" and figure.j == figure.i + 1:  # the verb is the figure: "it doubled"
        frame = Frame("double", {}, "change.verb" if own.verbal else "change.noun", (a, b), b, edge=b)
        frame.put("delta", figure)
        return frame
    hint = lead(view, figure, start)
    at, through = trigger(view, start, hint.edge if hint.edge > start else b)
    if at is not None and not (view[at].trigger.verbal or hint.role) and _governed(view, at, hint.edge):
        at = None
    sense = view[at].trigger.sense if at is not None else ""
    if at is not None and measures(view, at, start, figure):
        if sense == "up":  # "its height is": the noun is what has the value
            at = at - 1 if at > start and view.level(at - 1) else None
        sense = "level"
    if sense in ("gain", "loss") and amount(view, at, figure, previous is not None):
        sense = "level"
        if at is not None and previous and previous.moves and hint.role in ("to", "from") and not view[at].prep:
            at = None  # "doubled its profits to": the noun is what moved
    if sense in MOVES and view[at].cue == "bound" and hint.role in ("on", "off"):
        sense = "level"  # "the number does not exceed"
    if sense == "shift" and any(view[k].cue in ("not", "without") for k in range(max(start, at - 2), at)):
        sense = "flat"
    if through and sense in MOVES:
        hint = Lead("by", hint.edge)
    listed = b > start and view[hint.edge - 1].norm == WAW and hint.edge - 1 >= start
    against = [k for k in range(start, b) if sets_against(view, k, start) or used_to_be(view, k, start)]
    if previous and previous.moves and at is not None and view[at].definite and view.level(at):
        against += [k for k in range(start, at) if view[k].cue in ("off", "on")]  # "above its level in 2013, which was"
    if figure.evidence == "part" and hint.role == "to":
        hint = Lead("by", hint.edge)  # "fell to a half"
    valued = previous and compared(previous, figure) and ("to" in previous.slots or "level" in previous.slots)
    if hint.role == "to" and not valued:
        against = [k for k in against if view[k].cue != "against" and (at is None or at < k)]
    if any(view[k].cue == "forecast" for k in range(start, b)) or at is not None and view[at].result:
        against = []  # "compared with last year, to reach"
    if previous and against and far(view, previous, figure):
        against = []
    if previous and against and not listed and (sense not in MOVES or at < against[-1]):
        rival = group(view, figure) or previous.last().unit in rivals() and figure.unit is None
        if not rival and "from" not in previous.slots and compared(previous, figure):
            if set(previous.slots) == {"delta"} and previous.last().unit == figure.unit == "%":
                previous.slots, previous.roles = {"to": previous.last()}, ["to"]  # a rate of growth and what it was
                previous.sense, previous.rule = "shift", "change.compared"
            previous.put("from", figure)
            return None
        if arabic(figure.unit) or figure.unit in ("%", "times") or rival:
            return _sibling(view, figure, previous, (start, b), hint, rival=rival)
    if previous and converted(view, figure, start, previous, hint):
        return None
    if previous and at is not None and relative(view, previous, sense, at, hint):
        previous.put("to", figure)
        return None
    if at is None or sense == "flat" and hint.role not in ("to", "on", "from", "against"):
        return _untriggered(view, figure, start, hint, previous, earlier)
    if view[at].result and sense in ("level", "close", "light") and figure.i - at <= 8:
        mover = trigger(view, max(start, at - 25), at, MOVES)[0]
        if mover is not None and view[mover].trigger.sense not in ("gain", "loss"):  # "exports rose, to reach 5"
            rule = "change.verb" if view[mover].trigger.verbal else "change.noun"
            frame = Frame(view[mover].trigger.sense, {}, rule, (a, b), mover, edge=hint.edge)
            frame.put("to", figure)
            return frame
    return _triggered(view, figure, start, hint, previous, at, sense)


def _governed(view: Clause, at: int, edge: int) -> bool:
    """A verb right before the figure takes it from the noun at `at`: "support for education. 88 % said"."""
    k = edge - 1
    return k > at and view.verb(k) and view[k].trigger is None


def _tight(view: Clause, a: int, b: int) -> bool:
    """No plain word between two figures."""
    return not any(view.content(k) for k in range(a, b))


def _adjunct(view: Clause, a: int, b: int) -> bool:
    """[a, b) holds no more than an adjunct of what is before it: few words, no verb."""
    return b - a <= 14 and not any(view.verb(k) and view[k].trigger is None for k in range(a, b))


def _joined(view: Clause, a: int, b: int) -> bool:
    """The gap opens like the next item of a list: conjunction, comma, "followed by"."""
    for k in range(a, min(b, a + 3)):
        w = view[k]
        if w.cue == "then" or w.conj or w.norm in ("\u060c", ",", "\u0648") or w.norm[0] == "\u0648":
            return True
        if not view.stop(k) and w.norm not in "\"'\u00ab\u00bb\u201c\u201d":
            return False
    return False


def _level(figure: Quantity, gap: tuple[int, int], hint: Lead, trigger: int | None, rule: str) -> Frame:
    frame = Frame("level", {}, rule, gap, trigger, edge=hint.edge)
    frame.put("level", figure)
    return frame


def _sibling(view: Clause, figure: Quantity, previous: Frame, gap, hint: Lead, role="", rival=False) -> Frame:
    """A further item of a list that shares the trigger of `previous`; what a rival has is a value that did not move."""
    frame = Frame(previous.sense, {}, previous.rule.split("+")[0] + "+list", gap, previous.trigger, previous, hint.edge)
    if rival and previous.roles[0] == "to":
        frame.sense = "level"
    frame.put(role or ("level" if not frame.moves else previous.roles[0]), figure)
    return frame


def _untriggered(view, figure, a, hint, previous: Frame | None, earlier: list[Frame]) -> Frame | None:
    gap = (a, figure.i)
    pending = view.pending
    if pending is not None and figure.unit in DELTA_UNITS and not any(view.stop(k) for k in range(pending, figure.i)):
        view.pending = None
        return _triggered(view, figure, a, hint, None, pending, view[pending].trigger.sense)
    if previous is None or hint.edge > a and view[hint.edge - 1].cue == "copula":
        return _level(figure, gap, hint, None, "level.from" if hint.role == "from" else "level.bare")
    tight = _tight(view, a, figure.i)
    joined = _joined(view, a, hint.edge if hint.edge > a else figure.i)
    if previous.moves:
        role = {"to": "to", "on": "to", "from": "from", "off": "from", "by": "delta"}.get(hint.role, "")
        if (
            role == "delta"
            and "delta" in previous.slots
            and (tight and not joined or _again(view, figure, previous, hint))
        ):
            return None
        near = figure.i - a <= 10
        loose = (
            not joined and role in ("to", "from") and not (arabic(figure.unit) and figure.unit != previous.last().unit)
        )
        again = role == "to" and view[hint.edge].conj == WAW and previous.last().unit == figure.unit
        if again and tight and "delta" in previous.slots and figure.unit in DELTA_UNITS:
            return _sibling(view, figure, previous, gap, hint, "delta")  # "growth of up to 20 %, and up to 30 %"
        if role and role not in previous.slots and near and (tight or loose):
            other = previous.slots.get("to") or previous.slots.get("from")
            if role == "delta" or other is None or alike(other, figure):
                previous.put(role, figure)
                return None
        match = [r for r in previous.roles if previous.slots[r].unit == figure.unit or figure.unit is None]
        if joined and tight and arabic(figure.unit) and arabic(previous.last().unit) and figure.i - a <= 2:
            match = match or previous.roles[-1:]  # "to 7 dead and 14 injured"
        if (
            joined
            and match
            and near
            and not _carried(view, hint.edge, a)
            and _valued(view, figure, hint) <= _valued(view, previous.slots[match[0]])
        ):
            return _sibling(view, figure, previous, gap, hint, role if role in previous.slots else match[0])
        if tight and not joined and figure.unit in DELTA_UNITS:
            previous.put("delta", figure)  # or a second measure of the delta that is there
            return None
    elif tight and hint.role == "to" and previous.rule == "level.from" and alike(previous.last(), figure):
        previous.slots, previous.roles, previous.sense = (
            {"from": previous.last(), "to": figure},
            ["from", "to"],
            "shift",
        )
        previous.rule = "change.from_to"
        return None
    elif (
        tight
        and hint.role == "from"
        and previous.trigger is None
        and alike(previous.last(), figure)
        and (lead(view, previous.last(), view.first).role == "to")
    ):
        previous.slots = {"from": figure, "to": previous.last()}
        previous.roles, previous.sense, previous.rule = ["to", "from"], "shift", "change.from_to"
        return None
    elif tight and not joined and hint.role in ("to", "on") and _moved_to(previous, figure):
        previous.slots, previous.roles = {"delta": previous.last(), "to": figure}, ["delta", "to"]
        previous.sense = next((frame.sense for frame in reversed(earlier) if frame.moves), "shift")
        previous.rule = "change.delta_to"  # a list of shares: "A 2 % to 50 dirhams"
        return None
    elif tight and joined and previous.slots and (figure.unit is None or figure.unit == previous.last().unit):
        return _sibling(view, figure, previous, gap, hint)
    if joined and figure.i - a <= 8 and figure.unit == "%":
        for frame in reversed(earlier):
            if frame.moves and "delta" in frame.slots and frame.slots["delta"].unit == "%":
                return _sibling(view, figure, frame, gap, hint, "delta")
    again = previous.rule != "level.bare" or arabic(figure.unit) and view[hint.edge - 1].norm == WAW
    if joined and not previous.moves and again and figure.unit == previous.last().unit:
        return _sibling(view, figure, previous, gap, hint)
    return _level(figure, gap, hint, None, "level.from" if hint.role == "from" else "level.bare")


def _moved_to(previous: Frame, figure: Quantity) -> bool:
    """A percentage before a price or the points of an index: by how much, and to what."""
    percent = set(previous.slots) == {"level"} and previous.last().unit == "%"
    return percent and (figure.dimension in ("money", "price") or figure.unit == "point")


def _again(view: Clause, figure: Quantity, previous: Frame, hint: Lead) -> bool:
    """A second measure of the same movement: "up 15 thousand on last year and by 2 %"."""
    return figure.unit != previous.slots["delta"].unit and view[hint.edge].conj == WAW and view[hint.edge].prep == BEH


def _valued(view: Clause, figure: Quantity, hint: Lead | None = None) -> bool:
    """The figure is led by "at a value of", which makes it an amount of its own."""
    edge = (hint or lead(view, figure, view.first)).edge
    return figure.dimension == "money" and any(view[k].cue == "carrier" for k in range(edge, figure.i))


def _triggered(view, figure, a, hint, previous, at, sense) -> Frame | None:
    gap, t = (a, figure.i), view[at].trigger
    alone = _tight(view, a, at)  # nothing but particles and times between the figure before and the trigger
    after = _tight(view, at + 1, figure.i) or view[min(at + 1, figure.i - 1)].cue in ("to", "on") and figure.i - at <= 5
    if sense not in MOVES:
        link = (
            a > 0
            and view[max(a - 1, view.first)].cue == "break"
            or view[at].result
            or t.participle
            or view[at].conj
            or sense == "close"
            or hint.role in ("to", "on")
        )
        alone = alone or view[at].result and _adjunct(view, a, at)
        after = after or (view[at].result or sense == "close") and _its(view, at + 1, figure.i)
        if previous and previous.moves and alone and after and link and "to" not in previous.slots:
            other = previous.slots.get("from")
            if other is None or alike(other, figure):
                previous.put("to", figure)
                return None
        return _level(figure, gap, hint, at, "level.verb" if t.verbal else "level.participle")
    role = {"to": "to", "on": "to", "from": "from", "off": "from", "by": "delta", "against": "from"}.get(hint.role, "")
    if not t.verbal and role == "to" and figure.unit in DELTA_UNITS and at > view.first and view.level(at - 1):
        role = "delta"  # "the growth of assets reaches 5 %"
    if not t.verbal and at > a and view[at - 1].cue == "carrier" and role in ("to", ""):
        role = "delta"  # "the rate of increase reached"
    attached = not t.verbal and (
        view[at].prep == BEH
        or t.participle
        or view[at].norm.endswith(ALEF)
        or (at > a and view[at - 1].cue == "carrier" and view[at - 1].prep == BEH)
        or _light_before(view, at, a)
        or at > a
        and view[at - 1].cue in ("relative", "also")
        and not view[at].definite  # "which is a rise of"
    )
    attached = attached and not (at > a and view[at - 1].definite and view[at - 1].bare in comparatives())
    if attached and not hint.role and at + 2 < figure.i and view[at + 1].cue == "from" and view[at + 2].cue != "time":
        role = "from"
    near = sum(view.content(k) for k in range(at + 1, figure.i)) <= 2 and figure.i - at <= 8
    if sense == "flat" and role == "to":
        attached = False  # "closed steady at" is of its own
    told = t.participle and (any(view.verb(k) for k in range(a, at)) or not alone and _joined(view, a, at))
    if attached and near and role in ("", "delta") and arabic(figure.unit) and not (previous and previous.moves):
        mover = trigger(view, max(a, at - 25), at, MOVES)[0]
        if mover is not None and view[mover].trigger.verbal:  # "the number rose by an increase of 10"
            frame = Frame(sense, {}, "change.verb", gap, mover, edge=hint.edge)
            frame.put("delta", figure)
            return frame
    if previous and view[at].result and t.verbal and alone and near and role in ("", "delta"):
        return _attach(view, figure, previous, "delta", sense, gap, hint, at)  # "5 against 4, to rise by 12 %"
    own = (
        view[at].norm.endswith(ALEF)
        and view[at + 1].cue == "in"
        and view[at + 1].norm == FI
        and at + 2 not in view.timed
    )
    own = own and view.content(at + 2) and not view[at].prep
    if previous and attached and near and not told and not own and _adjunct(view, a, at):
        return _attach(view, figure, previous, role or "delta", sense, gap, hint, at)
    if not role:
        if arabic(figure.unit) and any(view.verb(k) for k in range(at + 1, figure.i)):
            view.pending = at
            return _level(figure, gap, hint, None, "level.bare")
        if arabic(figure.unit) and not _of_number(view, at, figure):
            led = view[max(hint.edge - 1, at)].cue == "in" or _carried(view, hint.edge, at + 1)
            return _level(figure, gap, hint, None, "level.bare") if led else _level(figure, gap, hint, at, COUNT_MOVED)
        comma = any(view.stop(k) for k in range(at + 1, figure.i))
        if comma and not (at + 1 < figure.i and figure.unit in DELTA_UNITS):
            return _level(figure, gap, hint, None, "level.bare")
        role = "delta"
    rule = f"change.{'verb' if t.verbal else 'noun'}"
    if previous and role == "to" and moved_on(view, previous, figure, at):
        previous.slots, previous.roles = {"from": previous.last(), "to": figure}, ["from", "to"]
        previous.sense, previous.rule = sense, "change.level_then_move"
        return None
    frame = Frame(sense, {}, rule, gap, at, edge=hint.edge)
    frame.put(role, figure)
    return frame


def _carried(view: Clause, edge: int, floor: int) -> bool:
    """A measured noun with its preposition right before the figure: "with a balance of 31 points"."""
    w = view[edge - 1] if edge > floor else None
    return bool(w and w.norm[0] == BEH and not w.cue and measure(w.norm[1:]) >= 2)


def _its(view: Clause, a: int, b: int) -> bool:
    """[a, b) names what moved again: "to close its general index at", "so that its price reaches"."""
    plain = [k for k in range(a, b) if view.content(k)]
    own = any(view[k].norm.endswith((HEH, HEH + ALEF)) and not view[k].definite for k in plain[:2])
    again = view[a - 1].result and view[a - 1].trigger.sense == "close" and len(plain) <= 2
    return 0 < len(plain) <= 3 and plain[0] - a <= 1 and (own or again)


def _light_before(view: Clause, at: int, a: int) -> bool:
    """ "recording a rise": a light participle or result verb right before the noun of movement."""
    if at - 1 > a and view[at - 1].cue == "carrier":
        at -= 1
    if at - 1 < a:
        return False
    w = view[at - 1]
    return bool(w.trigger and w.trigger.sense == "light" and (w.trigger.participle or w.result))


def _of_number(view: Clause, at: int, figure: Quantity) -> bool:
    return any(view[k].bare in NUMBER_OF for k in range(at + 1, figure.i))


NUMBER_OF = frozenset(("\u0639\u062f\u062f",))  # "number of"


def _attach(view, figure, previous, role, sense, gap, hint, at) -> Frame | None:
    """A movement said of the value before it: "5 billion, up 10 % on the year"."""
    delta = previous.slots.get("delta")
    if role == "delta" and delta and delta.unit == "point" and figure.unit == "%" and "to" not in previous.slots:
        previous.slots["to"] = previous.slots.pop("delta")  # "the index rose (to) 172.8 points, up 1.1 %"
        previous.roles = ["to"]
    if role in previous.slots:
        if _tight(view, gap[0], at):
            return None  # a second measure of the same movement
        frame = Frame(sense, {}, "change.noun", gap, at, edge=hint.edge)
        frame.put(role, figure)
        return frame
    if "level" in previous.slots:
        previous.slots["to"] = previous.slots.pop("level")
        previous.roles = ["to" if r == "level" else r for r in previous.roles]
    if not previous.moves:
        previous.sense = sense
        previous.rule = "change.level_and_move"
    previous.put(role, figure)
    return None
