"""Files damaged at random: whatever happens to their bytes, there is an answer for each and nothing is raised."""

import bz2
import gzip
import io
import json
import lzma
import random

import fpdf
import pyarrow
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from ingest_files import NEWS, tarred, zipped
from pyarrow import parquet

from pipeline.article import Article
from pipeline.ingest import formats, read
from pipeline.ingest.formats import SUFFIXES

LINES = "\n".join(json.dumps({"id": k, "text": NEWS}, ensure_ascii=False) for k in range(3)).encode()


def _parquet() -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.table({"id": ["1", "2"], "text": [NEWS, NEWS]}), buffer)
    return buffer.getvalue()


def _pdf() -> bytes:
    document = fpdf.FPDF()
    document.add_page()
    document.set_font("helvetica", size=12)
    document.cell(0, 10, "some text")
    return bytes(document.output())


def _warc() -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/plain")], protocol="HTTP/1.1")
    for k in range(2):
        record = writer.create_warc_record(
            f"http://e.org/{k}", "response", io.BytesIO(NEWS.encode()), http_headers=head
        )
        writer.write_record(record)
    return buffer.getvalue()


FILES = {
    "a.txt": NEWS.encode(),
    "a.html": f"<html><body><article><h1>x</h1><p>{NEWS}</p></article></body></html>".encode(),
    "a.jsonl": LINES,
    "a.json": b"[" + LINES.replace(b"\n", b",") + b"]",
    "a.csv": f'id,text\n1,"{NEWS}"\n2,x\n'.encode(),
    "a.tsv": "id\ttext\n1\tx\n".encode("utf-16"),
    "a.xml": f"<rss><channel><item><title>x</title><description>{NEWS}</description></item></channel></rss>".encode(),
    "a.parquet": _parquet(),
    "a.warc": _warc(),
    "a.pdf": _pdf(),
    "a.zip": zipped({"a.txt": NEWS, "b.jsonl": LINES, "c.zip": zipped({"d.txt": NEWS})}),
    "a.tar": tarred({"a.txt": NEWS.encode(), "b.jsonl": LINES}),
    "a.jsonl.gz": gzip.compress(LINES, mtime=0),
    "a.jsonl.bz2": bz2.compress(LINES),
    "a.jsonl.xz": lzma.compress(LINES),
    "a.jsonl.zst": zstandard.compress(LINES),
}


def check(path) -> None:
    items = list(read(path))
    assert items, "every file gives an answer"
    for item in items:
        if isinstance(item, Article):
            item.text.encode()
            assert item.text.strip() and "\0" not in item.text
        else:
            assert item.problem.code.startswith("K") and item.problem.code != "K199", item.problem


def test_every_suffix_has_a_file_here_or_is_another_spelling():
    assert {formats.named(name)[0] for name in FILES} == set(SUFFIXES.values())


@pytest.mark.parametrize("name", FILES)
def test_damaged_file_never_raises(make, name):
    dice = random.Random(name)
    whole = FILES[name]
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(data))
            kind = dice.randrange(4)
            if kind == 0:
                data[at] = dice.randrange(256)
            elif kind == 1:
                del data[at : at + dice.randrange(1, 40)]
            elif kind == 2:
                data[at:at] = dice.randbytes(dice.randrange(1, 20))
            else:
                del data[max(at, 1) :]
            data = data or bytearray(b"x")
        check(make(name, bytes(data)))


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(sorted(SUFFIXES)),
    st.binary(max_size=300),
    st.sampled_from([b"", *sorted({v[:40] for v in FILES.values()})]),
)
def test_any_bytes_under_any_name_never_raise(tmp_path_factory, suffix, data, start):
    path = tmp_path_factory.mktemp("any") / f"a.{suffix}"
    path.write_bytes(start + data)
    check(path)
