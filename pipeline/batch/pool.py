"""Worker processes behind an ordered stream of batches; a worker that dies or hangs is replaced.

Each thread of the pool owns one worker process and talks to it in plain blocking calls. A batch that kills its worker,
or takes longer than one document may, is done again one document at a time: the guilty one becomes an error record.

The time of a document is processor time, which the worker's own clock limits (`pipeline.batch.worker.hurry`), so that a
busy machine makes no errors. What hangs without working is stopped by the clock on the wall, which is more patient.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import IO

from pipeline.article import Article
from pipeline.batch.worker import CAN_HURRY, Failed, Reply, done, hurried
from pipeline.errors import KhabarError, problem

LOAD_SECONDS = 120.0
LOAD_ATTEMPTS = 3
BATCH_SECONDS = 0.25  # a document of a batch, on top of the limit for one: far more than documents take
PATIENCE = 5 if CAN_HURRY else 1  # seconds on the wall for one of processor time

_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "BLIS_NUM_THREADS",
    "ORT_NUM_THREADS",
    "RAYON_NUM_THREADS",
)


# The worker finds its modules where the parent does, whatever folder the run was started in.
_START = "import sys; sys.path[:] = {path!r}; from pipeline.batch.worker import main; main()"


class Gone(Exception):
    """The worker is no more; `late` tells whether it was stopped for its time limit."""

    def __init__(self, late: bool, status: int | None):
        self.late = late
        self.status = status


class Worker:
    """One worker process that has loaded the pipeline. Making it and `ask` raise Gone where it is no more."""

    def __init__(self, config: str | None, log: IO | None, register: Callable[[Worker], None]):
        environment = {**os.environ, **dict.fromkeys(_ONE_THREAD, "1"), "TOKENIZERS_PARALLELISM": "false"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START.format(path=sys.path), *([config] if config else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log or subprocess.DEVNULL,
            env=environment,
        )
        register(self)
        ready = self._answer(None, LOAD_SECONDS)
        if isinstance(ready, Failed):
            self.close()
            raise KhabarError(ready.message)

    def ask(self, batch: list[Article], limit: float) -> Reply:
        """Send a batch and wait for its records, for which the worker may work `limit` seconds."""
        return self._answer(batch, limit)

    def _answer(self, batch: list[Article] | None, limit: float) -> Reply | Failed:
        late = threading.Event()

        def stop():
            late.set()
            self.process.kill()

        timer = threading.Timer(limit * PATIENCE if batch else limit, stop)
        timer.daemon = True
        timer.start()
        try:
            if batch is not None:
                pickle.dump((batch, limit), self.process.stdin, protocol=5)
                self.process.stdin.flush()
            return pickle.load(self.process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            self.close()
            raise Gone(late.is_set() or hurried(self.process.returncode), self.process.returncode) from None
        finally:
            timer.cancel()

    def close(self) -> None:
        """End the process and wait for it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                pipe.close()


class Pool:
    """`workers` processes that turn batches of articles into replies, in the order of the batches.

    Parameters
    ----------
    limit : seconds of processor time that one document may take.
    config : the pipeline's configuration file, None for the shipped one.
    log : where the workers' standard error goes; dropped without it.
    """

    def __init__(self, workers: int, limit: float, config: str | None = None, log: IO | None = None):
        self.workers = workers
        self.limit = limit
        self.config = config
        self.log = log
        self.replaced = 0
        self._own = threading.local()
        self._all: set[Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="khabar")

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_) -> None:
        with self._lock:
            self._closed = True
            running = list(self._all)
        for worker in running:
            worker.process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._all:
            worker.close()

    def map(self, batches: Iterable[tuple[object, list[Article]]], ahead: int = 4) -> Iterator[tuple[object, Reply]]:
        """For each (tag, batch), the tag and the reply, in order; at most `ahead` batches a worker are under way."""
        waiting: deque = deque()
        for tag, batch in batches:
            waiting.append((tag, self._threads.submit(self._serve, batch) if batch else None))
            while waiting and (len(waiting) > ahead * self.workers or waiting[0][1] is None or waiting[0][1].done()):
                yield _finished(waiting.popleft())
        while waiting:
            yield _finished(waiting.popleft())

    def _serve(self, batch: list[Article]) -> Reply:
        """The reply for a batch, whatever happens to the worker."""
        if len(batch) == 1:
            return self._serve_one(batch[0])
        try:
            return self._ask(batch, self.limit + BATCH_SECONDS * len(batch))
        except Gone:
            self._replace()
        whole = Reply([])
        for article in batch:
            reply = self._serve_one(article)
            whole.done += reply.done
            whole.peak = max(whole.peak, reply.peak)
            for stage, seconds in reply.timings.items():
                whole.timings[stage] = whole.timings.get(stage, 0.0) + seconds
        return whole

    def _serve_one(self, article: Article) -> Reply:
        from pipeline.records import error_record

        try:
            return self._ask([article], self.limit)
        except Gone as gone:
            self._replace()
            reason = problem("K402", f"{self.limit:g}") if gone.late else problem("K403", _status(gone.status))
        return Reply([done(error_record(article.id, reason, article))])

    def _ask(self, batch: list[Article], limit: float) -> Reply:
        """The answer of this thread's worker, which ends if it has grown too large."""
        worker = self._worker()
        reply = worker.ask(batch, limit)
        if reply.last:
            worker.close()
            self._forget()
        return reply

    def _worker(self) -> Worker:
        """This thread's worker process, started where there is none."""
        worker = getattr(self._own, "worker", None)
        if worker is None:
            worker = self._own.worker = self._start()
        return worker

    def _start(self) -> Worker:
        """A worker that has loaded the pipeline. One that dies before that is not a document's fault."""
        for _ in range(LOAD_ATTEMPTS):
            if self._closed:
                raise KhabarError("the run was stopped")
            try:
                return Worker(self.config, self.log, self._register)
            except Gone as gone:
                how = f"is not done after {LOAD_SECONDS:g} s" if gone.late else f"died ({_status(gone.status)})"
        raise KhabarError(f"each worker that was loading the pipeline {how}; try `khabar doctor`")

    def _register(self, worker: Worker) -> None:
        """Take a process into the set that is killed when the run ends, also while it loads."""
        with self._lock:
            self._all.add(worker)
            if self._closed:
                worker.process.kill()

    def _replace(self) -> None:
        """Count a worker that died or was stopped."""
        self._forget()
        with self._lock:
            self.replaced += 1

    def _forget(self) -> None:
        with self._lock:
            self._all.discard(self._own.worker)
        self._own.worker = None


def _finished(item) -> tuple[object, Reply]:
    tag, future = item
    return tag, future.result() if future else Reply([])


def _status(status: int | None) -> str:
    """How a process ended, in words that need no signal table."""
    import signal

    if status is not None and status < 0:
        try:
            name = signal.Signals(-status).name
            return f"{name}, which often means out of memory" if name == "SIGKILL" else name
        except ValueError:
            return f"signal {-status}"
    return f"exit status {status}"
