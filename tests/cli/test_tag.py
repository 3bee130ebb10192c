"""`khabar tag`: the tokens and sentences of the file, whatever the pipeline makes of them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from pipeline.cli_tag import documents, pipeline_tags, tag
from pipeline.layers import Mention
from pipeline.runner import load, without_torch
from pipeline.stage import Stage

# name -> label; the stage below finds them anywhere in the text, also behind a proclitic and over token borders
NAMES = {"قاسم توكاييف": "PER", "الأمم المتحدة": "ORG", "باريس": "LOC", "أكتا": "LOC"}


class Names(Stage):
    def annotate(self, batch):
        for layer in batch:
            for name, label in NAMES.items():
                for found in re.finditer(name.replace(" ", r"\s+"), layer.article.text):
                    start, end = found.span()
                    layer.mentions.append(Mention(start, end, found.group(), 0, 0, label))


@pytest.fixture(scope="module")
def nlp():
    with without_torch():
        import spacy

    Language.factory("test_names", func=lambda nlp, name: Names())
    blank = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "khabar.Tokenizer.v1"}}})
    blank.add_pipe("test_names", name="khabar_entities")
    return blank


@pytest.mark.parametrize(
    "text, tags",
    [
        ("زار قاسم توكاييف باريس", "O B-PER I-PER B-LOC"),
        ("وقاسم توكاييف في لباريس", "B-PER I-PER O B-LOC"),
        ("باريس باريس", "B-LOC B-LOC"),
        ("قاسم \u200f توكاييف", "O O O"),
        ("باريس \u200f باريس", "B-LOC O B-LOC"),
        ("ميناء أكتاو .", "O B-LOC O"),
        ("« باريس »", "O B-LOC O"),
    ],
)
def test_tag_lays_mentions_on_tokens(nlp, text, tags):
    assert pipeline_tags([text.split(" ")], nlp) == [tags.split()]


def test_tag_never_carries_a_name_over_a_sentence_border(nlp):
    assert pipeline_tags([["قاسم"], ["توكاييف", "قال"]], nlp) == [["B-PER"], ["B-PER", "O"]]


def test_documents_take_the_first_column_and_keep_odd_tokens():
    text = "\ufeffقال\tVB\tO\nمن O\n\u200f\tO\n \t\r\n\n\nx y z\na\u00a0b O\n\n-DOCSTART- O\n\nend"
    assert list(documents(line.encode() + b"\n" for line in text.split("\n"))) == [
        [["قال", "من", "\u200f"], ["x", "a\u00a0b"]],
        [["-DOCSTART-"], ["end"]],
    ]


def test_documents_are_of_bounded_length():
    found = list(documents([b"x\n", b"\n"] * 1000, sentences=64))
    assert sum(map(len, found)) == 1000 and max(map(len, found)) <= 64


def test_tag_writes_the_tokens_that_it_read(tmp_path):
    source, target = tmp_path / "in.conll", tmp_path / "out.conll"
    tokens = ["قال", "ـ", "َ", "\u200f", "5,7", "10مليارات", "وبباريس", "a\u00a0b", "\ufdfa", "٪"]
    source.write_bytes("".join(f"{token}\tX\tO\n" for token in tokens).encode() + b"\n\n\xff\xfe B-PER\n")
    tag(str(source), "khabar", target, None)
    rows = target.read_bytes().split(b"\n")
    assert [row.split(b" ")[0] for row in rows] == [*(token.encode() for token in tokens), b"", b"\xff\xfe", b"", b""]
    assert all(re.fullmatch(rb"(O|[BI]-(PER|LOC|ORG|GROUP|MISC))", row.split(b" ")[1]) for row in rows if row)


pieces = st.sampled_from(
    [
        "قال",
        "و",
        "باريس",
        "لباريس",
        "قاسم",
        "توكاييف",
        "\u200f",
        "َ",
        "ـ",
        ".",
        "»",
        "5,7",
        "10مليار",
        "\u00a0",
        "😀",
        "http://a.b/c",
    ]
)
tokens = st.lists(pieces, min_size=1, max_size=3).map("".join)


@settings(deadline=None, max_examples=60)
@given(sentences=st.lists(st.lists(tokens, min_size=1, max_size=8), min_size=1, max_size=5))
def test_tag_gives_one_legal_tag_for_each_token(sentences):
    tagged = pipeline_tags(sentences, load())
    assert [len(tags) for tags in tagged] == [len(words) for words in sentences]
    for tags in tagged:
        for before, now in zip(["O", *tags], tags, strict=False):
            assert now == "O" or now[0] == "B" or before[1:] == now[1:], "I- continues its own label"
