"""The learned reader: its windows, how answers are put together, and its files."""

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
from pipeline.facts.reader import FLOOR, NAME, PHRASE, ROLES, SIZE, Answer, span, values, windows
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


def test_a_window_marks_figures_and_names_and_hints_at_what_the_grammar_found(grammar, pieces):
    layer = read(grammar, TEXT)
    (fact,) = layer.facts
    (w,) = windows(layer, layer.facts, pieces)
    assert len(w.pieces) == len(w.marks) == len(w.hints) <= SIZE
    words = [layer.tokens.raw(w.low + k) for k in range(len(w.first))]
    assert words[0] == "قال"
    told = lambda row, what: [x for x, at in zip(words, w.first, strict=True) if row[at] == what]  # noqa: E731
    assert told(w.marks, NAME) == ["توكاييف"]
    assert [t.iso for t in w.times] == [None, "2018/2023"]
    assert " ".join(told(w.hints, PHRASE)) == fact.indicator["text"] == "حجم التجارة"
    assert [words[k] for k in w.heads] == ["5,7", "10"] and [words[k] for k in w.tails] == ["دولار", "دولار"]
    first, last = (w.hints[w.first[k]] for k in w.heads)
    assert first > PHRASE and last > PHRASE and first != last  # from and to
    (blind,) = windows(layer, [], pieces)
    assert not any(blind.hints)


def test_a_window_stays_in_its_paragraph(grammar, pieces):
    layer = read(grammar, TEXT.replace(". ", ".\n\n"))
    (w,) = windows(layer, [], pieces)
    assert layer.tokens.raw(w.low) == "من"


@settings(deadline=None, max_examples=12)  # a whole pipeline reads each
@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from(["كلمة ", "كلمة. ", "مستشفياتهم "]))
def test_every_figure_is_asked_about_once_in_a_window_that_fits(grammar, pieces, left, right, word):
    layer = read(grammar, (word * left + "بلغت القيمة 25 مليون دولار " + word * right) * 2)
    asked = [q.id for w in windows(layer, [], pieces) for q in w.figures]
    assert asked == [q.id for q in layer.quantities]
    for w in windows(layer, [], pieces):
        assert len(w.pieces) <= SIZE and w.first[-1] < len(w.pieces)
        for figure, head, tail in zip(w.figures, w.heads, w.tails, strict=True):
            assert w.low + head == figure.i and w.low + tail < figure.j


def answer(low, start, end):
    rows = [np.full(6, FLOOR), np.full(6, FLOOR)]
    rows[0][start - low] = rows[1][end - low] = 0.0
    return Answer(low, *rows, np.zeros(len(ROLES)), np.zeros(4), {})


def test_the_indicator_is_the_likeliest_phrase_for_all_figures_of_a_fact():
    assert span([answer(10, 12, 13)]) == (12, 14)
    assert span([answer(10, 12, 13), answer(11, 12, 13)]) == (12, 14)
    backwards = answer(10, 14, 11)  # an end before its start is no phrase
    i, j = span([backwards])
    assert i < j


def test_of_two_likely_phrases_one_between_them_shares_half_of_its_words_with_both():
    rows = np.full((2, 12), FLOOR)
    rows[0][0] = 0.0
    rows[1][[0, 2, 7]] = np.log([0.4, 0.2, 0.4])  # one word, three or eight
    assert span([Answer(5, *rows, np.zeros(len(ROLES)), np.zeros(4), {})]) == (5, 8)


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
    "cut off": (lambda home: (home / "reader.onnx.gz").write_bytes(b"\x01"), "1 bytes of"),
    "gone": (lambda home: (home / "reader.onnx.gz").unlink(), "is missing"),
    "no model": (
        lambda home: (home / "reader.onnx.gz").write_bytes(b"\x01" * (home / "reader.onnx.gz").stat().st_size),
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
