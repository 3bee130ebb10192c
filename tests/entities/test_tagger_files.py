"""What is said of model files that are missing, cut off or made for other code; tagging under the corpora's schemes."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from pipeline import cli_doctor
from pipeline.cli_tag import tag
from pipeline.entities import tagger
from pipeline.entities.neural import Neural
from pipeline.errors import KhabarError
from pipeline.resources import model


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A copy of the shipped tagger that a test may damage."""
    home = tmp_path / "models"
    shutil.copytree(model("tagger"), home / "tagger")
    monkeypatch.setattr("pipeline.resources._home", lambda name: home)
    tagger.load.cache_clear()
    yield home / "tagger"
    tagger.load.cache_clear()


def change(files, **values):
    meta = json.loads((files / "meta.json").read_text())
    (files / "meta.json").write_text(json.dumps({**meta, **values}))


PROFILE = tagger.best()
ONNX = tagger.meta()["profiles"][PROFILE]["file"]
DAMAGE = {
    "missing model": (lambda files: (files / ONNX).unlink(), "missing"),
    "model cut off": (lambda files: (files / ONNX).write_bytes((files / ONNX).read_bytes()[:1000]), "1,000 bytes of"),
    "tokenizer cut off": (lambda files: (files / "tokenizer.json").write_bytes(b"{"), "1 bytes of"),
    "no meta": (lambda files: (files / "meta.json").unlink(), "no tagger that can be read"),
    "meta cut off": (lambda files: (files / "meta.json").write_bytes(b'{"format'), "no tagger that can be read"),
    "no folder": (shutil.rmtree, "no tagger that can be read"),
    "other format": (lambda files: change(files, format=99), "format 99"),
}


@pytest.mark.parametrize("damage, says", DAMAGE.values(), ids=DAMAGE)
def test_damaged_files_are_named_when_the_pipeline_is_made(files, damage, says):
    damage(files)
    for use in (lambda: Neural(PROFILE, None), lambda: tagger.load(PROFILE), lambda: tagger.tag_tokens([["x"]])):
        with pytest.raises(KhabarError, match=says) as caught:
            use()
        assert "\n" not in str(caught.value)


def test_content_that_is_no_model_is_named_when_the_pipeline_is_made(files):
    size = (files / ONNX).stat().st_size
    (files / ONNX).write_bytes(b"\1" * size)
    with pytest.raises(KhabarError, match="cannot be loaded"):
        Neural(PROFILE, None)


def test_an_unknown_profile_is_named_with_those_there_are():
    with pytest.raises(KhabarError, match=f"'huge'.*{PROFILE}"):
        Neural("huge", None)


@pytest.mark.parametrize("name", [ONNX, "tokenizer.json"])
def test_doctor_finds_a_single_changed_byte(files, name):
    assert "tagger" in cli_doctor.models()
    content = bytearray((files / name).read_bytes())
    content[len(content) // 2] ^= 1
    (files / name).write_bytes(content)
    with pytest.raises(cli_doctor.Wrong, match=name):
        cli_doctor.models()


def test_doctor_reports_damage_without_a_traceback(files):
    from pipeline.cli import app

    (files / ONNX).unlink()
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1 and "FAIL  models" in done.stdout and "Traceback" not in done.output


def test_best_is_the_profile_with_the_highest_development_score(files):
    profiles = {
        "a": {"dev_f1": {"khabar": {"all": 80}, "aqmar": {"all": 70}}},
        "b": {"dev_f1": {"khabar": {"all": 81}}},
    }
    change(files, profiles=profiles)
    assert (tagger.best(), tagger.best("aqmar")) == ("b", "a")


@pytest.mark.parametrize("scheme", sorted(set(tagger.meta()["schemes"]) - {"khabar"}))
def test_tag_under_the_scheme_of_a_corpus(scheme, tmp_path):
    source, target = tmp_path / "in.conll", tmp_path / "out.conll"
    text = "قال الرئيس الأمريكي باراك أوباما في باريس إن الأمم المتحدة"
    words = [*text.split(), "\u200f", "5,7", "ا" * 900]
    content = "".join(f"{word} O\n" for word in words).encode() + b"\xff\xfe O\n\n" + b"x\n" * 700 + b"\n"
    source.write_bytes(content)
    tag(str(source), scheme, target, None)
    rows = [line.split(b" ") for line in target.read_bytes().split(b"\n")]
    assert [row[0] for row in rows[: len(words) + 2]] == [*(word.encode() for word in words), b"\xff\xfe", b""]
    assert sum(row[0] == b"x" for row in rows) == 700
    tags = [row[1].decode() for row in rows if len(row) == 2]
    allowed = tagger.meta()["schemes"][scheme]
    assert set(tags) <= set(allowed)
    assert tags[4].startswith("I-PER") and tags[3].startswith("B-PER"), "the head is this scheme's"


def test_the_tagger_leaves_the_arithmetic_of_its_process_alone():
    tagger.tag_tokens([["x", "y"]])
    tiny = float("1e-300")
    assert tiny * 1e-10 > 0, "numbers next to zero are not flushed to it"
