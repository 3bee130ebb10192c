"""`khabar doctor`: checks of the installation, each with what to do where it fails."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import typer

from pipeline import __version__, resources


class Wrong(Exception):
    """A check failed; the message says what is wrong and what to do."""


def doctor() -> int:
    """Run all checks and print a line for each; 1 where one failed."""
    failed = 0
    for name, check in CHECKS:
        try:
            note = check()
        except Wrong as wrong:
            failed += 1
            typer.echo(f"FAIL  {name}: {wrong}")
        except Exception as error:
            failed += 1
            typer.echo(f"FAIL  {name}: {type(error).__name__}: {error}; reinstall khabar, and report it if that fails")
        else:
            typer.echo(f"ok    {name}: {note}")
    typer.echo("All is well." if not failed else f"{failed} of {len(CHECKS)} checks failed.")
    return int(bool(failed))


def python() -> str:
    """The version of Python is one that khabar runs on."""
    from packaging.specifiers import SpecifierSet

    version = sys.version.split()[0]
    wanted = metadata.metadata("khabar")["Requires-Python"]
    if not SpecifierSet(wanted).contains(version, prereleases=True):
        raise Wrong(f"this is Python {version}; install one that is {wanted}")
    return version


def requirements() -> str:
    """Every distribution that khabar requires is installed in a version that fits."""
    try:
        lines = metadata.requires("khabar") or []
    except metadata.PackageNotFoundError:
        raise Wrong("khabar itself is not installed; run `pip install -e .` in its folder") from None
    wrong = list(_unmet(lines))
    if wrong:
        raise Wrong(f"{'; '.join(wrong)}; run `pip install --upgrade khabar`")
    return f"{sum('extra ==' not in line for line in lines)} distributions"


def _unmet(lines: list[str]) -> Iterator[str]:
    from packaging.requirements import Requirement

    for line in lines:
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            found = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            yield f"{wanted.name} is missing"
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            yield f"{wanted.name} is {found}, wanted {wanted.specifier}"


def data() -> str:
    """The lexicons are there and can be read."""
    home = resources.data("lexicons")
    paths = sorted(path.relative_to(home) for path in home.glob("*/*.tsv"))
    if not paths:
        raise Wrong(f"no lexicons in {home}; reinstall khabar")
    rows = sum(len(resources.lexicon(path.as_posix())) for path in paths)
    return f"{len(paths)} lexicons, {rows:,} lines"


def models() -> str:
    """The files of each model are those that its `meta.json` was written for."""
    notes = []
    for path in sorted(resources.model(".").glob("*/meta.json")):
        meta = json.loads(path.read_text(encoding="utf-8"))
        hashes = dict(_hashes(meta))
        for name, wanted in hashes.items():
            file = path.parent / name
            if not file.is_file():
                raise Wrong(f"{file} is missing; reinstall khabar")
            from pipeline.batch.manifest import hash_file

            if hash_file(file).hex() != wanted:
                raise Wrong(f"{file} is damaged or of another version; reinstall khabar")
        notes.append(f"{path.parent.name} ({len(hashes)} files verified)")
    return ", ".join(notes) or "none shipped"


def _hashes(meta: object) -> Iterator[tuple[str, str]]:
    """File names and SHA-256 sums, wherever in a model's meta they stand."""
    if isinstance(meta, dict):
        if isinstance(meta.get("file"), str) and isinstance(meta.get("sha256"), str):
            yield meta["file"], meta["sha256"]
        for name, value in meta.items():
            if isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) and "." in name:
                yield name, value
            yield from _hashes(value)
    elif isinstance(meta, list):
        for value in meta:
            yield from _hashes(value)


def entries() -> str:
    """The user's own entries can be read."""
    from pipeline.errors import KhabarError
    from pipeline.linking import own

    try:
        return ", ".join(f"{len(own.rows(path))} in {path}" for path in own.tables()) or "none"
    except KhabarError as error:
        raise Wrong(f"{error}; mend the table, or move it away") from None


def pipeline() -> str:
    """The shipped configuration makes a pipeline."""
    from pipeline.runner import load

    return ", ".join(load().pipe_names)


def extraction() -> str:
    """A sentence gives the record that it should."""
    from pipeline.runner import extract

    for row in resources.lexicon("cli/doctor.tsv"):
        record = extract(row["text"], date="2024-01-01")
        if record.status != "ok":
            raise Wrong(f"{record.error.code} in {record.error.stage}: {record.error.message}; reinstall khabar")
        dumped = record.model_dump(mode="json")
        for layer, name, wanted in re.findall(r"(\w+)\.(\w+)=(\S+)", row["expect"]):
            found = [str(item[name]) for item in dumped[layer]]
            if wanted not in found:
                raise Wrong(f"expected {name} {wanted} among the {layer}, found {found or 'none'}; reinstall khabar")
    return "as expected"


def writing() -> str:
    """Files can be written to the temporary folder, locked and synced."""
    import sqlite3

    try:
        with tempfile.TemporaryDirectory() as folder:
            base = sqlite3.connect(Path(folder) / "test.sqlite")
            base.execute("CREATE TABLE test (number INTEGER)")
            base.commit()
            base.close()
            return str(Path(folder).parent)
    except (OSError, sqlite3.Error) as error:
        raise Wrong(
            f"cannot write to the temporary folder ({error}); set TMPDIR to a folder you may write to"
        ) from None


def encoding() -> str:
    """The terminal takes Arabic."""
    used = sys.stdout.encoding or "none"
    try:
        "\u062e\u2192".encode(used)
    except (LookupError, UnicodeEncodeError):
        raise Wrong(f"the terminal's encoding is {used}; set PYTHONUTF8=1 or a UTF-8 locale") from None
    return used


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    (f"khabar {__version__} on Python", python),
    ("requirements", requirements),
    ("lexicons", data),
    ("models", models),
    ("your entries", entries),
    ("pipeline", pipeline),
    ("extraction", extraction),
    ("writing", writing),
    ("terminal", encoding),
)
