"""Sentences, and what Doc.sents makes of them."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline
from pipeline.article import Article
from pipeline.language.sentences import MAX_TOKENS, split
from pipeline.layers import layers

CASES = Path(__file__).parents[1] / "cases" / "language" / "sentences.jsonl"
SENTENCES = [json.loads(line) for line in CASES.open(encoding="utf-8")]
PIECES = [
    *" \n.!?؟…،؛:\"«»“”()[]-*",
    "..", "...", "\r\n", "خبر", "و", "د", "قال الرئيس", "5", "5,7", "A", "U.S.", "\u202b", "%"
]  # fmt: skip
NASTY = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


def tokens_of(nlp, text):
    return layers(nlp.tokenizer(text)).tokens


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["gloss"])
def test_sentences_split(case, nlp):
    text = case["text"]
    assert [text[s.start : s.end] for s in split(tokens_of(nlp, text))] == case["sentences"]


@settings(deadline=None, max_examples=300)
@given(NASTY)
def test_sentences_are_ordered_and_hold_every_word(nlp, text):
    tokens = tokens_of(nlp, text)
    sentences = list(split(tokens))
    last = 0
    for sentence in sentences:
        assert last <= sentence.i < sentence.j <= len(tokens)
        assert sentence.j - sentence.i <= MAX_TOKENS
        assert (sentence.start, sentence.end) == (tokens.starts[sentence.i], tokens.ends[sentence.j - 1])
        assert not any(norm.isalnum() for norm in tokens.norms[last : sentence.i])
        last = sentence.j
    assert not any(norm.isalnum() for norm in tokens.norms[last:])


def test_sentences_of_endless_text_are_cut_at_commas(nlp):
    text = "كلمة " * 150 + "، " + "كلمة " * 300
    lengths = [s.j - s.i for s in split(tokens_of(nlp, text))]
    assert lengths == [151, 200, 100]


def test_sentences_join_hard_wrapped_lines(nlp):
    line = "وقال الرئيس إن حجم التجارة بين البلدين ارتفع في العام الماضي"
    text = "\n".join([line] * 6) + ".\n\n" + line + "."
    assert len(list(split(tokens_of(nlp, text)))) == 2
    assert len(list(split(tokens_of(nlp, "\n".join([line + "."] * 6))))) == 6
    assert len(list(split(tokens_of(nlp, "\n".join(["خبر قصير"] * 8))))) == 8


def test_sentences_leave_furniture_out_and_the_text_alone():
    body = "دعا الرئيس إلى تعزيز التعاون بين دول المنطقة. وأضاف أن القمة قريبة."
    text = f"الرئيسية » أخبار » الرئيس يدعو إلى التعاون\n\nالرئيس يدعو إلى التعاون\n{body}"
    record = pipeline.extract(text)
    assert record.text == text
    assert [text[s.start : s.end] for s in record.sentences] == [
        "دعا الرئيس إلى تعزيز التعاون بين دول المنطقة.",
        "وأضاف أن القمة قريبة.",
    ]


def test_sentences_are_spacy_sentences_too(nlp):
    text = "عنوان الخبر هنا\nوصل الوفد. وغادر.  \n\nانتهى"
    doc = nlp.tokenizer.make(Article(id="a", text=text, title="عنوان الخبر هنا"))
    doc = nlp.get_pipe("khabar_sentences")(doc)
    ours = [text[s.start : s.end] for s in layers(doc).sentences]
    assert [s.text.strip() for s in doc.sents] == ["عنوان الخبر هنا", *ours]
    assert doc.text == text


@pytest.mark.parametrize("text", ["", " ", "\n\n", "...", "«»"])
def test_sentences_of_nothing_are_none(text, nlp):
    doc = nlp(text)
    assert layers(doc).sentences == [] and len(list(doc.sents)) <= 1


def test_a_sentence_that_is_too_long_is_not_cut_inside_a_number(nlp):
    text = ("بلغت 990 .36% " * (MAX_TOKENS // 2)).strip()
    starts = [text[s.start :] for s in split(tokens_of(nlp, text))]
    assert len(starts) > 1 and all(part[0] not in ".%" for part in starts)
