"""Records as flat tables: which columns they have, how a record fills them, and the Parquet files.

Every table but `documents` has a column `document`, the id of the record that a row comes from. The names of the
columns are those of the record; parts of a part are joined with `_` (`from_value`, `indicator_start`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_SPAN = {"start": "int", "end": "int", "text": "str"}
_NUMBER = {"value": "float", "min": "float", "max": "float", "unit": "str"}


def _prefixed(prefix: str, columns: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}_{name}": kind for name, kind in columns.items()}


_FACT_VALUE = {**_NUMBER, "text": "str", "start": "int", "end": "int", "quantity": "str"}

# table -> column -> kind; the only place where the columns are written down.
TABLES: dict[str, dict[str, str]] = {
    "documents": {
        **dict.fromkeys(("id", "status", "title", "date", "source", "url", "section", "language", "sha256"), "str"),
        **dict.fromkeys(("text", "error_code", "error_stage", "error_message", "pipeline_version"), "str"),
        **dict.fromkeys(("characters", "words", "sentences", "entities", "mentions"), "int"),
        **dict.fromkeys(("quantities", "times", "facts", "statements"), "int"),
    },
    "entities": {
        **dict.fromkeys(("document", "id", "label", "subtype", "name", "name_en"), "str"),
        **dict.fromkeys(("iso3166", "geonames", "wikidata"), "str"),
        "members": "list",
        "mentions": "int",
    },
    "mentions": {
        "document": "str",
        "entity": "str",
        "label": "str",
        **_SPAN,
        "proclitic": "str",
        "score": "float",
        "source": "str",
    },
    "facts": {
        "document": "str",
        "id": "str",
        "kind": "str",
        "indicator": "str",
        "indicator_start": "int",
        "indicator_end": "int",
        "direction": "str",
        **_prefixed("from", _FACT_VALUE),
        **_prefixed("to", _FACT_VALUE),
        **_prefixed("delta", _FACT_VALUE),
        **dict.fromkeys(("time_from", "time_to", "bound", "status"), "str"),
        **dict.fromkeys(("subject", "subject_entity", "attribution", "attribution_entity"), "str"),
        **dict.fromkeys(("absolute_change", "percent_change", "cagr"), "float"),
        "sentence": "int",
        "sentence_text": "str",
        "confidence": "float",
        "rule": "str",
    },
    "quantities": {"document": "str", "id": "str", **_SPAN, **_NUMBER, "bound": "str", "dimension": "str"},
    "times": {
        "document": "str",
        "id": "str",
        **_SPAN,
        **dict.fromkeys(("iso", "kind", "grain", "calendar"), "str"),
    },
    "statements": {
        **dict.fromkeys(("document", "speaker", "speaker_entity", "verb"), "str"),
        **_SPAN,
        "direct": "bool",
    },
}

_CHUNK_BYTES = 4 << 20  # of JSON Lines: one row group in every table


@cache
def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of a table. Offsets are int64, numbers float64, everything else nullable strings."""
    import pyarrow as pa

    kinds = {
        "str": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "list": pa.list_(pa.string()),
    }
    return pa.schema([(name, kinds[kind]) for name, kind in TABLES[table].items()])


def flatten(record: Mapping) -> Iterator[tuple[str, dict]]:
    """The rows of one record (as parsed from its JSON): pairs of table name and row; missing columns are null."""
    text, id = record["text"], record["id"]
    error = record.get("error") or {}
    yield (
        "documents",
        {
            **record["document"],
            "id": id,
            "status": record["status"],
            "text": text,
            **{f"error_{name}": value for name, value in error.items()},
            "pipeline_version": record["provenance"]["pipeline_version"],
            "characters": len(text),
            "words": len(text.split()),
            "mentions": sum(len(entity["mentions"]) for entity in record["entities"]),
            **{
                layer: len(record[layer])
                for layer in ("sentences", "entities", "quantities", "times", "facts", "statements")
            },
        },
    )
    for entity in record["entities"]:
        mentions = entity["mentions"]
        yield "entities", {"document": id, **entity, **entity["ids"], "mentions": len(mentions)}
        for mention in mentions:
            yield "mentions", {"document": id, "entity": entity["id"], "label": entity["label"], **mention}
    for layer in ("quantities", "times"):
        for item in record[layer]:
            yield layer, {"document": id, **item}
    for fact in record["facts"]:
        yield "facts", {"document": id, **_fact(fact, record)}
    for statement in record["statements"]:
        row = {**statement, "document": id, "text": text[statement["start"] : statement["end"]]}
        yield "statements", row | _reference("speaker", statement["speaker"])


