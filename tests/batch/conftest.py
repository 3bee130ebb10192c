"""A corpus, and a stage from outside that makes trouble when a text asks for it."""

import json
import sys

import pytest
from own_articles import article

STAGE = '''
import os, time
from spacy.language import Language
from pipeline.stage import Stage

class Trouble(Stage):
    """Does what the text says."""
    def __init__(self, seconds):
        self.seconds = seconds
    def annotate(self, batch):
        for layer in batch:
            text = layer.article.text
            time.sleep(self.seconds)
            if "PRINT" in text:
                print("noise on standard output", flush=True)
            if "HANG" in text:
                while True:
                    pass
            if "SLEEP" in text:
                time.sleep(600)
            if "EXIT" in text:
                os._exit(3)
            if "KILL" in text:
                os.kill(os.getpid(), 9)
            if "RAISE" in text:
                raise ValueError("as asked")

@Language.factory("trouble", default_config={"seconds": 0.0})
def create(nlp, name, seconds: float):
    return Trouble(seconds)
'''

CONFIG = """
[nlp]
lang = "ar"
pipeline = ["khabar_sentences", "trouble"]
[nlp.tokenizer]
@tokenizers = "khabar.Tokenizer.v1"
[components]
[components.khabar_sentences]
factory = "khabar_sentences"
[components.trouble]
factory = "trouble"
seconds = {seconds}
"""


@pytest.fixture
def corpus(tmp_path):
    """Writes rows to a JSONL file and gives its path; rows may be numbers of articles."""

    def write(rows, name="corpus.jsonl"):
        path = tmp_path / name
        rows = [article(row) if isinstance(row, int) else row for row in rows]
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def config(tmp_path, monkeypatch):
    """Writes a configuration with the stage that makes trouble, installed like any package from outside."""
    home = tmp_path / "plugin"
    info = home / "khabar_trouble-1.0.dist-info"
    info.mkdir(parents=True)
    (home / "khabar_trouble.py").write_text(STAGE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: khabar-trouble\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[spacy_factories]\ntrouble = khabar_trouble:create\n")
    monkeypatch.syspath_prepend(str(home))
    monkeypatch.setenv("PYTHONPATH", str(home))

    def write(seconds=0.0):
        path = tmp_path / f"trouble_{seconds}.cfg"
        path.write_text(CONFIG.format(seconds=seconds))
        return str(path)

    return write


@pytest.fixture
def khabar():
    """The command line of `khabar` in this interpreter, as a list for subprocess."""
    return [sys.executable, "-c", "from pipeline.cli import main; main()"]
