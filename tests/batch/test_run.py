"""A run, end to end with real worker processes: order, resume, documents that kill, hang or fail."""

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import jsonschema
import pytest
from own_articles import article

from pipeline.batch.run import Options, run
from pipeline.errors import KhabarError
from pipeline.records import schema

TABLES = ("documents", "entities", "mentions", "facts", "quantities", "times", "statements")


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def outputs(out):
    """What must not depend on how a run came about."""
    names = ("records.jsonl", "errors.jsonl", *(f"{table}.parquet" for table in TABLES))
    return {name: (out / name).read_bytes() for name in names}


def mixed(extra=()):
    """Some articles with bad ones among them."""
    rows = [article(n) for n in range(70)]
    rows[5]["text"] = ""
    rows[40]["id"] = "doc-3"
    rows[69]["text"] = None
    return rows + list(extra)


def test_run_writes_one_record_for_each_input_in_order(corpus, tmp_path):
    out = tmp_path / "out"
    manifest = run(Options([corpus(mixed())], out, workers=2))
    records = lines(out / "records.jsonl")
    assert [r["id"] for r in records] == [row["id"] for row in mixed()]
    validator = jsonschema.Draft202012Validator(schema())
    for record in records:
        validator.validate(record)
    bad = {k for k, record in enumerate(records) if record["status"] == "error"}
    assert bad == {5, 40, 69}
    errors = lines(out / "errors.jsonl")
    assert [(e["id"], e["code"]) for e in errors] == [
        (records[k]["id"], records[k]["error"]["code"]) for k in sorted(bad)
    ]
    assert all(set(e) == {"id", "origin", "code", "stage", "message"} and "#" in e["origin"] for e in errors)
    assert manifest["documents"] == 70 and sum(manifest["errors"].values()) == 3
    assert manifest["status"] == "finished" and manifest["done_now"] == 70
    assert manifest["tables"]["documents"] == 70
    assert manifest["peak_worker_bytes"] > 1e7 and manifest["words_per_second"] > 0
    assert {"tokenizer", "khabar_sentences", "records"} <= set(manifest["seconds_by_stage"])
    assert json.loads((out / "run.json").read_text()) == manifest


def test_run_again_does_nothing_and_changes_nothing(corpus, config, tmp_path):
    options = Options([corpus(mixed())], tmp_path / "out", workers=1, config=config())
    run(options)
    before = outputs(options.out)
    manifest = run(options)
    assert (manifest["done_now"], manifest["done_before"]) == (0, 70)
    assert manifest["documents"] == 70 and sum(manifest["errors"].values()) == 3
    assert [r["done_now"] for r in manifest["runs"]] == [70, 0]
    assert outputs(options.out) == before


def test_run_does_only_what_changed(corpus, config, tmp_path):
    options = Options([corpus(range(50))], tmp_path / "out", workers=1, config=config())
    run(options)
    changed = [article(n) for n in range(50)]
    changed[7]["text"] = changed[8]["text"] + " جديد."
    changed = changed[:30] + [article(99)]
    corpus(changed)
    manifest = run(options)
    assert manifest["done_now"] == 2, "the changed article, and the new one in the place of another"
    assert manifest["documents"] == 31
    run(fresh := Options(options.inputs, tmp_path / "fresh", workers=1, config=config()))
    assert outputs(options.out) == outputs(fresh.out)


def test_run_under_another_pipeline_does_everything_again(corpus, config, tmp_path):
    options = Options([corpus(range(10))], tmp_path / "out", workers=1, config=config())
    run(options)
    options.config = config(seconds=0.001)
    assert run(options)["done_now"] == 10


def kill_when(process, out, size):
    """SIGKILL the run once so many bytes of records are on disk; False where it ended before."""
    while process.poll() is None:
        path = out / "records.jsonl"
        if path.exists() and path.stat().st_size >= size:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        time.sleep(0.01)
    return False


