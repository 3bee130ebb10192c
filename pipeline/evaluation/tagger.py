"""Score the tagger alone on labelled words: F1 by label, what other spellings cost, how far its scores can be trusted.

python -m pipeline.evaluation.tagger GOLD.conll [--profile NAME] [--scheme NAME]
python -m pipeline.evaluation.tagger GOLD.jsonl

GOLD has a word and its BIO tag a line, an empty line after each sentence; `models/training/corpora.py` writes the
development splits so. Documents are cut at `-DOCSTART-`, else after 40 sentences.

With JSON lines of `text` and `entities` (each `text` and `label`, every occurrence) it says what the knowledge
base and the rules add: F1 by label of the shipped pipeline's tagger alone, and of the whole names stage.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.entities.decode import spans

SENTENCES = 40  # of a document that is not marked
BINS = 10
CAUSES = ("label", "ends", "no name", "not found")
ALEF, YEH, HEH = "\u0627", "\u064a", "\u0647"
BARE_ALEF = str.maketrans("\u0623\u0625\u0622", ALEF * 3)
SPELLINGS = {
    "as written": {},
    "alef without hamza": BARE_ALEF,
    "and dotted yeh, plain heh": {**BARE_ALEF, 0x0649: YEH, 0x0629: HEH},
    "every word with a fatha": None,
}


def _fatha(word: str) -> str:
    return "".join(c + "\u064e" if "\u0621" <= c <= "\u064a" else c for c in word)


def read(lines: Iterable[str]) -> Iterator[list[tuple[list[str], list[str]]]]:
    """Documents of (words, tags)."""
    document, words, tags = [], [], []
    for line in lines:
        cells = line.split()
        if len(cells) >= 2 and cells[0] != "-DOCSTART-":
            words.append(cells[0])
            tags.append(cells[-1])
            continue
        if words:
            document.append((words, tags))
            words, tags = [], []
        if document and (cells or len(document) >= SENTENCES):
            yield document
            document = []
    if words:
        document.append((words, tags))
    if document:
        yield document


@dataclass(slots=True)
class Counts:
    """Entities by label: those in the gold, those found, those right; the score of each found one and whether it is."""

    gold: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    right: Counter = field(default_factory=Counter)
    scores: list[tuple[float, bool]] = field(default_factory=list)
    causes: Counter = field(default_factory=Counter)  # (cause, label) of each error

    def line(self, label: str) -> str:
        keys = [label] if label else list(self.gold | self.found)
        g, p, tp = (sum(c[k] for k in keys) for c in (self.gold, self.found, self.right))
        precision, recall = 100 * tp / max(1, p), 100 * tp / max(1, g)
        return f"{label or 'all':8} P {precision:5.1f}  R {recall:5.1f}  F1 {200 * tp / max(1, g + p):5.1f}  gold {g}"


def causes(want: set[tuple[int, int, str]], got: set[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    """(cause, label) of each error of a sentence: another label, other ends, a name that is none, a name not found."""
    for i, j, label in sorted(got - want):
        if any((i, j) == (g, h) for g, h, _ in want):
            yield "label", label
        else:
            yield "ends" if any(i < h and g < j for g, h, _ in want) else "no name", label
    for i, j, label in sorted(want - got):
        if not any(i < h and g < j for g, h, _ in got):
            yield "not found", label


def count(documents: list, tagger, scheme: str, change: dict | None) -> Counts:
    """Tag the documents in another spelling (None: with diacritics) and compare."""
    out = Counts()
    respell = _fatha if change is None else lambda word: word.translate(change) or word
    for document in documents:
        words = [[respell(w) for w in sentence] for sentence, _ in document]
        for (_, gold), tagged in zip(document, tagger.tag([words], scheme)[0], strict=True):
            want, got = set(spans(gold)), spans(tagged.tags)
            out.causes.update(causes(want, set(got)))
            out.gold.update(label for _, _, label in want)
            for i, j, label in got:
                right = (i, j, label) in want
                out.found[label] += 1
                out.right[label] += right
                out.scores.append((sum(tagged.scores[i:j]) / (j - i), right))
    return out


def calibration(scores: list[tuple[float, bool]]) -> tuple[float, list[tuple[float, float, int]]]:
    """The expected calibration error, and (mean score, share right, count) of each tenth of the scale that is used."""
    table = []
    for k in range(BINS):
        inside = [(s, r) for s, r in scores if min(int(s * BINS), BINS - 1) == k]
        if inside:
            n = len(inside)
            table.append((sum(s for s, _ in inside) / n, sum(r for _, r in inside) / n, n))
    return sum(n * abs(s - r) for s, r, n in table) / max(1, len(scores)), table


def ablation(rows: list[dict]) -> dict[str, Counts]:
    """The tagger alone, and with knowledge base and rules, on texts whose names are known."""
    from pipeline.article import Article
    from pipeline.entities.spans import mention
    from pipeline.layers import layers
    from pipeline.runner import load

    nlp = load()
    out = {"tagger alone": Counts(), "with knowledge base and rules": Counts()}
    for row in rows:
        doc = nlp.tokenizer.make(Article(id=row["id"], text=row["text"], source=row.get("source")))
        layer = layers(doc)
        for name, stage in nlp.pipeline:
            if name == "khabar_entities":
                tagged = (stage.bare(c, layer) for c in stage.neural.read([layer])[0][0])
                alone = [mention(layer.tokens, c) for c in tagged if c.i < c.j]
            doc = stage(doc)
            if name == "khabar_entities":
                break
        want = Counter((e["text"], e["label"]) for e in row["entities"])
        for counts, mentions in zip(out.values(), (alone, layer.mentions), strict=True):
            got = Counter((m.text, "ORG" if m.label == "GROUP" else m.label) for m in mentions)
            for total, part in ((counts.gold, want), (counts.found, got), (counts.right, want & got)):
                total.update(label for _, label in part.elements())
    return out


def main() -> None:
    from pipeline.entities.tagger import best, load

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gold")
    parser.add_argument("--profile", default="")
    parser.add_argument("--scheme", default="khabar")
    options = parser.parse_args()
    if options.gold.endswith(".jsonl"):
        with open(options.gold, encoding="utf-8-sig") as lines:
            rows = [json.loads(line) for line in lines if line.strip()]
        for name, counts in ablation(rows).items():
            print(f"{name}:")
            for label in ("", *sorted(counts.gold)):
                print(f"  {counts.line(label)}")
        return
    tagger = load(options.profile or best(options.scheme))
    with open(options.gold, encoding="utf-8-sig") as lines:
        documents = list(read(lines))
    plain = None
    for name, change in SPELLINGS.items():
        counts = count(documents, tagger, options.scheme, change)
        plain = plain or counts
        print(f"{name}:  {counts.line('')}")
    for label in sorted(plain.gold):
        print(plain.line(label))
    print("errors by cause:", " ".join(f"{label:>6}" for label in sorted(plain.gold)))
    for cause in CAUSES:
        print(f"  {cause:14}", " ".join(f"{plain.causes[cause, label]:6}" for label in sorted(plain.gold)))
    error, table = calibration(plain.scores)
    print(f"expected calibration error {100 * error:.1f} points; score, share right, entities:")
    for score, share, n in table:
        print(f"  {score:.2f}  {share:.2f}  {n}")


if __name__ == "__main__":
    main()
