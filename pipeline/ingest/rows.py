"""From the fields of a row, JSON object or page to an article: names of fields, ids, what a text may hold."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.article import Article, Rejected, is_blank
from pipeline.errors import DocumentError, KhabarError
from pipeline.ingest.encoding import has_surrogate

FIELDS = ("text", "id", "title", "date", "source", "url", "section")
_SEPARATORS = re.compile(r"[\W_]+")
_NOT_NAME = re.compile(r"[^\w-]+")
_NAMES = ("name", "title", "value", "$oid", "$date", "@value", "#text")  # where an object keeps its plain value


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document lies.

    Attributes
    ----------
    origin : the path as given, ``!member`` for each packing, ``#row`` in a table; unique in a run.
    path : the same from the input folder on, without the row; goes into made-up ids, so that they do not change
        when the folder moves.
    encoding : of the bytes, where there were any.
    """

    origin: str
    path: str
    encoding: str | None = None

    def row(self, number: int | str) -> Place:
        return Place(f"{self.origin}#{number}", self.path, self.encoding)


class Fields:
    """Which columns or keys hold which field: those the caller named, else the first known alias."""

    def __init__(self, named: Mapping[str, str] | None = None):
        self.named = dict(named or {})
        if unknown := sorted(set(self.named) - set(FIELDS)):
            raise KhabarError(f"unknown field {unknown[0]!r} in fields; known are {', '.join(FIELDS)}")
        self._known: dict[tuple, dict[str, list[str]]] = {}

    def columns(self, keys: Iterable[Any]) -> dict[str, list[str]]:
        """For each field the keys that may hold it, best first."""
        keys = tuple(keys)
        if (columns := self._known.get(keys)) is None:
            if len(self._known) > 1000:  # objects with keys of their own, such as ids
                self._known.clear()
            columns = self._known[keys] = self._columns(keys)
        return columns

    def _columns(self, keys: tuple) -> dict[str, list[str]]:
        plain = {}
        for key in keys:
            if isinstance(key, str):
                plain.setdefault(plain_name(key), key)
        taken = set(self.named.values())
        columns = {}
        for field in FIELDS:
            if field in self.named:
                found = [self.named[field]] if self.named[field] in keys else []
            else:
                found = [plain[a] for a in _aliases()[field] if a in plain and plain[a] not in taken]
            if found:
                columns[field] = found
        return columns

    def need_text(self, keys: Iterable[Any]) -> None:
        """Raise K201 where a table with these headings has no column with the text."""
        keys = list(keys)
        if "text" not in self.columns(keys):
            raise DocumentError("K201", self._missing(keys))

    def _missing(self, keys: Iterable[Any]) -> str:
        names = ", ".join(str(key)[:40] for key in list(keys)[:12])
        wanted = f"no {self.named['text']!r} among: " if "text" in self.named else "found: "
        return wanted + (names or "nothing")


def plain_name(name: str) -> str:
    """A heading without case, spaces and punctuation; of an XML name the local part and its known prefix."""
    return _SEPARATORS.sub("", name.casefold())


@cache
def _aliases() -> dict[str, tuple[str, ...]]:
    from pipeline.resources import lexicon

    rows = lexicon("ingest/fields.tsv")
    return {field: tuple(plain_name(row["alias"]) for row in rows if row["field"] == field) for field in FIELDS}


class Desk:
    """Makes articles of rows and keeps ids unique over a whole run.

    Memory: about 100 bytes for each document of the run.
    """

    def __init__(self, fields: Fields):
        self.fields = fields
        self._seen: set[bytes] = set()
        self._repeats: Counter[str] = Counter()  # of made-up ids, from 2 on

    def article(self, row: Mapping[str, Any], place: Place, named: bool = True) -> Article | Rejected:
        """The article in a row, or the one reason why there is none.

        `named` is False where the reader itself made the row, under the names of the fields.
        """
        id = None
        try:
            columns = self.fields.columns(row) if named else {field: [field] for field in row}
            id = _id(_first(row, columns.get("id", ())))
            text = _text(row, columns, self.fields)
            rest = {field: _plain(_first(row, columns.get(field, ()))) for field in FIELDS[2:]}
            for field, value in (("text", text), ("id", id), *rest.items()):
                if value is None:
                    continue
                if has_surrogate(value):
                    raise DocumentError("K207", field)
                if "\0" in value:
                    raise DocumentError("K208", field)
            if id is None:
                id = self._made(place, text)
            elif not self._new(id):
                raise DocumentError("K206", repr(id[:100]))
        except DocumentError as error:
            return self.rejected(error, place, id)
        return Article(id=id, text=text, origin=place.origin, encoding=place.encoding, **rest)

    def rejected(self, error: DocumentError, place: Place, id: str | None = None) -> Rejected:
        """The reason as an item of the stream, under the document's own id where one is known."""
        if id is None or has_surrogate(id):
            id = self._made(place, f"{place.origin}\n{error.problem.code}")
        # messages quote the input, which may hold what cannot be written
        return Rejected(id, problem_of(error), place.origin)

    def _made(self, place: Place, content: str) -> str:
        """An id from path and content; what repeats both gets a number."""
        digest = hashlib.sha256(f"{place.path}\n".encode("utf-8", "replace"))
        digest.update(content.encode("utf-8", "replace"))
        name = re.split(r"[/!]", place.path)[-1].split(".")[0]
        name = _NOT_NAME.sub("-", name)[:40].strip("-") or "document"
        stem = f"{name}-{digest.hexdigest()[:12]}"
        id = stem
        while not self._new(id):
            self._repeats[stem] = max(self._repeats[stem], 1) + 1
            id = f"{stem}-{self._repeats[stem]}"
        return id

    def _new(self, id: str) -> bool:
        key = hashlib.blake2b(id.encode("utf-8", "replace"), digest_size=16).digest()
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


def problem_of(error: DocumentError):
    """The problem with a message that can be encoded."""
    message = error.problem.message
    if not has_surrogate(message):
        return error.problem
    clean = message.encode("utf-8", "replace").decode()
    return type(error.problem)(error.problem.code, error.problem.stage, clean)


def reader_failed(error: Exception) -> DocumentError:
    return DocumentError("K199", f"{type(error).__name__}: {str(error)[:300]}")


def _first(row: Mapping[str, Any], keys: Iterable[str]) -> Any:
    """The first value that is there."""
    for key in keys:
        value = row.get(key)
        if value is not None and value != "":
            return value
    return None


def _text(row: Mapping[str, Any], columns: dict[str, list[str]], fields: Fields) -> str:
    keys = columns.get("text", ())
    if not keys:
        raise DocumentError("K201", fields._missing(row))
    value = _first(row, keys)
    if value is None:
        if row.get(keys[0]) == "":
            raise DocumentError("K203")
        raise DocumentError("K202", "null")
    if not isinstance(value, str):
        raise DocumentError("K202", _kind(value))
    if is_blank(value):
        raise DocumentError("K203")
    return value


def _id(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = _plain(value)
    if isinstance(value, float) and value.is_integer():  # a column of whole numbers with gaps
        value = int(value)
    if value is None or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise DocumentError("K209", _kind(value))
    return str(value).strip() or None


def _plain(value: Any) -> str | None:
    """A field besides the text as a string: objects by their name, lists by their first value."""
    for _ in range(3):
        if isinstance(value, Mapping):
            value = _first(value, _NAMES)
        elif isinstance(value, list | tuple):
            value = next((v for v in value if v not in (None, "")), None)
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return str(value)


def _kind(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), type(value).__name__)
