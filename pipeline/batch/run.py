"""`khabar run`: every document of the inputs once, through worker processes, into one folder.

The folder holds `records.jsonl`, `errors.jsonl`, a Parquet file a table, `run.json` (the manifest), and
`ledger.sqlite`, by which the same command run again goes on where the last one ended.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from pipeline import __version__
from pipeline.article import Article, Rejected
from pipeline.batch.ledger import Ledger
from pipeline.batch.manifest import describe, fingerprint, write_json
from pipeline.batch.pool import Pool
from pipeline.batch.worker import Reply, done, peak_memory
from pipeline.errors import KhabarError
from pipeline.ingest import read

BATCH_DOCUMENTS = 32
BATCH_CHARACTERS = 100_000
COMMIT_SECONDS = 1.0
OUTPUTS = ("records.jsonl", "records.jsonl.new", "records.parquet", "errors.jsonl", "run.json", "ledger.sqlite")


@dataclass(slots=True)
class Options:
    """What `khabar run` was asked to do. `time_limit` in seconds a document; `fields` maps our names to a table's."""

    inputs: Sequence[str]
    out: Path
    workers: int = 0
    format: str = "jsonl"
    fields: Mapping[str, str] = field(default_factory=dict)
    time_limit: float = 60.0
    fresh: bool = False
    retry: bool = False
    config: str | None = None


@dataclass(slots=True)
class Tally:
    """What happened so far in this run; `peak` is the largest worker's memory, in bytes.

    `seen` counts what was read, up to `origin`; that is some batches ahead of what is done.
    """

    seen: int = 0
    origin: str = ""
    done: int = 0
    skipped: int = 0
    errors: int = 0
    words: int = 0
    peak: int = 0
    timings: dict[str, float] = field(default_factory=dict)


def run(options: Options, progress=None) -> dict:
    """Do the run and return its manifest, which is also in `run.json`.

    Parameters
    ----------
    progress : called with the Tally now and then; see `pipeline.batch.progress`.

    Raises
    ------
    KhabarError
        An input is missing, the folder belongs to other inputs, or another run is writing to it.
    KeyboardInterrupt
        After all finished documents were made safe.
    """
    workers = options.workers or available_cores()
    inputs = _check(options)
    items = read(inputs, fields=options.fields or None)
    out = options.out
    if options.fresh:
        clear(out)
    out.mkdir(parents=True, exist_ok=True)
    manifest = {
        "status": "running",
        "khabar": __version__,
        "fingerprint": fingerprint(options.config),
        "inputs": [describe(path) for path in inputs],
        "options": {"workers": workers, "format": options.format, "time_limit": options.time_limit},
        "fields": dict(options.fields),
        "started": _now(),
    }
    clock = monotonic()
    tally = Tally()
    with Ledger(out) as ledger:
        _same_inputs(ledger, inputs, out)
        # What each run of this folder did; one that was killed keeps its start only.
        manifest["runs"] = [*(ledger.get("runs") or []), {"started": manifest["started"]}][-100:]
        ledger.put("runs", manifest["runs"])
        write_json(out / "run.json", manifest)
        try:
            with (
                open(out / "workers.log", "ab") as log,
                Pool(workers, options.time_limit, options.config, log) as pool,
            ):
                _work(options, items, manifest["fingerprint"], ledger, pool, tally, progress)
            manifest["workers_replaced"] = pool.replaced
            ledger.finish()
        except BaseException as error:
            ledger.commit()
            stopped = isinstance(error, KeyboardInterrupt)
            _close(manifest, "interrupted" if stopped else "failed", tally, clock, ledger)
            write_json(out / "run.json", manifest)
            raise
        _drop_empty(out / "workers.log")
        _close(manifest, "finished", tally, clock, ledger)
        manifest["documents"], manifest["errors"] = ledger.counts()
        _write_errors(out / "errors.jsonl", ledger)
        manifest["tables"] = _tables(options, ledger)
        manifest["peak_parent_bytes"] = peak_memory()
        manifest["seconds_tables"] = round(monotonic() - clock - manifest["seconds"], 3)
        write_json(out / "run.json", manifest)
    return manifest


def _work(options, items, mark, ledger, pool, tally, progress) -> None:
    """Feed the pool and bring its replies to the ledger, in order."""
    last = monotonic()
    flying: set[bytes] = set()
    for group, reply in pool.map(_groups(options, items, mark, ledger, tally, flying)):
        _take(group, reply, ledger, tally)
        flying.difference_update(slot.key for slot in group)
        if monotonic() - last >= COMMIT_SECONDS:
            ledger.commit()
            last = monotonic()
        if progress:
            progress(tally)
    ledger.commit()


@dataclass(slots=True)
class _Slot:
    """One document of the input on its way: done before (`item` None), rejected by its reader, or under way."""

    key: bytes
    position: int
    item: Article | Rejected | None


