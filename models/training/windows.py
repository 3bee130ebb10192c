"""Labelled windows for training and evaluation, and augmented documents; packing is `pipeline.entities.pieces`."""

from __future__ import annotations

import random

from corpora import UNSURE, Document, tags

from pipeline.entities import pieces as packing
from pipeline.entities.decode import spans
from pipeline.entities.pieces import Pieces, Window

HAMZA = str.maketrans("\u0623\u0625\u0622", "\u0627\u0627\u0627")
FULL = str.maketrans("\u0623\u0625\u0622\u0649\u0629", "\u0627\u0627\u0627\u064a\u0647")
PROCLITICS = "\u0648\u0641\u0628\u0644\u0643"


def windows(document: Document, pieces: Pieces, offset: int = 0, change: dict | None = None) -> list[Window]:
    """Windows of a document with its labels; `change` is a further spelling of its words, as a translation table."""
    # cross_entropy leaves -100 out
    ids = {scheme: {UNSURE: -100} | {tag: k for k, tag in enumerate(tags(scheme))} for scheme in document.labels}
    split = [
        [pieces(pieces.plain(w).translate(change) if change else pieces.plain(w)) for w in words]
        for words in document.sentences
    ]
    out = packing.windows(split, offset)
    for window in out:
        for scheme, rows in document.labels.items():
            window.labels[scheme] = [ids[scheme][rows[s][w]] for s, w in window.words]
    return out


class Augment:
    """Spellings and names that the corpora have too few of. Labels stay valid."""

    def __init__(self, documents: list[Document], rng: random.Random):
        self.rng, self.names = rng, {}
        for doc in documents:
            for scheme, rows in doc.labels.items():
                for words, labels in zip(doc.sentences, rows, strict=True):
                    for i, j, label in spans(labels):
                        if words[i][0] not in PROCLITICS and j - i <= 4:
                            self.names.setdefault((scheme, label), []).append(words[i:j])

    def spelling(self) -> dict | None:
        roll = self.rng.random()
        return HAMZA if roll < 0.12 else FULL if roll < 0.22 else None

    def swap(self, doc: Document) -> Document:
        """Some mentions replaced by other mentions of their label; only in documents with one scheme."""
        if len(doc.labels) != 1 or self.rng.random() > 0.3:
            return doc
        ((scheme, rows),) = doc.labels.items()
        sentences, labels = [], []
        for words, old in zip(doc.sentences, rows, strict=True):
            w, t, last = [], [], 0
            for i, j, label in spans(old):
                pool = self.names.get((scheme, label))
                if (
                    not pool
                    or words[i][0] in PROCLITICS
                    or label not in ("PER", "PERS", "LOC", "GPE", "ORG")
                    or self.rng.random() > 0.35
                ):
                    continue
                name = self.rng.choice(pool)
                w += words[last:i] + name
                t += old[last:i] + ["B-" + label] + ["I-" + label] * (len(name) - 1)
                last = j
            sentences.append(w + words[last:])
            labels.append(t + old[last:])
        return Document(doc.id, sentences, {scheme: labels})
