"""Who said what, sentence by sentence: tests/cases/statements/sentences.jsonl."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.facts.statements import find
from tests.statements.conftest import document

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases/statements/sentences.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_statements_of_a_sentence(case):
    layer = document(case["text"], case["entities"])
    names = {entity.id: entity.name for entity in layer.entities}
    found = [
        {
            "verb": s.verb,
            "speaker": s.speaker["text"],
            "entity": names.get(s.speaker["entity"]),
            "content": case["text"][s.start : s.end],
            "direct": s.direct,
        }
        for s in find(layer)
    ]
    assert found == case["statements"]


WORDS = sorted({word for case in CASES for word in case["text"].split()})
PIECES = st.one_of(st.sampled_from(WORDS), st.sampled_from(['"', "«", "»", "“", "”", ":", "،", ".", "\n", "(", ")"]))


@given(st.lists(PIECES, max_size=60), st.sampled_from([" ", ""]))
@settings(deadline=None, max_examples=150)
def test_statements_lie_inside_the_text(pieces, glue):
    text = glue.join(pieces)
    if not text.strip():
        return
    layer = document(text)
    for statement in find(layer):
        assert 0 <= statement.start < statement.end <= len(text)
        content = text[statement.start : statement.end]
        assert content == content.strip()
        assert statement.verb and statement.verb in text
        assert statement.speaker["text"] is None or statement.speaker["text"] in text
        assert statement.speaker["entity"] is None  # there are no entities to refer to


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40))
@settings(deadline=None, max_examples=50)
def test_statements_are_the_same_on_every_reading(pieces):
    text = " ".join(pieces)
    assert find(document(text)) == find(document(text))


@pytest.mark.parametrize("unit", ["قال الوزير إن ", '"قال ', "أكد أن ", "وفق ", "الوزير ", 'قال محمد " '])
def test_statements_take_linear_time(unit):
    def seconds(n: int) -> float:
        layer = document(unit * n)
        start = time.process_time()
        find(layer)
        return time.process_time() - start

    seconds(10)
    assert seconds(8000) < 40 * max(seconds(1000), 0.005)
