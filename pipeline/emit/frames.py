"""Records as pandas frames, with the columns of the Parquet tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.emit.tables import Columns, parsed

if TYPE_CHECKING:
    import pandas as pd


def frames(records: Iterable) -> dict[str, pd.DataFrame]:
    """One frame a table: documents, entities, mentions, facts, quantities, times, statements.

    Parameters
    ----------
    records : `Record` objects, or mappings parsed from their JSON; one alone is taken too.

    Examples
    --------
    >>> frames = pipeline.frames([record])
    >>> frames["facts"][["indicator", "direction", "to_value", "to_unit"]]
    """
    if hasattr(records, "model_dump") or hasattr(records, "keys"):
        records = [records]
    columns = Columns()
    for record in parsed(records):
        columns.add(record)
    return {name: table.to_pandas() for name, table in columns.take().items()}
