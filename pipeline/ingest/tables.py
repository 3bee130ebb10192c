"""Rows of CSV, TSV and Parquet files, a few at a time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.errors import DocumentError
from pipeline.ingest.encoding import codec, detect, has_surrogate, mark_errors
from pipeline.ingest.rows import Fields
from pipeline.ingest.streams import head, seekable, size

_DELIMITERS = ",;\t|"
_BATCH = 64


def decoded(stream: io.BufferedReader) -> tuple[io.TextIOWrapper, str]:
    """The stream as text, undecodable bytes marked, and its encoding as the beginning shows it."""
    beginning = head(stream)
    name = detect(beginning, whole=False)
    text = io.TextIOWrapper(stream, codec(name), mark_errors(), newline="")
    if name.endswith("-sig"):
        text.read(1)
    return text, name


def csv_rows(
    stream: io.BufferedReader, fields: Fields, limit: int, tabs: bool = False
) -> Iterator[tuple[int, dict[str, Any] | DocumentError, str]]:
    """Number from 1, row (or why it is none) and encoding, for each row under the heading line.

    The delimiter is the one of comma, semicolon, tab and bar that is most frequent in the heading line. Quoting
    is read strictly, so that a stray quotation mark costs the rows that it garbles and not the rest of the file.
    Raises DocumentError K201 where no column holds the text.
    """
    text, encoding = decoded(stream)
    lines = _lines(text, limit)
    heading = next(lines, "")
    if match := re.fullmatch(r"sep=(.)\s*", heading):  # Excel's own way to name the delimiter
        delimiter, heading = match[1], next(lines, "")
    else:
        delimiter = "\t" if tabs else max(_DELIMITERS, key=heading.count)
    # a setting of the whole process; only ever raised
    csv.field_size_limit(max(csv.field_size_limit(), limit))
    reader = csv.reader(_after(heading, lines), delimiter=delimiter, strict=True)
    try:
        columns = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise DocumentError("K205", f"the heading line: {error}") from error
    fields.need_text(columns)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, DocumentError("K205", f"{error}, near line {reader.line_num}"), encoding
            continue
        except DocumentError as error:
            if error.problem.code != "K115":
                raise
            yield number, error, encoding
            return  # a generator that raised is over
        if not any(cells):
            number -= 1
            continue
        if len(cells) > len(columns):
            extra = f"{len(cells)} cells under {len(columns)} headings, near line {reader.line_num}"
            yield number, DocumentError("K205", extra), encoding
        elif any(map(has_surrogate, cells)):
            yield number, DocumentError("K103", f"{encoding} near line {reader.line_num}"), encoding
        else:
            yield number, dict(zip(columns, cells, strict=False)), encoding


def _lines(text: io.TextIOWrapper, limit: int) -> Iterator[str]:
    while line := text.readline(limit):
        if len(line) >= limit:
            raise DocumentError("K115", size(limit))
        yield line


def _after(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def parquet_rows(stream: BinaryIO, fields: Fields) -> Iterator[tuple[int, dict[str, Any] | DocumentError]]:
    """Number from 1 and row, for each row; only the columns that are fields of an article are read.

    Row groups are read in pieces, so that a file of one large group does not fill the memory.
    """
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(seekable(stream), buffer_size=1 << 20, pre_buffer=False)
        names = file.schema_arrow.names
    except Exception as error:  # Arrow's own, and whatever damaged bytes lead to
        raise DocumentError("K107", f"Parquet: {_brief(error)}") from error
    fields.need_text(names)
    columns = sorted({key for keys in fields.columns(names).values() for key in keys})
    number = 0
    try:
        for batch in file.iter_batches(batch_size=_BATCH, columns=columns, use_threads=False):
            cells = [_cells(column) for column in batch.columns]
            for k in range(batch.num_rows):
                number += 1
                row = {name: values[k] for name, values in zip(batch.schema.names, cells, strict=True)}
                bad = any(isinstance(value, UnicodeDecodeError) for value in row.values())
                yield number, DocumentError("K103", "UTF-8") if bad else row
    except Exception as error:  # Arrow's own, and whatever damaged bytes lead to
        raise DocumentError("K107", f"Parquet: {_brief(error)}") from error


def _cells(column) -> list[Any]:
    try:
        return column.to_pylist()
    except UnicodeDecodeError:
        return [_cell(scalar) for scalar in column]


def _cell(scalar) -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError as error:
        return error


def _brief(error: Exception) -> str:
    return str(error).split("\n")[0][:200]
