"""The ledger: whatever happens to a run, its folder ends up as if nothing had."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.batch.ledger import Ledger
from pipeline.batch.worker import Done
from pipeline.errors import KhabarError


def key(name):
    return name.encode()


def done(name):
    error = ("K203", "ingest", "the text is empty") if name.startswith("bad") else None
    return Done(name, f'{{"id": "{name}"}}\n'.encode(), 0, error)


def go(folder, names, stop=None, finish=True, commit_every=2):
    """A run over documents of these names; `stop` leaves after so many, without a commit, as a kill does."""
    added = 0
    with Ledger(folder) as ledger:
        for position, name in enumerate(names):
            if stop is not None and position >= stop:
                ledger._file.write(b'{"id": "to')  # half a record is on its way
                ledger._file.flush()
                return added
            if ledger.find(key(name)) is None:
                ledger.add(key(name), position, "here", done(name))
                added += 1
            else:
                ledger.keep(key(name), position)
            if position % commit_every == commit_every - 1:
                ledger.commit()
        if finish:
            ledger.finish()
        assert [e["id"] for e in ledger.errors()] == [n for n in names if n.startswith("bad")]
    return added


def expected(names):
    return b"".join(done(name).line for name in names)


def test_ledger_writes_records_in_order(tmp_path):
    go(tmp_path, ["a", "b", "bad c"])
    assert (tmp_path / "records.jsonl").read_bytes() == expected(["a", "b", "bad c"])


def test_ledger_second_run_adds_nothing(tmp_path):
    go(tmp_path, ["a", "bad b"])
    assert go(tmp_path, ["a", "bad b"]) == 0
    assert (tmp_path / "records.jsonl").read_bytes() == expected(["a", "bad b"])


def test_ledger_cuts_off_what_no_commit_covers(tmp_path):
    go(tmp_path, list("abcde"), stop=3)
    assert (tmp_path / "records.jsonl").read_bytes().endswith(b'{"id": "to')
    assert go(tmp_path, list("abcde")) == 3, "a and b were committed"
    assert (tmp_path / "records.jsonl").read_bytes() == expected("abcde")


def test_ledger_does_again_what_somebody_cut_from_the_file(tmp_path):
    go(tmp_path, list("abcde"))
    os.truncate(tmp_path / "records.jsonl", len(expected("abc")) + 4)
    assert go(tmp_path, list("abcde")) == 2
    assert (tmp_path / "records.jsonl").read_bytes() == expected("abcde")


def test_ledger_commits_again_what_was_interrupted_where_it_began(tmp_path):
    with Ledger(tmp_path) as ledger:
        ledger.add(key("a"), 0, "here", done("a"))
        ledger._db.execute("BEGIN")  # Ctrl-C came here
        ledger.commit()
    with Ledger(tmp_path) as ledger:
        assert ledger.find(key("a")) is not None


def test_ledger_follows_a_changed_input(tmp_path):
    go(tmp_path, list("abcd"))
    assert go(tmp_path, list("xdca")) == 1
    assert (tmp_path / "records.jsonl").read_bytes() == expected("xdca")


@pytest.mark.parametrize("moment", ["before the swap", "after the swap"])
def test_ledger_survives_a_kill_while_it_rewrites(tmp_path, monkeypatch, moment):
    go(tmp_path, list("abcd"))
    replace = os.replace

    def killed(source, target):
        if moment == "after the swap":
            replace(source, target)
        raise InterruptedError

    monkeypatch.setattr("pipeline.batch.ledger.os.replace", killed)
    with pytest.raises(InterruptedError):
        go(tmp_path, list("dbx"))
    monkeypatch.setattr("pipeline.batch.ledger.os.replace", replace)
    assert go(tmp_path, list("dbx")) == 0
    assert (tmp_path / "records.jsonl").read_bytes() == expected("dbx")


def test_ledger_lets_one_run_write_at_a_time(tmp_path):
    with Ledger(tmp_path), pytest.raises(KhabarError, match="another run"):
        Ledger(tmp_path)
    Ledger(tmp_path).__exit__()


def test_ledger_refuses_records_that_are_not_its_own(tmp_path):
    (tmp_path / "records.jsonl").write_text("precious\n")
    with pytest.raises(KhabarError, match="--fresh"):
        Ledger(tmp_path)
    assert (tmp_path / "records.jsonl").read_text() == "precious\n"


def test_ledger_says_so_when_it_is_damaged(tmp_path):
    (tmp_path / "ledger.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(KhabarError, match="damaged"):
        Ledger(tmp_path)


# Hundreds of synced commits: a disk in memory, where there is one, keeps them quick.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
names = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "bad f", "bad g"]), unique=True)


@settings(deadline=None, max_examples=40)
@given(runs=st.lists(st.tuples(names, st.none() | st.integers(0, 6)), max_size=4), last=names)
def test_ledger_ends_the_same_whatever_came_before(runs, last):
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        for run, stop in runs:
            go(Path(folder), run, stop)
        go(Path(folder), last)
        assert (Path(folder) / "records.jsonl").read_bytes() == expected(last)
        assert go(Path(folder), last) == 0
