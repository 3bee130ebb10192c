"""The run's manifest file, and the fingerprint of the pipeline that made the records."""

from __future__ import annotations

import hashlib
import json
import os
from configparser import ConfigParser, ParsingError
from contextlib import suppress
from pathlib import Path

from pipeline import resources
from pipeline.linking.own import tables

# What a checkout holds beside what the pipeline reads.
_NOT_READ = {"samples", "training", "__pycache__", "sources"}


def fingerprint(config: str | None = None) -> str:
    """A hash of all that decides what a record says: code, configuration, lexicons, models, the user's own entries.

    Records are used again by a later run only under the same fingerprint.
    """
    home = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for root in (home, resources.data("."), resources.model(".")):
        for path in _files(root):
            digest.update(str(path.relative_to(root)).encode())
            digest.update(hash_file(path))
    if config:
        digest.update(Path(config).read_bytes())
    for path in tables(named(config)):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:16]


def named(config: str | None) -> tuple[str, ...]:
    """The tables of entries that a configuration names (option `kb` of a stage)."""
    if not config:
        return ()
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    with suppress(ParsingError):  # what cannot be read is refused when the pipeline is made
        parser.read(config, encoding="utf-8")
    paths: dict[str, None] = {}
    for section in parser.sections():
        with suppress(ValueError):
            paths |= dict.fromkeys(map(str, json.loads(parser.get(section, "kb", fallback="[]"))))
    return tuple(paths)


def describe(path: str) -> dict:
    """An input of a run: its path, how many files are behind it, and their size in bytes."""
    from pipeline.ingest import sources

    files, size = 0, 0
    for source in sources([path]):
        files += 1
        with suppress(OSError):
            size += os.path.getsize(source.path)
    return {"path": path, "files": files, "bytes": size}


def hash_file(path: Path) -> bytes:
    """The SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def write_json(path: Path, value) -> None:
    """Replace a small file whole, so that a reader never sees half of it."""
    new = path.with_name(path.name + ".tmp")
    new.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    os.replace(new, path)


def _files(root: Path) -> list[Path]:
    out = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _NOT_READ and not name.startswith("."))
        out += [Path(folder) / name for name in sorted(names) if not name.endswith(".pyc")]
    return out