def _fact(fact: Mapping, record: Mapping) -> dict:
    row = dict(fact)
    indicator = row["indicator"]
    row |= {
        "indicator": indicator["text"],
        "indicator_start": indicator["start"],
        "indicator_end": indicator["end"],
    }
    for part in ("from", "to", "delta"):
        row |= {f"{part}_{name}": value for name, value in (fact[part] or {}).items()}
    for part in ("subject", "attribution"):
        row |= _reference(part, fact[part])
    row |= fact["derived"] or {}
    if 0 <= fact["sentence"] < len(record["sentences"]):
        sentence = record["sentences"][fact["sentence"]]
        row["sentence_text"] = record["text"][sentence["start"] : sentence["end"]]
    return row


def _reference(name: str, reference: Mapping | None) -> dict:
    reference = reference or {}
    return {name: reference.get("text"), f"{name}_entity": reference.get("entity")}


class Columns:
    """Rows of all tables, held as columns until they are taken as Arrow tables."""

    def __init__(self):
        self._columns = {table: {name: [] for name in columns} for table, columns in TABLES.items()}

    def add(self, record: Mapping) -> None:
        """Flatten a record into the columns."""
        for table, row in flatten(record):
            columns = self._columns[table]
            for name, values in columns.items():
                values.append(row.get(name))

    def take(self) -> dict[str, pa.Table]:
        """The Arrow tables of all rows added since the last time."""
        import pyarrow as pa

        out = {table: pa.table(columns, schema=arrow_schema(table)) for table, columns in self._columns.items()}
        self.__init__()
        return out


def write(records: Path, folder: Path, *, nested: bool = False) -> None:
    """The Parquet files of a `records.jsonl`, one a table, and with `nested` also `records.parquet`.

    Streams: memory does not grow with the number of records. The same records give the same bytes.
    """
    import pyarrow.parquet as pq

    from pipeline.emit.nested import record_schema, record_table

    schemas = {table: arrow_schema(table) for table in TABLES}
    if nested:
        schemas["records"] = record_schema()
    paths = {name: folder / f"{name}.parquet" for name in schemas}
    writers = {
        name: pq.ParquetWriter(paths[name].with_suffix(".parquet.new"), schema, compression="zstd")
        for name, schema in schemas.items()
    }
    try:
        for chunk in _chunks(records):
            columns = Columns()
            for record in chunk:
                columns.add(record)
            tables = columns.take()
            if nested:
                tables["records"] = record_table(chunk)
            for name, table in tables.items():
                if table.num_rows:
                    writers[name].write_table(table)
    finally:
        for writer in writers.values():
            writer.close()
    for path in paths.values():
        path.with_suffix(".parquet.new").replace(path)


def _chunks(records: Path) -> Iterator[list[dict]]:
    """The records in lists that hold a bounded amount of text."""
    chunk, size = [], 0
    with open(records, "rb") as lines:
        for line in lines:
            chunk.append(with_floats(parse(line)))
            size += len(line)
            if size >= _CHUNK_BYTES:
                yield chunk
                chunk, size = [], 0
    if chunk:
        yield chunk


def rows(folder: Path) -> dict[str, int]:
    """How many rows each table in the folder has."""
    import pyarrow.parquet as pq

    return {table: pq.read_metadata(folder / f"{table}.parquet").num_rows for table in TABLES}


def parsed(records: Iterable) -> Iterator[Mapping]:
    """Records, or mappings parsed from their JSON, as mappings."""
    for record in records:
        yield with_floats(json.loads(json.dumps(record)) if isinstance(record, Mapping) else record.model_dump())


def parse(line: bytes) -> dict:
    """The record on a line, also where it holds an integer too long for Python to read."""
    try:
        return json.loads(line)
    except ValueError:
        return json.loads(line, parse_int=lambda digits: int(digits) if len(digits) < 4000 else float(digits))


def with_floats(record: dict) -> dict:
    """Make the numbers of quantities and facts floats: Arrow refuses integers that a float64 only approximates."""
    for quantity in record["quantities"]:
        _float_in(quantity, ("value", "min", "max"))
    for fact in record["facts"]:
        for part in ("from", "to", "delta"):
            _float_in(fact[part] or {}, ("value", "min", "max"))
        _float_in(fact["derived"] or {}, ("absolute_change", "percent_change", "cagr"))
    return record


def _float_in(item: dict, names: Iterable[str]) -> None:
    for name in names:
        number = item.get(name)
        if isinstance(number, int):
            try:
                item[name] = float(number)
            except OverflowError:
                item[name] = math.inf if number > 0 else -math.inf
