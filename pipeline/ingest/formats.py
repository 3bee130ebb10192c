"""What a file is, by its name and by its first bytes."""

from __future__ import annotations

import re

from pipeline.errors import DocumentError

# suffix -> how the file is read
SUFFIXES = {
    **dict.fromkeys(("txt", "text", "md"), "text"),
    **dict.fromkeys(("html", "htm", "xhtml", "shtml"), "html"),
    **dict.fromkeys(("jsonl", "ndjson", "jsonlines"), "jsonl"),
    "json": "json",
    "csv": "csv",
    **dict.fromkeys(("tsv", "tab"), "tsv"),
    **dict.fromkeys(("parquet", "pq"), "parquet"),
    **dict.fromkeys(("xml", "rss", "atom", "rdf"), "xml"),
    "warc": "warc",
    "pdf": "pdf",
    "zip": "zip",
    "tar": "tar",
    **dict.fromkeys(("gz", "tgz"), "gz"),
    **dict.fromkeys(("bz2", "tbz", "tbz2"), "bz2"),
    **dict.fromkeys(("xz", "txz"), "xz"),
    **dict.fromkeys(("zst", "tzst", "zstd"), "zst"),
}
_TARRED = {"tgz", "tbz", "tbz2", "txz", "tzst"}
PACKED = frozenset(("gz", "bz2", "xz", "zst"))  # one stream each; zip and tar have members

_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"PAR1", "parquet"),
    (b"%PDF-", "pdf"),
    (b"WARC/", "warc"),
)
# Formats that are known by their first bytes and not read.
_FOREIGN = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (image, sound or film)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
)
# Zip files with a format of their own, by suffix.
_ZIPPED = frozenset(["docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "jar", "apk", "docm", "xlsm"])
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.I)
_MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"  # byte-order marks and space
_TEXTUAL = frozenset(("text", "html", "jsonl", "json", "csv", "tsv", "xml", "warc"))


def named(name: str) -> tuple[str | None, str]:
    """The format that a name promises, and the name of what is packed inside (`a.csv.gz` -> gz, `a.csv`)."""
    stem, dot, suffix = name.rpartition(".")
    suffix = suffix.lower() if dot else ""
    if suffix in _TARRED:
        stem += ".tar"
    return SUFFIXES.get(suffix), stem or name


def sniffed(head: bytes) -> str | None:
    """The format that the first bytes show; None where they look like plain text."""
    for magic, format in _MAGIC:
        if head.startswith(magic):
            return format
    if head[257:262] == b"ustar":
        return "tar"
    for magic, words in _FOREIGN:
        if head.startswith(magic):
            raise DocumentError("K106", words)
    start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        found = _HTML.search(start)
        if found and (found.start() == 0 or start.startswith((b"<?xml", b"<!--"))):
            return "html"
        if start.startswith(b"<?xml") or re.match(rb"<(rss|feed|rdf:RDF)[\s>]", start):
            return "xml"
    return None


def format_of(name: str, head: bytes) -> str:
    """How a file is read: as its name promises, where its first bytes agree; by these where the name says nothing.

    Raises DocumentError K105 where they disagree, K106 for formats that are not read.
    """
    promised, _ = named(name)
    suffix = name.rpartition(".")[2].lower()
    try:
        shown = sniffed(head)
    except DocumentError as error:
        if promised is None:
            raise
        raise DocumentError("K105", f"named .{suffix}, but {error.problem.message.split(' is not')[0]}") from None
    if shown == "zip" and suffix in _ZIPPED:
        raise DocumentError("K106", f"an Office or e-book file (.{suffix})")
    if promised is None:
        return shown or _json(head) or "text"
    if shown is None and promised in ("json", "jsonl"):
        return _json(head, promised)
    if shown is None and promised == "html" and b"<" not in head:
        raise DocumentError("K105", f"named .{suffix}, but it has no markup")
    if promised == shown or (shown is None and promised in _TEXTUAL):
        return promised
    if shown is None and promised == "tar" and len(head) >= 512:
        return promised  # tars of before 1988 have no mark
    if {promised, shown} == {"html", "xml"}:
        return shown  # XHTML goes under either name
    raise DocumentError("K105", f"named .{suffix}, but it {'looks like ' + shown if shown else 'is none'}")


def _json(head: bytes, promised: str | None = None) -> str | None:
    """Whether JSON lies one value a line or over many lines, which both suffixes are used for."""
    lines = [line.strip() for line in head.replace(b"\0", b"").lstrip(_MARKS).split(b"\n") if line.strip()]
    objects = [line for line in lines if line.startswith(b"{")]
    if promised == "jsonl" and lines and not objects and not lines[0].startswith(b"["):
        raise DocumentError("K105", "named like JSON lines, but no line begins an object")
    if not lines or not lines[0].startswith((b"{", b"[")):
        return promised
    if lines[0] == b"{" or lines[0].startswith(b"["):
        return "json"
    if promised == "jsonl" or (lines[0].endswith(b"}") and len(objects) == len(lines) > (promised == "json")):
        return "jsonl"
    return "json"
