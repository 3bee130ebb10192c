"""Lists parts of names that begin with the letter of a proclitic, where the word counts alone would cut them.

    python data/lexicons/language/build_name_parts.py wd_arabic_64 wd_arabic_16 wd_arabic_20 cities500_ar.jsonl.gz \
        > name_parts.tsv

Input: Wikidata's names of people as pairs of Latin and Arabic tokens with counts (Merhav and Ash, 2018), and GeoNames'
places with Arabic names. A part is kept where it is more than a chance spelling of other words: its count as a name, or
the place's population, is compared with its count in text.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from pipeline.language import clitics
from pipeline.language.fold import fold

_HEAD = """# Parts of names that begin with the letter of a proclitic and are whole words, by build_name_parts.py.
# The gloss is the commonest Latin spelling. Sources: Wikidata names in the data of Merhav and Ash (2018),
# MIT-style licence, Copyright 2018 Amazon.com; GeoNames, CC BY 4.0.
form	gloss"""


def people(paths: list[str]) -> dict[str, str]:
    counts, names, latin = clitics.frequencies(), Counter(), defaultdict(Counter)
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            source, letters, count = line.split("\t")
            form = fold(letters.replace(" ", ""))
            names[form] += int(count)
            if re.search("[a-z]", source) and not re.search("[\u0600-\u06ff]", source):
                latin[form][source] += int(count)
    out = {}
    for form, n in names.items():
        in_text = counts.get(form, 0)
        if latin[form] and (n >= 3 and n >= 0.15 * in_text or not in_text and not counts.get(form[1:])):
            out[form] = latin[form].most_common(1)[0][0]
    return out


def places(path: str) -> dict[str, str]:
    counts, out = clitics.frequencies(), {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for place in map(json.loads, lines):
            for name in place["names_ar"]:
                form = fold(name).split()[0]
                rare = form not in counts and counts.get(form[1:], 0) < 50
                large = place["population"] > 100_000 and counts.get(form, 0) <= 60 and len(form) >= 4
                if rare or large and form in counts:
                    out.setdefault(form, place["name"])
    return out


def main(paths: list[str]) -> None:
    clitics._name_parts = lambda: frozenset()  # decide by the counts alone
    found = places(paths[-1]) | people(paths[:-1])
    print(_HEAD)
    for form, gloss in sorted(found.items()):
        if len(form) > 2 and form.isalpha() and clitics.split(form)[0]:
            print(form, gloss, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
