"""Lists parts of personal names that begin with the letter of a proclitic, where the word counts alone would cut them.

    python data/lexicons/language/build_name_parts.py wd_arabic_64 wd_arabic_16 wd_arabic_20 > name_parts.tsv

Input: Wikidata's names of people as pairs of Latin and Arabic tokens with counts (Merhav and Ash, 2018). A part is kept
where it is more than a chance spelling of other words: its count as a name is compared with its count in text.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from pipeline.language import clitics
from pipeline.language.fold import fold

_HEAD = """# Parts of personal names that begin with the letter of a proclitic and are whole words.
# Source: Wikidata names in the transliteration data of Merhav and Ash (2018), MIT-style licence,
# Copyright 2018 Amazon.com, by build_name_parts.py. The gloss is the commonest Latin spelling.
form	gloss"""


def main(paths: list[str]) -> None:
    names: Counter[str] = Counter()
    latin: dict[str, Counter[str]] = defaultdict(Counter)
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            source, letters, count = line.split("\t")
            form = fold(letters.replace(" ", ""))
            names[form] += int(count)
            if re.search("[a-z]", source) and not re.search("[\u0600-\u06ff]", source):
                latin[form][source] += int(count)
    clitics._name_parts.cache_clear()
    clitics._name_parts = lambda: frozenset()  # decide by the counts alone
    counts = clitics.frequencies()
    print(_HEAD)
    for form, n in sorted(names.items()):
        in_text = counts.get(form, 0)
        enough = n >= 3 and n >= 0.15 * in_text or not in_text and not counts.get(form[1:])
        if enough and len(form) > 2 and form.isalpha() and latin[form] and clitics.split(form)[0]:
            print(form, latin[form].most_common(1)[0][0], sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
