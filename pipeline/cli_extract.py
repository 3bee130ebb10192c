"""`khabar extract`: one file or standard input, records to standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from queue import Empty, Queue
from threading import Thread

BATCH = 32


def extract(file: str, fields: Mapping[str, str], config: str | None) -> None:
    """Stream the records of `file` ('-' is standard input) to standard output."""
    from pipeline.emit.jsonl import write
    from pipeline.ingest import read
    from pipeline.runner import load, process_batch, settle

    batches = ready_batches(read(file, fields=fields or None))
    nlp = load(config)
    settle()
    for batch in batches:
        write(process_batch(batch, nlp), sys.stdout.buffer)


def ready_batches(items: Iterable) -> Iterator[list]:
    """The items in lists of what is there: never waits for more once there is one, and never holds many.

    A reader that is fast gives full batches; a slow pipe gives each record as soon as its line has come.
    """
    queue: Queue = Queue(maxsize=2 * BATCH)
    end = object()

    def fill():
        try:
            for item in items:
                queue.put(item)
            queue.put(end)
        except BaseException as error:
            queue.put(error)

    Thread(target=fill, daemon=True).start()
    while True:
        batch = [queue.get()]
        try:
            while len(batch) < BATCH:
                batch.append(queue.get_nowait())
        except Empty:
            pass
        last = batch[-1]
        finished = last is end or isinstance(last, BaseException)
        if finished:
            batch.pop()
        if batch:
            yield batch
        if last is end:
            return
        if finished:
            raise last
