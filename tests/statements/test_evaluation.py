"""The score of statements, and that the annotated articles are sound: tests/cases/statements/articles.jsonl."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.evaluation.statements import Said, annotated, pairs, same_speaker

ARTICLES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases/statements/articles.jsonl").read_text("utf-8").splitlines()
]


def test_pairs_are_one_to_one_and_prefer_the_right_speaker():
    gold = [Said("prices will rise next year", ("Salma",)), Said("nothing was lost", ("the bank",))]
    ours = [Said("prices will rise next year", ("Omar",)), Said("prices will rise next year", ("Salma",))]
    assert pairs(gold, ours) == {0: 1}
    assert pairs(gold, [Said("prices will rise", ("Salma",))]) == {0: 0}
    assert pairs(gold, [Said("it rained", ("Salma",))]) == {}


def test_same_speaker_accepts_any_name_that_shares_half_of_its_words():
    assert same_speaker(Said("", ("Salma Haddad", "Haddad")), Said("", ("minister Haddad",)))
    assert not same_speaker(Said("", ("Salma Haddad",)), Said("", ("the ministry of trade",)))
    assert not same_speaker(Said("", ("Salma Haddad",)), Said("", ()))


@pytest.mark.parametrize("article", ARTICLES, ids=[article["id"] for article in ARTICLES])
def test_annotated_articles_quote_their_text(article):
    assert article["licence"] in ("CC BY 4.0", "Apache-2.0", "CC BY-SA 4.0")
    said = annotated(article)
    assert said
    for statement, plain in zip(said, article["statements"], strict=True):
        assert statement.content in article["text"]
        assert plain["speaker"] is None or plain["speaker"] in article["text"]
