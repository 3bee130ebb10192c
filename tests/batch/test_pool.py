"""Worker processes by themselves."""

import pytest
from own_articles import article

from pipeline.article import Article
from pipeline.batch.pool import Pool
from pipeline.errors import KhabarError


def batches(count, size=2):
    for k in range(count):
        yield k, [Article(**article(n)) for n in range(k * size, k * size + size)]


def test_pool_answers_in_the_order_of_the_batches(config):
    with Pool(2, 10.0, config()) as pool:
        answers = [(tag, [d.id for d in reply.done]) for tag, reply in pool.map(batches(9))]
    assert answers == [(k, [f"doc-{2 * k}", f"doc-{2 * k + 1}"]) for k in range(9)]


def test_pool_replaces_a_worker_that_has_grown(config, monkeypatch):
    monkeypatch.setattr(
        "pipeline.batch.pool._START",
        "import sys; sys.path[:] = {path!r}; from pipeline.batch import worker; worker.GROWTH = -1; worker.main()",
    )
    with Pool(1, 10.0, config()) as pool:
        answers = [len(reply.done) for _, reply in pool.map(batches(3))]
        assert not pool._all, "each worker ended after its batch"
    assert answers == [2, 2, 2]
    assert pool.replaced == 0, "growing is no accident"


def test_pool_that_is_closed_starts_nothing(config):
    with Pool(1, 10.0, config()) as pool:
        pass
    with pytest.raises((KhabarError, RuntimeError)):
        list(pool.map(batches(1)))


def test_pool_stops_a_worker_that_hangs_without_working(config, monkeypatch):
    monkeypatch.setattr("pipeline.batch.pool.PATIENCE", 2)
    sleeper = Article(id="sleeper", text="SLEEP")
    with Pool(1, 0.5, config()) as pool:
        ((_, reply),) = pool.map([(0, [sleeper])])
    assert [d.error and d.error[0] for d in reply.done] == ["K402"]


def test_pool_counts_work_and_not_the_time_on_the_wall(config, monkeypatch):
    monkeypatch.setattr("pipeline.batch.pool.PATIENCE", 1000)
    with Pool(1, 0.5, config(seconds=1.0)) as pool:
        ((_, reply),) = pool.map([(0, [Article(**article(1))])])
    assert [d.error for d in reply.done] == [None] and pool.replaced == 0
