"""What the choice among indicator phrases looks at: how a phrase was found, where it stands, what it is made of."""

from __future__ import annotations

from pipeline.facts.clause import Clause
from pipeline.facts.frames import Frame, arabic
from pipeline.facts.lexicon import ALEF, ARTICLE, BEH, HEH, LAM, TEH, WAW, measure


def unit_class(frame: Frame) -> str:
    unit = frame.slots[frame.roles[0]].unit
    if not unit:
        return "none"
    if arabic(unit):
        return "count"
    return "percent" if unit in ("%", "pp") else "money" if len(unit) == 3 and unit.isupper() else "measure"


def shape(view: Clause, k: int) -> str:
    """What kind of word token `k` is, as far as the form tells."""
    w = view[k]
    if w.trigger:
        return f"{w.trigger.sense}{'_verb' if w.trigger.verbal else ''}"
    if w.cue:
        return w.cue
    if k in view.named:
        return "name"
    if view.verb(k):
        return "verb"
    if w.definite or w.norm.startswith(ARTICLE):
        return "definite"
    if w.norm.endswith((HEH + ALEF, HEH)) and w.norm.endswith(HEH + ALEF):
        return "possessed"
    return "feminine" if w.norm.endswith((HEH, ALEF + TEH)) else "accusative" if w.norm.endswith(ALEF) else "plain"


def features(view: Clause, frame: Frame, span: tuple[int, int], names: list[str]) -> list[str]:
    """Names of the features that hold for the phrase `span`."""
    figure = frame.slots[frame.roles[0]]
    i, j = span
    unit, rule = unit_class(frame), frame.rule.split("+")[0] + ("+" if frame.parent else "")
    head = shape(view, i)
    length = str(min(j - i, 6))
    side = "right" if i >= figure.j else "inside" if j > figure.i else "left"
    gap = i - figure.j if side == "right" else figure.i - j
    far = "0" if gap <= 0 else "1" if gap == 1 else "3" if gap <= 3 else "8" if gap <= 8 else "far"
    out = [f"length={length}", f"head={head}", f"side={side}", f"side={side}|far={far}", f"tail={shape(view, j - 1)}"]
    out += [f"unit={unit}|head={head}", f"rule={rule}|head={head}", f"unit={unit}|side={side}|far={far}"]
    out += [f"rule={rule}|length={length}", f"unit={unit}|length={length}"]
    for name in names:
        out += [name, f"{name}|{unit}", f"{name}|{rule}", f"{name}|head={head}"]
    level = max(-3, min(6, measure(_stem(view[i].norm))))
    out += [f"measure={level}", f"measure={level}|{unit}", f"measure={level}|side={side}", f"measure={level}|{rule}"]
    if j - i > 1:
        out.append(f"measure2={max(-3, min(6, measure(view[i + 1].norm)))}")
    out.append(f"agreed={min(len(names), 4)}")
    before = view.first <= i - 1 and shape(view, i - 1)
    out.append(f"before={before}")
    if any(view.stop(k) for k in range(min(j, figure.i), max(j, figure.i))) and side == "left":
        out.append("over_comma")
    if any(view.verb(k) for k in range(i, j)):
        out.append(f"has_verb|{unit}")
    return out


def _stem(norm: str) -> str:
    """A word without an attached preposition or conjunction, where what is left is a known measure."""
    if norm[:1] in (WAW, BEH, LAM) and measure(norm) == -3 and measure(norm[1:]) > -3:
        return norm[1:]
    return norm
