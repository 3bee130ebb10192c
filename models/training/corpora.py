"""The NER corpora as documents of labelled words, each under its own scheme.

Every corpus keeps its guidelines: a scheme has its own labels and, in the model, its own head. Splits are by document.
The folder of corpora is given on the command line; none of them is copied into this project.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

# scheme -> entity labels, in the order of the head's outputs (after "O": B-x, I-x for each)
SCHEMES = {
    "khabar": ["PER", "LOC", "ORG", "MISC"],
    "anercorp": ["PERS", "LOC", "ORG", "MISC"],
    "clean": ["PERS", "LOC", "ORG", "MISC"],
    "aqmar": ["PER", "LOC", "ORG", "MIS"],
    "wojood": [
        "PERS",
        "ORG",
        "GPE",
        "LOC",
        "NORP",
        "OCC",
        "EVENT",
        "FAC",
        "DATE",
        "WEBSITE",
        "LAW",
        "PRODUCT",
        "LANGUAGE",
    ],
}


UNSURE = "?"  # a word whose label is not known: nothing is learned from it


def tags(scheme: str) -> list[str]:
    return ["O", *(f"{p}-{label}" for label in SCHEMES[scheme] for p in "BI")]


@dataclass
class Document:
    id: str
    sentences: list[list[str]]
    labels: dict[str, list[list[str]]]  # scheme -> tags of each sentence


def _conll(path: Path) -> list[tuple[list[str], list[str]]]:
    out, words, labels = [], [], []
    for line in path.read_text(encoding="utf-8-sig").split("\n"):
        cells = line.split()
        if len(cells) >= 2:
            words.append(cells[0])
            labels.append(cells[-1])
        elif words:
            out.append((words, labels))
            words, labels = [], []
    if words:
        out.append((words, labels))
    return out


def _legal(scheme: str, raw: list[str]) -> list[str]:
    """Tags of the scheme's own labels only, valid BIO; a label outside it becomes O, a numbered one its base label."""
    known, out, last = set(SCHEMES[scheme]), [], None
    for tag in raw:
        match = re.fullmatch(r"([BI])-+([A-Z]+?)S?-?\d*`?", tag)
        label = match and next((x for x in (tag[2:], match[2], match[2] + "S") if x in known), None)
        if not label:
            out.append("O")
            last = None
            continue
        out.append(("I-" if match[1] == "I" and last == label else "B-") + label)
        last = label
    return out


def _chunks(name: str, scheme: str, pairs, size: int = 40) -> list[Document]:
    """Documents of `size` sentences where a corpus does not mark its own."""
    return [
        Document(
            f"{name}.{k // size}",
            [w for w, _ in pairs[k : k + size]],
            {scheme: [_legal(scheme, t) for _, t in pairs[k : k + size]]},
        )
        for k in range(0, len(pairs), size)
    ]


def news(folder: Path) -> list[Document]:
    rows = (folder / "news/news.jsonl").read_text(encoding="utf-8").splitlines()
    ids = [json.loads(row)["id"] for row in rows]
    pairs = _conll(folder / "news/news.conll")
    if len(ids) != len(pairs):
        raise ValueError(f"news.jsonl has {len(ids)} sentences, news.conll {len(pairs)}")
    documents: dict[str, Document] = {}
    for id, (words, labels) in zip(ids, pairs, strict=True):
        doc = documents.setdefault(id.rsplit(".", 1)[0], Document(id.rsplit(".", 1)[0], [], {"khabar": []}))
        doc.sentences.append(words)
        doc.labels["khabar"].append(_legal("khabar", labels))
    return list(documents.values())


def entities(folder: Path) -> list[Document]:
    """Our own annotated articles, beside this file: words are what blanks separate, a proclitic has its word's tag."""
    import gzip

    documents: dict[str, Document] = {}
    with gzip.open(Path(__file__).with_name("entities.jsonl.gz"), "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            name = row["id"].rsplit(".", 1)[0]
            doc = documents.setdefault(name, Document(name, [], {"khabar": []}))
            words = [(m.start(), m.end()) for m in re.finditer(r"\S+", row["text"])]
            labels = ["O"] * len(words)
            for start, end, label in row["entities"]:
                inside = [k for k, (i, j) in enumerate(words) if i < end and start < j]
                labels[inside[0] : inside[-1] + 1] = ["B-" + label] + ["I-" + label] * (len(inside) - 1)
            doc.sentences.append([row["text"][i:j] for i, j in words])
            doc.labels["khabar"].append(labels)
    return list(documents.values())


def anercorp(folder: Path) -> list[Document]:
    """ANERcorp's training part; where CLEANANERCorp has the same words, its labels too."""
    old = _conll(folder / "anercorp_train.txt")
    documents = _chunks("anercorp", "anercorp", old)
    clean = {tuple(w): _legal("clean", t) for w, t in _conll(folder / "cleananercorp/cleananercorp_TRAIN.txt")}
    for doc in documents:
        relabelled = [clean.get(tuple(words)) for words in doc.sentences]
        if all(relabelled):
            doc.labels["clean"] = relabelled
    return documents


def aqmar(folder: Path) -> list[Document]:
    out = []
    for path in sorted((folder / "aqmar").glob("*.txt")):
        out += _chunks(f"aqmar.{path.stem}", "aqmar", _conll(path), 10_000)
    return out


def wojood(folder: Path) -> list[Document]:
    return _chunks("wojood", "wojood", _conll(folder / "wojood_sample/train.txt"))


def silver(path: Path) -> list[Document]:
    """What `silver.py` wrote: no corpus, so none of its documents is held out."""
    with open(path, encoding="utf-8") as lines:
        return [Document(r["id"], r["sentences"], {"khabar": r["tags"]}) for r in map(json.loads, lines)]


READERS = {"news": news, "entities": entities, "anercorp": anercorp, "aqmar": aqmar, "wojood": wojood}


def held_out(document: Document, share: float = 0.08) -> bool:
    """Whether a document belongs to the development split: by a hash of its id, so the split never moves."""
    return int(hashlib.sha256(document.id.encode()).hexdigest(), 16) % 1000 < share * 1000


def main() -> None:
    """Write the development split of each corpus as CoNLL: `python corpora.py NER_FOLDER OUT_FOLDER`."""
    import sys

    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    for name, read in READERS.items():
        for scheme in SCHEMES:
            documents = [d for d in read(source) if held_out(d) and scheme in d.labels]
            pairs = [p for d in documents for p in zip(d.sentences, d.labels[scheme], strict=True)]
            if pairs:
                text = "\n\n".join("\n".join(f"{w} {t}" for w, t in zip(*p, strict=True)) for p in pairs)
                (target / f"{name}.{scheme}.conll").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
