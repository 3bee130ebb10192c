"""Sentences of the running text, page furniture left out.

A sentence ends at a line break, and at a full stop, question or exclamation mark or ellipsis unless that mark belongs
to an abbreviation, an initial, a number, a list label, or stands inside a short quotation or bracket. In Arabic news
the blank behind a full stop is often missing or stands before it (` .وقال`), so letters decide there, not blanks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from statistics import median

from spacy.attrs import SENT_START
from spacy.language import Language

from pipeline.ingest.furniture import furniture, headline
from pipeline.language.detect import check
from pipeline.language.fold import fold
from pipeline.layers import Layers, Sentence, Tokens
from pipeline.resources import lexicon
from pipeline.stage import Stage

_STOP = "."
_QUESTION = set("!?\u061f\u203c\u2047\u2048\u2049")
_ELLIPSIS = "\u2026"
_CLOSERS = set("»”’\"')]}›")
_OPENERS = {"«": "»", "“": "”", "(": ")", "[": "]", "‹": "›", "„": "“"}
_BULLETS = set("-*\u2022\u2013")
_GOES_ON = set("،,؛;:")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
# A quotation or bracket of up to this many tokens stays in one sentence, whatever stops it holds.
_SHORT_QUOTE = 20
# Longer sentences are cut at a comma: nothing in running text is as long, but tables and unpunctuated lines are.
MAX_TOKENS = 200


class Sentences(Stage):
    """Writes `Layers.language`, `Layers.furniture` and `Layers.sentences`; `Doc.sents` follows them."""

    def annotate(self, batch: Sequence[Layers]) -> None:
        for layer in batch:
            layer.language = check(layer.article.text)
            layer.furniture = furniture(layer.article.text, layer.article.title)
            if not layer.article.title and (title := headline(layer.article.text, layer.furniture)):
                layer.article = replace(layer.article, title=title)
            layer.sentences = list(split(layer.tokens, layer.furniture))

    def show(self, doc, layer: Layers) -> None:
        import numpy

        starts = numpy.full(len(doc), -1, dtype="int64")
        index = layer.tokens.doc_index
        for sentence in layer.sentences:
            starts[index[sentence.i]] = 1
            if sentence.j < len(index):  # furniture and blank lines between two sentences are a sentence for spaCy
                starts[index[sentence.j]] = 1
        if len(doc):
            starts[0] = 1
            doc.from_array([SENT_START], starts.astype("uint64"))


def split(tokens: Tokens, furniture: Sequence[tuple[int, int]] = ()) -> Iterator[Sentence]:
    """The sentences of a text, in order; tokens inside the raw spans `furniture` belong to none."""
    norms = tokens.norms
    marks = [k for k, norm in enumerate(norms) if norm == _STOP or norm in _QUESTION or norm[0] in "._\u2026"]
    for i, j in _blocks(tokens, furniture):
        first = i
        for end in [*_ends(tokens, i, j, marks), j]:
            yield from _bounded(tokens, first, end)
            first = end


def _blocks(tokens: Tokens, furniture: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Token ranges of the paragraphs: lines without furniture, lines of hard-wrapped text joined."""
    text, starts = tokens.text, tokens.starts
    cuts = [match.start() for match in _BREAK.finditer(text)]
    wrapped = _wrapped(text, cuts)
    edges = [cut for k, cut in enumerate(cuts) if k not in wrapped]
    edges = sorted({0, *edges, *(edge for span in furniture for edge in span), len(text)})
    outside = iter(furniture)
    span = next(outside, None)
    for start, end in zip(edges, edges[1:], strict=False):
        while span and span[1] <= start:
            span = next(outside, None)
        if span and span[0] <= start:
            continue
        i, j = bisect_left(starts, start), bisect_left(starts, end)
        if i < j:
            yield i, j


def _wrapped(text: str, cuts: list[int]) -> set[int]:
    """Which line breaks only wrap a line: those inside runs of five or more lines that are all about equally long."""
    soft: set[int] = set()
    if len(cuts) < 4:
        return soft
    edges = [-1, *cuts, len(text)]
    run: list[int] = []  # numbers of consecutive lines that are not blank
    for line in range(len(edges)):
        width = edges[line + 1] - edges[line] - 1 if line + 1 < len(edges) else 0
        if width and not text[edges[line] + 1 : edges[line + 1]].isspace():
            run.append(line)
            continue
        if len(run) >= 5:
            widths = [edges[k + 1] - edges[k] - 1 for k in run]
            middle = median(widths)
            unstopped = sum(text[edges[k + 1] - 1] not in '.!?:\u061f\u2026»”"' for k in run[:-1])
            even = sum(0.75 * middle <= w <= 1.25 * middle for w in widths[:-1])
            if 30 <= middle <= 130 and even >= 0.8 * (len(run) - 1) and unstopped >= 0.6 * (len(run) - 1):
                soft.update(k for k in run[:-1] if edges[k + 1] - edges[k] - 1 >= 0.6 * middle)
        run = []
    return soft


