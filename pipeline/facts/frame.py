"""A frame: one statement about one indicator, before it is a fact."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.facts.trigger import MOVES
from pipeline.layers import Quantity


@dataclass(slots=True)
class Frame:
    """One statement about one indicator. `slots`: role to figure; `trigger`: token index; `gap`: tokens before it."""

    sense: str
    slots: dict[str, Quantity]
    rule: str
    gap: tuple[int, int]
    trigger: int | None = None
    parent: Frame | None = None  # the frame whose trigger an elliptic one shares
    edge: int = 0
    roles: list[str] = field(default_factory=list)

    @property
    def moves(self) -> bool:
        return self.sense in MOVES

    def put(self, role: str, figure: Quantity) -> bool:
        if role in self.slots:
            return False
        self.slots[role] = figure
        self.roles.append(role)
        return True

    def last(self) -> Quantity:
        return self.slots[self.roles[-1]]


def arabic(unit: str | None) -> bool:
    """Whether a unit is a counted noun."""
    return bool(unit) and "\u0620" <= unit[0] <= "\u064a"


def alike(a: Quantity, b: Quantity) -> bool:
    """Whether two figures can be values of one indicator."""
    return a.unit == b.unit or a.unit is None or b.unit is None
