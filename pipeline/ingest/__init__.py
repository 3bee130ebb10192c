"""From files of any kind to articles.

>>> from pipeline.ingest import read
>>> for item in read(["news/", "dump.jsonl.gz"]):  # Article, or Rejected with a coded reason
...     ...

What a text may hold: it is handed over as it lies in the file. Line ends (LF, CR LF, CR) and control characters
stay; a byte-order mark belongs to the encoding and not to the text. A text with NUL (K208, in text files K102) or
with half a surrogate pair (K207) is rejected, since no consumer could store it. The text of an HTML page is its main
text, of an XML element its text without markup, a block element a line; of a PDF its text layer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from pipeline.article import Article, Rejected
from pipeline.errors import DocumentError
from pipeline.ingest.reader import Reader
from pipeline.ingest.rows import Desk, Fields, Place
from pipeline.ingest.sources import STDIN, Source, sources
from pipeline.ingest.streams import HEAD, Limits, buffered

__all__ = ["Limits", "Source", "read", "sources"]


def read(
    paths: str | os.PathLike | Source | Iterable[str | os.PathLike | Source],
    *,
    fields: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Iterator[Article | Rejected]:
    """Every article in `paths`, and a coded reason for each document that is none, streamed.

    Parameters
    ----------
    paths : one or more files, folders, archives, or ``-`` for standard input. Formats: .txt, .html, .jsonl, .json,
        .csv, .tsv, .parquet, .xml (RSS, Atom and others), .warc, .pdf; packed in .zip, .tar, .gz, .bz2, .xz, .zst.
    fields : column or key for each of text, id, title, date, source, url, section; where none is named, the usual
        names are known (`data/lexicons/ingest/fields.tsv`).
    limits : what one input file may cost.

    Yields
    ------
    Article or Rejected
        In the order of `paths`; folders sorted by name. `origin` is ``path!member#row`` and unique in a run; the
        id is the input's own, else made from its path and text. A second document of the same id is rejected.

    Raises
    ------
    KhabarError
        At once, for a path that does not exist or an unknown field name.
    """
    files = sources(paths)
    reader = Reader(Desk(Fields(fields)), limits or Limits())
    return _read(files, reader)


def _standard_input() -> BinaryIO:
    """Standard input such that a line can be read as soon as it has come."""
    try:
        return open(sys.stdin.fileno(), "rb", buffering=HEAD, closefd=False)
    except (AttributeError, OSError):  # replaced by an object without a file behind it
        return buffered(sys.stdin.buffer, lambda count: None, "standard input")


def _read(files: Iterator[Source], reader: Reader) -> Iterator[Article | Rejected]:
    for file in files:
        place = Place(file.origin, file.relative)
        if file.error is not None:
            yield reader.desk.rejected(file.error, place)
            continue
        if file.path == STDIN:
            yield from reader.read(_standard_input(), "", place, packed=reader.limits.grace)
            continue
        try:
            stream = open(file.path, "rb", buffering=HEAD)  # noqa: SIM115 - closed below
        except OSError as error:
            yield reader.desk.rejected(DocumentError("K112", error.strerror or str(error)), place)
            continue
        with stream:
            packed = os.fstat(stream.fileno()).st_size
            yield from reader.read(stream, os.path.basename(file.relative), place, packed)
