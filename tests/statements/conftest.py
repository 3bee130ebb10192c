"""Documents with entities given by hand, so that these tests judge the statements alone."""

from __future__ import annotations

from bisect import bisect_right

import pytest
from spacy.vocab import Vocab

from pipeline.article import Article
from pipeline.language.tokenizer import Tokenizer
from pipeline.layers import Entity, Layers, Mention, Sentence, layers

ENDS = ".!?؟"


def document(text: str, entities=()) -> Layers:
    """A layer of `text` with a sentence to each full stop outside numbers, and the entities' mentions in order.

    entities : (label, subtype, name, [mentions]) each; proclitics stand before the mention.
    """
    layer = layers(Tokenizer(Vocab()).make(Article(id="case", text=text)))
    layer.sentences, tokens, first = [], layer.tokens, 0
    for k in range(len(tokens)):
        last = k + 1 == len(tokens)
        if last or tokens.norms[k] in ENDS and text[tokens.ends[k]].isspace():
            layer.sentences.append(Sentence(tokens.starts[first], tokens.ends[k], first, k + 1))
            first = k + 1
    for n, (label, subtype, name, mentions) in enumerate(entities, 1):
        entity = Entity(f"e{n}", label, name, [], subtype=subtype)
        at = 0
        for mention in mentions:
            start = text.index(mention, at)
            at = end = start + len(mention)
            i, j = bisect_right(tokens.starts, start) - 1, bisect_right(tokens.starts, end - 1)
            proclitic = text[tokens.starts[i] : start]
            entity.mentions.append(Mention(start, end, mention, i, j, label, proclitic=proclitic))
        layer.entities.append(entity)
    return layer


@pytest.fixture
def make():
    return document
