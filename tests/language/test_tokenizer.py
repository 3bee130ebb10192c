"""The tokenizer: what a token is, and that the text is never lost."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.errors import DocumentError
from pipeline.language.fold import fold
from pipeline.layers import layers

CASES = Path(__file__).parents[1] / "cases" / "language" / "tokens.jsonl"
TOKENS = [json.loads(line) for line in CASES.open(encoding="utf-8")]
ALPHABET = [
    *" \n\t\r\u00a0\u2009\u2028.,،:;؛!؟…-/\\'\"«»“”()[]{}%٪@#_+&\x00\x1c\ufeff",
    *"\u0627\u0644\u0648\u0628\u064a\u0629\u0640\u064e\u0651\u200f\u202b\u202c\u200d\ufdfa\ufefb\u0660\u06f5",
    *"059azAZ\u00e9\u0301\u4e2d\u05d0\U0001f600\U000e0001",
    "http://", "www.", "a@b.c", "U.S.", "...", "10", "5,7", "75%",
]  # fmt: skip
NASTY = st.lists(st.sampled_from(ALPHABET), max_size=40).map("".join)


@pytest.fixture(scope="module")
def tokenizer(nlp):
    return nlp.tokenizer


@pytest.mark.parametrize("case", TOKENS, ids=lambda case: ascii(case["text"])[:40])
def test_tokenizer_splits(case, tokenizer):
    tokens = layers(tokenizer(case["text"])).tokens
    assert [tokens.raw(k) for k in range(len(tokens))] == case["tokens"]
    assert tokens.norms == [fold(token) for token in case["tokens"]]


@settings(deadline=None, max_examples=300)
@given(st.one_of(NASTY, st.text(st.characters(exclude_categories=["Cs"]), max_size=30)))
def test_tokenizer_never_changes_the_text(nlp, text):
    doc = nlp.tokenizer(text)
    tokens = layers(doc).tokens
    assert doc.text == text
    last = 0
    for k in range(len(tokens)):
        start, end = tokens.starts[k], tokens.ends[k]
        assert last <= start < end <= len(text)
        assert fold(text[start:end]) == tokens.norms[k] != ""
        assert not text[start].isspace() and fold(text[last:start]).strip() == ""
        word = doc[tokens.doc_index[k]]
        assert word.idx <= start and end <= word.idx + len(word)
        last = end
    assert fold(text[last:]).strip() == ""


def test_tokenizer_keeps_a_percent_sign_with_its_number_in_the_doc(tokenizer):
    doc = tokenizer("75% و 5 %")
    assert [token.text for token in doc] == ["75%", "\u0648", "5", "%"]
    assert layers(doc).tokens.doc_index == [0, 0, 1, 2, 3]


def test_tokenizer_sets_the_norm_of_spacy_tokens(tokenizer):
    assert [token.norm_ for token in tokenizer("إِسْلامية ٥٫٧ G20")] == ["اسلاميه", "5\u066b7", "g20"]


def test_tokenizer_keeps_the_article(tokenizer):
    article = Article(id="a", text="خبر", title="عنوان")
    assert layers(tokenizer.make(article)).article is article


@pytest.mark.parametrize(
    "unit",
    [
        "\u064e",
        "5",
        "5,",
        "\u202b",
        "\x00",
        ".",
        "a@",
        "a.",
        "www.",
        "http://.",
        "«",
        '"',
        "@",
        "#a",
        "5\u064e",
        "\u0640",
    ],
    ids=ascii,
)
def test_tokenizer_takes_linear_time(unit, tokenizer):
    from time import process_time

    def cost(n):
        text = "\u0627" + unit * n
        best = 9.0
        for _ in range(3):
            begun = process_time()
            tokenizer(text)
            best = min(best, process_time() - begun)
        return best

    small, large = cost(4_000), cost(32_000)
    assert large < 8 * 4 * small + 0.05  # quadratic time would be 64 times as much


def test_tokenizer_turns_down_half_a_surrogate_pair(tokenizer):
    with pytest.raises(DocumentError, match="K207"):
        tokenizer("a\ud800b")
