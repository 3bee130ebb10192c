"""A number in digits: three digit families, decimal and grouping marks, and what is no number at all.

The folded token holds ASCII digits and its own separators. Whether `1,234` has a decimal comma or groups thousands is
decided by the token itself, else by what the same mark does elsewhere in the document, else by the word that follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

DECIMAL = "\u066b"  # the Arabic decimal separator is never anything else
GROUPING = "\u066c'\u2019"  # nor are these
COMMAS = ",\u060c"
_MARKS = re.compile(r"[.,/:\u066b\u066c'\u2019\-\u060c]")


@dataclass(slots=True)
class Habit:
    """What single separators mean in one document: mark to `decimal` or `grouping`."""

    marks: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Digits:
    """One digit token. `shape`: number, fraction (a/b), pair (a-b, in `parts`), code (no number)."""

    shape: str
    value: int | float | None = None
    parts: tuple = ()
    evidence: str = ""


def habit(norms) -> Habit:
    """Look at the digit tokens of a document whose separator can mean one thing only."""
    votes: dict[str, int] = {}
    for norm in norms:
        if "0" <= norm[0] <= "9" and not norm.isdecimal():
            marks = _MARKS.findall(norm)
            if len(set(marks)) != 1 or marks[0] not in ".,\u060c":
                if len(set(marks)) == 2 and marks[-1] in ".,\u060c" and len(set(marks[:-1])) == 1:
                    votes[marks[-1]] = votes.get(marks[-1], 0) + 1
                    votes[marks[0]] = votes.get(marks[0], 0) - 1
                continue
            parts = norm.split(marks[0])
            if len(marks) == 1 and (len(parts[1]) != 3 or len(parts[0]) > 3 or parts[0] == "0"):
                votes[marks[0]] = votes.get(marks[0], 0) + 1
            elif len(marks) > 1 and all(len(p) == 3 for p in parts[1:]):
                votes[marks[0]] = votes.get(marks[0], 0) - 1
    return Habit({mark: "decimal" if n > 0 else "grouping" for mark, n in votes.items() if n})


def parse(norm: str, habit: Habit, following: str = "") -> Digits:
    """Read one folded digit token; `following` is the class of the next word (`numerals.following_words`) or ''."""
    if norm.isdecimal():
        # A long number with a leading zero is dialled, not counted.
        return Digits("code") if len(norm) > 4 and norm[0] == "0" or len(norm) > 40 else Digits("number", int(norm))
    if len(norm) > 60:
        return Digits("code")
    marks = _MARKS.findall(norm)
    kinds = set(marks)
    if kinds & set("/-:"):
        return _joined(norm, habit, kinds, following)
    parts = _MARKS.split(norm)
    last = marks[-1]
    if len(kinds) > 1:
        whole, groups_ok = "".join(parts[:-1]), all(len(p) == 3 for p in parts[1:-1]) and len(parts[0]) <= 3
        if len(set(marks[:-1])) == 1 and groups_ok and last not in GROUPING and last not in marks[:-1]:
            return Digits("number", float(f"{whole}.{parts[-1]}"))
        return Digits("code")
    if last == DECIMAL:
        return Digits("number", float(".".join(parts))) if len(parts) == 2 else Digits("code")
    if last in GROUPING or len(parts) > 2:
        fits = len(parts[0]) <= 3 and all(len(p) == 3 for p in parts[1:])
        return Digits("number", int("".join(parts))) if fits else Digits("code")
    whole, rest = parts
    if len(rest) != 3 or len(whole) > 3 or whole[0] == "0":
        return Digits("number", float(f"{whole}.{rest}"))
    meaning, why = _ambiguous(last, rest, habit, following)
    value = float(f"{whole}.{rest}") if meaning == "decimal" else int(whole + rest)
    return Digits("number", value, evidence=f"{last} read as {meaning} mark: {why}")


def _ambiguous(mark: str, rest: str, habit: Habit, following: str) -> tuple[str, str]:
    """Three digits behind one mark: decimal or grouping, and the reason, strongest evidence first."""
    if following in ("scale", "percent"):
        return "decimal", f"before a {following} word"
    if following == "count" and mark == ".":
        return "grouping", "before a counted noun"
    if rest == "000":
        return "grouping", "three zeros"
    if following in ("measure", "money") and rest.endswith("00"):
        return "grouping", "no measure is printed with two zeros behind its decimals"
    if mark in habit.marks:
        if habit.marks[mark] == "decimal" and mark in COMMAS and following == "count":
            return "grouping", "before a counted noun"
        return habit.marks[mark], "as elsewhere in the document"
    other = {m: k for m, k in habit.marks.items() if (m in COMMAS) != (mark in COMMAS)}
    if other:
        meaning = "grouping" if "decimal" in other.values() else "decimal"
        return meaning, "the other mark has the other meaning in the document"
    return ("grouping", "default for a comma") if mark in COMMAS else ("decimal", "default for a point")


def _joined(norm: str, habit: Habit, kinds: set[str], following: str) -> Digits:
    """Digits joined by slash, dash or colon."""
    joint = kinds & set("/-:")
    if len(joint) != 1 or ":" in joint:
        return Digits("code")
    mark = joint.pop()
    pieces = norm.split(mark)
    if len(pieces) != 2:
        return Digits("code")
    # A phone number in two pieces has a leading zero or many digits.
    if any(len(p) > 12 or (len(p) > 1 and p[0] == "0" and p[1] not in ".,\u066b\u060c") for p in pieces):
        return Digits("code")
    a, b = (parse(p, habit, following) for p in pieces)
    if a.shape != "number" or b.shape != "number":
        return Digits("code")
    if mark == "-":
        return Digits("pair", parts=(a.value, b.value))
    if isinstance(a.value, float) or isinstance(b.value, float) or b.value == 0:
        return Digits("code")
    if a.value == b.value or (a.value > 1900 and b.value > 1900) or b.value == a.value % 100 + 1 and a.value > 1900:
        return Digits("code")
    return Digits("fraction", a.value / b.value, parts=(a.value, b.value))
