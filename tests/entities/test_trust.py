"""What the tagger's reading leaves of other candidates, and where its own spans end."""

import json
from pathlib import Path

import pytest
from spacy.vocab import Vocab

from pipeline.article import Article
from pipeline.entities.bounds import Bounds
from pipeline.entities.spans import Candidate, mention, readings
from pipeline.entities.trust import supported
from pipeline.language.tokenizer import Tokenizer
from pipeline.layers import layers
from pipeline.linking.kb import load

FOLDER = Path(__file__).parent.parent / "cases/entities"


def cases(name):
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", cases("trust.jsonl"), ids=lambda case: case["gloss"])
def test_supported_keeps_what_the_tagger_does_not_rule_out(case):
    i, j, source, score = case["known"]
    known = Candidate(i, j, 0, "ORG", source, score)
    tagged = [Candidate(i, j, 0, "ORG", "tagger", score) for i, j, score in case["tagged"]]
    assert supported([known], tagged, case["likely"]) == [known] * case["kept"]


@pytest.mark.parametrize("case", cases("bounds.jsonl"), ids=lambda case: case["gloss"])
def test_bounds_mends_the_ends_of_the_case(case):
    tokens = layers(Tokenizer(Vocab()).make(Article(id="", text=case["text"]))).tokens
    found = []
    for text, label in case["tagged"]:
        start = case["text"].index(text)
        i = next(k for k, end in enumerate(tokens.ends) if end > start)
        j = 1 + next(k for k, end in enumerate(tokens.ends) if end >= start + len(text))
        skip = 0 if tokens.starts[i] == start else next(skip for skip, _ in readings(tokens.norms[i]) if skip)
        found.append(Candidate(i, j, skip, label, "tagger", 0.9))
    mended = Bounds(load()).mended(found, tokens.norms)
    assert [mention(tokens, c).text for c in mended] == case["mended"]
