"""Score links to the knowledge base on annotated mentions.

python -m pipeline.evaluation.linking [GOLD] [--errors]

GOLD (default: data/evaluation/linking.jsonl) holds one JSON object a line: id, source, text and mentions, each with
start, end, label, name_en (who or what it is, null where nobody outside the article would know) and id: the entry's
identifier, or null where the knowledge base has no such entry (NIL); `also` lists others that are as right (a city and
its governorate). A user's own entries take no part.

Two readings. "given": the linker is handed the annotated mentions, so only linking is measured. "found": it gets what
the pipeline finds; a mention that is not found, or with other bounds, counts as not linked.

accuracy : of the mentions that have an entry, those linked to it.
NIL precision : of the mentions that were linked to nothing, those that have no entry.
A full name of which only the Latin spelling is known (kind `name`) is no link: it does not say who is meant.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

from pipeline.layers import Layers, Mention
from pipeline.resources import data

LABELS = ("PER", "LOC", "ORG", "MISC")


def gold(path: Path | None = None) -> list[dict]:
    lines = (path or data("evaluation/linking.jsonl")).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def given(layer: Layers, mentions: list[dict]) -> list[Mention]:
    """The annotated mentions as the linker takes them, with what the text around says of those that were found."""
    found = {(m.start, m.end): m for m in layer.mentions}
    tokens, out = layer.tokens, []
    for row in mentions:
        start, end = row["start"], row["end"]
        if m := found.get((start, end)):
            out.append(replace(m, label=m.label if m.label == "GROUP" else row["label"]))
            continue
        i = next(k for k, stop in enumerate(tokens.ends) if stop > start)
        j = next((k for k in range(i, len(tokens.starts)) if tokens.starts[k] >= end), len(tokens.starts))
        proclitic = tokens.text[tokens.starts[i] : start].lstrip("#")
        out.append(Mention(start, end, tokens.text[start:end], i, j, row["label"], proclitic))
    return sorted(out, key=lambda m: m.start)


def link(entry) -> str | None:
    return entry.id if entry is not None and entry.kind != "name" else None


def run(articles: list[dict], reading: str) -> list[tuple[dict, dict, str | None]]:
    """(article, mention, predicted identifier) for each annotated mention."""
    from pipeline.article import Article
    from pipeline.layers import layers
    from pipeline.runner import load

    nlp, out = load(), []
    for article in articles:
        doc = nlp.tokenizer.make(Article(id=article["id"], text=article["text"], source=article.get("source")))
        layer = layers(doc)
        for name, stage in nlp.pipeline:
            if name == "khabar_linking" and reading == "given":
                layer.mentions = given(layer, article["mentions"])
            doc = stage(doc)
            if name == "khabar_linking":
                break
        found = {(m.start, m.end): link(m.entry) for m in layer.mentions}
        out += [(article, row, found.get((row["start"], row["end"]))) for row in article["mentions"]]
    return out


def right(row: dict, found: str | None) -> bool:
    return found == row["id"] or found is not None and found in row.get("also", ())


def score(rows: list[tuple[dict, dict, str | None]]) -> dict[str, dict[str, float]]:
    """Accuracy and NIL precision, overall and by label."""
    counts: Counter = Counter()
    for _, row, found in rows:
        for label in (row["label"], "all"):
            known = row["id"] is not None
            counts[label, "known"] += known
            counts[label, "mentions"] += 1
            counts[label, "right"] += known and right(row, found)
            counts[label, "nil"] += found is None
            counts[label, "nil right"] += found is None and not known
    out = {}
    for label in (*LABELS, "all"):
        known, nil = counts[label, "known"], counts[label, "nil"]
        out[label] = {
            "mentions": counts[label, "mentions"],
            "with entry": known,
            "accuracy": 100 * counts[label, "right"] / max(1, known),
            "NIL": nil,
            "NIL precision": 100 * counts[label, "nil right"] / max(1, nil),
        }
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="?", type=Path)
    parser.add_argument("--errors", action="store_true", help="print each mention that is linked wrongly")
    arguments = parser.parse_args()
    articles = gold(arguments.gold)
    for reading in ("given", "found"):
        rows = run(articles, reading)
        print(f"{reading:<8}{'mentions':>10}{'with entry':>12}{'accuracy':>10}{'NIL':>6}{'NIL precision':>15}")
        for label, values in score(rows).items():
            cells = f"{values['mentions']:>10}{values['with entry']:>12}{values['accuracy']:>10.1f}"
            print(f"  {label:<6}{cells}{values['NIL']:>6}{values['NIL precision']:>15.1f}")
        if arguments.errors:
            for article, row, found in rows:
                if not right(row, found):
                    text = article["text"][row["start"] : row["end"]]
                    print(f"    {article['id']} {row['label']} {text} = {row['name_en']}: {row['id']}, got {found}")


if __name__ == "__main__":
    main()
