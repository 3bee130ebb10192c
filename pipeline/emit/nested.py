"""Records as one nested Arrow table: the types come from the record models, so they cannot drift apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Literal, Union, get_args, get_origin

if TYPE_CHECKING:
    import pyarrow as pa


@cache
def record_schema() -> pa.Schema:
    """The Arrow schema of a Record; objects are structs, arrays lists, `models` a map."""
    import pyarrow as pa

    from pipeline.records import Record

    return pa.schema(_struct(Record))


def record_table(records: Sequence[dict]) -> pa.Table:
    """Records, parsed from their JSON, as one Arrow table."""
    import pyarrow as pa

    from pipeline.emit.tables import with_floats

    rows = [{**with_floats(record), "error": record.get("error")} for record in records]
    return pa.Table.from_pylist(rows, schema=record_schema())


def _struct(model) -> pa.StructType:
    import pyarrow as pa

    hints = {name: field.annotation for name, field in model.model_fields.items()}
    names = {name: field.alias or name for name, field in model.model_fields.items()}
    return pa.struct([(names[name], _type(hint)) for name, hint in hints.items()])


def _type(hint) -> pa.DataType:
    """The Arrow type of a field's annotation; a field that may be an int or a float is a float64."""
    import pyarrow as pa

    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _type(arguments[0])
    if origin in (Union, UnionType):
        kinds = [_type(part) for part in arguments if part is not NoneType]
        return pa.float64() if len(kinds) > 1 else kinds[0]
    if origin is Literal:
        return pa.string()
    if origin is list:
        return pa.list_(_type(arguments[0]))
    if origin is dict:
        return pa.map_(_type(arguments[0]), _type(arguments[1]))
    if hasattr(hint, "model_fields"):
        return _struct(hint)
    return {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}[hint]
