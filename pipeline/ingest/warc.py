"""Pages and texts in WARC files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.errors import DocumentError

_FORMATS = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text", "application/pdf": "pdf"}
_TYPES = ("response", "resource", "conversion")


@dataclass(slots=True)
class Payload:
    """What a WARC record carries."""

    url: str
    format: str
    declared: tuple[str, ...]  # the encoding that the server named
    stream: BinaryIO


def payloads(stream: BinaryIO) -> Iterator[Payload]:
    """Answers of status 200 and stored resources that are HTML, plain text or PDF; all other records are passed over.

    Raises DocumentError K107 where the file is damaged.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    try:
        for record in ArchiveIterator(stream):
            if record.rec_type not in _TYPES:
                continue
            headers = record.http_headers
            if headers is not None and headers.get_statuscode() != "200":
                continue
            kind = headers.get_header("Content-Type") if headers is not None else record.content_type
            kind, _, rest = (kind or "").partition(";")
            format = _FORMATS.get(kind.strip().lower())
            if format is None:
                continue
            charset = rest.partition("charset=")[2].split(";")[0].strip(" \"'")
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            yield Payload(url, format, (charset,) if charset else (), record.content_stream())
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError) as error:
        raise DocumentError("K107", f"WARC: {str(error)[:200]}") from error
