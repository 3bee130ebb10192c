"""How far a run is: a bar with rate and time left on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

LINE_SECONDS = 10.0


class Place:
    """How much of the inputs has been read, in bytes: whole files before the one that is open, and its position.

    Positions come from the system's list of this process's open files (Linux); elsewhere the share stays unknown.
    """

    def __init__(self, inputs: Sequence[str]):
        self.sizes: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._reached = 0
        total = 0
        for name in inputs:
            for path in _files(name):
                key = os.path.realpath(path)
                if key not in self.sizes:
                    self.sizes[key] = os.path.getsize(key)
                    self._before[key] = total
                    total += self.sizes[key]
        self.total = total

    def share(self) -> float | None:
        """Between 0 and 1, or None where it cannot be told."""
        try:
            for number in os.listdir("/proc/self/fd"):
                path = os.readlink(f"/proc/self/fd/{number}") if int(number) > 2 else ""
                if path in self.sizes:
                    with open(f"/proc/self/fdinfo/{number}") as info:
                        position = int(info.readline().split()[1])
                    self._reached = max(self._reached, self._before[path] + min(position, self.sizes[path]))
        except OSError:
            pass
        return self._reached / self.total if self._reached and self.total else None


def _files(name: str) -> Iterator[str]:
    if not os.path.isdir(name):
        if os.path.isfile(name):
            yield name
        return
    for folder, folders, names in os.walk(name):
        folders.sort()
        yield from (path for path in (os.path.join(folder, n) for n in sorted(names)) if os.path.isfile(path))


@contextmanager
def progress(inputs: Sequence[str], quiet: bool = False) -> Iterator[Callable | None]:
    """A function to call with the Tally of a run, now and then; None where nothing is to be shown."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        yield from _bar(Place(inputs))
    else:
        yield _Lines(Place(inputs))


class _Lines:
    """Plain lines on standard error, at most one in `LINE_SECONDS`."""

    def __init__(self, place: Place):
        self.place = place
        self.start = self.last = monotonic()

    def __call__(self, tally) -> None:
        now = monotonic()
        if now - self.last >= LINE_SECONDS:
            self.last = now
            print(f"khabar: {line(tally, now - self.start, self.place.share())}", file=sys.stderr, flush=True)


def line(tally, seconds: float, share: float | None) -> str:
    """One line on how a run is doing.

    The share counts what was read, which is a few batches ahead of what is done; the time left is an estimate.
    """
    finished = tally.done + tally.skipped
    parts = [f"{finished:,} documents"]
    if tally.skipped:
        parts.append(f"{tally.skipped:,} of them done before")
    if tally.errors:
        parts.append(f"{tally.errors:,} errors")
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


def _bar(place: Place) -> Iterator[Callable]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    start = monotonic()
    columns = (TextColumn("khabar"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        last = 0.0

        def show(tally) -> None:
            nonlocal last
            now = monotonic()
            if now - last < 0.2:
                return
            last = now
            share = place.share()
            done = share * (tally.done + tally.skipped) / max(tally.seen, 1) if share else None
            bar.update(
                task,
                description=line(tally, now - start, share),
                total=1.0 if done else None,
                completed=done or 0,
            )

        yield show
