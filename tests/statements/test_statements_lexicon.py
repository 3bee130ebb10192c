"""Paradigms made from the base forms, and quotation marks paired."""

from __future__ import annotations

import pytest

from pipeline.facts.statements_lexicon import head_kind, verbs
from pipeline.facts.statements_quotes import Quotes
from pipeline.language.fold import fold
from tests.statements.conftest import document


@pytest.mark.parametrize(
    ("form", "lemma", "tense", "gender", "plural"),
    [
        ("قالت", "قال", "perfect", "f", False),
        ("قالوا", "قال", "perfect", "m", True),
        ("يقولون", "قال", "imperfect", "m", True),
        ("دعت", "دعا", "perfect", "f", False),
        ("دعوا", "دعا", "perfect", "m", True),
        ("تدعو", "دعا", "imperfect", "f", False),
        ("يدعون", "دعا", "imperfect", "m", True),
        ("نفت", "نفى", "perfect", "f", False),
        ("ينفون", "نفى", "imperfect", "m", True),
        ("مؤكدة", "أكد", "participle", "f", False),
        ("داعين", "دعا", "participle", "m", True),
        ("مشيرين", "أشار", "participle", "m", True),
    ],
)
def test_lexicon_inflects_sound_and_weak_verbs(form, lemma, tense, gender, plural):
    found = verbs()[fold(form)]
    assert (found.verb.lemma, found.tense, found.gender, found.plural) == (lemma, tense, gender, plural)


@pytest.mark.parametrize("word", ["ستقول", "مدينة", "قول", "الأكيد", "معلومات", "تقولون"])
def test_lexicon_holds_no_other_words(word):
    assert fold(word) not in verbs()


def test_lexicon_knows_heads_with_article_and_conjunction():
    assert head_kind(fold("والوزيرة")) == "person"
    assert head_kind(fold("الشركات")) == "body"
    assert head_kind(fold("البيان")) == "document"
    assert head_kind(fold("شجرة")) == ""


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ('قال "نعم" ثم خرج', ["نعم"]),
        ("قال «نعم» ثم خرج", ["نعم"]),
        ("قال “نعم” ثم خرج", ["نعم"]),
        ('قال " نعم " ثم خرج', ["نعم"]),
        ('زعيم "الحزب" و"الكتلة" هنا', ["الحزب", "الكتلة"]),
        ('قال "لم يبق وقت\nوخرج" الجميع', ["لم يبق وقت\nوخرج"]),
        ('قال "لم يبق وقت\nثم "خرج" الجميع', ["خرج"]),
        ('قائلا" لم يبق وقت" وخرج', ["لم يبق وقت"]),
        ('سيعود لاحقا "، مشيرا إلى "الحزب" هنا', ["الحزب"]),
    ],
)
def test_quotes_pair_marks_within_a_paragraph(text, inner):
    layer = document(text)
    pairs = Quotes(layer.tokens).close
    assert [layer.tokens.raw(a + 1, b) for a, b in sorted(pairs.items())] == inner


def test_quotes_mark_what_stands_inside():
    layer = document('قال "زعيم "الحزب" سيخسر" غدا')
    outer = Quotes(layer.tokens).outer
    inside = {layer.tokens.raw(k) for k in range(len(layer.tokens)) if outer[k] >= 0}
    assert {"زعيم", "الحزب", "سيخسر"} <= inside and "غدا" not in inside
