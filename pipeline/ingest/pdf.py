"""The text layer of PDF files."""

from __future__ import annotations

import logging
from typing import BinaryIO

from pipeline.errors import DocumentError
from pipeline.ingest.streams import seekable, size


def pdf_fields(stream: BinaryIO, limit: int) -> dict[str, str | None]:
    """Text, title and date of a PDF; pages are joined by a line break.

    Raises DocumentError K114 where a password is needed, K117 without a text layer, K107 where it is damaged.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # its warnings are about files, ours are records
    try:
        reader = PdfReader(seekable(stream))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("K114", "the PDF")
        pages, length = [], 0
        for page in reader.pages:
            pages.append(page.extract_text().strip())
            length += len(pages[-1])
            if length > limit:
                raise DocumentError("K115", size(limit))
        about = reader.metadata
        title = about.title if about else None
        date = about.creation_date if about else None
    except DocumentError:
        raise
    except (DependencyError, FileNotDecryptedError) as error:
        raise DocumentError("K114", "the PDF") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError) as error:
        raise DocumentError("K107", f"PDF: {str(error)[:200]}") from error
    text = "\n".join(page for page in pages if page)
    if not text.strip():
        raise DocumentError("K117")
    return {"text": text, "title": title, "date": date.date().isoformat() if date else None}
