"""Label raw text with several taggers and keep what they agree on.

    python models/training/silver.py --teachers accurate.onnx.gz,older.onnx.gz --text articles.txt --ner FOLDER \
        --encoder FOLDER --out silver.jsonl

`--text` holds one article a line; articles with a sentence of a development document are left out. A sentence
is labelled with the names that all teachers find in it; words that they see differently, or that one of them
doubts, have the tag UNSURE, from which nothing is learned: they are there as context.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
from corpora import READERS, UNSURE, held_out, tags
from distill import articles

from pipeline import runtime
from pipeline.entities.decode import spans, viterbi
from pipeline.entities.pieces import Pieces
from pipeline.entities.tagger import word_scores

OFFSETS = (0.0, 0.5)  # where windows start, as shares of their size
LETTERS = 40  # sentences that begin with the same so many letters are one


def beginnings(sentences: list[list[str]]) -> set[str]:
    """The first letters of each sentence that is long enough to be known again."""
    text = ("".join(c for c in "".join(words) if c.isalpha())[:LETTERS] for words in sentences)
    return {letters for letters in text if len(letters) == LETTERS}


def agreed(rows: list[np.ndarray], least: float) -> list[str]:
    """Tags of a sentence of which each teacher gives `rows`."""
    names = tuple(tags("khabar"))
    paths = [viterbi(one, names) for one in rows]
    found = [set(spans([names[k] for k in path])) for path in paths]
    sure = [
        min(np.exp(one[k, path[k]]) for one, path in zip(rows, paths, strict=True)) >= least
        for k in range(len(paths[0]))
    ]
    out = ["O" if one else UNSURE for one in sure]
    for i, j, label in set().union(*found):
        if all(sure[i:j]) and all((i, j, label) in one for one in found):
            out[i:j] = ["B-" + label] + ["I-" + label] * (j - i - 1)
        else:
            out[i:j] = [UNSURE] * (j - i)
    return out


def main() -> None:
    a = argparse.ArgumentParser()
    for name in ("text", "ner", "encoder", "out"):
        a.add_argument("--" + name, type=Path, required=True)
    a.add_argument("--teachers", required=True, help="exported taggers, by commas")
    a.add_argument("--least", type=float, default=0.5, help="least probability of each word's tag")
    a.add_argument("--keep", type=float, default=0.025, help="share of the text's articles to read")
    a.add_argument("--seed", type=int, default=1)
    a = a.parse_args()
    pieces = Pieces(a.encoder / "tokenizer.json")
    width = len(tags("khabar"))
    sessions = [runtime.session(path, "") for path in map(Path, a.teachers.split(","))]
    dev = [d for read in READERS.values() for d in read(a.ner) if held_out(d)]
    known = {letters for d in dev for letters in beginnings(d.sentences)}
    words = sure = 0
    with open(a.out, "w", encoding="utf-8") as out:
        for doc in articles(a.text, random.Random(a.seed), a.keep, 3000):
            if beginnings(doc.sentences) & known:
                continue
            sentences = [s for s in doc.sentences if s]
            ids = [[pieces(pieces.plain(w)) for w in s] for s in sentences]
            each = zip(*(word_scores(session, ids, OFFSETS, "khabar", width) for session in sessions), strict=True)
            labels = [agreed(list(rows), a.least) for rows in each]
            row = {"id": doc.id, "sentences": sentences, "tags": labels}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            words += sum(map(len, sentences))
            sure += sum(tag != UNSURE for sentence in labels for tag in sentence)
    print(f"{words} words, {sure} that all agree on")


if __name__ == "__main__":
    main()
