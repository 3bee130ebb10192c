"""How far a run is: a bar with rate and time left on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic

LINE_SECONDS = 10.0


class Share:
    """How much of the inputs has been read, by bytes of their files.

    Whole files count by the origin of the last document; the position inside the file that is open comes from the
    system's list of this process's files (Linux), and is left out elsewhere.
    """

    def __init__(self, inputs: Sequence[str]):
        from pipeline.ingest import sources

        self._files: list[tuple[str, int]] = []  # origin, bytes of all files before it
        self.total = 0
        for source in sources(list(inputs)):
            self._files.append((source.origin, self.total))
            with suppress(OSError):
                self.total += os.path.getsize(source.path)
        self._number = 0

    def __call__(self, origin: str) -> float | None:
        """The share read once the document of `origin` was, between 0 and 1; None where it cannot be told."""
        while self._number < len(self._files) and not origin.startswith(self._files[self._number][0]):
            self._number += 1
        if not self.total or self._number == len(self._files):
            return None
        path, before = self._files[self._number]
        return min(1.0, (before + _position(os.path.realpath(path))) / self.total) or None


def _position(path: str) -> int:
    """How far this process has read a file that it has open; 0 where that cannot be told."""
    try:
        for number in os.listdir("/proc/self/fd"):
            with suppress(OSError):
                if os.readlink(f"/proc/self/fd/{number}") == path:
                    with open(f"/proc/self/fdinfo/{number}") as info:
                        return int(info.readline().split()[1])
    except OSError:
        pass
    return 0


@contextmanager
def progress(inputs: Sequence[str], quiet: bool = False) -> Iterator[Callable | None]:
    """A function to call with the Tally of a run, now and then; None where nothing is to be shown."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        yield from _bar(Share(inputs))
    else:
        yield _Lines(Share(inputs))


class _Lines:
    """Plain lines on standard error, at most one in `LINE_SECONDS`."""

    def __init__(self, share: Share):
        self.share = share
        self.start = self.last = monotonic()

    def __call__(self, tally) -> None:
        now = monotonic()
        if now - self.last >= LINE_SECONDS:
            self.last = now
            print(f"khabar: {line(tally, now - self.start, self.share(tally.origin))}", file=sys.stderr, flush=True)


def line(tally, seconds: float, share: float | None) -> str:
    """One line on how a run is doing.

    The share counts what was read, which is a few batches ahead of what is done; the time left is an estimate.
    """
    finished = tally.done + tally.skipped
    parts = [f"{finished:,} documents"]
    if tally.skipped:
        parts.append(f"{tally.skipped:,} of them done before")
    if tally.errors:
        parts.append(f"{tally.errors:,} error{'' if tally.errors == 1 else 's'}")
    parts.append(f"{tally.done / max(seconds, 1e-9):.1f} documents/s")
    if share:
        done = share * finished / max(tally.seen, 1)
        parts.append(f"{done:.0%}")
        if done > 0.005:
            parts.append(f"{_time(seconds * (1 - done) / done)} left")
    return ", ".join(parts)


def _time(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _bar(share: Share) -> Iterator[Callable]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    start = monotonic()
    columns = (TextColumn("khabar"), BarColumn(bar_width=16), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        last = 0.0

        def show(tally) -> None:
            nonlocal last
            now = monotonic()
            if now - last < 0.2:
                return
            last = now
            part = share(tally.origin)
            done = part * (tally.done + tally.skipped) / max(tally.seen, 1) if part else None
            bar.update(
                task,
                description=line(tally, now - start, part),
                total=1.0 if done else None,
                completed=done or 0,
            )

        yield show
