"""Score the figures of annotated facts as quantities: which are found, with their value and their unit.

python -m pipeline.evaluation.quantities GOLD [--errors CAUSE]

GOLD holds one JSON object a line: id, text, date and facts, whose values from, to and delta are asked for. A value is
found where a quantity, or a time that is a length, overlaps its words and has the same number (within half a percent).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from pipeline.evaluation.facts import ROLES, _near, _numbers
from pipeline.layers import Layers

_LENGTH = re.compile(r"P(?:T?([\d.]+)([YMWDHS]))")
_LETTERS = {"Y": "year", "M": "month", "W": "week", "D": "day", "H": "hour", "S": "second"}
RIGHT, UNIT, VALUE, PART = "right", "unit wrong", "value wrong", "range or bound of it"
TIME, NAME, NOTHING = "read as a time", "in a name", "no quantity there"


def spans(text: str, part: str) -> Iterator[tuple[int, int]]:
    """Each place where the words of a value stand."""
    for found in re.finditer(rf"(?<!\d){re.escape(part)}(?!\d)", text):
        yield found.span()


def outcome(layer: Layers, v: dict) -> tuple[str, str]:
    """What became of one annotated value, and what was read in its place."""
    best = (NOTHING, "")
    order = (NOTHING, NAME, TIME, VALUE, PART, UNIT, RIGHT)
    for start, end in spans(layer.tokens.text, v["text"]):
        for what, read in _readings(layer, v, start, end):
            if order.index(what) > order.index(best[0]):
                best = (what, read)
    return best


def _readings(layer: Layers, v: dict, start: int, end: int) -> Iterator[tuple[str, str]]:
    want = _numbers(v)
    for m in layer.mentions:
        if m.start < end and start < m.end:
            yield NAME, m.text
    for t in layer.times:
        if t.start < end and start < t.end:
            length = _LENGTH.fullmatch(t.iso or "") if t.kind == "duration" else None
            if not length or not _near(want, (float(length[1]),)):
                yield TIME, f"{t.text} {t.iso}"
                continue
            unit = "minute" if "T" in t.iso and length[2] == "M" else _LETTERS[length[2]]
            yield RIGHT if v.get("unit") in (unit, _ARABIC.get(unit)) else UNIT, f"{t.text} {t.iso}"
    for q in layer.quantities:
        if q.start < end and start < q.end:
            read = f"{q.text} | {q.value if q.min is None else (q.min, q.max)} {q.unit}"
            if q.dimension == "fraction" and not q.unit and q.value and _near(want, (100 * q.value,)):
                yield RIGHT if v.get("unit") == "%" else UNIT, read  # a part of a whole
            elif _near(want, (q.value,)) or (q.value is None and _near(want, (q.min, q.max))):
                yield RIGHT if q.unit == v.get("unit") else UNIT, read
            else:
                near = [n for n in (q.min, q.max, q.value) if n is not None]
                yield PART if any(_near((n,), (w,)) for n in near for w in want if w is not None) else VALUE, read


_ARABIC = {
    "year": "\u0639\u0627\u0645", "month": "\u0634\u0647\u0631", "week": "\u0623\u0633\u0628\u0648\u0639",
    "day": "\u064a\u0648\u0645", "hour": "\u0633\u0627\u0639\u0629",
}  # fmt: skip


def score(path: str) -> Iterator[tuple[str, str, dict, Layers]]:
    """(outcome, what was read, annotated value, document) for each value of a gold file."""
    import pipeline
    from pipeline.article import Article
    from pipeline.layers import layers

    nlp = pipeline.load()
    with open(path, encoding="utf-8") as lines:
        for row in map(json.loads, filter(str.strip, lines)):
            doc = nlp.tokenizer.make(
                Article(row["id"], row["text"], row.get("title"), row.get("date"), row.get("source"))
            )
            for name, stage in nlp.pipeline:
                if name in ("khabar_statements", "khabar_facts"):
                    break
                stage(doc)
            for v in (f[r] for f in row["facts"] for r in ROLES if f.get(r)):
                yield *outcome(layers(doc), v), v, layers(doc)


def report(found: Iterable[tuple[str, dict]]) -> Iterator[str]:
    """The lines of the report."""
    counts = Counter(what for what, _ in found)
    n = max(1, counts.total())
    right, value = counts[RIGHT], counts[RIGHT] + counts[UNIT]
    yield f"values {n}  found {100 * value / n:.1f} %  with their unit {100 * right / n:.1f} %"
    for what, count in counts.most_common():
        yield f"{what:22} {count:5} {100 * count / n:5.1f} %"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("path")
    parser.add_argument("--errors", metavar="CAUSE", help="print the values of the causes that contain this word")
    options = parser.parse_args()
    found = list(score(options.path))
    for what, read, v, layer in found if options.errors else ():
        if options.errors in what:
            print(layer.tokens.text, what, json.dumps(v, ensure_ascii=False), read, sep="\n", end="\n\n")
    print(*report((what, v) for what, _, v, _ in found), sep="\n")


if __name__ == "__main__":
    main()