def test_run_killed_half_way_resumes_without_loss_or_repeat(corpus, config, tmp_path, khabar):
    rows = mixed(article(n) for n in range(70, 260))
    path, slow = corpus(rows), config(seconds=0.02)
    out = tmp_path / "out"
    command = [*khabar, "run", str(path), "--out", str(out), "--workers", "2", "--quiet", "--config", slow]
    whole = outputs(unbroken(path, slow, tmp_path))
    kills = 0
    for share in (0.4, 0.7):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            kills += kill_when(process, out, share * len(whole["records.jsonl"]))
    assert kills == 2, "the run was too fast to be killed"
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((out / "run.json").read_text())
    assert manifest["documents"] == 260
    assert 32 <= manifest["done_before"] < 260, "nothing was kept over the kills"
    assert len(manifest["runs"]) == 3 and "ended" not in manifest["runs"][0]
    assert outputs(out) == whole


def unbroken(path, config, tmp_path):
    run(Options([path], tmp_path / "unbroken", workers=2, config=config))
    return tmp_path / "unbroken"


def test_run_stopped_with_ctrl_c_says_how_to_go_on(corpus, config, tmp_path, khabar):
    path, slow, out = corpus(range(300)), config(seconds=0.01), tmp_path / "out"
    command = [*khabar, "run", str(path), "--out", str(out), "--workers", "1", "--config", slow]
    heard = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731 - a suite in the background ignores it
    pipes = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, preexec_fn=heard, **pipes) as process:  # noqa: PLW1509
        while not (out / "records.jsonl").exists() or not (out / "records.jsonl").stat().st_size:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "go on" in said and "Traceback" not in said
    manifest = json.loads((out / "run.json").read_text())
    assert manifest["status"] == "interrupted" and 0 < manifest["done_now"] < 300
    again = run(Options([path], out, workers=1, config=slow))
    assert again["done_before"] == manifest["done_now"] and again["documents"] == 300


def test_run_gives_one_coded_error_to_a_document_that_kills_hangs_or_fails(corpus, config, tmp_path):
    rows = [article(n) for n in range(100)]
    guilty = {
        10: ("KILL", "K403"),
        11: ("HANG", "K402"),
        50: ("EXIT", "K403"),
        60: ("RAISE", "K401"),
        99: ("KILL", "K403"),
    }
    for k, (word, _) in guilty.items():
        rows[k]["text"] += f" {word}"
    rows[20]["text"] += " PRINT"
    out = tmp_path / "out"
    manifest = run(Options([corpus(rows)], out, workers=2, config=config(), time_limit=1.0))
    records = lines(out / "records.jsonl")
    assert [r["id"] for r in records] == [row["id"] for row in rows]
    assert {k: r["error"]["code"] for k, r in enumerate(records) if r["status"] == "error"} == {
        k: code for k, (_, code) in guilty.items()
    }
    assert records[60]["error"]["stage"] == "trouble" and "as asked" in records[60]["error"]["message"]
    assert records[10]["text"] == rows[10]["text"], "the text stays, for who wants to try again"
    assert manifest["errors"] == {"K401": 1, "K402": 1, "K403": 3}
    assert manifest["workers_replaced"] >= 4
    validator = jsonschema.Draft202012Validator(schema())
    for record in records:
        validator.validate(record)


def test_run_loses_nothing_when_a_worker_is_killed_from_outside(corpus, config, tmp_path):
    killed = []

    def kill():
        while not killed:
            for pid in workers_of(os.getpid()) if at_work() else ():
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
                return
            time.sleep(0.01)

    def at_work():
        return (tmp_path / "out" / "records.jsonl").exists() and (tmp_path / "out" / "records.jsonl").stat().st_size

    thread = threading.Thread(target=kill)
    thread.start()
    manifest = run(Options([corpus(range(200))], tmp_path / "out", workers=1, config=config(seconds=0.02)))
    thread.join()
    assert killed and manifest["workers_replaced"] == 1
    assert manifest["documents"] == 200 and manifest["errors"] == {}


