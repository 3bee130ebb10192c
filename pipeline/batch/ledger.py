"""What a run has done: `records.jsonl`, appended in chunks, and `ledger.sqlite`, which says what of it counts.

A chunk is synced to disk before the ledger takes it in one transaction, so after a kill at any moment the ledger knows
exactly which bytes are whole records; the rest is cut off when the run goes on. A document is known by its key: where
it came from, what it said, and the pipeline that read it. Its record is used again as long as its key is the same.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.batch.worker import Done
from pipeline.errors import KhabarError

_TABLE = """(
    key BLOB PRIMARY KEY, start INTEGER, length INTEGER, position INTEGER, run INTEGER,
    id TEXT, origin TEXT, code TEXT, stage TEXT, message TEXT
) WITHOUT ROWID"""
_COLUMNS = "key, start, length, position, run, id, origin, code, stage, message"


class Ledger:
    """The records of a run's folder. Open it with `with`; one process at a time.

    Parameters
    ----------
    folder : holds `records.jsonl` and `ledger.sqlite`; made where missing.
    """

    def __init__(self, folder: Path):
        self.records = folder / "records.jsonl"
        self._rewritten = folder / "records.jsonl.new"
        path = folder / "ledger.sqlite"
        if self.records.exists() and not path.exists():
            raise KhabarError(f"{self.records} is not from a run that can go on; choose another --out or add --fresh")
        try:
            self._db = sqlite3.connect(path, timeout=0, isolation_level=None)
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("BEGIN EXCLUSIVE")
            self._db.execute(f"CREATE TABLE IF NOT EXISTS docs {_TABLE}")
            self._db.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT)")
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise KhabarError(f"another run is writing to {folder}; wait for it or choose another --out") from None
            raise KhabarError(f"cannot write to {folder} ({error})") from None
        except sqlite3.DatabaseError as error:
            raise KhabarError(f"{path} is damaged ({error}); start over with --fresh") from None
        self._recover()
        self.run = int(self.get("run") or 0) + 1
        self.put("run", self.run)
        self._file = open(self.records, "ab")  # noqa: SIM115
        self._size = self._file.tell()
        self._new: dict[bytes, tuple] = {}
        self._kept: dict[bytes, tuple] = {}

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_) -> None:
        self._file.close()
        self._db.close()

    def get(self, name: str):
        """A value kept with `put`, or None."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def put(self, name: str, value) -> None:
        """Keep a small value (JSON) with the ledger."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, json.dumps(value)))

    def _recover(self) -> None:
        """Finish a rewrite that was cut short, and cut off what no committed chunk covers."""
        if self.get("rewritten"):
            if self._rewritten.exists():
                os.replace(self._rewritten, self.records)
            self.put("rewritten", False)
        self._rewritten.unlink(missing_ok=True)
        size = self.records.stat().st_size if self.records.exists() else 0
        # Fewer bytes than the ledger knows: somebody cut the file; what is missing will be done again.
        self._db.execute("DELETE FROM docs WHERE start + length > ?", (size,))
        known = self._db.execute("SELECT MAX(start + length) FROM docs").fetchone()[0] or 0
        if size > known:
            os.truncate(self.records, known)

    def find(self, key: bytes) -> str | None:
        """None where the document is still to be done, else the code of its error ('' where it has none)."""
        row = self._db.execute("SELECT code FROM docs WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0] or ""

    def seen(self, key: bytes) -> bool:
        """Whether this run has met the key already."""
        if key in self._new or key in self._kept:
            return True
        row = self._db.execute("SELECT run FROM docs WHERE key = ?", (key,)).fetchone()
        return row is not None and row[0] == self.run

    def keep(self, key: bytes, position: int) -> None:
        """The document is done; it stands at `position` in this run's input."""
        self._kept[key] = (position, self.run, key)

    def add(self, key: bytes, position: int, origin: str, done: Done) -> None:
        """Append a record; it counts after the next `commit`."""
        self._file.write(done.line)
        about = (done.id, origin, *done.error) if done.error else (None,) * 5
        self._new[key] = (key, self._size, len(done.line), position, self.run, *about)
        self._size += len(done.line)

    def commit(self) -> None:
        """Make all that was added since the last commit count, on disk."""
        if not self._new and not self._kept:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        with self._transaction():
            self._db.executemany(f"INSERT OR REPLACE INTO docs VALUES ({','.join('?' * 10)})", self._new.values())
            self._db.executemany("UPDATE docs SET position = ?, run = ? WHERE key = ?", self._kept.values())
            if self._new:
                self._db.execute("DELETE FROM meta WHERE name = 'tables'")
        self._new.clear()
        self._kept.clear()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._db.in_transaction:  # Ctrl-C came between a BEGIN and its try
            self._db.execute("ROLLBACK")
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def finish(self) -> None:
        """Leave in `records.jsonl` the records of this run's input, each once, in its order."""
        self.commit()
        end = 0
        for start, length in self._in_order("start, length"):
            if start != end:
                break
            end += length
        else:
            if end == self._size:
                return
        self._rewrite()

    def _in_order(self, columns: str) -> sqlite3.Cursor:
        return self._db.execute(f"SELECT {columns} FROM docs WHERE run = ? ORDER BY position", (self.run,))

    def _rewrite(self) -> None:
        """The input changed since the first run: copy the records that still count, then swap file and ledger.

        Killed before the transaction ends, nothing has changed; killed after it, `_recover` swaps the files.
        """
        with self._transaction():
            self._db.execute(f"CREATE TABLE fresh {_TABLE}")
            end = 0
            with open(self.records, "rb") as old, open(self._rewritten, "wb") as new:
                for key, start, length, *rest in self._in_order(_COLUMNS):
                    old.seek(start)
                    new.write(old.read(length))
                    self._db.execute(f"INSERT INTO fresh VALUES ({','.join('?' * 10)})", (key, end, length, *rest))
                    end += length
                new.flush()
                os.fsync(new.fileno())
            self._db.execute("DROP TABLE docs")
            self._db.execute("ALTER TABLE fresh RENAME TO docs")
            self._db.execute("DELETE FROM meta WHERE name = 'tables'")
            self.put("rewritten", True)
        self._file.close()
        os.replace(self._rewritten, self.records)
        self.put("rewritten", False)
        self._file = open(self.records, "ab")  # noqa: SIM115
        self._size = end

    def errors(self) -> Iterator[dict]:
        """The documents of this run that have error records, in order, as `errors.jsonl` lists them."""
        columns = ("id", "origin", "code", "stage", "message")
        rows = self._db.execute(
            "SELECT id, origin, code, stage, message FROM docs WHERE run = ? AND code IS NOT NULL ORDER BY position",
            (self.run,),
        )
        for row in rows:
            yield dict(zip(columns, row, strict=True))

    def counts(self) -> tuple[int, dict[str, int]]:
        """How many documents this run's input has, and how many errors of each code."""
        total = self._db.execute("SELECT COUNT(*) FROM docs WHERE run = ?", (self.run,)).fetchone()[0]
        by_code = self._db.execute(
            "SELECT code, COUNT(*) FROM docs WHERE run = ? AND code IS NOT NULL GROUP BY code ORDER BY code",
            (self.run,),
        )
        return total, dict(by_code.fetchall())
