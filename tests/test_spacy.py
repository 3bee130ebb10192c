"""The stages as plain spaCy components, and what a notebook hands to the public functions."""

import datetime

import pytest
import spacy
from spacy.tokens import Doc

import pipeline
from pipeline.layers import layers

TEXT = "ارتفعت صادرات مصر إلى 10 مليارات دولار في 2023."


@pytest.fixture(scope="module")
def nlp():
    return pipeline.load()


def test_doc_survives_bytes_and_other_processes(nlp):
    article = pipeline.Article(id="a", text=TEXT, date="2024-05-01")
    doc = nlp(nlp.tokenizer.make(article))
    read = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [e.text for e in read.ents] == [e.text for e in doc.ents] != []
    assert layers(read).article == article
    piped = list(nlp.pipe([TEXT, "", TEXT], n_process=2))
    assert [len(d.ents) for d in piped] == [len(doc.ents), 0, len(doc.ents)]


def test_written_pipeline_loads_as_any_spacy_model(nlp, tmp_path):
    nlp.to_disk(tmp_path)
    assert [e.text for e in spacy.load(tmp_path)(TEXT).ents] == [e.text for e in nlp(TEXT).ents]


def test_components_work_in_another_pipeline(nlp):
    other = spacy.blank("ar")
    for name in nlp.pipe_names:
        other.add_pipe(name)
    doc, ours = other(TEXT), nlp(TEXT)
    assert [e.text for e in doc.ents] == [e.text for e in ours.ents] != []
    assert [s.text for s in doc.spans["times"]] == ["2023."]  # spaCy's own token
    (fact,), (same,) = layers(doc).facts, layers(ours).facts
    assert (fact.to.value, fact.to.start) == (same.to.value, same.to.start)


def test_components_take_the_sentences_that_a_doc_has():
    other = spacy.blank("ar")
    other.add_pipe("sentencizer")
    for name in ("khabar_numerals", "khabar_times"):
        other.add_pipe(name)
    doc = other(" . ".join([TEXT[:-1]] * 2))
    assert len(layers(doc).sentences) == len(list(doc.sents)) == 2
    assert len(doc.spans["times"]) == 2


def test_stage_left_out_leaves_its_layer_empty(nlp):
    with nlp.select_pipes(disable=["khabar_sentences", "khabar_facts"]):
        record = pipeline.extract(TEXT)
    assert record.status == "ok" and record.entities and not record.facts and len(record.sentences) == 1


def test_long_texts_meet_no_limit_of_spacy(nlp):
    with nlp.select_pipes(enable=["khabar_sentences"]):
        assert len(nlp("في " * 400_000)) == 400_000


def test_record_names_its_models(nlp):
    tagger, reader = (nlp.get_pipe(name).models for name in ("khabar_entities", "khabar_facts"))
    assert tagger and reader
    assert pipeline.extract(TEXT).provenance.models == tagger | reader


def test_fields_are_taken_as_they_print():
    record = pipeline.extract(TEXT, id=5, date=datetime.date(2020, 1, 2), title=None)
    assert (record.id, record.document.date, record.document.title) == ("5", "2020-01-02", None)


@pytest.mark.parametrize("text", ["", " \n"])
def test_blank_text_is_an_error_record(text):
    assert pipeline.extract(text).error.code == "K203"


@pytest.mark.parametrize("wrong", [["text"], "text", [None]])
def test_process_takes_articles_alone(wrong):
    with pytest.raises(TypeError, match="article"):
        list(pipeline.process(wrong))
