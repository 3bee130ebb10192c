"""Counts the folded Arabic word forms of an open text and writes them as `wordforms.tsv.gz`.

    python data/lexicons/language/build_wordforms.py ar_text.xz data/lexicons/language/wordforms.tsv.gz

Each line of the output holds a count (rounded to a quarter octave) and, after a tab, the forms with it, sorted and
separated by blanks; the commonest come first. The shipped file was made from 25.4 million words of SANAD (CC BY 4.0),
the ANT corpus (Apache-2.0) and the Arabic Wikipedia (CC BY-SA 4.0), one text a line.
"""

from __future__ import annotations

import gzip
import lzma
import math
import sys
from collections import Counter, defaultdict

from pipeline.language.fold import fold
from pipeline.language.pattern import ARABIC_WORD

MIN_COUNT = 5
MAX_LENGTH = 16  # longer forms are words glued together


def count(path: str) -> Counter[str]:
    raw: Counter[str] = Counter()
    with lzma.open(path, "rt", encoding="utf-8", errors="replace") as lines:
        while chunk := lines.readlines(1 << 22):
            raw.update(ARABIC_WORD.findall("".join(chunk)))
    forms: Counter[str] = Counter()
    for word, n in raw.items():
        forms[fold(word)] += n
    return forms


def write(forms: Counter[str], path: str) -> None:
    levels = defaultdict(list)
    for form, n in forms.items():
        if n >= MIN_COUNT and len(form) <= MAX_LENGTH and " " not in form:
            levels[round(2 ** (round(4 * math.log2(n)) / 4))].append(form)
    text = "".join(f"{n}\t{' '.join(sorted(levels[n]))}\n" for n in sorted(levels, reverse=True))
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as out:
        out.write(text.encode())


if __name__ == "__main__":
    write(count(sys.argv[1]), sys.argv[2])
