"""What ingest hands to the pipeline: an article, or the reason why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.errors import Problem

# Anything but white space, soft hyphens, zero-width characters and controls of direction.
_VISIBLE = re.compile(r"[^\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def is_blank(text: str) -> bool:
    """True where a reader would see nothing of `text`: such a document is empty (K203)."""
    return _VISIBLE.search(text) is None


@dataclass(slots=True)
class Article:
    """One input document, as its reader gave it.

    `text` is never changed after this point; every offset in a record counts its code points.
    """

    id: str
    text: str
    title: str | None = None
    date: str | None = None  # as printed in the source; `pipeline.times.docdate` reads it
    source: str | None = None
    url: str | None = None
    section: str | None = None
    origin: str = ""  # path!member#row, for messages
    encoding: str | None = None  # the encoding detected, where bytes were read


@dataclass(slots=True)
class Rejected:
    """An input that is no article: it becomes one error record."""

    id: str
    problem: Problem
    origin: str = ""
    document: dict = field(default_factory=dict)