def _groups(options, items, mark, ledger, tally, flying) -> Iterator[tuple[list[_Slot], list[Article]]]:
    """The input in groups, each with the articles of it that a worker must do; `flying` gets their keys."""
    group: list[_Slot] = []
    batch: list[Article] = []
    characters = 0
    for position, item in enumerate(items):
        tally.seen += 1
        tally.origin = item.origin
        key = _key(item, mark)
        while key in flying or ledger.seen(key):  # the same document from the same place twice: keep both
            key = hashlib.sha256(key).digest()[:16]
        flying.add(key)
        code = ledger.find(key)
        if code is not None and not (options.retry and code.startswith("K4")):
            item = None
        group.append(_Slot(key, position, item))
        if isinstance(item, Article):
            batch.append(item)
            characters += len(item.text)
        full = len(batch) >= BATCH_DOCUMENTS or characters >= BATCH_CHARACTERS or len(group) >= 8 * BATCH_DOCUMENTS
        if full:
            yield group, batch
            group, batch, characters = [], [], 0
    if group:
        yield group, batch


def _take(group: list[_Slot], reply: Reply, ledger: Ledger, tally: Tally) -> None:
    from pipeline.records import error_record

    finished = iter(reply.done)
    for slot in group:
        if slot.item is None:
            ledger.keep(slot.key, slot.position)
            tally.skipped += 1
            continue
        if isinstance(slot.item, Rejected):
            result = done(error_record(slot.item.id, slot.item.problem, slot.item.document))
        else:
            result = next(finished)
        ledger.add(slot.key, slot.position, slot.item.origin, result)
        tally.done += 1
        tally.words += result.words
        tally.errors += result.error is not None
    tally.peak = max(tally.peak, reply.peak)
    for stage, seconds in reply.timings.items():
        tally.timings[stage] = tally.timings.get(stage, 0.0) + seconds


def _key(item: Article | Rejected, mark: str) -> bytes:
    """What makes a document the same one: its place, its content, the pipeline."""
    if isinstance(item, Rejected):
        parts = [item.origin, item.id, item.problem.code, item.problem.message]
    else:
        parts = [item.origin, item.id, item.text, item.title, item.date, item.source, item.url, item.section]
    content = json.dumps([mark, *parts], ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).digest()[:16]


def clear(out: Path) -> None:
    """Remove what an earlier run wrote to `out`, and nothing else."""
    from pipeline.emit.tables import TABLES

    for name in (*OUTPUTS, "workers.log", "ledger.sqlite-journal", *(f"{table}.parquet" for table in TABLES)):
        (out / name).unlink(missing_ok=True)


def available_cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1


def _check(options: Options) -> list[str]:
    """The inputs as given; raises KhabarError on what cannot work."""
    out = options.out.resolve()
    if options.out.exists() and not options.out.is_dir():
        raise KhabarError(f"--out {options.out} is a file; name a folder")
    for path in options.inputs:
        here = Path(path)
        if here.is_dir() and out.is_relative_to(here.resolve()):
            raise KhabarError(f"--out {options.out} lies inside the input folder {path}; choose a place outside it")
    if options.config and not Path(options.config).is_file():
        raise KhabarError(f"no pipeline configuration at {options.config}")
    # A document is known by its path too, so that ./news and news are one.
    return list(dict.fromkeys(os.path.normpath(path) for path in options.inputs))


def _same_inputs(ledger: Ledger, inputs: list[str], out: Path) -> None:
    """A folder holds the records of its inputs: a run that leaves one out would silently drop its records."""
    now = [str(Path(path).resolve()) for path in inputs]
    missing = [path for path in ledger.get("inputs") or [] if path not in now]
    if missing:
        raise KhabarError(
            f"{out} holds records of {missing[0]}, which is not among the inputs now; "
            "name it too, choose another --out, or start over with --fresh"
        )
    ledger.put("inputs", now)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _close(manifest: dict, status: str, tally: Tally, clock: float, ledger: Ledger) -> None:
    seconds = monotonic() - clock
    manifest |= {
        "status": status,
        "ended": _now(),
        "seconds": round(seconds, 3),
        "done_now": tally.done,
        "done_before": tally.skipped,
        "documents_per_second": round(tally.done / seconds, 2),
        "words_now": tally.words,
        "words_per_second": round(tally.words / seconds, 1),
        "seconds_by_stage": {stage: round(took, 3) for stage, took in tally.timings.items()},
        "peak_worker_bytes": tally.peak,
        "peak_parent_bytes": peak_memory(),
    }
    names = ("started", "ended", "status", "seconds", "done_now", "done_before")
    manifest["runs"][-1] = {name: manifest[name] for name in names}
    ledger.put("runs", manifest["runs"])


def _write_errors(path: Path, ledger: Ledger) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for error in ledger.errors():
            file.write(json.dumps(error, ensure_ascii=False) + "\n")


def _tables(options: Options, ledger: Ledger) -> dict[str, int]:
    """Rows a table; written again only where a record changed or a file is missing."""
    from pipeline.emit import tables

    out = options.out
    wanted = [f"{name}.parquet" for name in tables.TABLES]
    if options.format == "parquet":
        wanted.append("records.parquet")
    if ledger.get("tables") != wanted or not all((out / name).exists() for name in wanted):
        tables.write(ledger.records, out, nested=options.format == "parquet")
        ledger.put("tables", wanted)
    return tables.rows(out)


def _drop_empty(path: Path) -> None:
    if path.exists() and not path.stat().st_size:
        path.unlink()
