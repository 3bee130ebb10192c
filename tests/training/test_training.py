"""Every step that makes the shipped models, on a small slice and a small encoder of random weights."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
STEPS = ROOT / "models/training"
WIDTH, LAYERS = 32, 2
FIGURES = (
    {"indicator": "الصادرات", "kind": "change", "direction": "up", "from": None, "to": None, "delta": "5%"},
    {"indicator": "حجم التجارة", "kind": "level", "direction": None, "from": None, "to": "10 ملايين دولار"},
)
PARAGRAPH = "ارتفعت الصادرات بنسبة 5% هذا العام. وبلغ حجم التجارة 10 ملايين دولار."


def step(name: str, *options) -> str:
    done = subprocess.run(
        [sys.executable, STEPS / f"{name}.py", *map(str, options)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def random_encoder(path: Path) -> None:
    """A BertModel state dict of random weights."""
    import torch

    torch.manual_seed(0)
    inner = 2 * WIDTH
    state = {"embeddings.word_embeddings.weight": (12423, WIDTH), "embeddings.position_embeddings.weight": (512, WIDTH),
             "embeddings.token_type_embeddings.weight": (2, WIDTH), "embeddings.LayerNorm.weight": (WIDTH,),
             "embeddings.LayerNorm.bias": (WIDTH,)}  # fmt: skip
    for k in range(LAYERS):
        at = f"encoder.layer.{k}."
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            state |= {f"{at}{part}.weight": (WIDTH, WIDTH), f"{at}{part}.bias": (WIDTH,)}
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            state |= {f"{at}{part}.weight": (WIDTH,), f"{at}{part}.bias": (WIDTH,)}
        state |= {f"{at}intermediate.dense.weight": (inner, WIDTH), f"{at}intermediate.dense.bias": (inner,),
                  f"{at}output.dense.weight": (WIDTH, inner), f"{at}output.dense.bias": (WIDTH,)}  # fmt: skip
    torch.save({name: torch.randn(shape) * 0.1 for name, shape in state.items()}, path)


def corpora(folder: Path) -> None:
    """Files in the format of each corpus, with a few sentences."""
    for name in ("news", "cleananercorp", "aqmar", "wojood_sample"):
        (folder / name).mkdir(parents=True)
    sentence = "زار B-PER\nمحمد O\nمدينة O\nالرباط B-LOC\n. O\n\n"
    ids = [f"n{k // 2}.{k % 2}" for k in range(120)]
    (folder / "news/news.jsonl").write_text("\n".join(json.dumps({"id": i}) for i in ids), encoding="utf-8")
    (folder / "news/news.conll").write_text(sentence * len(ids), encoding="utf-8")
    (folder / "aqmar/a.txt").write_text(sentence * 4, encoding="utf-8")
    for path in ("anercorp_train.txt", "cleananercorp/cleananercorp_TRAIN.txt", "wojood_sample/train.txt"):
        (folder / path).write_text(sentence.replace("PER", "PERS") * 50, encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with a teacher and a student, trained for a few steps, and what they were trained from."""
    home = tmp_path_factory.mktemp("made")
    encoder = home / "encoder"
    encoder.mkdir()
    random_encoder(encoder / "encoder_fp16.pt")
    (encoder / "tokenizer.json").write_bytes((ROOT / "models/tagger/tokenizer.json").read_bytes())
    corpora(home / "ner")
    (home / "articles.txt").write_text("زار الرئيس مدينة الرباط في المغرب. " * 40 + "\n", encoding="utf-8")
    common = ("--ner", home / "ner", "--encoder", encoder, "--threads", 1)
    said = step("train", *common, "--out", home / "runs/teacher", "--epochs", 1, "--layers", "0,1", "--documents", 30)
    assert '"khabar"' in said  # development scores
    step("distill", *common, "--out", home / "runs/student", "--teacher", home / "runs/teacher/model.pt",
         "--text", home / "articles.txt", "--layers", "1", "--pieces", 6000, "--keep", 1)  # fmt: skip
    assert len((home / "runs/log.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    return home


def test_an_exported_tagger_restores_to_the_weights_that_run(made):
    import onnxruntime
    import torch

    folder = made / "tagger"
    folder.mkdir()
    (folder / "tokenizer.json").write_bytes((made / "encoder/tokenizer.json").read_bytes())
    step("export", made / "runs/teacher/model.pt", folder / "fast.onnx")
    step("write_meta", folder, f"fast={made / 'runs/teacher/model.pt'}")
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    assert meta["profiles"]["fast"]["encoder"]["width"] == WIDTH
    step("restore", folder, "fast", made / "restored.pt")
    step("export", made / "restored.pt", made / "again.onnx")
    pieces = np.array([torch.randint(5, 9000, (20,)).tolist()])
    first, again = (
        onnxruntime.InferenceSession(str(path)).run(["khabar"], {"pieces": pieces})[0]
        for path in (folder / "fast.onnx", made / "again.onnx")
    )
    np.testing.assert_allclose(first, again, atol=0.02)


def test_a_reader_is_trained_and_runs(made):
    import onnxruntime

    facts = [{"id": f"p{k}", "set": "dev" if k > 5 else "train", "text": PARAGRAPH, "facts": FIGURES} for k in range(8)]
    with gzip.open(made / "facts.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in facts)
    said = step("reader", "--facts", made / "facts.jsonl.gz", "--start", made / "runs/teacher/model.pt",
                "--encoder", made / "encoder", "--out", made / "runs/reader", "--layers", 1, "--epochs", 2)  # fmt: skip
    scores = json.loads(said.splitlines()[-1])["dev"]["facts.jsonl"]
    assert scores["asked"] == 4 and scores["grammar"] == 100.0
    step("reader", "--export", made / "runs/reader/model.pt", made / "reader")
    session = onnxruntime.InferenceSession(str(made / "reader/reader.onnx"))
    row = np.array([[0, 9, 8, 7, 2]])
    out = session.run(None, {"pieces": row, "marks": row * 0, "hints": row * 0, "target": np.array([2])})
    assert [x.shape for x in out] == [(1, 5), (1, 5), (1, 4), (1, 4)]
