"""A fact as one readable line."""

from __future__ import annotations

from collections.abc import Mapping

_ARROWS = {"up": "\u2191", "down": "\u2193", "flat": "="}


def sentence_of(fact: Mapping) -> str:
    """A row of the table `facts` as a line: indicator, direction, values, times, source; in the article's own words.

    >>> sentence_of(row)  # doctest: +SKIP
    'trade volume ↑ 5,7 billion dollars → 10 billion dollars (2018 → 2023), +75.4%'
    """
    parts = [fact["indicator"]]
    parts.append(_ARROWS.get(fact["direction"], ":") if fact["kind"] == "change" else ":")
    # The arrow from one value to the next follows the line's direction: terminals do not mirror it.
    values = [fact[f"{part}_text"] for part in ("from", "to") if fact[f"{part}_text"]]
    if values:
        parts.append(" \u2190 ".join(values))
    if fact["delta_text"]:
        parts.append(f"({fact['delta_text']})")
    times = [fact[name] for name in ("time_from", "time_to") if fact[name]]
    if times:
        parts.append(f"[{'/'.join(times)}]")
    if fact["percent_change"] is not None and values[1:]:
        parts.append(f"{fact['percent_change']:+.1f}%")
    if fact["attribution"]:
        parts.append(f"\u2014 {fact['attribution']}")
    return " ".join(parts)
