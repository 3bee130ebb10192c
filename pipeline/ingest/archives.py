"""Members of archives, and the stream inside a packed file. Nothing is ever written under a member's name."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

from pipeline.errors import DocumentError
from pipeline.ingest.streams import Budget, Eager, Zstd, buffered, seekable, size

Member = tuple[str, Callable[[], io.BufferedReader] | DocumentError]


def unpacked(stream: BinaryIO, format: str, budget: Budget) -> io.BufferedReader:
    """The bytes inside a .gz, .bz2, .xz or .zst stream."""
    if format == "gz":
        import gzip

        inner = gzip.GzipFile(fileobj=stream)
    elif format == "bz2":
        import bz2

        inner = bz2.BZ2File(stream)
    elif format == "xz":
        import lzma

        inner = lzma.LZMAFile(stream)  # noqa: SIM115 - ends with the outer stream
    else:
        inner = Zstd(stream)
    return buffered(inner, budget.unpack, format)


def members(stream: BinaryIO, format: str, budget: Budget) -> Iterator[Member]:
    """Name, and how to open it or why not, of each member that is a file, in the archive's order.

    A tar's member must be read before the next is asked for. Folders and the hidden files that systems put into
    archives are passed over.
    """
    for name, opened in (_zip if format == "zip" else _tar)(stream, budget):
        budget.member()
        if not hidden(name):
            yield name, opened


def hidden(name: str) -> bool:
    """Files of the system and of version control, by the name of any folder on their way."""
    parts = name.replace("\\", "/").split("/")
    if "__MACOSX" in parts or parts[-1].lower() in ("thumbs.db", "desktop.ini"):
        return True
    return any(part.startswith(".") and part not in (".", "..") for part in parts)


def _escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or (len(parts[0]) > 1 and parts[0][1] == ":")


def _zip(stream: BinaryIO, budget: Budget) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(seekable(stream))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DocumentError("K107", f"zip: {error}") from error
    for info in archive.infolist():
        if info.is_dir():
            continue
        name = _zip_name(info)
        mode = info.external_attr >> 16
        if _escapes(name):
            yield name, DocumentError("K109", name[:200])
        elif mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            yield name, DocumentError("K110", "link" if stat.S_ISLNK(mode) else "special file")
        elif info.flag_bits & 1:
            yield name, DocumentError("K114", "the member")
        elif info.file_size > budget.limits.grace and info.file_size > budget.limits.ratio * max(info.compress_size, 1):
            # what the directory says is what zipfile gives, so this member costs nothing
            times = info.file_size // max(info.compress_size, 1)
            yield name, DocumentError("K108", f"{size(info.file_size)}, {times:,} times its packed size")
        else:
            yield name, lambda info=info: _open_zipped(archive, info, budget)


def _open_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> io.BufferedReader:
    try:
        return buffered(archive.open(info), budget.unpack, "zip")
    except NotImplementedError as error:
        raise DocumentError("K106", f"a zip member of this kind ({error})") from error
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise DocumentError("K107", f"zip: {error}") from error


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name; many tools write UTF-8 without the flag that says so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _tar(stream: BinaryIO, budget: Budget) -> Iterator[Member]:
    eager = _Tailed(stream)
    kinds = {tarfile.FIFOTYPE: "named pipe", tarfile.CHRTYPE: "device", tarfile.BLKTYPE: "device"}
    try:
        archive = tarfile.open(fileobj=eager, mode="r|")  # noqa: SIM115 - closed by its owner
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise DocumentError("K107", f"tar: {error}") from error
    while True:
        try:
            info = archive.next()
        except (tarfile.TarError, EOFError, OSError, ValueError) as error:
            raise DocumentError("K107", f"tar: {error}") from error
        if info is None:
            if eager.tail.strip(b"\0"):  # tarfile takes any end for the end
                raise DocumentError("K107", "tar: it does not end with an empty block")
            return
        archive.members = []  # tarfile keeps them all otherwise
        if info.isdir():
            continue
        if _escapes(info.name):
            yield info.name, DocumentError("K109", info.name[:200])
        elif not info.isreg():
            kind = f"link to {info.linkname[:200]}" if info.islnk() or info.issym() else kinds.get(info.type, "special")
            yield info.name, DocumentError("K110", kind)
        else:
            # a sparse member unpacks to more bytes than the tar holds
            count = budget.unpack if info.issparse() else _nothing
            yield info.name, lambda info=info, count=count: buffered(archive.extractfile(info), count, "tar")


class _Tailed(Eager):
    """Keeps the last block that was read."""

    def __init__(self, stream: io.BufferedReader):
        super().__init__(stream)
        self.tail = b""

    def read(self, count: int) -> bytes:
        chunk = super().read(count)
        self.tail = (self.tail + chunk)[-tarfile.BLOCKSIZE :]
        return chunk


def _nothing(count: int) -> None:
    pass
