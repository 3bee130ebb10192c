"""The two stages without the rest of the pipeline, on plain texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spacy.vocab import Vocab

from pipeline.article import Article
from pipeline.language.tokenizer import Tokenizer
from pipeline.layers import Layers, Sentence, layers
from pipeline.quantities.numerals_stage import NumeralStage
from pipeline.quantities.stage import QuantityStage

CASES = Path(__file__).parent.parent / "cases" / "quantities"
_TOKENIZER = Tokenizer(Vocab())


def cases(name: str) -> list:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [pytest.param(json.loads(line), id=json.loads(line)["text"][:40]) for line in lines if line]


def annotate(text: str, **fields) -> Layers:
    """Numerals and quantities of one text, taken as one sentence; `fields` are those of Article."""
    layer = layers(_TOKENIZER.make(Article(id="t", text=text, **fields)))
    if len(layer.tokens):
        layer.sentences = [Sentence(0, len(text), 0, len(layer.tokens))]
    NumeralStage().annotate([layer])
    QuantityStage().annotate([layer])
    return layer
