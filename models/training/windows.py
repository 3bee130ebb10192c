"""Words to windows of pieces, in document order, and back: shared by training, evaluation and silver labelling."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from corpora import SCHEMES, Document, tags

BOS, PAD, EOS, UNK = 0, 1, 2, 3
SIZE = 256
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_DIGITS = str.maketrans("\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9", "01234567890123456789")
_HAMZA = str.maketrans("\u0623\u0625\u0622", "\u0627\u0627\u0627")
_FULL = str.maketrans("\u0623\u0625\u0622\u0649\u0629", "\u0627\u0627\u0627\u064a\u0647")
PROCLITICS = "\u0648\u0641\u0628\u0644\u0643"


def plain(word: str) -> str:
    """What the encoder was trained on: no diacritics, no tatweel, ASCII digits; hamzas are kept."""
    return _MARKS.sub("", word).translate(_DIGITS) or word


@dataclass
class Window:
    """Pieces of consecutive sentences; `first[k]` is the position of the first piece of word `words[k]`."""

    pieces: list[int]
    first: list[int]
    words: list[tuple[int, int]]  # (sentence, word) in the document
    labels: dict[str, list[int]] = field(default_factory=dict)
    weight: float = 1.0


class Pieces:
    """The tokenizer, one word at a time, cached; no word is without a piece."""

    def __init__(self, path):
        from tokenizers import Tokenizer

        self.tokenizer, self.cache = Tokenizer.from_file(str(path)), {}

    def __call__(self, word: str) -> list[int]:
        if word not in self.cache:
            self.cache[word] = self.tokenizer.encode(word, add_special_tokens=False).ids[:16] or [UNK]
        return self.cache[word]


def windows(document: Document, pieces: Pieces, offset: int = 0, size: int = SIZE, change=plain) -> list[Window]:
    """Windows of whole sentences, as full as they get; the first one holds about `offset` pieces fewer."""
    ids = {s: {t: k for k, t in enumerate(tags(s))} for s in document.labels}
    out, now, room = [], Window([BOS], [], []), size - 2 - offset

    def close():
        nonlocal now, room
        if now.first:
            now.pieces.append(EOS)
            out.append(now)
        now, room = Window([BOS], [], []), size - 2

    for s, words in enumerate(document.sentences):
        split = [pieces(change(w)) for w in words]
        if sum(map(len, split)) + 1 > room and now.first:
            close()
        for w, ps in enumerate(split):
            if len(ps) > room:
                close()
            now.first.append(len(now.pieces))
            now.words.append((s, w))
            now.pieces += ps
            room -= len(ps)
            for scheme, labels in document.labels.items():
                now.labels.setdefault(scheme, []).append(ids[scheme][labels[s][w]])
        now.pieces.append(EOS)
        room -= 1
    close()
    return out


def batches(items: list[Window], pieces: int, rng: random.Random | None = None) -> list[list[Window]]:
    """Windows of like length together, at most `pieces` padded pieces a batch; shuffled where `rng` is given."""
    order = sorted(items, key=lambda w: len(w.pieces) + (rng.random() * 24 if rng else 0))
    out, now, longest = [], [], 0
    for w in order:
        longest = max(longest, len(w.pieces))
        if now and longest * (len(now) + 1) > pieces:
            out.append(now)
            now, longest = [], len(w.pieces)
        now.append(w)
    if now:
        out.append(now)
    if rng:
        rng.shuffle(out)
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

    def spelling(self):
        roll = self.rng.random()
        if roll < 0.12:
            return lambda w: plain(w).translate(_HAMZA)
        if roll < 0.18:
            return lambda w: plain(w).translate(_FULL)
        return plain

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
                if not pool or words[i][0] in PROCLITICS or label not in ("PER", "PERS", "LOC", "GPE", "ORG") or self.rng.random() > 0.35:
                    continue
                name = self.rng.choice(pool)
                w += words[last:i] + name
                t += old[last:i] + ["B-" + label] + ["I-" + label] * (len(name) - 1)
                last = j
            sentences.append(w + words[last:])
            labels.append(t + old[last:])
        return Document(doc.id, sentences, {scheme: labels})


def spans(labels: list[str]) -> list[tuple[int, int, str]]:
    out, start = [], None
    for k, tag in enumerate([*labels, "O"]):
        if start is not None and (tag[0] != "I" or tag[2:] != labels[start][2:]):
            out.append((start, k, labels[start][2:]))
            start = None
        if tag[0] == "B" or (tag[0] == "I" and start is None):
            start = k
    return out


__all__ = ["SCHEMES", "Augment", "Pieces", "Window", "batches", "plain", "spans", "windows"]
