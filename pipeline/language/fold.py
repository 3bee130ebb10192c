"""Folding: many spellings of a word to one norm, for matching only.

`fold("إِسْــلامِيَّة")` is `اسلاميه` ("Islamic"). What goes: diacritics, tatweel, zero-width and bidi controls, alef and hamza
carriers, alef maqsura, teh marbuta, Persian and Urdu letters, presentation forms and ligatures, the digit families,
letter case of Latin script.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

from pipeline.resources import lexicon

TATWEEL = "\u0640"
_SPACE_LIKE = {"Zs", "Zl", "Zp"}


@cache
def table() -> dict[int, str]:
    """The folding table for `str.translate`: code point to its folded string, '' where it goes.

    Built from `data/lexicons/language/fold.tsv` and the Unicode character database: decimal digits by their value,
    presentation forms by their compatibility decomposition, categories Mn, Me and Cf removed.
    """
    letters = {int(row["char"][2:], 16): row["to"] for row in lexicon("language/fold.tsv")}
    out: dict[int, str] = {}
    for point in range(0xA0, sys.maxunicode + 1):
        char = chr(point)
        category = unicodedata.category(char)
        if point in letters:
            out[point] = letters[point]
        elif category in ("Mn", "Me", "Cf") or char == TATWEEL:
            out[point] = ""
        elif category == "Nd":
            out[point] = str(unicodedata.digit(char))
        elif 0xFB50 <= point <= 0xFDFF or 0xFE70 <= point <= 0xFEFF or 0xFF01 <= point <= 0xFF5E:
            plain = unicodedata.normalize("NFKC", char)
            if plain != char:
                out[point] = "".join(
                    letters.get(ord(c), c) for c in plain if unicodedata.category(c) != "Mn" and c != TATWEEL
                )
        elif category in _SPACE_LIKE:
            out[point] = " "
        if len(out.get(point, "")) == 0 and point >= 0xE0000:
            out[point] = ""
    return out


def fold(text: str) -> str:
    """The norm of a token or a phrase. Idempotent."""
    return text.translate(table()).lower()


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each of its characters, the raw offset it came from (one more entry for the end)."""
    marks, out, offsets = table(), [], []
    for offset, char in enumerate(text):
        folded = marks.get(ord(char), char).lower()
        out.append(folded)
        offsets.extend([offset] * len(folded))
    offsets.append(len(text))
    return "".join(out), offsets


def raw_length(raw: str, n: int) -> int:
    """How many characters of `raw`, from its start, hold the first `n` characters of `fold(raw)`; trailing marks included.

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


HAS_ARABIC = re.compile(r"[\u0620-\u064A\u066E-\u06D3\u06FA-\u06FF\u0750-\u077F\uFB50-\uFDFF\uFE70-\uFEFC]")
