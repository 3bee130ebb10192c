"""`khabar benchmark` on a small budget: what it measures and how, never how fast."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.cli_benchmark import table
from pipeline.entities.tagger import meta
from pipeline.errors import KhabarError
from pipeline.evaluation import benchmark as module
from pipeline.evaluation.benchmark import benchmark, deal, interval
from pipeline.evaluation.benchmark_worker import PEER, WHOLE

TEXT = "ارتفعت الصادرات في كازاخستان 5% إلى 10 مليارات دولار في عام 2023، قال قاسم توكاييف. ولم يزد شيئا."


@pytest.fixture(scope="module")
def found():
    return benchmark([TEXT * 3, TEXT], words=40, rounds=2, peer=(1, 64))


def test_benchmark_measures_the_whole_each_stage_each_tagger_and_the_peer(found):
    rows = {row["name"]: row for row in found["measured"]}
    stages = ["khabar_sentences", "khabar_entities", "khabar_times", "khabar_quantities", "khabar_facts"]
    taggers = [f"tagger {profile}" for profile in [*meta()["profiles"], "camel"]]
    assert {WHOLE, *stages, "numerals, times, quantities", *taggers, PEER} <= set(rows)
    for row in rows.values():
        assert row["error"] == "" and len(row["seconds"]) == 2 and min(row["seconds"]) > 0
        assert row["speed"][0] > 0 and row["memory"] > 20e6
        assert (row["ratio"] is not None) == row["name"].startswith("tagger ")
    memory = [rows[name]["memory"] for name in stages]
    assert memory == sorted(memory) and memory[-1] <= rows[WHOLE]["memory"], "memory adds up from stage to stage"
    assert all(rows[WHOLE]["seconds"][k] > sum(rows[name]["seconds"][k] for name in stages) for k in range(2))
    for name in taggers:
        ratios = [theirs / ours for theirs, ours in zip(rows[PEER]["seconds"], rows[name]["seconds"], strict=True)]
        assert rows[name]["ratio"][0] == pytest.approx(sum(ratios) / 2)


def test_benchmark_prints_a_table_and_json(found, monkeypatch, tmp_path):
    shown = table({"text": "x", **found})
    assert all(row["name"] in shown for row in found["measured"])
    monkeypatch.setattr(module, "benchmark", lambda texts, words, rounds, only, say: {**found, "articles": len(texts)})
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"id": "1", "text": TEXT}) + "\n")
    done = CliRunner().invoke(app, ["benchmark", "--text", str(path), "--output", "json"])
    assert done.exit_code == 0 and json.loads(done.stdout)["articles"] == 1
    assert PEER in CliRunner().invoke(app, ["benchmark"]).stdout


def test_benchmark_goes_on_without_what_cannot_run(monkeypatch):
    monkeypatch.setattr(module, "start", lambda job, rounds, log, real=module.start: real(broken(job), rounds, log))
    found = benchmark([TEXT], words=40, rounds=2, peer=(1, 64))
    rows = {row["name"]: row for row in found["measured"]}
    assert "nonsense" in rows["pipeline"]["error"] and rows["pipeline"]["speed"] is None
    assert rows[PEER]["speed"] is None and rows[PEER]["error"]
    assert rows["numerals, times, quantities"]["speed"] and "not measured" in table({"text": "x", **found})


def test_benchmark_measures_one_part_alone():
    found = benchmark([TEXT], words=40, rounds=2, only="numbers")
    assert [row["name"] for row in found["measured"]] == ["numerals, times, quantities"]
    assert "peer" not in table({"text": "x", **found}).splitlines()[2]
    with pytest.raises(KhabarError, match="--only speed"):
        benchmark([TEXT], only="speed")


def broken(job):
    return "nonsense" if job == "pipeline" else "build:1:64:/nonexistent" if job.startswith("build") else job


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.text("ab \n", min_size=1).filter(lambda text: text.split()), min_size=1, max_size=6),
    st.lists(st.integers(1, 60), max_size=5),
)
def test_deal_gives_each_round_its_words(texts, sizes):
    rounds = deal(texts, sizes)
    assert [sum(len(text.split()) for text in given) for given in rounds] == sizes
    assert all(any(whole.startswith(text) for whole in texts) for given in rounds for text in given)


def test_deal_uses_each_article_once_before_it_comes_again():
    texts = [f"{k} b" for k in range(6)]
    assert sorted(text for given in deal(texts, [4, 4, 4]) for text in given) == texts


def test_interval_is_students():
    assert interval([9, 10, 11]) == (10, pytest.approx(4.303 / 3**0.5))
    assert interval([5, 5]) == (5, 0)


@pytest.mark.parametrize("texts, rounds", [([" "], 3), ([TEXT], 1), ([TEXT], 99)])
def test_benchmark_refuses_what_gives_no_figures(texts, rounds):
    with pytest.raises(KhabarError):
        benchmark(texts, rounds=rounds)
