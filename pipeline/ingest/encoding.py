"""Which encoding some bytes are in: UTF-8, UTF-16, windows-1256 or ISO-8859-6, decided by evidence.

The order of evidence is byte-order mark, UTF-16 by its byte pattern, valid UTF-8, what the document declares,
and last which Arabic code page gives words. General detectors are not asked: on short Arabic texts in a code
page they often answer with another script's.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from pipeline.errors import DocumentError

# Names end in -sig where a byte-order mark says so; UTF-32 marks come first, since UTF-16's are their prefixes.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le-sig"),
    (codecs.BOM_UTF32_BE, "utf-32-be-sig"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le-sig"),
    (codecs.BOM_UTF16_BE, "utf-16-be-sig"),
)
_PAGES = {"windows-1256": "cp1256", "iso-8859-6": "iso8859_6"}
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"
_SURROGATE = re.compile("[\ud800-\udfff]")
_LETTERS = re.compile("[\u0621-\u063a\u0641-\u064a]")
_LATIN = "A-Za-z\u00c0-\u00ff\u0152\u0153"
_MIXED = re.compile(f"(?<=[\u0621-\u064a])[{_LATIN}]|[{_LATIN}](?=[\u0621-\u064a])")
# In running Arabic, alef, lam and yeh are together about a third of the letters.
_FREQUENT = re.compile("[\u0627\u0644\u064a]")
# The letters by their frequency in news, which settles what a word or two leave open.
_RANKS = "\u0627\u0644\u064a\u0645\u0648\u0631\u0646\u062a\u0639\u0629\u0628\u062f\u0641\u0647\u0633\u0642\u0643\u062d"
_RANK = {letter: rank for rank, letter in enumerate(_RANKS)}
_SAMPLE = 1 << 18
BAD = "\udc80"  # stands for undecodable bytes in a stream that goes on; never reaches an article


def detect(data: bytes, declared: Sequence[str] = (), whole: bool = True) -> str:
    """Name the encoding of `data`.

    Parameters
    ----------
    data : the document, or its beginning.
    declared : encodings that the document or its carrier names, most trusted first; each is checked.
    whole : False where `data` is a beginning and may stop inside a character.

    Returns
    -------
    str
        ``utf-8``, ``utf-16-le``, ``utf-16-be``, ``utf-32-*`` (each with ``-sig`` after a byte-order mark),
        ``windows-1256``, ``iso-8859-6``, or a declared name that fits.

    Raises
    ------
    DocumentError
        K102 not text, K103 nearly UTF-8, K104 nothing fits.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if name := _utf16(data[:_SAMPLE]):
        return name
    if b"\0" in data:
        raise DocumentError("K102", "it holds NUL bytes")
    error = _utf8_error(data, whole)
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls * (10 if error is None else 100) > len(sample):
        raise DocumentError("K102", "it is full of control characters")
    if error is None:
        return "utf-8"
    if _mostly_utf8(sample):
        if not whole:
            return "utf-8"  # a table or JSON lines: only the rows with the bad bytes are lost
        raise DocumentError("K103", f"UTF-8 at byte {error}")
    for name in declared:
        if fitting := _declared(name, data):
            return fitting
    return _code_page(sample, error)


def decode(data: bytes, declared: Sequence[str] = ()) -> tuple[str, str]:
    """The text of a whole document without its byte-order mark, and the encoding's name."""
    name = detect(data, declared)
    try:
        text = data.decode(codec(name))
    except UnicodeDecodeError as error:
        raise DocumentError("K103", f"{name} at byte {error.start}") from None
    return text.removeprefix("\ufeff") if name.endswith("-sig") else text, name


def codec(name: str) -> str:
    """The Python codec behind a name that `detect` gave; a byte-order mark is left to the caller."""
    return _PAGES.get(name, name.removesuffix("-sig"))


def mark_errors() -> str:
    """The name of an error handler that puts `BAD` for undecodable bytes, so that only their row is lost."""
    try:
        codecs.lookup_error("khabar.mark")
    except LookupError:
        codecs.register_error("khabar.mark", lambda error: (BAD, error.end))
    return "khabar.mark"


def has_surrogate(text: str) -> bool:
    """True where `text` cannot be encoded."""
    return not text.isascii() and _SURROGATE.search(text) is not None


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: nearly all high bytes are 0 (ASCII) or 6 (Arabic), which no other text holds."""
    if len(data) < 4:
        return None
    best = None
    for name, high, low in (("utf-16-le", data[1::2], data[0::2]), ("utf-16-be", data[0::2], data[1::2])):
        share = sum(map(high.count, b"\x00\x06")) / len(high)
        # the low bytes of text are neither mostly 0 nor 6, which rules out binary zeros
        if share > 0.8 and sum(map(low.count, b"\x00\x06")) / len(low) < 0.3 and (best is None or share > best[0]):
            best = share, name
    return best[1] if best else None


def _utf8_error(data: bytes, whole: bool) -> int | None:
    """The offset of the first byte that breaks UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _mostly_utf8(data: bytes) -> bool:
    """True where the valid multi-byte characters outnumber the invalid bytes: UTF-8 that was damaged."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(1 for c in text if c > "\x7f") - bad > bad


def _declared(name: str, data: bytes) -> str | None:
    try:
        canonical = codecs.lookup(name.strip()).name
        data.decode(canonical)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None
    names = {"cp1256": "windows-1256", "iso8859-6": "iso-8859-6"}
    if canonical in names:
        # pages often declare one Arabic code page and use the other
        scores = {page: _score(data[:_SAMPLE], page) for page in _PAGES}
        own = names[canonical]
        other = max(scores, key=scores.get)
        return other if scores[other] > scores[own] + 0.2 else own
    return canonical


def _code_page(data: bytes, error: int) -> str:
    scores = {name: _score(data, name) for name in _PAGES}
    best = max(scores, key=scores.get)
    if scores[best] < 0.5:
        raise DocumentError("K104", f"not UTF-8 at byte {error}, and no Arabic code page gives words")
    return best


def _score(data: bytes, name: str) -> float:
    """How much the high bytes of `data` look like Arabic when read as `name`, up to 1."""
    text = data.decode(_PAGES[name], "replace")
    high = sum(1 for c in text if c > "\x7f" and c != "\xa0")
    letters = _LETTERS.findall(text)
    if not letters or not high or "\ufffd" in text:
        return 0.0
    if len(letters) >= 200 and len(_FREQUENT.findall(text)) / len(letters) < 0.15:
        return 0.0
    rank = sum(_RANK.get(letter, 2 * len(_RANK)) for letter in letters) / len(letters)
    return (len(letters) - 2 * len(_MIXED.findall(text))) / high - rank / 1000
