"""Counts how often a folded noun is the subject of a verb of movement or level that a figure
follows, and writes `measures.tsv.gz`.

    python data/lexicons/facts/build_measures.py ar_text.xz data/lexicons/facts/measures.tsv.gz

Each line of the output holds a level (log2 of how much likelier the noun is right behind such a verb than anywhere,
rounded) and, after a tab, the nouns with it. The shipped file was made from 25.4 million words of SANAD (CC BY
4.0), the ANT corpus (Apache-2.0) and the Arabic Wikipedia (CC BY-SA 4.0), one text a line.
"""

from __future__ import annotations

import gzip
import lzma
import math
import re
import sys
from collections import Counter, defaultdict

from pipeline.facts.lexicon import ARTICLE, word
from pipeline.language.fold import fold

MIN_COUNT = 8
WORD = re.compile(r"\w+")
SENSES = frozenset(("up", "down", "level", "double"))


def bare(norm: str) -> str:
    """A noun without its article, so that both forms share their counts."""
    return norm[2:] if norm.startswith(ARTICLE) and len(norm) > 4 else norm


def count(path: str) -> tuple[Counter[str], Counter[str]]:
    everywhere: Counter[str] = Counter()
    behind: Counter[str] = Counter()
    with lzma.open(path, "rt", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            norms = WORD.findall(fold(line))
            everywhere.update(map(bare, norms))
            for k, norm in enumerate(norms[:-1]):
                trigger = word(norm).trigger
                figures = any(n[0].isdigit() for n in norms[k + 2 : k + 10])
                if figures and trigger and trigger.verbal and trigger.sense in SENSES:
                    behind[bare(norms[k + 1])] += 1
    return everywhere, behind


def main(source: str, target: str) -> None:
    everywhere, behind = count(source)
    base = sum(behind.values()) / sum(everywhere.values())
    levels = defaultdict(list)
    for noun, n in behind.items():
        if n >= MIN_COUNT and noun.isalpha() and not word(noun).cue:
            levels[round(math.log2((n + 1) / (everywhere[noun] + 50) / base))].append(noun)
    with gzip.open(target, "wt", encoding="utf-8") as out:
        for level in sorted(levels, reverse=True):
            out.write(f"{level}\t{' '.join(sorted(levels[level]))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
