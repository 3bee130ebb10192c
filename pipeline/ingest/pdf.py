"""The text layer of PDF files."""

from __future__ import annotations

import logging
import re
from typing import BinaryIO

from pipeline.errors import DocumentError
from pipeline.ingest.streams import seekable, size

_ARABIC = re.compile("[\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_BRACKETS = str.maketrans("()[]{}\u00ab\u00bb", ")(][}{\u00bb\u00ab")
_FULL = 0.75  # of the width that nine of ten lines keep within, counted in characters
_ENDS = ".!?:\u061f\u061b\u2026"
_OPENING, _CLOSING = "([{\u00ab", ")]}\u00bb"

Stretch = tuple[str, float]  # text of one direction, and where on the line the pen was after it


def pdf_fields(stream: BinaryIO, limit: int) -> dict[str, str | None]:
    """Text, title and date of a PDF, a paragraph a line.

    A PDF holds lines as they are drawn, from left to right. pypdf turns each stretch of Arabic round but leaves
    the stretches and the numbers between them in the order of the page, which is put right here.

    Raises DocumentError K114 where a password is needed, K117 without a text layer, K107 where it is damaged.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings are about files, ours are records
    try:
        reader = PdfReader(seekable(stream))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("K114", "the PDF")
        lines: list[str] = []
        length = 0
        for page in reader.pages:
            found = _page_lines(page)
            lines += found
            length += sum(map(len, found))
            if length > limit:
                raise DocumentError("K115", size(limit))
        about = reader.metadata
        title = about.title if about else None
        date = about.creation_date if about else None
    except DocumentError:
        raise
    except (DependencyError, FileNotDecryptedError) as error:
        raise DocumentError("K114", "the PDF") from error
    except Exception as error:  # a damaged file meets many a fault in its parser
        raise DocumentError("K107", f"PDF: {type(error).__name__}: {str(error)[:200]}") from error
    if not lines:
        raise DocumentError("K117")
    return {"text": _unwrapped(lines), "title": title, "date": date.date().isoformat() if date else None}


def _page_lines(page) -> list[str]:
    lines: list[list[Stretch]] = [[]]

    def visit(text, _, matrix, *__) -> None:
        first, *rest = text.split("\n")
        lines[-1].append((first, matrix[4]))
        lines.extend([(part, matrix[4])] for part in rest)

    page.extract_text(visitor_text=visit)
    return [line for line in map(_logical, lines) if line]


def _unwrapped(lines: list[str]) -> str:
    """A full line that ends inside a sentence goes on in the next one; shorter ones end a paragraph or are headings."""
    full = _FULL * sorted(map(len, lines))[int(0.9 * (len(lines) - 1))]
    pieces = []
    for line in lines:
        pieces += (line, " " if len(line) >= full and line[-1] not in _ENDS else "\n")
    return "".join(pieces[:-1])


def _logical(line: list[Stretch]) -> str:
    """The line in reading order."""
    line = [stretch for stretch in line if stretch[0]]
    drawn = "".join(text for text, _ in line)
    if len(_ARABIC.findall(drawn)) <= len(_LATIN.findall(drawn)):
        return drawn.strip()
    places = [x for _, x in line[:-1]]  # of the last stretch the pen is back at the margin
    if places and places[-1] < places[0]:
        return _bracketed(drawn).strip()  # a producer that draws from right to left
    return _bracketed("".join(text if _ARABIC.search(text) else _turned(text) for text, _ in reversed(line))).strip()


def _turned(text: str) -> str:
    """A number or foreign word with what stands at its sides on the other side."""
    core = text.strip(" \u00a0.,:;!?()[]{}\u00ab\u00bb\"'\u060c\u061b\u061f-")
    if not core:
        return text[::-1]
    before, _, after = text.partition(core)
    return after[::-1] + core + before[::-1]


def _bracketed(text: str) -> str:
    """Brackets turned round where the first one closes and the last one opens."""
    marks = [c for c in text if c in _OPENING or c in _CLOSING]
    return text.translate(_BRACKETS) if marks and marks[0] in _CLOSING and marks[-1] in _OPENING else text
