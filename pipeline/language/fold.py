"""Folding: many spellings of a word to one norm, for matching only.

`إِسْــلامِيَّة` folds to `اسلاميه` ("Islamic"). What goes: diacritics (Quranic ones too), tatweel, zero-width and bidi
controls, alef forms and hamza carriers, alef maqsura, teh marbuta, Persian, Urdu, Kurdish, Pashto and Maghrebi
letters, presentation forms and ligatures, the digit families, letter case and accents of Latin script.

Every character is folded by itself, so the offsets of a folded text follow from widths alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from pipeline.resources import lexicon

TATWEEL = "\u0640"
HAS_ARABIC = re.compile(r"[\u0620-\u064A\u066E-\u06D3\u06FA-\u06FF\u0750-\u077F\uFB50-\uFDFF\uFE70-\uFEFC]")

# Blocks that hold something to fold: up to Hangul Jamo, Indic and Georgian extensions to punctuation and signs,
# presentation forms, Greek to Deseret case, mathematical digits and Arabic letters, tags and variation selectors.
_BLOCKS = (
    (0x41, 0x1100),
    (0x1100, 0x3100),
    (0xA640, 0xAC00),
    (0xFB00, 0x10000),
    (0x10400, 0x10450),
    (0x10EC0, 0x10F00),
    (0x1D7CE, 0x1D800),
    (0x1EE00, 0x1EF00),
    (0xE0000, 0xE01F0),
)
_GONE = {"Mn", "Me", "Cf"}
_SPACES = {"Zs", "Zl", "Zp"}


@cache
def table() -> dict[int, str]:
    """The folding table for `str.translate`: code point to its folded string, '' where it goes.

    Built from `data/lexicons/language/fold.tsv` and the Unicode character database: decimal digits by their value,
    presentation forms by their compatibility decomposition, Latin and Greek letters without accents and in lower case,
    marks (Mn, Me) and invisible characters (Cf) removed, white space a blank.
    """
    letters = {int(row["char"][2:], 16): row["to"] for row in lexicon("language/fold.tsv")}
    out: dict[int, str] = {}
    for first, end in _BLOCKS:
        for point in range(first, end):
            char = chr(point)
            folded = letters.get(point)
            if folded is None:
                folded = _folded(char, letters)
            if folded != char:
                out[point] = folded
    return out


def _folded(char: str, letters: dict[int, str]) -> str:
    category = unicodedata.category(char)
    if category in _GONE or char == TATWEEL:
        return ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category in _SPACES:
        return " "
    if category[0] == "L" and (char < "\u0250" or "\u1e00" <= char < "\u2c00"):
        plain = unicodedata.normalize("NFD", char)
    elif char >= "\ufb00":
        plain = unicodedata.normalize("NFKC", char)
        if plain != char:
            plain = "".join(letters.get(ord(c), c) for c in plain if c != TATWEEL)
    else:
        plain = char
    plain = "".join(c for c in plain.lower() if unicodedata.category(c) not in _GONE)
    return plain if plain == char or plain.strip() else ""


def fold(text: str) -> str:
    """The norm of a token or a phrase. Idempotent; '' where nothing visible is left."""
    return text.translate(table())


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each of its characters, the raw offset it came from (one more entry for the end)."""
    marks, out, offsets = table(), [], []
    for offset, char in enumerate(text):
        folded = marks.get(ord(char), char)
        out.append(folded)
        offsets.extend([offset] * len(folded))
    offsets.append(len(text))
    return "".join(out), offsets


def raw_length(raw: str, n: int) -> int:
    """How many characters of `raw`, from its start, hold the first `n` characters of `fold(raw)`.

    Marks that follow the last of them are included.

    >>> raw_length("وَكازاخستان", 1)
    2
    """
    marks, seen, k = table(), 0, 0
    while k < len(raw):
        width = len(marks.get(ord(raw[k]), raw[k]))
        if seen >= n and width:
            break
        seen += width
        k += 1
    return k
