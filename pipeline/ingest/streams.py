"""Byte streams: what unpacking may cost, errors of packed files as coded ones, and bytes read whole."""

from __future__ import annotations

import io
import lzma
import tarfile
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.errors import DocumentError

KB, MB, GB = 1 << 10, 1 << 20, 1 << 30
HEAD = 64 * KB  # how much of a file is looked at before it is read


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input file may cost. Above `grace`, `ratio` holds for a file with all that is packed inside it.

    Attributes
    ----------
    ratio : bytes unpacked for one byte packed.
    grace : bytes that may be unpacked whatever the ratio.
    unpacked : bytes unpacked from one input file, all layers together.
    members : members of one input file's archives.
    depth : packings inside each other (``news.zip!a.tar.gz!b.txt`` has three: zip, gz, tar).
    document : bytes of one document, line, table cell or JSON value.
    page : bytes of one HTML page.
    """

    ratio: int = 200
    grace: int = 16 * MB
    unpacked: int = 256 * GB
    members: int = 2_000_000
    depth: int = 5
    document: int = 128 * MB
    page: int = 10 * MB


class Stop(DocumentError):
    """A limit of the whole input file was passed: nothing more of it is read."""


class Budget:
    """Counts what one input file has cost so far."""

    def __init__(self, limits: Limits, packed: int):
        self.limits, self.packed = limits, packed
        self.unpacked = self.members = 0

    def unpack(self, count: int) -> None:
        self.unpacked += count
        if self.unpacked > self.limits.unpacked:
            raise Stop("K108", f"more than {size(self.limits.unpacked)} unpacked")
        if self.unpacked > self.limits.grace and self.unpacked > self.limits.ratio * max(self.packed, 1):
            raise Stop("K108", f"more than {self.limits.ratio} times its packed size")

    def member(self) -> None:
        self.members += 1
        if self.members > self.limits.members:
            raise Stop("K108", f"more than {self.limits.members:,} members")


def size(count: int) -> str:
    """A limit in words."""
    for unit, name in ((GB, "GB"), (MB, "MB"), (KB, "kB")):
        if count >= unit:
            return f"{count / unit:.4g} {name}"
    return f"{count} bytes"


_DAMAGE = (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError)


class Unpacked(io.RawIOBase):
    """The bytes that `stream` unpacks: counted, and a damaged packing is a K107 after the last good byte."""

    def __init__(self, stream, count, what: str):
        self._read = getattr(stream, "read1", stream.read)  # `read` loses what lies before the damage
        self._count, self._what = count, what
        self._error: DocumentError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        filled = 0
        while filled < len(buffer) and self._error is None:
            try:
                chunk = self._read(len(buffer) - filled)
            except NotImplementedError as error:
                self._error = DocumentError("K106", f"{self._what} of this kind ({error})")
            except DocumentError as error:
                self._error = error
            except _DAMAGE as error:
                self._error = DocumentError("K107", f"{self._what}: {error}")
            else:
                if not chunk:
                    break
                self._count(len(chunk))
                buffer[filled : filled + len(chunk)] = chunk
                filled += len(chunk)
        if not filled and self._error is not None:
            raise self._error
        return filled


def buffered(stream, count, what: str) -> io.BufferedReader:
    """A stream that can be peeked into, over anything with `read`."""
    return io.BufferedReader(Unpacked(stream, count, what), HEAD)


class Eager:
    """A stream for libraries that drop what they have read when the next bytes are damaged: gives what is there."""

    def __init__(self, stream: io.BufferedReader):
        self._stream = stream

    def read(self, count: int) -> bytes:
        return self._stream.read1(count)


class Zstd:
    """Zstandard frames as a stream. Unlike the library's reader it tells a cut-off frame from an ended one."""

    def __init__(self, stream: BinaryIO):
        import zstandard

        self._stream, self._error = stream, zstandard.ZstdError
        self._new = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj
        self._frame, self._rest, self._ready = None, b"", memoryview(b"")

    def read(self, count: int) -> bytes:
        pieces = []
        while count:
            while not self._ready:
                if not self._next():
                    return b"".join(pieces)
            pieces.append(self._ready[:count])
            self._ready = self._ready[count:]
            count -= len(pieces[-1])
        return b"".join(pieces)

    def _next(self) -> bool:
        # 1 kB at a time, since one such step can unpack to tens of megabytes
        chunk, self._rest = self._rest or self._stream.read(KB), b""
        if not chunk:
            if self._frame is not None:
                raise EOFError("the last frame does not end")
            return False
        self._frame = self._frame or self._new()
        try:
            self._ready = memoryview(self._frame.decompress(chunk))
        except self._error as error:
            raise EOFError(str(error)) from None
        if self._frame.eof:
            self._rest, self._frame = self._frame.unused_data, None
        return True


def head(stream: io.BufferedReader) -> bytes:
    """The first bytes of a stream, which stay to be read."""
    return stream.peek(HEAD)[:HEAD]


def whole(stream: BinaryIO, limit: int) -> bytes:
    """All bytes of a document of at most `limit` bytes."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise DocumentError("K115", size(limit))
    return data


def seekable(stream: BinaryIO) -> BinaryIO:
    """The stream itself if it can seek, else its bytes on disk (in memory while small)."""
    if stream.seekable():
        return stream
    spool = tempfile.SpooledTemporaryFile(max_size=8 * MB)  # noqa: SIM115 - closed with the last reference
    while chunk := stream.read(MB):
        spool.write(chunk)
    spool.seek(0)
    return spool  # type: ignore[return-value]
