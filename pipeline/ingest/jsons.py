"""JSON lines, and JSON files read one article at a time.

`json` reads whole values only, so `Scanner` finds where values begin and end in a stream of text and hands
over one at a time. It walks from one structural character to the next, hence in linear time.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

from pipeline.errors import DocumentError
from pipeline.ingest.encoding import has_surrogate
from pipeline.ingest.rows import Fields
from pipeline.ingest.streams import seekable, size
from pipeline.ingest.tables import decoded

_CHUNK = 1 << 16
_LONGEST_KEY = 1 << 16
_SPACE = " \t\r\n"
_OUTSIDE = re.compile(r'["{}\[\],]')
_INSIDE = re.compile(r'["\\]')
# lists of articles go under one of these keys, or under the first that holds objects
_LISTS = ("articles", "items", "documents", "docs", "data", "records", "results", "rows", "news", "entries", "posts")

Row = tuple[int, dict[str, Any] | DocumentError, str]


def parse(text: str) -> dict[str, Any]:
    """The JSON object in `text`; raises DocumentError K204, or K103 where bytes could not be decoded."""
    if has_surrogate(text):  # escapes are not decoded yet: these are bytes that were no UTF-8
        raise DocumentError("K103", "UTF-8")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError("K204", f"{error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise DocumentError("K204", "lists or objects lie too deep in each other") from None
    except ValueError:
        raise DocumentError("K204", f"a number has more than {sys.get_int_max_str_digits():,} digits") from None
    if not isinstance(value, dict):
        raise DocumentError("K204", f"an object is wanted, not {type(value).__name__}")
    return value


def jsonl_rows(stream: io.BufferedReader, limit: int) -> Iterator[Row]:
    """Line number from 1, object (or why it is none) and encoding, for each line that is not blank."""
    text, encoding = decoded(stream)
    number = 0
    while line := text.readline(limit):
        number += 1
        if len(line) >= limit and not line.endswith("\n"):
            while (rest := text.readline(_CHUNK)) and not rest.endswith("\n"):
                pass
            yield number, DocumentError("K115", size(limit)), encoding
        elif line.strip(_SPACE):
            yield number, _parsed(line), encoding


def _parsed(text: str) -> dict[str, Any] | DocumentError:
    try:
        return parse(text)
    except DocumentError as error:
        return error


def json_rows(stream: io.BufferedReader, fields: Fields, limit: int) -> Iterator[Row]:
    """Number from 1, object and encoding, for each article of a JSON file.

    The file holds one article, an array of them, an object with such an array (under any key, one level down),
    or several such values after each other.
    """
    stream = io.BufferedReader(seekable(stream)) if not stream.seekable() else stream  # type: ignore[arg-type]
    text, encoding = decoded(stream)
    key = _list_key(Scanner(text), fields)
    stream = text.detach()
    stream.seek(0)
    text, encoding = decoded(stream)
    for number, value in enumerate(_values(Scanner(text), key, limit), 1):
        yield number, value if isinstance(value, DocumentError) else _parsed(value), encoding


def _values(scanner: Scanner, key: str | None, limit: int) -> Iterator[str | DocumentError]:
    """The JSON text of each article: elements of an array, of the array under `key`, or top values themselves."""
    while c := scanner.peek():
        if c == "[":
            yield from scanner.elements(limit)
        elif c == "{" and key is not None:
            for name in scanner.names():
                if name == key and scanner.peek() == "[":
                    yield from scanner.elements(limit)
                else:
                    scanner.take(0)
        else:
            yield scanner.take(limit) or DocumentError("K115", size(limit))
            if c not in "{[":
                return  # no JSON, or a lone value: nothing behind it makes sense


def _list_key(scanner: Scanner, fields: Fields) -> str | None:
    """The key of the top object under which the articles lie; None where the object is itself one."""
    if scanner.peek() != "{":
        return None
    kinds: dict[str, str] = {}
    try:
        for name in scanner.names():
            kind = scanner.peek()
            if kind == "[":
                scanner.skip(1)
                kind += scanner.peek()
                scanner.take(0, depth=1)
            else:
                scanner.take(0)
            kinds[name] = kind
    except DocumentError:
        pass  # the second reading reports it
    if any(kinds[key] == '"' for key in fields.columns(kinds).get("text", ())):
        return None
    lists = [key for key, kind in kinds.items() if kind == "[{"]
    return min(lists, key=lambda k: _LISTS.index(k.lower()) if k.lower() in _LISTS else len(_LISTS), default=None)


class Scanner:
    """Walks through JSON text without reading values."""

    def __init__(self, text: io.TextIOBase):
        self._text, self._buffer, self._at = text, "", 0

    def _more(self) -> bool:
        self._buffer, self._at = self._text.read(_CHUNK), 0
        return bool(self._buffer)

    def peek(self) -> str:
        """The next character that is no space, not consumed; empty at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in _SPACE:
                    return self._buffer[self._at]
                self._at += 1
            if not self._more():
                return ""

    def skip(self, count: int) -> None:
        self._at += count

    def expect(self, wanted: str) -> str:
        """Consume one of the characters `wanted`."""
        c = self.peek()
        if not c or c not in wanted:
            raise DocumentError("K204", f"{' or '.join(wanted)} expected, not {c!r}" if c else "the file is cut off")
        self._at += 1
        return c

    def elements(self, limit: int) -> Iterator[str | DocumentError]:
        """The elements of the array that begins here."""
        self.expect("[")
        if self.peek() == "]":
            self.skip(1)
            return
        while True:
            yield self.take(limit) or DocumentError("K115", size(limit))
            if self.expect(",]") == "]":
                return

    def names(self) -> Iterator[str]:
        """The keys of the object that begins here; the caller takes the value after each."""
        self.expect("{")
        if self.peek() == "}":
            self.skip(1)
            return
        while True:
            if self.peek() != '"':
                raise DocumentError("K204", "a key in quotation marks expected")
            try:
                name = json.loads(self.take(_LONGEST_KEY) or '""')
            except ValueError as error:
                raise DocumentError("K204", str(error)) from None
            self.expect(":")
            yield name
            if self.expect(",}") == "}":
                return

    def take(self, limit: int, depth: int = 0) -> str | None:
        """Consume the value that begins here, or the rest of the `depth` containers around this place.

        Returns its text, None where that is longer than `limit`. Brackets only are counted: whether they match
        is left to the JSON parser.
        """
        first = self.peek()
        if not depth and (not first or first in "]},:"):
            raise DocumentError("K204", f"a value expected, not {first!r}" if first else "the file is cut off")
        pieces, length, inside, start = [], 0, False, self._at
        while True:
            match = (_INSIDE if inside else _OUTSIDE).search(self._buffer, self._at)
            end = False
            if match is None:
                self._at = len(self._buffer)
            else:
                c, self._at = match[0], match.end()
                if inside:
                    if c == "\\":
                        if self._at == len(self._buffer):  # the escaped character is in the next piece
                            self._keep(pieces, start, limit, length)
                            length += self._at - start
                            if not self._more():
                                break
                            start = 0
                        self._at += 1
                    else:
                        inside, end = False, depth == 0
                elif c == '"':
                    inside = True
                elif c in "{[":
                    depth += 1
                elif c == ",":
                    end = depth == 0
                    self._at -= end  # the comma behind a number or word belongs to the container
                else:
                    depth -= 1
                    if depth < 0:
                        self._at -= 1
                    end = depth <= 0
            if end or self._at >= len(self._buffer):
                self._keep(pieces, start, limit, length)
                length += self._at - start
                if end:
                    return "".join(pieces) if length <= limit else None
                if not self._more():
                    break
                start = 0
        if inside or depth > 0:
            raise DocumentError("K204", "the file is cut off inside a value")
        return "".join(pieces) if length <= limit else None

    def _keep(self, pieces: list[str], start: int, limit: int, length: int) -> None:
        if length + self._at - start <= limit:
            pieces.append(self._buffer[start : self._at])
        else:
            pieces.clear()
