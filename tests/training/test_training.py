"""Every step that makes the shipped models, on a small slice and a small encoder of random weights."""

import gzip
import json
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from pipeline.entities.pieces import Pieces
from pipeline.layers import Mention

ROOT = Path(__file__).parents[2]
STEPS = ROOT / "models/training"
WIDTH, LAYERS = 32, 2
FIGURES = (
    {"indicator": "الصادرات", "kind": "change", "direction": "up", "from": None, "to": None, "delta": "5%",
     "subject": "مصر"},
    {"indicator": "حجم التجارة", "kind": "level", "direction": None, "from": None, "to": "10 ملايين دولار",
     "subject": None},
)  # fmt: skip
PARAGRAPH = "ارتفعت الصادرات بنسبة 5% في مصر هذا العام. وبلغ حجم التجارة 10 ملايين دولار."


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
         "--text", home / "articles.txt", "--layers", "1", "--pieces", 6000, "--keep", 1, "--rounded")  # fmt: skip
    assert len((home / "runs/log.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    return home


def packed(path: Path, state: dict[str, np.ndarray]) -> None:
    """A file of 4-bit weights as `encoder.py unpack` reads them: matrices in blocks of 32, the rest as they are."""
    short = {"q.w": "attention.self.query.weight"}
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, 1, 1, 2 * WIDTH, 8, 512, 2, 1e-12, 32)
    head += struct.pack("<5iQ", 2, 0, 2, 1, 3, 4) + bytes(4 * 3) + bytes(4 * 2) + b"abcd"  # a tokenizer of two pieces
    head += struct.pack("<iI", 1, 5) + bytes(5)  # a normaliser of one character
    bodies = []
    for name, values in state.items():
        if name in ("emb.word", *(f"l0.{k}" for k in short)):
            blocks = values.reshape(-1, 2, 16)  # nibbles are given, the scale is a half
            body = b"".join(struct.pack("<e", 0.5) + bytes(low | high << 4) for low, high in map(np.stack, blocks))
        else:
            body = values.astype("<f4").tobytes()
        bodies.append((name, values, body))
    at = len(head) + 4 + sum(2 + len(name) + 21 for name, _, _ in bodies)
    head += struct.pack("<i", len(bodies))
    for name, values, body in bodies:
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", values.dtype == np.uint8, values.size, at, len(body))
        at += len(body)
    path.write_bytes(head + b"".join(body for _, _, body in bodies))


def test_an_encoder_is_unpacked_pruned_and_trained_on(made):
    import torch

    rng, home = np.random.default_rng(0), made / "unpacked"
    home.mkdir()
    given = {"emb.word": rng.integers(0, 16, (8, WIDTH), np.uint8), "l0.q.b": rng.normal(size=WIDTH),
             "l0.q.w": rng.integers(0, 16, (WIDTH, WIDTH), np.uint8)}  # fmt: skip
    packed(home / "small.bin", given)
    step("encoder", "unpack", home / "small.bin", home / "small.pt")
    state = torch.load(home / "small.pt")
    for name, key in (
        ("emb.word", "embeddings.word_embeddings.weight"),
        ("l0.q.w", "encoder.layer.0.attention.self.query.weight"),
    ):
        np.testing.assert_array_equal(state[key].numpy(), (given[name].astype(np.float32) - 8) / 2)
    np.testing.assert_allclose(state["encoder.layer.0.attention.self.query.bias"], given["l0.q.b"], atol=2e-3)

    random_encoder(home / "full.pt")
    tokenizer = ROOT / "models/tagger/tokenizer.json"
    said = step("encoder", "prune", home / "full.pt", tokenizer, made / "articles.txt", home / "pruned")
    kept = int(said.split()[0])
    assert 50 < kept < 2000
    whole, pruned = (Pieces(path) for path in (tokenizer, home / "pruned/tokenizer.json"))
    for word in ("الرباط", "الرئيس"):  # seen 40 times: in the same pieces as before
        assert [whole.tokenizer.id_to_token(k) for k in whole(word)] == [
            pruned.tokenizer.id_to_token(k) for k in pruned(word)
        ]
    step("encoder", "learn", home / "pruned", made / "articles.txt", home / "learnt", "--steps", 3, "--batch", 2)
    before, after = (torch.load(home / name / "encoder_fp16.pt") for name in ("pruned", "learnt"))
    assert before.keys() == after.keys()
    assert after["embeddings.word_embeddings.weight"].shape == (kept, WIDTH)
    assert not torch.equal(before["embeddings.word_embeddings.weight"], after["embeddings.word_embeddings.weight"])


def test_an_exported_tagger_restores_to_the_weights_that_run(made):
    import torch

    from pipeline.runtime import session

    folder = made / "tagger"
    folder.mkdir()
    (folder / "tokenizer.json").write_bytes((made / "encoder/tokenizer.json").read_bytes())
    step("export", made / "runs/teacher/model.pt", folder / "fast.onnx.gz")
    step("write_meta", folder, f"fast={made / 'runs/teacher/model.pt'}")
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    assert meta["profiles"]["fast"]["encoder"]["width"] == WIDTH
    step("restore", folder, "fast", made / "restored.pt")
    step("export", made / "restored.pt", made / "again.onnx.gz")
    pieces = np.array([torch.randint(5, 9000, (20,)).tolist()])
    first, again = (
        session(path, "").run(["khabar"], {"pieces": pieces})[0]
        for path in (folder / "fast.onnx.gz", made / "again.onnx.gz")
    )
    np.testing.assert_allclose(first, again, atol=0.02)


def test_words_that_teachers_see_differently_are_not_learned_from(monkeypatch):
    monkeypatch.syspath_prepend(str(STEPS))
    from corpora import tags
    from silver import agreed

    names = tags("khabar")
    rows = lambda said: np.log(np.eye(len(names), dtype=np.float32)[[names.index(tag) for tag in said]] * 0.9 + 0.01)  # noqa: E731
    one = ["B-PER", "I-PER", "O", "B-LOC", "O"]
    other = ["B-PER", "I-PER", "I-PER", "B-LOC", "O"]
    assert agreed([rows(one), rows(other)], 0.5) == ["?", "?", "?", "B-LOC", "O"]
    assert agreed([rows(one), rows(one)], 0.5) == one


def test_silver_is_what_teachers_agree_on(made):
    one, other = (made / f"{name}.onnx.gz" for name in ("teacher", "student"))
    for path in (one, other):
        step("export", made / "runs" / path.name.removesuffix(".onnx.gz") / "model.pt", path)
    common = ("--ner", made / "ner", "--encoder", made / "encoder")
    text = "زار الرئيس مدينة الرباط في المغرب ثم التقى الوزير في قصر الحكومة بعد ظهر أمس. " * 6 + "\n"
    (made / "silver.txt").write_text(text, encoding="utf-8")
    rows = {}
    for name, second, least in (("all", one, 0.0), ("some", other, 0.0), ("none", one, 1.1)):
        step("silver", *common, "--teachers", f"{one},{second}", "--text", made / "silver.txt",
             "--out", made / f"{name}.jsonl", "--keep", 1, "--least", least)  # fmt: skip
        rows[name] = json.loads((made / f"{name}.jsonl").read_text("utf-8").splitlines()[0])
    assert rows["all"]["sentences"] == rows["some"]["sentences"] == rows["none"]["sentences"]
    every, some, none = ([tag for tags in row["tags"] for tag in tags] for row in rows.values())
    assert "?" not in every and set(none) == {"?"} and len(every) == sum(map(len, rows["all"]["sentences"]))
    assert all(tag in ("?", sure) for tag, sure in zip(some, every, strict=True))
    said = step("train", *common, "--threads", 1, "--silver", made / "all.jsonl", "--out", made / "runs/again",
                "--layers", "0", "--documents", 2, "--epochs", 1)  # fmt: skip
    assert said.startswith("3 documents")  # two of the corpora and the silver one


def test_the_owner_of_a_value_is_a_name_with_its_words(monkeypatch):
    monkeypatch.syspath_prepend(str(STEPS))
    from facts_data import _names

    texts = ("كوريا الشمالية", "كوريا الجنوبية", "الجنوبية", "صندوق النقد الدولي")
    names = [Mention(20 * k, 20 * k + len(t), t, k, k + 1, "LOC") for k, t in enumerate(texts)]
    layer = SimpleNamespace(mentions=names, entities=[SimpleNamespace(id="e1", mentions=[names[1], names[2]])])
    window = SimpleNamespace(names=names)
    assert _names(window, layer, "كوريا الجنوبية") == [2, 3]  # not the North, which shares a word
    assert _names(window, layer, "صندوق النقد") == [4]
    assert _names(window, layer, "المعرض") == _names(window, layer, None) == [0]


def test_a_reader_is_trained_and_runs(made):
    from pipeline.runtime import session

    facts = [{"id": f"p{k}", "set": "dev" if k > 5 else "train", "text": PARAGRAPH, "facts": FIGURES} for k in range(8)]
    with gzip.open(made / "facts.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in facts)
    said = step("reader", "--facts", made / "facts.jsonl.gz", "--start", made / "runs/teacher/model.pt",
                "--encoder", made / "encoder", "--out", made / "runs/reader", "--layers", 1, "--epochs", 2)  # fmt: skip
    scores = json.loads(said.splitlines()[-1])["dev"]["facts.jsonl"]
    assert scores["asked"] == 4 and scores["grammar"] == 100.0
    step("reader", "--export", made / "runs/reader/model.pt", made / "reader")
    run = session(made / "reader/reader.onnx.gz", "").run
    row = np.array([[0, 9, 8, 7, 2]])
    places = {"first": np.array([1, 2, 3]), "heads": np.array([0, 2]), "tails": np.array([1, 2])}
    out = run(None, {"pieces": row, "marks": row * 0, "hints": row * 0, **places})
    assert [x.shape for x in out] == [(2, 3), (2, 3), (2, 4), (2, 4), (2, 2), (2, 3, 2), (2, 2), (2, 3), (2,)]
    assert np.allclose(out[4], out[4].T, atol=1e-5)
