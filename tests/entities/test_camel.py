"""CAMeL Tools' recogniser as a backend: a tiny model of random weights in its format."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from pipeline.entities import camel
from pipeline.entities.decode import viterbi
from pipeline.entities.tagger import load
from pipeline.errors import KhabarError

LABELS = ["B-LOC", "B-ORG", "B-PERS", "B-MISC", "I-LOC", "I-ORG", "I-PERS", "I-MISC", "O"]
ODD = ["\u200f", "َ", "ـ", "", "\x07", "[SEP]", "😀"]  # words that a tokenizer may leave without pieces
WORDS = ["قال", "وزير", "الخارجية", "في", "باريس", "إن", "الأمم", "المتحدة", "دعت", "كازاخستان", "إلى", "المؤتمر", "."]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder as CAMeL Tools lays it out, with a catalogue that names one model."""
    folder = tmp_path_factory.mktemp("camel")
    listed = {"default": "tiny", "datasets": {"tiny": {"path": "ner/tiny", "package": "ner-tiny"}}}
    catalogue = {"version": "1.6", "packages": {}, "components": {"NamedEntityRecognition": listed}}
    (folder / "catalogue.json").write_text(json.dumps(catalogue))
    path = folder / "data" / "ner" / "tiny"
    path.mkdir(parents=True)
    code = f"""if True:
        from transformers import BertConfig, BertForTokenClassification, BertTokenizer
        import torch
        torch.manual_seed(3)
        config = BertConfig(vocab_size={{size}}, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                            intermediate_size=64, id2label=dict(enumerate({LABELS})), initializer_range=0.5)
        BertForTokenClassification(config).save_pretrained({str(path)!r})
        BertTokenizer({str(path / "vocab.txt")!r}, do_lower_case=False).save_pretrained({str(path)!r})
    """
    letters = sorted({char for word in WORDS for char in word})
    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters), *WORDS[:6]]
    (path / "vocab.txt").write_text("\n".join(vocab) + "\n", encoding="utf-8")
    subprocess.run([sys.executable, "-c", code.replace("{size}", str(len(vocab)))], check=True, capture_output=True)
    return folder


@pytest.fixture
def home(data, monkeypatch):
    monkeypatch.setenv("CAMELTOOLS_DATA", str(data))
    return data


@pytest.fixture(scope="module")
def tagger(data):
    before = os.environ.get("CAMELTOOLS_DATA")
    os.environ["CAMELTOOLS_DATA"] = str(data)
    try:
        return camel.Camel()
    finally:
        os.environ.pop("CAMELTOOLS_DATA")
        if before is not None:
            os.environ["CAMELTOOLS_DATA"] = before


def test_camel_gives_a_tag_and_a_score_for_each_word(tagger):
    documents = [[WORDS, [], ODD, WORDS * 100], [], [["ا" * 5000], ["x"]]]
    for scheme, person in (("khabar", "PER"), ("anercorp", "PERS")):
        tagged = tagger.tag(documents, scheme)
        assert [[len(t.tags) for t in document] for document in tagged] == [[len(s) for s in d] for d in documents]
        for t in (t for document in tagged for t in document):
            assert len(t.scores) == len(t.tags) and all(0 < score <= 1 for score in t.scores)
            for before, now in zip(["O", *t.tags], t.tags, strict=False):
                assert now == "O" or now[2:] in (person, "LOC", "ORG", "MISC")
                assert now[0] != "I" or before[2:] == now[2:], "I- continues its own label"


def test_camel_says_what_camel_tools_says(tagger, data):
    from camel_tools.ner import NERecognizer

    sentences = [WORDS[k:] + WORDS[:k] for k in range(len(WORDS))] + [WORDS[:2]]
    theirs = NERecognizer(str(data / "data/ner/tiny"), use_gpu=False).predict(sentences)
    names = tagger.schemes["anercorp"]
    greedy = [[names[k] for k in rows.argmax(1)] for rows in tagger.scores(sentences)]
    assert greedy == theirs and len({tag for tags in theirs for tag in tags}) > 2
    legal = [[names[k] for k in viterbi(rows, names)] for rows in tagger.scores(sentences)]
    assert [t.tags for t in tagger.tag([sentences], "anercorp")[0]] == legal


def test_camel_never_moves_labels_behind_words_without_pieces(tagger):
    plain, odd = tagger.scores([["[UNK]", *WORDS], ["\u200f", *WORDS]])
    np.testing.assert_allclose(plain, odd, atol=1e-5)


def test_camel_tags_a_document_the_same_in_any_batch(tagger):
    documents = [[WORDS, WORDS[:4]], [WORDS * 60, ["x"]], [WORDS[3:]]]
    together = [[t.scores for t in document] for document in tagger.tag(documents)]
    alone = [[t.scores for t in tagger.tag([document])[0]] for document in documents]
    assert together == alone


def test_camel_in_the_pipeline_gives_mentions_with_their_own_offsets(home, tmp_path):
    from pipeline.article import Article
    from pipeline.resources import _PACKAGE
    from pipeline.runner import process

    config = (_PACKAGE / "default.cfg").read_text(encoding="utf-8")
    path = tmp_path / "camel.cfg"
    changed, count = re.subn(r'^tagger = ".*"$', 'tagger = "camel"', config, flags=re.M)
    assert count == 1
    path.write_text(changed, encoding="utf-8")
    from pipeline.runner import load as load_pipeline

    text = "قال وَزير الخارجية\u200f في باريس إن الأمم المتحدة دعت كازاخستان. " * 20
    (record,) = process([Article(id="a", text=text)], load_pipeline(path))
    assert record.status == "ok"
    mentions = [m for e in record.entities for m in e.mentions]
    assert mentions and all(text[m.start : m.end] == m.text for m in mentions)
    assert any(m.source == "tagger" for m in mentions)


@pytest.mark.parametrize(
    "files, folder, says",
    [
        ({}, "", "camel_data -i ner-arabert"),
        ({"catalogue.json": "{"}, "", "names no entity model"),
        ({"catalogue.json": '{"components": {}}'}, "", "names no entity model"),
        ({"catalogue.json": "{}"}, "elsewhere", "no model in elsewhere"),
    ],
)
def test_camel_says_what_is_missing_and_imports_nothing(files, folder, says, tmp_path, monkeypatch):
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    monkeypatch.setitem(sys.modules, "camel_tools.ner", None)
    with pytest.raises(KhabarError, match=says):
        camel.check(folder)
    load.cache_clear()
    with pytest.raises(KhabarError, match=says):
        load(f"camel:{folder}")


def test_camel_refuses_a_damaged_model_and_an_unknown_scheme(home, tmp_path, tagger):
    with pytest.raises(KhabarError, match="wojood"):
        tagger.tag([[WORDS]], "wojood")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(KhabarError, match="cannot be loaded"):
        camel.Camel(str(tmp_path))
