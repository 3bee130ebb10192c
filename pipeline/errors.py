"""Every problem that khabar reports, with a greppable code and what to do about it.

A problem belongs to one document and never ends a run; `KhabarError` is for the caller's own mistakes
(a wrong path, a wrong option) and ends the command with exit code 2.
"""

from __future__ import annotations

from dataclasses import dataclass

# code -> (stage, name, message). K1xx: reading bytes, K2xx: reading fields, K3xx: content, K4xx: stages, K9xx: usage.
CODES: dict[str, tuple[str, str, str]] = {
    "K101": ("ingest", "empty", "the file is empty"),
    "K301": ("language", "unsupported-language", "the text is not Arabic ({detail})"),
    "K401": ("pipeline", "stage-failed", "stage {stage} failed: {detail}"),
    "K402": ("pipeline", "time-limit", "the document took longer than {detail} s"),
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