def _ends(tokens: Tokens, i: int, j: int, marks: list[int]) -> Iterator[int]:
    """Where sentences end inside the paragraph of tokens i to j, its own end left out."""
    a, b = bisect_left(marks, i), bisect_left(marks, j)
    if a == b or marks[a] == j - 1:
        return
    norms, starts, ends = tokens.norms, tokens.starts, tokens.ends
    inside, closing = _quotes(tokens, i, j)
    first = i
    for k in marks[a:b]:
        if k < first:
            continue
        end = k + 1
        while end < j and (
            norms[end] in _QUESTION
            or norms[end][0] in "._\u2026"
            or (norms[end] in _CLOSERS and starts[end] == ends[end - 1] and (norms[end] != '"' or end in closing))
        ):
            end += 1
        if end >= j:
            return
        if _closes(tokens, first, k, end, inside):
            yield end
            first = end


def _closes(tokens: Tokens, first: int, k: int, end: int, inside: set[int]) -> bool:
    """Does the mark at token `k` end the sentence that began at `first`, the next one beginning at `end`?"""
    norms, starts, ends = tokens.norms, tokens.starts, tokens.ends
    mark, after = norms[k], norms[end]
    gap = starts[end] > ends[end - 1]
    if k == first or after in _GOES_ON or (after in _CLOSERS and after not in "\"'" and not gap):
        return False
    if k in inside:
        # The stop of a short quotation ends the sentence only as its last sign.
        if mark != _STOP or end == k + 1 or norms[end - 1] not in _CLOSERS:
            return False
        return gap
    if mark == "..":
        return False
    arabic = "\u0620" <= after[0] <= "\u064a"
    if mark != _STOP:
        return gap or arabic
    before = norms[k - 1]
    if len(before) == 1 and before.isalpha():
        # An initial or abbreviation, unless it is a unit: the end of `500 م.` (500 m), of `50 كلم/س.` (km/h).
        unit = k - 2 >= first and (norms[k - 2][-1].isdigit() or norms[k - 2] == "/")
        if not unit and not (before.isascii() and arabic and gap):
            return False
        if len(after) == 1 and after.isalpha() and end + 1 < len(norms) and norms[end + 1] == _STOP:
            return False
    if before in _words("abbreviation") or (before in _words("letter") and after in _words("letter")):
        return False
    if k - 1 == first and before[0].isdigit() and len(before) <= 3:
        return False  # the label of a list item
    if gap or after in _OPENERS or after in _BULLETS:
        return True
    # Without a blank behind it, as often in Arabic news; but not inside `ا.ف.ب` or `3 .41`.
    return (arabic and len(after) > 1) or (after[0].isdigit() and len(before) > 1 and not before.isascii())


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(fold(row["form"]) for row in lexicon("language/abbreviations.tsv") if row["kind"] == kind)


def _quotes(tokens: Tokens, i: int, j: int) -> tuple[set[int], set[int]]:
    """Tokens inside short quotations and brackets, the closing sign included; and all closing signs."""
    norms, starts, ends = tokens.norms, tokens.starts, tokens.ends
    inside: set[int] = set()
    closing: set[int] = set()
    opened: dict[str, int] = {}  # closing sign: where its opening one stood last
    for k in range(i, j):
        norm = norms[k]
        if len(norm) != 1:
            continue
        if norm == '"':
            # The same sign opens and closes: the blanks around it tell which, and else its turn.
            gap_before = k == i or starts[k] > ends[k - 1] or norms[k - 1] in _OPENERS
            gap_behind = k + 1 == j or starts[k + 1] > ends[k] or not norms[k + 1][0].isalnum()
            if gap_before and not gap_behind:
                opened.pop(norm, None)
        if norm in opened:
            begun = opened.pop(norm)
            closing.add(k)
            if k - begun <= _SHORT_QUOTE:
                inside.update(range(begun + 1, k + 1))
        elif norm in _OPENERS:
            opened[_OPENERS[norm]] = k
        elif norm == '"':
            if gap_behind and not gap_before:
                closing.add(k)
            else:
                opened[norm] = k
    return inside, closing


def _bounded(tokens: Tokens, i: int, j: int) -> Iterator[Sentence]:
    """Tokens i to j as one sentence, or several where it is too long; nothing where it holds no word and no number."""
    norms, starts, ends = tokens.norms, tokens.starts, tokens.ends

    def between(k: int) -> bool:
        """Whether a sentence that is too long may be cut before token `k`: a sign that stands alone or begins a word,
        not the point of `990 .36` or the sign of `5 %`.
        """
        number = norms[k - 1][-1].isdigit() or k + 1 < j and norms[k + 1][0].isdigit() and starts[k + 1] == ends[k]
        return not norms[k][0].isalnum() and starts[k] > ends[k - 1] and not number

    while i < j and (norms[i][0] in ".،؛,;\u2026" or norms[i] in _QUESTION):
        i += 1
    while i < j:
        end = j
        if j - i > MAX_TOKENS:
            window = range(i + MAX_TOKENS, i + MAX_TOKENS // 2, -1)
            end = next((k for k in window if norms[k - 1] in _GOES_ON), 0)
            end = end or next(filter(between, window), i + MAX_TOKENS)
        if any(norm[-1].isalnum() for norm in norms[i:end]):
            yield Sentence(starts[i], ends[end - 1], i, end)
        i = end


@Language.factory("khabar_sentences")
def create(nlp: Language, name: str) -> Sentences:
    """Registered as `khabar_sentences`."""
    return Sentences()
