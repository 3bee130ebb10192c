"""What a run came to, in a few lines for a person."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from pipeline.emit.facts import sentence_of
from pipeline.errors import CODES

FACTS_SHOWN = 5
WIDTH = 150  # characters of a fact
# Keep a right-to-left passage in one piece inside a left-to-right line: first strong isolate, and its end.
_ISOLATE, _END = "\u2068", "\u2069"


def summary(manifest: dict, out: Path) -> str:
    """Documents, errors by code, what was found, some facts, and where the files are."""
    tables = manifest["tables"]
    errors = manifest["errors"]
    speed = (
        f"{manifest['done_now']:,} in {manifest['seconds']:.1f} s, "
        f"{manifest['documents_per_second']:,.1f} documents/s, {manifest['words_per_second']:,.0f} words/s"
    )
    lines = [
        f"{_count(manifest['documents'], 'document')}, {sum(errors.values()):,} with errors; "
        + (f"{manifest['done_before']:,} were done before; " if manifest["done_before"] else "")
        + (speed if manifest["done_now"] else "nothing new to do")
    ]
    lines += [f"  {code} {CODES[code][1]}: {count:,}" for code, count in errors.items()]
    lines.append(
        ", ".join(f"{tables[name]:,} {name}" for name in ("entities", "facts", "statements", "quantities", "times"))
    )
    facts = list(top_facts(out / "facts.parquet"))
    if facts:
        lines.append("Some of the facts:")
        lines += [f"  {_ISOLATE}{_cut(fact)}{_END}" for fact in facts]
    lines.append(f"Results in {out}:")
    lines.append("  records.jsonl, tables (*.parquet), run.json" + (", errors.jsonl" if errors else ""))
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def top_facts(path: Path) -> Iterator[str]:
    """The surest facts of different documents, those with two values first, as readable lines."""
    best = heapq.nlargest(FACTS_SHOWN, (max(facts) for _, facts in groupby(_ranked(path), lambda fact: fact.document)))
    for fact in best:
        yield sentence_of(fact.row)


@dataclass(order=True, slots=True)
class _Ranked:
    both: bool
    confidence: float
    earlier: int
    document: str = field(compare=False)
    row: dict = field(compare=False)


def _ranked(path: Path) -> Iterator[_Ranked]:
    import pyarrow.parquet as pq

    from pipeline.emit.tables import TABLES

    number = 0
    for batch in pq.ParquetFile(path).iter_batches(columns=[c for c in TABLES["facts"] if c != "sentence_text"]):
        for row in batch.to_pylist():
            number += 1
            both = bool(row["from_text"] and row["to_text"])
            yield _Ranked(both, row["confidence"], -number, row["document"], row)


def _cut(text: str) -> str:
    """A line without line breaks and of bounded width."""
    text = " ".join(text.split())
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "\u2026"
