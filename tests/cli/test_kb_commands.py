"""`khabar kb`: what an analyst does with the knowledge base."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pipeline
from pipeline.batch.manifest import fingerprint, named
from pipeline.cli import app
from pipeline.cli_doctor import Wrong, entries
from pipeline.errors import KhabarError
from pipeline.linking.own import COLUMNS, table
from pipeline.runner import load

OWN = "label,kind,iso,en,ar\nORG,company,KZ,Caspian Ports,موانئ قزوين|شركة موانئ قزوين\n"


def kb(*arguments, given=None):
    done = CliRunner().invoke(app, ["kb", *map(str, arguments)], input=given)
    if isinstance(done.exception, KhabarError):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The user's table: not there yet."""
    path = tmp_path / "settings" / "kb.csv"
    monkeypatch.setenv("KHABAR_KB", str(path))
    return path


def test_search_prints_an_entry_a_line_the_same_name_first():
    code, out, _ = kb("search", "أكتاو")
    assert code == 0 and out.splitlines()[0].split() == ["geonames:610612", "LOC", "city", "KZ", "Aktau", "|", "أكتاو"]
    rows = [json.loads(line) for line in kb("search", "OPEC", "--output", "json")[1].splitlines()]
    assert rows[0]["name_en"] == "OPEC" and "DZ" in rows[0]["members"] and len(rows) > 1
    assert len(kb("search", "محمد", "--limit", 3)[1].splitlines()) == 3
    assert kb("search", "قنبوشليخ")[0] == 1 and "nothing" in kb("search", "قنبوشليخ")[2]


def test_show_prints_all_of_one_entry():
    code, out, _ = kb("show", "geonames:610612")
    assert code == 0 and "Aktau" in out and "KZ" in out and "اكتاو" in out
    assert json.loads(kb("show", "wikidata:Q7795", "--output", "json")[1])["name"] == "أوبك"
    with pytest.raises(KhabarError, match="khabar kb search"):
        kb("show", "org:nobody")


def test_added_entries_are_kept_found_and_linked(own, tmp_path):
    assert table() == own
    (tmp_path / "mine.csv").write_text(OWN, "utf-8")
    text = "وقعت موانئ قزوين عقدا في أكتاو."
    before = fingerprint()
    assert kb("add", tmp_path / "mine.csv") == (0, f"1 new, 0 replaced; your entries are in {own}\n", "")
    assert fingerprint() != before, "a run with other entries is another run"
    assert kb("search", "Caspian Ports")[1].endswith("(yours)\n") and "your table" in kb("show", "org:caspian-ports")[1]
    config = tmp_path / "own.cfg"
    config.write_text((Path(pipeline.__file__).parent / "default.cfg").read_text("utf-8"), "utf-8")
    record = next(pipeline.process([pipeline.Article(id="1", text=text)], load(config)))
    assert [(e.name_en, e.subtype) for e in record.entities] == [("Caspian Ports", "company"), ("Aktau", "city")]
    assert entries() == f"1 in {own}"


def test_adding_again_replaces_and_a_wrong_line_changes_nothing(own):
    kb("add", "-", given=OWN)
    other = "label\ten\tar\nORG\tCaspian ports\tموانئ بحر قزوين\nORG\tBlue\tالزرقاء\n"
    assert kb("add", "-", given=other)[1].startswith("1 new, 1 replaced")
    lines = own.read_text("utf-8").splitlines()
    assert lines[0] == ",".join(COLUMNS) and len(lines) == 3
    with pytest.raises(KhabarError, match="line 3"):
        kb("add", "-", given=OWN + "FIRM,,,X,س\n")
    assert own.read_text("utf-8").splitlines() == lines
    own.write_text("label\n", "utf-8")
    with pytest.raises(Wrong, match="mend the table"):
        entries()


def test_kb_names_another_table(own, tmp_path, monkeypatch):
    other = tmp_path / "other.csv"
    kb("add", "-", "--kb", other, given=OWN)
    assert other.is_file() and not own.exists()
    assert "(yours)" in kb("search", "موانئ قزوين", "--kb", other)[1] and kb("search", "موانئ قزوين")[0] == 1
    monkeypatch.setenv("KHABAR_KB", "")
    with pytest.raises(KhabarError, match="--kb"):
        kb("add", "-", given=OWN)
    monkeypatch.delenv("KHABAR_KB")
    assert table().name == "kb.csv"


def test_a_configuration_names_tables_too(tmp_path):
    (tmp_path / "own.csv").write_text(OWN, "utf-8")
    config = tmp_path / "own.cfg"
    config.write_text(f'[components.khabar_linking]\nkb = ["{tmp_path / "own.csv"}"]\n', "utf-8")
    assert named(str(config)) == (str(tmp_path / "own.csv"),)
    before = fingerprint(str(config))
    (tmp_path / "own.csv").write_text(OWN.replace("KZ", "AZ"), "utf-8")
    assert fingerprint(str(config)) != before and named(None) == ()


def test_info_counts_and_measures():
    found = json.loads(kb("info", "--output", "json")[1])
    assert found["entries"] > 70_000 and found["yours"] == 0 and found["kinds"]["LOC country"] > 240
    assert found["load_seconds"] > 0 and found["load_bytes"] < 150e6
    assert found["lookup_tokens"] >= 100_000 and found["lookup_tokens_per_second"] > 0
    assert "tokens a second of processor time" in kb("info")[1]
