"""`khabar tag`: tokens in, tokens and BIO tags out, for corpora that are split into tokens already.

Tokens are never split, joined or dropped: what the pipeline finds in the text that they make together is laid back on
them by character offsets, so a token that folds to nothing has its line like any other.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

from pipeline.errors import KhabarError

DEFAULT = "khabar"
BREAK = "-DOCSTART-"
SENTENCES = 64  # a document at most for the whole pipeline, where the file does not say where documents end
WORDS = 50_000  # and for the tagger, which reads a whole file as one document; bounds its memory

Sentences = list[list[str]]


def tag(file: str, scheme: str, out: Path | None, config: str | None) -> None:
    """Tag a file and write `token TAG` lines, with an empty line after each sentence."""
    try:
        source = nullcontext(sys.stdin.buffer) if file == "-" else open(file, "rb")  # noqa: SIM115
        tagger = tag_function(scheme, config)
        limit = {"sentences": SENTENCES} if scheme == DEFAULT else {"words": WORDS}
        target = open(out, "wb") if out else nullcontext(sys.stdout.buffer)  # noqa: SIM115
    except OSError as error:
        raise KhabarError(f"cannot open {error.filename}: {error.strerror}") from None
    with source as lines, target as sink:
        for sentences in documents(lines, **limit):
            for tokens, tags in zip(sentences, tagger(sentences), strict=True):
                rows = (f"{token} {tag}\n" for token, tag in zip(tokens, tags, strict=True))
                sink.write(("".join(rows) + "\n").encode("utf-8", "surrogateescape"))
            sink.flush()


def tag_function(scheme: str, config: str | None = None):
    """What gives the tags of a document's sentences under a scheme.

    The product's own scheme asks the whole pipeline; the others are heads of the tagger.
    """
    if scheme == DEFAULT:
        from pipeline.runner import load

        nlp = load(config)
        return lambda sentences: pipeline_tags(sentences, nlp)
    from pipeline.entities.tagger import best, meta, tag_tokens

    schemes = meta()["schemes"]
    if scheme not in schemes:
        raise KhabarError(f"--scheme {scheme} is not known; there are: {', '.join(schemes)}")
    profile = best(scheme)
    return lambda sentences: tag_tokens([list(map(_storable, tokens)) for tokens in sentences], scheme, profile)


def documents(lines: Iterable[bytes], sentences: int | None = None, words: int | None = None) -> Iterator[Sentences]:
    """The sentences of a file in documents: cut at `-DOCSTART-`, else after so many sentences or words.

    A token is what stands before the first tab, or else before the first space.
    """
    document: Sentences = []
    size = 0
    tokens: list[str] = []
    for number, line in enumerate(lines):
        text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
        if not number:
            text = text.removeprefix("\ufeff")
        token = text.split("\t" if "\t" in text else " ", 1)[0]
        if text.strip(" \t"):
            if token == BREAK and document:
                yield document
                document, size = [], 0
            tokens.append(token)
        elif tokens:
            document.append(tokens)
            size += len(tokens)
            tokens = []
            if (sentences and len(document) >= sentences) or (words and size >= words):
                yield document
                document, size = [], 0
    if tokens:
        document.append(tokens)
    if document:
        yield document


def pipeline_tags(sentences: Sentences, nlp) -> list[list[str]]:
    """BIO tags of a document's tokens from the entities that the pipeline finds in it, the sentences as given."""
    from pipeline.article import Article
    from pipeline.layers import Sentence, layers

    text, starts, ends = _layout(sentences)
    doc = nlp.tokenizer.make(Article(id="", text=text))
    layer = layers(doc)
    layer.sentences = []
    for first, last in zip(starts, ends, strict=True):
        if first:
            i = bisect_right(layer.tokens.starts, first[0] - 1)
            j = bisect_right(layer.tokens.starts, last[-1] - 1)
            if i < j:
                layer.sentences.append(Sentence(layer.tokens.starts[i], layer.tokens.ends[j - 1], i, j))
    for name, stage in nlp.pipeline:
        if name == "khabar_sentences":
            continue
        doc = stage(doc)
        if name == "khabar_linking":
            break
    mentions = [mention for entity in layer.entities for mention in entity.mentions] or layer.mentions
    labels = {id(mention): entity.label for entity in layer.entities for mention in entity.mentions}
    spans = sorted((m.start, -m.end, labels.get(id(m), m.label)) for m in mentions)
    flat_starts = [start for row in starts for start in row]
    flat_ends = [end for row in ends for end in row]
    tags = ["O"] * len(flat_starts)
    for start, end, label in spans:
        k = bisect_right(flat_ends, start)
        first = k
        while k < len(flat_starts) and flat_starts[k] < -end:
            if tags[k] == "O" and flat_ends[k] > flat_starts[k]:
                tags[k] = f"{'B' if k == first or tags[k - 1] == 'O' else 'I'}-{label}"
            k += 1
    return _shaped(_legal(tags, starts), starts)


def _storable(token: str) -> str:
    """A replacement of the same length for bytes that were no UTF-8; the output has the bytes themselves."""
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in token)


def _layout(sentences: Sentences) -> tuple[str, list[list[int]], list[list[int]]]:
    """A text of the tokens, a line a sentence, and where each token starts and ends in it."""
    parts: list[str] = []
    starts: list[list[int]] = []
    ends: list[list[int]] = []
    offset = 0
    for tokens in sentences:
        starts.append([])
        ends.append([])
        for token in tokens:
            parts.append(_storable(token) + " ")
            starts[-1].append(offset)
            ends[-1].append(offset + len(token))
            offset += len(token) + 1
        parts[-1] = parts[-1][:-1] + "\n"
    return "".join(parts), starts, ends


def _legal(tags: list[str], starts: list[list[int]]) -> list[str]:
    """No I- at the start of a sentence, or after another label."""
    borders, k = set(), 0
    for row in starts:
        borders.add(k)
        k += len(row)
    for k, tag in enumerate(tags):
        if tag[0] == "I" and (k in borders or tags[k - 1][1:] != tag[1:]):
            tags[k] = "B" + tag[1:]
    return tags


def _shaped(tags: list[str], like: list[list[int]]) -> list[list[str]]:
    left = iter(tags)
    return [[next(left) for _ in row] for row in like]
