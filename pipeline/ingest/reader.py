"""From bytes to articles: one document's way through packings, formats and fields."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.article import Article, Rejected
from pipeline.errors import DocumentError
from pipeline.ingest import formats
from pipeline.ingest.archives import members, unpacked
from pipeline.ingest.encoding import decode
from pipeline.ingest.rows import Desk, Place, reader_failed
from pipeline.ingest.streams import Budget, Limits, Stop, head, whole

Item = Article | Rejected


class Reader:
    """Reads streams of any format; ids are unique over all that one Reader reads."""

    def __init__(self, desk: Desk, limits: Limits):
        self.desk, self.limits = desk, limits

    def read(self, stream: BinaryIO, name: str, place: Place, packed: int) -> Iterator[Item]:
        """All articles in one input file, archives in archives included.

        Parameters
        ----------
        stream : its bytes, with `peek`.
        name : tells the format.
        packed : its size in bytes, which limits what may be unpacked from it.
        """
        yield from self._guarded(stream, name, place, Budget(self.limits, packed), 0)

    def _guarded(self, stream, name: str, place: Place, budget: Budget, depth: int) -> Iterator[Item]:
        """The items of a stream; an error becomes its last item."""
        try:
            yield from self._open(stream, name, place, budget, depth)
        except Stop as stop:
            if depth:
                raise
            yield self.desk.rejected(stop, place)
        except DocumentError as error:
            yield self.desk.rejected(error, place)
        except OSError as error:
            yield self.desk.rejected(DocumentError("K112", error.strerror or str(error)), place)
        except Exception as error:  # one document must not end a run
            yield self.desk.rejected(reader_failed(error), place)

    def _open(self, stream, name: str, place: Place, budget: Budget, depth: int) -> Iterator[Item]:
        beginning = head(stream)
        if not beginning:
            raise DocumentError("K101")
        format = formats.format_of(name, beginning)
        if format in formats.PACKED:
            self._deeper(depth)
            inner = formats.named(name)[1] if formats.named(name)[0] == format else name
            yield from self._open(unpacked(stream, format, budget), inner, place, budget, depth + 1)
        elif format in ("zip", "tar"):
            self._deeper(depth)
            yield from self._members(stream, format, place, budget, depth + 1)
        elif format == "warc":
            yield from self._warc(stream, place)
        elif format in ("text", "html", "pdf"):
            yield self._document(stream, format, place)
        else:
            yield from self._rows(stream, format, place)

    def _deeper(self, depth: int) -> None:
        if depth >= self.limits.depth:
            raise DocumentError("K116", f"{self.limits.depth} levels")

    def _members(self, stream, format: str, place: Place, budget: Budget, depth: int) -> Iterator[Item]:
        found, last = False, None
        try:
            for name, opened in members(stream, format, budget):
                found = True
                name = writable(name)
                inner = Place(f"{place.origin}!{name}", f"{place.path}!{name}")
                try:
                    if isinstance(opened, DocumentError):
                        raise opened
                    member = opened()
                except DocumentError as error:
                    yield self.desk.rejected(error, inner)
                    continue
                for last in self._guarded(member, name, inner, budget, depth):
                    yield last
        except DocumentError as error:
            # where a tar breaks off inside a member, that member has said so
            told = isinstance(last, Rejected) and last.problem.code == error.problem.code == "K107"
            if not told:
                raise
        if not found:
            raise DocumentError("K121", "the archive holds no files")

    def _document(self, stream, format: str, place: Place, declared: tuple[str, ...] = (), url=None) -> Item:
        """One plain text, page or PDF."""
        if format == "pdf":
            from pipeline.ingest.pdf import pdf_fields

            row, encoding = pdf_fields(stream, self.limits.document), None
        elif format == "html":
            from pipeline.ingest.page import declared as in_page
            from pipeline.ingest.page import page_fields

            data = whole(stream, self.limits.page)
            markup, encoding = decode(data, (*declared, *in_page(data)))
            row = page_fields(markup)
            row["url"] = row["url"] or url
        else:
            text, encoding = decode(whole(stream, self.limits.document), declared)
            row = {"text": text, "url": url}
        return self.desk.article(row, Place(place.origin, place.path, encoding), named=False)

    def _rows(self, stream, format: str, place: Place) -> Iterator[Item]:
        found = False
        for number, row, encoding in self._raw_rows(stream, format):
            found = True
            where = Place(place.origin, place.path, encoding).row(number)
            if isinstance(row, DocumentError):
                yield self.desk.rejected(row, where)
            else:
                yield self.desk.article(row, where)
        if not found:
            raise DocumentError("K121", "it holds no rows")

    def _raw_rows(self, stream: io.BufferedReader, format: str):
        fields, limit = self.desk.fields, self.limits.document
        if format == "parquet":
            from pipeline.ingest.tables import parquet_rows

            return ((number, row, None) for number, row in parquet_rows(stream, fields))
        if format == "xml":
            from pipeline.ingest.markup import xml_rows

            return xml_rows(stream, fields)
        if format in ("csv", "tsv"):
            from pipeline.ingest.tables import csv_rows

            return csv_rows(stream, fields, limit, tabs=format == "tsv")
        from pipeline.ingest.jsons import json_rows, jsonl_rows

        if format == "jsonl":
            return jsonl_rows(stream, limit)
        return json_rows(stream, fields, limit)

    def _warc(self, stream, place: Place) -> Iterator[Item]:
        from pipeline.ingest.warc import payloads

        found = False
        for number, payload in enumerate(payloads(stream, self.limits.document), 1):
            found = True
            where = Place(f"{place.origin}!{writable(payload.url)}#{number}", f"{place.path}!{writable(payload.url)}")
            try:
                yield self._document(payload.stream, payload.format, where, payload.declared, payload.url)
            except DocumentError as error:
                yield self.desk.rejected(error, where)
            except Exception as error:
                yield self.desk.rejected(reader_failed(error), where)
        if not found:
            raise DocumentError("K121", "the WARC holds no pages or texts")


def writable(name: str) -> str:
    """A file name that can be encoded: bytes that were no UTF-8 are replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
