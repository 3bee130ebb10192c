"""Articles to records in one process: a failing document never takes its batch with it."""

import json
from importlib import import_module

from own_articles import article

import pipeline
from pipeline.article import Article, Rejected
from pipeline.errors import problem
from pipeline.runner import load, process, process_batch


def test_process_keeps_order_and_gives_failed_documents_error_records(config):
    import_module("khabar_trouble")  # this process has read its entry points already
    texts = ["RAISE", None, article(1)["text"], "RAISE again", article(2)["text"]]
    items = [
        Article(str(k), text) if text else Rejected(str(k), problem("K203"), "here") for k, text in enumerate(texts)
    ]
    records = list(process(items, load(config()), batch_size=3))
    assert [r.id for r in records] == ["0", "1", "2", "3", "4"]
    assert [r.error and r.error.code for r in records] == ["K401", "K203", None, "K401", None]
    assert records[0].error.stage == "trouble" and records[0].text == "RAISE"


def test_process_gives_the_same_records_for_any_batch_size():
    items = [Article(f"d{n}", article(n)["text"], date="2024-05-01") for n in range(7)]
    one_by_one = [record.to_json() for record in process(items, batch_size=1)]
    assert one_by_one == [record.to_json() for record in process(items, batch_size=7)]
    assert all(json.loads(line)["status"] == "ok" for line in one_by_one)


def test_process_adds_up_the_seconds_of_each_stage():
    timings = {}
    process_batch([Article("a", article(1)["text"])], load(), timings)
    once = dict(timings)
    process_batch([Article("a", article(1)["text"])], load(), timings)
    assert set(once) == {"tokenizer", *load().pipe_names, "records"}
    assert all(timings[stage] >= once[stage] for stage in once)


def test_extract_gives_an_error_record_for_half_a_surrogate_pair():
    record = pipeline.extract("قال \ud800")
    assert record.error.code == "K207" and json.loads(record.to_json())["text"] == ""
