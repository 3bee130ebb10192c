"""Encodings are told apart by evidence, and what is no text is not made into one."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import DocumentError
from pipeline.ingest.encoding import decode, detect

CASES = [
    json.loads(line)["text"]
    for line in (Path(__file__).parents[1] / "cases/ingest/encodings.jsonl").read_text("utf-8").splitlines()
]
CODECS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-16": "utf-16-le-sig",
    "utf-32": "utf-32-le-sig",
    "cp1256": "windows-1256",
    "iso8859_6": "iso-8859-6",
}


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("text", CASES)
def test_encoding_is_detected(text, codec):
    try:
        data = text.encode(codec)
    except UnicodeEncodeError:
        pytest.skip("the code page lacks a character")
    assert decode(data) == (text, CODECS[codec])


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "cp1256", "iso8859_6"])
def test_encoding_of_a_beginning_that_stops_inside_a_character(codec):
    data = ("مليارات دولار " * 50).encode(codec)
    for cut in (401, 402, 403):
        assert detect(data[:cut], whole=False) == CODECS[codec]


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_encoding_valid_utf8_is_never_changed(text):
    data = text.encode()
    try:
        decoded, name = decode(data)
    except DocumentError as error:
        assert error.problem.code == "K102"  # control characters only
    else:
        if name == "utf-8":
            assert decoded == text
        else:  # bytes that are a byte-order mark, or the pattern of UTF-16
            assert "utf-" in name


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\0" * 50, "K102"),
        ("نص".encode() + b"\0" + "نص".encode(), "K102"),
        (random.Random(7).randbytes(4000), "K102"),
        (bytes(range(1, 32)) * 30, "K102"),
        ("ارتفع حجم التجارة".encode() + b"\xff" + "ارتفع".encode(), "K103"),
        ("ارتفع حجم التجارة".encode()[:-1], "K103"),
        (b"\xff\xfe\x27\x06\x28", "K103"),
        (b"caf\xe9 cr\xe8me", "K104"),
        (b"abc \xff\xfa\xfe def", "K104"),
        (bytes(random.Random(3).randrange(128, 256) for _ in range(3000)), "K104"),
    ],
    ids=["nulls", "nul", "random", "controls", "broken-utf8", "cut-utf8", "odd-utf16", "latin1", "few", "high-random"],
)
def test_encoding_bytes_that_are_no_text(data, code):
    with pytest.raises(DocumentError) as caught:
        decode(data)
    assert caught.value.problem.code == code


def test_encoding_declared_is_used_only_where_it_fits():
    assert decode(b"caf\xe9", ["iso-8859-1"]) == ("café", "iso8859-1")
    assert decode("نص".encode(), ["windows-1256"]) == ("نص", "utf-8")
    # declared as one Arabic code page, written in the other
    text = "وقال الوزير في ليبيا يوم الثلاثاء"
    assert decode(text.encode("cp1256"), ["iso-8859-6"]) == (text, "windows-1256")
    assert decode(text.encode("iso8859_6"), ["windows-1256"]) == (text, "iso-8859-6")
    with pytest.raises(DocumentError):
        decode(b"abc \xff\xfa def", ["no-such-encoding", "utf-8"])
