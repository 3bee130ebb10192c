"""The commands as a user meets them: what they print, where, and how they end."""

import json
import os
import resource
import subprocess
import sys
import time

import jsonschema
import pytest

from pipeline.errors import KhabarError
from pipeline.records import schema

KHABAR = [sys.executable, "-c", "from pipeline.cli import main; main()"]
TEXT = "ارتفعت الصادرات 5% إلى 10 مليارات دولار في عام 2023."


def khabar(*arguments, given=None, **options):
    done = subprocess.run(
        [*KHABAR, *map(str, arguments)],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        timeout=600,
        **options,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def row(number, text=TEXT):
    return json.dumps({"id": f"d{number}", "text": f"{text} {number}"}, ensure_ascii=False) + "\n"


def test_extract_gives_a_valid_record_for_each_line_in_order(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text("".join(row(n) for n in range(40)) + '{"id": "bad"}\n' + row(41), encoding="utf-8")
    code, out, err = khabar("extract", path)
    assert (code, err) == (0, ""), "a bad document is a record, not a failure of the command"
    records = [json.loads(line) for line in out.splitlines()]
    assert [r["id"] for r in records] == [*(f"d{n}" for n in range(40)), "bad", "d41"]
    assert [r["id"] for r in records if r["status"] == "error"] == ["bad"]
    validator = jsonschema.Draft202012Validator(schema())
    for record in records:
        validator.validate(record)


def test_extract_reads_plain_text_from_standard_input():
    code, out, _ = khabar("extract", given=TEXT)
    (record,) = map(json.loads, out.splitlines())
    assert code == 0 and record["text"] == TEXT and record["id"]
    assert khabar("extract", "-", given=TEXT)[1] == out


def test_extract_takes_the_names_of_fields(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(f"number,corpse\n7,{TEXT}\n", encoding="utf-8")
    code, out, _ = khabar("extract", path, "--field", "text=corpse", "--field", "id=number")
    assert code == 0 and json.loads(out)["id"] == "7" and json.loads(out)["text"] == TEXT


def test_extract_prints_a_record_as_soon_as_its_line_has_come():
    with subprocess.Popen([*KHABAR, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for number in range(3):
            process.stdin.write(row(number).encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == f"d{number}"
        process.stdin.close()
        assert process.stdout.readline() == b""
    assert process.returncode == 0


def test_extract_is_quiet_when_its_reader_leaves(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text("".join(row(n, TEXT * 20) for n in range(300)), encoding="utf-8")
    with subprocess.Popen([*KHABAR, "extract", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert json.loads(process.stdout.readline())["id"] == "d0"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["extract", "missing.txt"], "missing.txt"),
        (["extract", "--field", "body"], "OURS=THEIRS"),
        (["extract", "--field", "txt=body"], "text"),
        (["extract", "--config", "missing.cfg"], "missing.cfg"),
        (["run", "missing.txt", "--out", "out"], "missing.txt"),
        (["run", ".", "--out", "out"], "inside"),
        (["run", "x", "--out", "out", "--format", "xls"], "parquet"),
        (["tag", "missing.conll"], "missing.conll"),
        (["tag", "--scheme", "klingon", "in.conll"], "klingon"),
        (["info", "--config", "missing.cfg"], "missing.cfg"),
    ],
)
def test_a_mistake_ends_in_one_line_and_exit_code_2(arguments, says, tmp_path):
    (tmp_path / "in.conll").write_text("x\n")
    code, out, err = khabar(*arguments, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith("khabar: ") and err.count("\n") == 1 and says in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.conll"], "nothing was written"


def test_a_command_that_does_not_exist_ends_in_exit_code_2():
    code, _, err = khabar("extrakt")
    assert code == 2 and "extrakt" in err and "Traceback" not in err


def test_run_prints_a_summary_to_standard_output_and_progress_to_standard_error(tmp_path):
    path, out = tmp_path / "in.jsonl", tmp_path / "out"
    path.write_text("".join(row(n) for n in range(20)) + '{"id": "bad"}\n', encoding="utf-8")
    code, said, err = khabar("run", path, "--out", out, "--workers", 1)
    assert code == 0
    assert all(line.startswith("khabar: ") for line in err.splitlines()), "progress, where it takes long enough"
    assert "21 documents, 1 with errors" in said and "K201 no-text-field: 1" in said and f"Results in {out}:" in said
    assert all(len(line) < 200 for line in said.splitlines() if str(out) not in line)
    code, said, _ = khabar("run", path, "--out", out)
    assert code == 0 and "21 were done before; nothing new to do" in said
    code, said, err = khabar("run", path, "--out", out, "--quiet")
    assert (code, said, err) == (0, "", "")


def test_info_prints_a_configuration_that_makes_the_same_pipeline(tmp_path):
    code, out, err = khabar("info")
    assert (code, err) == (0, "")
    assert out.startswith("# khabar: ")
    path = tmp_path / "printed.cfg"
    path.write_text(out, encoding="utf-8")
    from pipeline.runner import load

    assert load(path).pipe_names == load().pipe_names


def test_doctor_finds_all_well_in_this_installation():
    code, out, _ = khabar("doctor")
    assert code == 0, out
    assert out.splitlines()[-1] == "All is well."


def test_run_says_what_to_do_where_it_cannot_write(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text(row(1), encoding="utf-8")
    (tmp_path / "file").write_text("x")
    code, out, err = khabar("run", path, "--out", tmp_path / "file" / "out")
    assert (code, out) == (2, "") and err.startswith("khabar: ") and "Traceback" not in err
    assert "name another folder" in err


def test_doctor_says_what_to_do_about_a_terminal_without_arabic():
    code, out, _ = khabar("doctor", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert code == 1
    (wrong,) = [line for line in out.splitlines() if line.startswith("FAIL")]
    assert "ascii" in wrong and "PYTHONUTF8=1" in wrong


def test_help_is_quick():
    def seconds():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*KHABAR, "--help"], stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(3)) < 0.3


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom pipeline.cli import app\n"
        "try: app(['run', '--help'])\nexcept SystemExit: pass\n"
        "heavy = 'spacy', 'numpy', 'pandas', 'pyarrow', 'lxml', 'rich', 'sqlite3'\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_ready_batches_never_wait_for_more_than_is_there():
    from pipeline.cli_extract import BATCH, ready_batches

    def slow():
        for number in range(3):
            yield number
            time.sleep(0.2)

    assert list(ready_batches(slow())) == [[0], [1], [2]]
    batches = list(ready_batches(iter(range(1000))))
    assert sum(batches, []) == list(range(1000)) and max(map(len, batches)) <= BATCH

    def failing():
        yield 1
        raise KhabarError("as asked")

    got = []
    with pytest.raises(KhabarError, match="as asked"):
        for batch in ready_batches(failing()):
            got += batch
    assert got == [1]