def workers_of(parent):
    """Process ids of the workers that this process started."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            mine = int(path.read_text().rsplit(")", 1)[1].split()[1]) == parent
            if mine and b"batch.worker" in (path.parent / "cmdline").read_bytes():
                yield int(path.parent.name)
        except (OSError, IndexError):
            continue


def test_run_leaves_no_worker_behind_when_it_is_killed(corpus, config, tmp_path, khabar):
    command = [*khabar, "run", str(corpus(range(400))), "--out", str(tmp_path / "out"), "-q", "--config", config(0.01)]
    with subprocess.Popen(command) as process:
        while not (workers := list(workers_of(process.pid))):
            time.sleep(0.01)
        time.sleep(1.5)
        process.kill()
    deadline = time.monotonic() + 120
    while (left := [pid for pid in workers if alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_run_retry_does_failed_documents_again_and_keeps_the_rest(corpus, config, tmp_path):
    rows = [article(n) for n in range(5)]
    rows[2]["text"] += " RAISE"
    rows[3]["text"] = ""
    options = Options([corpus(rows)], tmp_path / "out", workers=1, config=config())
    run(options)
    before = outputs(options.out)
    options.retry = True
    manifest = run(options)
    assert manifest["done_now"] == 1 and manifest["errors"] == {"K203": 1, "K401": 1}
    assert outputs(options.out) == before


def test_run_keeps_documents_whose_place_is_named_twice(corpus, config, tmp_path):
    path = corpus([article(1), article(1)])
    manifest = run(Options([path, path], tmp_path / "out", workers=1, config=config()))
    assert manifest["documents"] == 2 and manifest["errors"] == {"K206": 1}


def test_run_refuses_to_drop_the_records_of_an_input(corpus, config, tmp_path):
    a, b = corpus([1], "a.jsonl"), corpus([2], "b.jsonl")
    run(Options([a], tmp_path / "out", workers=1, config=config()))
    with pytest.raises(KhabarError, match=r"a\.jsonl.*--fresh"):
        run(Options([b], tmp_path / "out", config=config()))
    assert run(Options([b, a], tmp_path / "out", workers=1, config=config()))["done_now"] == 1
    assert [r["id"] for r in lines(tmp_path / "out" / "records.jsonl")] == ["doc-2", "doc-1"]
    assert run(Options([b], tmp_path / "out", workers=1, config=config(), fresh=True))["documents"] == 1


def test_run_fresh_removes_its_own_files_only(corpus, config, tmp_path):
    out = tmp_path / "out"
    options = Options([corpus([1, 2])], out, workers=1, config=config())
    run(options)
    (out / "notes.txt").write_text("mine")
    options.fresh = True
    assert run(options)["done_now"] == 2
    assert (out / "notes.txt").read_text() == "mine"


def test_run_refuses_what_cannot_work(corpus, config, tmp_path):
    path = corpus([1])
    with pytest.raises(KhabarError, match="missing"):
        run(Options([tmp_path / "missing"], tmp_path / "out"))
    with pytest.raises(KhabarError, match="inside the input folder"):
        run(Options([tmp_path], tmp_path / "out"))
    with pytest.raises(KhabarError, match="is a file"):
        run(Options([path], path))
    with pytest.raises(KhabarError, match="no pipeline configuration"):
        run(Options([path], tmp_path / "out", config="missing.cfg"))
    assert not (tmp_path / "out").exists()


def test_run_says_why_workers_cannot_load(corpus, tmp_path):
    broken = tmp_path / "broken.cfg"
    broken.write_text('[nlp]\nlang = "ar"\npipeline = ["nothing_like_it"]\n')
    with pytest.raises(KhabarError, match="cannot be loaded"):
        run(Options([corpus([1])], tmp_path / "out", workers=1, config=str(broken)))


def test_run_of_nothing_is_no_error(config, tmp_path):
    (tmp_path / "empty").mkdir()
    manifest = run(Options([tmp_path / "empty"], tmp_path / "out", config=config()))
    assert manifest["documents"] == 0 and manifest["status"] == "finished"
    assert outputs(tmp_path / "out")["records.jsonl"] == b""


def test_run_holds_a_bounded_number_of_documents(corpus, config, tmp_path, monkeypatch):
    from pipeline.batch import run as module

    ahead = []
    take = module._take

    def watched(group, reply, ledger, tally):
        take(group, reply, ledger, tally)
        ahead.append(tally.seen - tally.done - tally.skipped)

    monkeypatch.setattr(module, "_take", watched)
    run(Options([corpus(range(1500))], tmp_path / "out", workers=1, config=config()))
    assert max(ahead) <= 6 * module.BATCH_DOCUMENTS
