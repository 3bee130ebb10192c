"""Pages and texts in WARC files."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.errors import DocumentError
from pipeline.ingest.streams import KB, Eager

_FORMATS = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text", "application/pdf": "pdf"}
_TYPES = ("response", "resource", "conversion")


@dataclass(slots=True)
class Payload:
    """What a WARC record carries."""

    url: str
    format: str
    declared: tuple[str, ...]  # the encoding that the server named
    stream: BinaryIO


def payloads(stream: io.BufferedReader, limit: int) -> Iterator[Payload]:
    """Answers of status 200 and stored resources that are HTML, plain text or PDF; other records are passed over.

    Raises DocumentError K107 where the file is damaged; a payload that is cut off is not given.
    """
    from warcio.archiveiterator import ArchiveIterator

    logging.getLogger("warcio").setLevel(logging.CRITICAL)  # what it warns of is told by records

    class Records(ArchiveIterator):
        INC_RECORD = ""  # a warning for the terminal; `err_count` says the same

    try:
        records = Records(Eager(stream))
        for record in records:
            if records.err_count:
                raise DocumentError("K107", "WARC: a record is longer than it says")
            if record.rec_headers.get_header("Content-Length") is None:
                raise DocumentError("K107", "WARC: the head of a record is cut off")
            headers = record.http_headers
            format, charset = _format(record, headers)
            data = record.content_stream().read(limit + 1) if format else b""
            if len(data) <= limit and _is_cut(record.raw_stream):
                raise DocumentError("K107", "WARC: the last record is cut off")
            if format is None:
                continue
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            yield Payload(url, format, (charset,) if charset else (), io.BytesIO(data))
    except DocumentError:
        raise
    except Exception as error:  # a damaged head meets many a fault in its parser
        raise DocumentError("K107", f"WARC: {type(error).__name__}: {str(error)[:200]}") from error


def _format(record, headers) -> tuple[str | None, str]:
    """How the payload is read, None where it is no document; and the encoding that the server named."""
    if record.rec_type not in _TYPES or (headers is not None and headers.get_statuscode() != "200"):
        return None, ""
    kind = headers.get_header("Content-Type") if headers is not None else record.content_type
    kind, _, rest = (kind or "").partition(";")
    return _FORMATS.get(kind.strip().lower()), rest.partition("charset=")[2].split(";")[0].strip(" \"'")


def _is_cut(raw) -> bool:
    """True where the file ended before as many bytes as the record's head promised."""
    while getattr(raw, "limit", 0) > 0:
        if not raw.read(KB):
            return True
    return False
