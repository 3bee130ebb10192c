"""One worker process: batches of articles in on standard input, records out on standard output, both as pickles.

Started by `pipeline.batch.pool` in a fresh interpreter: nothing of the parent is copied, and the caller's script needs
no `if __name__ == "__main__"` guard.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from dataclasses import dataclass, field

# Bytes that a worker may grow after its first batch. spaCy keeps every word form that it has met, so without a limit
# memory would follow the number of documents; freeing the forms batch by batch (memory zones) takes far more time.
GROWTH = 24 << 20
CAN_HURRY = hasattr(signal, "setitimer")  # not on Windows


@dataclass(slots=True)
class Done:
    """One finished document: its record as a line of JSON, and what the ledger keeps of it.

    `words` counts what white space separates; `error` is (code, stage, message) where the status is "error".
    """

    id: str
    line: bytes
    words: int = 0
    error: tuple[str, str, str] | None = None


@dataclass(slots=True)
class Reply:
    """What a worker gives back for one batch. Timings in seconds a stage, `peak` in bytes of resident memory.

    After a reply that is its `last` the worker ends.
    """

    done: list[Done]
    timings: dict[str, float] = field(default_factory=dict)
    peak: int = 0
    last: bool = False


@dataclass(slots=True)
class Failed:
    """Why the worker could not load the pipeline."""

    message: str


def done(record) -> Done:
    """A record as the parent needs it."""
    error = record.error and (record.error.code, record.error.stage, record.error.message)
    return Done(record.id, record.to_json().encode() + b"\n", len(record.text.split()), error)


def peak_memory() -> int:
    """The most memory that this process has held, in bytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def hurry(seconds: float) -> None:
    """End this process once it has worked for so long (0: never); the kernel does it, whatever the process is at."""
    if CAN_HURRY:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)


def hurried(status: int | None) -> bool:
    """Whether an exit status says that `hurry` ended the process."""
    return CAN_HURRY and status == -signal.SIGPROF


def main() -> None:
    """Serve batches until standard input ends, which it also does when the parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes to the log, not between the pickles
    batches = sys.stdin.buffer
    try:
        from pipeline.runner import load, process_batch, settle

        nlp = load(sys.argv[1] if len(sys.argv) > 1 else None)
        settle()
    except Exception as error:
        pickle.dump(Failed(str(error)), replies)
        replies.flush()
        return
    try:
        pickle.dump(Reply([]), replies)  # ready
        replies.flush()
        first = 0
        while True:
            batch, limit = pickle.load(batches)
            hurry(limit)
            timings: dict[str, float] = {}
            records = [done(record) for record in process_batch(batch, nlp, timings)]
            hurry(0)
            peak = peak_memory()
            first = first or peak  # the first batch loads what is loaded on demand
            pickle.dump(Reply(records, timings, peak, last=peak > first + GROWTH), replies)
            replies.flush()
    except (EOFError, BrokenPipeError):
        os._exit(0)
