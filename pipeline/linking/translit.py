"""Spelling variants of foreign names: one key for `توكاييف`, `توكايف` and `توقاييف` (Tokayev)."""

from __future__ import annotations

from functools import lru_cache

# Letters that Arabic newspapers use for one foreign sound, to one of them: g, k, v, p, th/s, dh/z, d, t.
_SAME = str.maketrans(
    {
        "\u0642": "\u0643", "\u063a": "\u062c", "\u06a4": "\u0641", "\u067e": "\u0628", "\u062b": "\u0633",
        "\u0630": "\u0632", "\u0638": "\u0632", "\u0636": "\u062f", "\u0637": "\u062a", "\u0635": "\u0633",
        "\u0621": "", "\u0647": "\u0647",
    }
)  # fmt: skip
_WEAK = frozenset("\u0627\u0648\u064a")
_AL = "\u0627\u0644"


@lru_cache(1 << 15)
def skeleton(norm: str) -> str:
    """The consonants of a folded name part, doubled letters once, the article gone; the first letter is always kept."""
    word = norm[2:] if norm.startswith(_AL) and len(norm) > 4 else norm
    word = word.translate(_SAME)
    if word.endswith("\u0647"):
        word = word[:-1] + "\u0627"
    out = word[:1]
    for before, letter in zip(word, word[1:], strict=False):
        if letter not in _WEAK and letter != before:
            out += letter
    return out if len(out) >= 3 else word


def bones(key: str) -> str:
    """The skeletons of all parts of a name; empty where too little is left to tell names apart."""
    parts = [skeleton(part) for part in key.split(" ")]
    return " ".join(parts) if sum(map(len, parts)) >= (3 if len(parts) == 1 else 5) and len(key) >= 5 else ""


def alike(one: str, other: str) -> bool:
    """Whether two names with the same bones also look much the same: vowels apart by one letter, in long names by more.

    Arabic writes foreign vowels freely (`نازارباييف`, `نزاربايف`: Nazarbayev), but names of few consonants that differ
    in two vowels are two names.
    """
    one, other = plain(one), plain(other)
    consonants = sum(letter not in _WEAK for letter in one)
    return one[:1] == other[:1] and _distance(one, other) <= max(1, consonants - 2)


def plain(key: str) -> str:
    """A form with one letter for each sound and doubled letters once."""
    out = ""
    for letter in key.translate(_SAME):
        if letter != out[-1:]:
            out += letter
    return out[:-1] + "\u0627" if out.endswith("\u0647") else out


def _distance(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
