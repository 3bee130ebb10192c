"""Records as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO


def write(records: Iterable, stream: IO[bytes]) -> int:
    """Write one line a record and flush after each, so that a reader sees it at once; gives their number."""
    count = 0
    for record in records:
        stream.write(record.to_json().encode() + b"\n")
        stream.flush()
        count += 1
    return count
