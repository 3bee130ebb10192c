"""Every problem that khabar reports, with a greppable code and what to do about it.

A problem belongs to one document and never ends a run; `KhabarError` is for the caller's own mistakes
(a wrong path, a wrong option) and ends the command with exit code 2.
"""

from __future__ import annotations

from dataclasses import dataclass

# code -> (stage, name, message). K1xx: reading bytes, K2xx: reading fields, K3xx: content, K4xx: stages, K9xx: usage.
CODES: dict[str, tuple[str, str, str]] = {
    "K101": ("ingest", "empty", "the file is empty"),
    "K102": ("ingest", "binary", "the file is not text ({detail}); convert it to text, or leave it out"),
    "K103": ("ingest", "invalid-encoding", "the bytes are not valid {detail}; save the file again as UTF-8"),
    "K104": ("ingest", "unknown-encoding", "no known encoding fits ({detail}); save the file as UTF-8"),
    "K105": ("ingest", "wrong-name", "the content is not what the name says: {detail}; rename the file"),
    "K106": ("ingest", "unsupported", "{detail} is not a format that can be read; convert it to text, HTML or JSONL"),
    "K107": (
        "ingest",
        "damaged",
        "the file is cut off or damaged ({detail}); only documents that were whole before it were read",
    ),
    "K108": ("ingest", "bomb", "unpacking was stopped: {detail}; unpack it yourself if you trust it"),
    "K109": ("ingest", "path-escape", "the member's path leads out of the archive ({detail}); it was not read"),
    "K110": ("ingest", "link", "the archive member is a link or no regular file ({detail}); archive the file itself"),
    "K111": ("ingest", "special-file", "not a regular file but a {detail}; save it to a file, or pipe it into '-'"),
    "K112": ("ingest", "unreadable", "the file cannot be opened ({detail}); check that it exists and its permissions"),
    "K113": ("ingest", "link-loop", "the link leads back into folders that are read already ({detail}); remove it"),
    "K114": ("ingest", "encrypted", "{detail} is encrypted; decrypt it first"),
    "K115": ("ingest", "too-large", "one document is larger than {detail}; split it"),
    "K116": ("ingest", "too-deep", "archives inside archives deeper than {detail}; unpack the outer ones"),
    "K117": ("ingest", "no-text-layer", "the PDF has no text layer (a scan?); run OCR on it first"),
    "K118": ("ingest", "malformed-xml", "the XML is malformed: {detail}; what could be read was read"),
    "K119": ("ingest", "xml-entities", "the XML declares entities of its own; they are not expanded, remove its DTD"),
    "K120": ("ingest", "no-article", "the page holds no article ({detail})"),
    "K121": ("ingest", "no-articles", "no article was found in the file ({detail})"),
    "K199": ("ingest", "reader-failed", "the reader failed: {detail}; please report it with the file"),
    "K201": ("ingest", "no-text-field", "no field with the text ({detail}); name it with --field text=NAME"),
    "K202": ("ingest", "text-not-string", "the text is no string but {detail}"),
    "K203": ("ingest", "empty-text", "the text is empty"),
    "K204": ("ingest", "malformed-json", "malformed JSON: {detail}"),
    "K205": ("ingest", "malformed-row", "malformed row: {detail}"),
    "K206": ("ingest", "duplicate-id", "an earlier document has the id {detail} already; ids must be unique"),
    "K207": ("ingest", "lone-surrogate", "field {detail} holds half a surrogate pair, which no UTF-8 file can hold"),
    "K208": ("ingest", "nul-character", "field {detail} holds NUL characters; remove them"),
    "K209": ("ingest", "bad-id", "the id is no string or whole number but {detail}"),
    "K301": ("language", "unsupported-language", "the text is not Arabic ({detail})"),
    "K401": ("pipeline", "stage-failed", "stage {stage} failed: {detail}"),
    "K402": ("pipeline", "time-limit", "the document took {detail} s of work; split it, or raise --time-limit"),
    "K403": ("pipeline", "worker-died", "the document ended its worker process ({detail})"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A coded reason why a document has no annotations."""

    code: str
    stage: str
    message: str


def problem(code: str, detail: str = "", stage: str | None = None) -> Problem:
    """Fill the message of `code`; an unknown code is a programming error and raises KeyError."""
    home, _, message = CODES[code]
    return Problem(code, stage or home, message.format(detail=detail, stage=stage or home))


class DocumentError(Exception):
    """Raised inside a reader or stage for one document; carried into its error record."""

    def __init__(self, code: str, detail: str = "", stage: str | None = None):
        self.problem = problem(code, detail, stage)
        super().__init__(f"[{code}] {self.problem.message}")


class KhabarError(Exception):
    """The caller asked for something that cannot be done; the message says what to do instead."""
