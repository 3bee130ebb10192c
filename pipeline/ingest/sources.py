"""The files behind the paths that a caller gives: folders walked, links followed once, in a fixed order."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.errors import DocumentError, KhabarError
from pipeline.ingest.archives import hidden
from pipeline.ingest.reader import writable

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One input file, or why it cannot be one. `read` takes it in place of a path.

    Attributes
    ----------
    path : where it lies; ``-`` for standard input.
    relative : the path from the folder that the caller gave, else the file's name; part of made-up ids.
    error : set where it is no readable file.
    """

    path: str
    relative: str
    error: DocumentError | None = None

    @property
    def origin(self) -> str:
        return writable(self.path)


def sources(paths: str | os.PathLike | Source | Iterable) -> Iterator[Source]:
    """Every file behind `paths`: files as given, folders with all below them, sorted by name.

    Hidden files and folders below a given folder are passed over. Raises KhabarError for a path that is not there.
    """
    paths = [paths] if isinstance(paths, str | os.PathLike | Source) else list(paths)
    for path in paths:
        if isinstance(path, Source) or os.fspath(path) == STDIN:
            continue
        if not os.path.lexists(path):
            raise KhabarError(f"no such file or folder: {writable(os.fspath(path))}")
    return _sources(paths)


def _sources(paths: list) -> Iterator[Source]:
    for path in paths:
        if isinstance(path, Source):
            yield path
            continue
        path = os.fspath(path)
        if path == STDIN:
            yield Source(STDIN, "stdin")
        elif os.path.isdir(path):
            yield from _folder(path)
        else:
            yield _file(path, os.path.basename(path))


def _folder(top: str) -> Iterator[Source]:
    home = os.path.realpath(top)
    followed: set[str] = set()
    stack = [(top, "")]
    while stack:
        path, relative = stack.pop()
        if relative and not os.path.isdir(path):
            yield _file(path, writable(relative))
            continue
        if os.path.islink(path) and relative:
            real = os.path.realpath(path)
            # what lies below the top is read in its own place; other folders are followed once
            if (
                real in followed
                or os.path.join(home, "").startswith(os.path.join(real, ""))
                or real.startswith(os.path.join(home, ""))
            ):
                yield Source(path, writable(relative), DocumentError("K113", writable(os.readlink(path))))
                continue
            followed.add(real)
        try:
            names = sorted(os.listdir(path), reverse=True)
        except OSError as error:
            yield Source(path, writable(relative), DocumentError("K112", error.strerror or str(error)))
            continue
        for name in names:
            if not hidden(name):
                stack.append((os.path.join(path, name), f"{relative}/{name}" if relative else name))


def _file(path: str, relative: str) -> Source:
    """A source that says at once where it is no regular file, since opening a pipe would wait for ever."""
    relative = writable(relative)
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        loop = error.errno == 40 or os.path.islink(path)
        words = f"a link to {writable(os.readlink(path))}" if loop else error.strerror or str(error)
        return Source(path, relative, DocumentError("K113" if error.errno == 40 else "K112", words))
    for test, kind in (
        (stat.S_ISFIFO, "named pipe"),
        (stat.S_ISSOCK, "socket"),
        (stat.S_ISCHR, "device"),
        (stat.S_ISBLK, "device"),
    ):
        if test(mode):
            return Source(path, relative, DocumentError("K111", kind))
    return Source(path, relative)
