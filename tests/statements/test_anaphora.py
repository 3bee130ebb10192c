"""Titles and common nouns that stand for what the article has named."""

from __future__ import annotations

import pytest

from pipeline.facts.anaphora import Anaphora
from tests.statements.conftest import document

TEXT = (
    "التقى الرئيس سامي الدريدي وزير المالية رمزي قلال في تونس. وحضرت اللقاء وزارة الصحة وشركة النقل الحديث. "
    "وقال الرئيس والوزير إن الوزارة والشركة تعملان معا في البلاد. وغاب المدير."
)
ENTITIES = [
    ("PER", "person", "سامي الدريدي", ["سامي الدريدي"]),
    ("PER", "person", "رمزي قلال", ["رمزي قلال"]),
    ("LOC", "country", "تونس", ["تونس"]),
    ("ORG", "ministry", "وزارة الصحة", ["وزارة الصحة"]),
    ("ORG", "company", "شركة النقل الحديث", ["شركة النقل الحديث"]),
]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("الرئيس", "سامي الدريدي"),
        ("والوزير", "رمزي قلال"),
        ("الوزارة", "وزارة الصحة"),
        ("والشركة", "شركة النقل الحديث"),
        ("البلاد", "تونس"),
        ("المدير", None),
        ("اللقاء", None),
    ],
)
def test_anaphora_resolves_titles_and_common_nouns(word, expected):
    layer = document(TEXT, ENTITIES)
    tokens = layer.tokens
    last = max(k for k in range(len(tokens)) if tokens.raw(k) == word)
    entity = Anaphora(layer).resolve(last)
    assert (entity and entity.name) == expected


def test_anaphora_of_a_name_is_its_entity():
    layer = document(TEXT, ENTITIES)
    k = next(k for k in range(len(layer.tokens)) if layer.tokens.raw(k) == "رمزي")
    assert Anaphora(layer).resolve(k, k + 2).name == "رمزي قلال"


def test_anaphora_looks_back_only():
    layer = document("قال الرئيس شيئا. ثم وصل الرئيس سامي الدريدي.", [ENTITIES[0]])
    assert Anaphora(layer).resolve(1) is None


def test_anaphora_passes_over_the_other_gender():
    layer = document(
        "جاءت الوزيرة لينا حداد. وجاء الوزير سامي الدريدي. وقالت الوزيرة إنها راضية.",
        [("PER", "person", "لينا حداد", ["لينا حداد"]), ENTITIES[0]],
    )
    anaphora = Anaphora(layer)
    anaphora.gender.update({"e1": "f", "e2": "m"})
    k = [k for k in range(len(layer.tokens)) if layer.tokens.raw(k) == "الوزيرة"][-1]
    assert anaphora.resolve(k, gender="f").name == "لينا حداد"
