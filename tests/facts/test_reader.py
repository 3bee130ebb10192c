"""The learned reader: its questions, how answers are put together, and its files."""

import json
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline
from pipeline import resources
from pipeline.entities.pieces import Pieces
from pipeline.errors import KhabarError
from pipeline.facts import reader
from pipeline.facts.reader import FLOOR, NAME, ROLES, SIZE, TARGET, Answer, question, span, values
from pipeline.facts.stage import Facts
from pipeline.layers import layers
from pipeline.resources import model

TEXT = "قال توكاييف أمس. من 2018 إلى 2023، ارتفع حجم التجارة من 5,7 مليار دولار إلى 10 مليارات دولار."


@pytest.fixture(scope="module")
def grammar():
    nlp = pipeline.load()
    return [(name, Facts(reader=False) if name == "khabar_facts" else stage) for name, stage in nlp.pipeline], nlp


@pytest.fixture(scope="module")
def pieces():
    return Pieces(model("tagger/tokenizer.json"))


def read(grammar, text):
    stages, nlp = grammar
    doc = nlp.make_doc(text)
    for _, stage in stages:
        stage(doc)
    return layers(doc)


def test_a_question_marks_the_figure_its_fellow_and_the_grammars_indicator(grammar, pieces):
    layer = read(grammar, TEXT)
    (fact,) = layer.facts
    figure = next(q for q in layer.quantities if q.id == fact.from_.quantity)
    q = question(layer, figure, fact, pieces)
    assert len(q.pieces) == len(q.marks) == len(q.hints) <= SIZE
    assert q.marks[q.target] == TARGET and q.marks[q.target - 1] != TARGET
    words = [layer.tokens.raw(q.low + k) for k in range(len(q.first))]
    assert words[0] == "قال"  # the sentence before is there too
    hinted = [w for w, at in zip(words, q.first, strict=True) if q.hints[at] == 1]
    assert " ".join(hinted) == fact.indicator["text"] == "حجم التجارة"
    assert [w for w, at in zip(words, q.first, strict=True) if q.marks[at] == NAME] == ["توكاييف"]
    assert q.hints[0] >= 2 and q.hints[0] != question(layer, figure, None, pieces).hints[0]


def test_a_question_stays_in_its_paragraph(grammar, pieces):
    layer = read(grammar, TEXT.replace(". ", ".\n\n"))
    q = question(layer, layer.quantities[-1], None, pieces)
    assert layer.tokens.raw(q.low) == "من"


@settings(deadline=None, max_examples=12)  # a whole pipeline reads each
@given(st.integers(0, 400), st.integers(0, 400))
def test_a_question_is_short_whatever_its_sentence(grammar, pieces, left, right):
    layer = read(grammar, "كلمة " * left + "بلغت القيمة 25 مليون دولار " + "أخرى " * right)
    for figure in layer.quantities:
        q = question(layer, figure, None, pieces)
        assert len(q.pieces) <= SIZE + 16 and q.pieces[q.target] == q.pieces[q.first[figure.i - q.low]]


def answer(low, start, end):
    rows = [np.full(6, FLOOR), np.full(6, FLOOR)]
    rows[0][start - low] = rows[1][end - low] = 0.0
    return Answer(low, *rows, np.zeros(len(ROLES)), np.zeros(4))


def test_the_indicator_is_the_likeliest_phrase_for_all_figures_of_a_fact():
    assert span([answer(10, 12, 13)]) == (12, 14)
    assert span([answer(10, 12, 13), answer(11, 12, 13)]) == (12, 14)
    backwards = answer(10, 14, 11)  # an end before its start is no phrase
    i, j = span([backwards])
    assert i < j


def test_an_indicator_holds_no_number_of_its_fact():
    i, j = span([answer(10, 11, 14)], numbers=[13])
    assert not i <= 13 < j


def test_facts_keep_their_figures_and_only_the_reader_words_their_indicators(grammar):
    nlp = pipeline.load()
    plain, revised = read(grammar, TEXT), layers(nlp(TEXT))
    assert [[v.quantity for _, v in values(f)] for f in plain.facts] == [
        [v.quantity for _, v in values(f)] for f in revised.facts
    ]
    for fact in revised.facts:
        assert TEXT[fact.indicator["start"] : fact.indicator["end"]] == fact.indicator["text"]


@pytest.fixture
def files(tmp_path, monkeypatch):
    shutil.copytree(model("reader"), tmp_path / "models/reader")
    shutil.copytree(model("tagger"), tmp_path / "models/tagger")
    monkeypatch.setattr(reader, "model", lambda path: tmp_path / "models" / path)
    monkeypatch.setattr("pipeline.runtime.model", lambda path: tmp_path / "models" / path)
    reader.load.cache_clear()
    yield tmp_path / "models/reader"
    reader.load.cache_clear()


DAMAGE = {
    "no meta": (lambda home: (home / "meta.json").unlink(), "no reader that can be read"),
    "other format": (
        lambda home: (home / "meta.json").write_text(
            json.dumps({**json.loads((home / "meta.json").read_text()), "format": 99})
        ),
        "format 99",
    ),
    "cut off": (lambda home: (home / "reader.onnx").write_bytes(b"\x01"), "1 bytes of"),
    "gone": (lambda home: (home / "reader.onnx").unlink(), "is missing"),
    "no model": (
        lambda home: (home / "reader.onnx").write_bytes(b"\x01" * (home / "reader.onnx").stat().st_size),
        "cannot be loaded",
    ),
}


@pytest.mark.parametrize("damage, says", DAMAGE.values(), ids=DAMAGE)
def test_damaged_files_are_named_with_the_setting_that_does_without(files, damage, says):
    damage(files)
    with pytest.raises(KhabarError, match=says) as caught:
        Facts()
    assert "reader = false" in str(caught.value)
    Facts(reader=False)


def test_records_name_the_reader():
    nlp = pipeline.load()
    assert nlp.get_pipe("khabar_facts").models == {"reader": reader.load().version}
    assert resources.model("reader/meta.json").is_file()
