"""Mentions of the knowledge base and the rules: cases, and what holds of every text."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline
from pipeline.article import Article
from pipeline.entities.stage import Entities
from pipeline.language.sentences import Sentences
from pipeline.language.tokenizer import Tokenizer
from pipeline.layers import layers

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "cases/entities/mentions.jsonl").read_text("utf-8").splitlines()
]
WORDS = sorted({word for case in CASES for word in case["text"].split()})


@pytest.fixture(scope="module")
def stages():
    return [Sentences(), Entities()]


def read(stages, text, source=None):
    from spacy.vocab import Vocab

    doc = Tokenizer(Vocab()).make(Article(id="", text=text, source=source))
    for stage in stages:
        stage(doc)
    return doc


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_stage_finds_the_mentions_of_the_case(stages, case):
    layer = layers(read(stages, case["text"], case.get("source")))
    assert [[m.text, m.label, m.proclitic] for m in layer.mentions] == case["mentions"]


def test_show_mirrors_mentions_into_doc_ents(stages):
    doc = read(stages, "وصل إلى القاهرة وباريس.")
    assert [(e.text, e.label_) for e in doc.ents] == [("القاهرة", "LOC"), ("وباريس", "LOC")]
    assert doc.text == "وصل إلى القاهرة وباريس."


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([*WORDS, "وِزَارَة", "القـاهرة", "«", "»", "#أوبك", "\u200f", "2018", "."]), max_size=40))
def test_mentions_stay_in_their_text_and_do_not_overlap(words):
    text = " ".join(words)
    layer = layers(read(_cached(), text))
    end = 0
    for m in layer.mentions:
        assert m.text == text[m.start : m.end] and m.text
        assert end <= m.start < m.end
        assert layer.tokens.starts[m.i] <= m.start and m.end == layer.tokens.ends[m.j - 1]
        assert m.proclitic == "" or layer.tokens.norms[m.i].startswith(m.proclitic)
        assert 0 < m.score <= 1 and m.label in {"PER", "LOC", "ORG", "GROUP", "MISC"}
        end = m.end


_STAGES = []


def _cached():
    if not _STAGES:
        _STAGES.extend([Sentences(), Entities()])
    return _STAGES


@pytest.mark.parametrize(
    "unit", ["بن ", "وزارة الخارجية والدفاع ", "« كتاب ", "الرئيس محمد ", "C5 – كازاخستان وقيرغيزستان "]
)
def test_stage_takes_linear_time(stages, unit):
    def seconds(count):
        start = time.process_time()
        read(stages, unit * count)
        return time.process_time() - start

    seconds(200)
    assert seconds(16_000) < 12 * max(0.05, seconds(4_000))


def test_factory_is_registered_with_its_options():
    nlp = pipeline.load()
    assert nlp.get_factory_meta("khabar_entities").default_config == {"kb": [], "tagger": ""}
