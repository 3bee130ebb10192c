"""A user's own entries: tables with a header line, checked row by row, and the one table that every command reads."""

from __future__ import annotations

import csv
import io
import os
import re
import sys
from pathlib import Path

from pipeline.errors import KhabarError

LABELS = ("PER", "LOC", "ORG", "GROUP", "MISC")
REQUIRED = ("label", "en", "ar")
COLUMNS = ("label", "kind", "iso", "en", "ar", "members", "geonames", "wikidata", "population")
_SHAPES = {
    "iso": (re.compile("[A-Z]{2}"), "two letters of ISO 3166, such as KZ"),
    "members": (re.compile("[A-Z]{2}(?: [A-Z]{2})*"), "ISO 3166 codes with blanks between, such as KZ UZ"),
    "geonames": (re.compile("[0-9]+"), "a number"),
    "wikidata": (re.compile("Q[0-9]+"), "Q and a number"),
    "population": (re.compile("[0-9]+"), "a number"),
}
_KIND = re.compile("[a-z_]*")
Row = dict[str, str]


def table() -> Path | None:
    """The user's table: the file that `$KHABAR_KB` names (none where that is empty), else `kb.csv` in the folder
    where programs keep a user's settings (`~/.config/khabar` on Linux). It need not exist.
    """
    named = os.environ.get("KHABAR_KB")
    if named is not None:
        return Path(named) if named else None
    from typer import get_app_dir

    return Path(get_app_dir("khabar")) / "kb.csv"


def tables(user: tuple[str, ...] = ()) -> list[Path]:
    """The tables to read, in order; of one name in two of them the later one wins."""
    own = table()
    return ([own] if own and own.is_file() else []) + [Path(path) for path in user]


def rows(path: Path | str) -> list[Row]:
    """The entries of a CSV file (commas, semicolons or tabs; `-` is standard input), with all of `COLUMNS`.

    `ar` holds the spellings, divided by `|`, the usual one first. Raises KhabarError, with the line, where a column is
    missing or a cell is not what it should be.
    """
    try:
        text = (sys.stdin.buffer.read() if str(path) == "-" else Path(path).read_bytes()).decode("utf-8-sig")
    except OSError as error:
        raise KhabarError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise KhabarError(f"{path} is not UTF-8; save it as CSV UTF-8") from None
    first = text.partition("\n")[0]
    divider = max("\t;,", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=divider, restval="", strict=True)
    out: list[Row] = []
    try:
        missing = [column for column in REQUIRED if column not in (reader.fieldnames or ())]
        unknown = [column for column in reader.fieldnames or () if column not in COLUMNS]
        if missing or unknown:
            wrong = [f"no column {', '.join(missing)}"] * bool(missing)
            wrong += [f"unknown column {', '.join(unknown)}"] * bool(unknown)
            raise KhabarError(f"{path}: {'; '.join(wrong)}; the columns are {', '.join(COLUMNS)}")
        for row in reader:
            if any(cell.strip() for cell in row.values() if isinstance(cell, str)):
                out.append(_checked(row, f"{path}, line {reader.line_num}"))
    except csv.Error as error:
        raise KhabarError(f"{path}, line {reader.line_num}: {error}") from None
    return out


def _checked(row: dict, where: str) -> Row:
    if None in row:
        raise KhabarError(f"{where}: more cells than columns; a comma inside a name needs quotation marks around it")
    cells = {column: " ".join((row.get(column) or "").split()) for column in COLUMNS}
    for column in ("label", "iso", "members", "wikidata"):
        cells[column] = cells[column].upper()
    if cells["label"] not in LABELS:
        raise KhabarError(f"{where}: label {cells['label']!r}; one of {', '.join(LABELS)}")
    names = [name.strip() for name in cells["ar"].split("|") if name.strip()]
    if not names:
        raise KhabarError(f"{where}: no Arabic name")
    if not cells["en"]:
        raise KhabarError(f"{where}: no English name")
    cells["ar"] = "|".join(names)
    cells["kind"] = cells["kind"].lower()
    if not _KIND.fullmatch(cells["kind"]):
        raise KhabarError(f"{where}: kind {cells['kind']!r}; a word such as company, city, person")
    for column, (shape, wanted) in _SHAPES.items():
        if cells[column] and not shape.fullmatch(cells[column]):
            raise KhabarError(f"{where}: {column} {cells[column]!r}; {wanted}")
    return cells


def same(row: Row) -> tuple[str, str]:
    """What makes two rows the same entry: label and English name."""
    return row["label"], row["en"].lower()


def add(source: Path | str, target: Path) -> tuple[int, int]:
    """Write the entries of a CSV file into the table `target`: the numbers of new and of replaced ones.

    Nothing is written where a row of either is wrong.
    """
    given = {same(row): row for row in rows(source)}
    before = {same(row): row for row in rows(target)} if target.is_file() else {}
    kept = {**before, **given}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        new = target.with_name(target.name + ".tmp")
        with open(new, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept.values())
        os.replace(new, target)
    except OSError as error:
        raise KhabarError(f"cannot write {target}: {error.strerror}; name another table with --kb") from None
    replaced = len(given.keys() & before.keys())
    return len(given) - replaced, replaced
