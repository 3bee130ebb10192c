"""Sentences of the running text, page furniture left out."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language

from pipeline.layers import Layers, Sentence
from pipeline.stage import Stage

_END = set(".!?؟…")
_CLOSE = set('”»")]’')


class Sentences(Stage):
    def annotate(self, batch: Sequence[Layers]) -> None:
        for layer in batch:
            layer.sentences = list(split(layer))


def split(layer: Layers):
    tokens, text = layer.tokens, layer.tokens.text
    first, n = 0, len(tokens)
    for k in range(n):
        gap = text[tokens.ends[k] : tokens.starts[k + 1]] if k + 1 < n else "\n"
        ends = "\n" in gap or (
            gap and (tokens.norms[k] in _END or (k and tokens.norms[k] in _CLOSE and tokens.norms[k - 1] in _END))
        )
        if ends:
            yield Sentence(tokens.starts[first], tokens.ends[k], first, k + 1)
            first = k + 1


@Language.factory("khabar_sentences")
def create(nlp: Language, name: str) -> Sentences:
    return Sentences()
