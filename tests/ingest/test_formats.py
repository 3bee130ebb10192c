"""Each format gives the articles that are in it, with their fields; and streams."""

import datetime
import io
import json

import pytest
from ingest_files import NEWS, codes, only, outcome, tarred, zipped

from pipeline.errors import KhabarError
from pipeline.ingest import Limits, read, sources

ROWS = [
    {"id": "a1", "title": "عنوان", "text": NEWS, "date": "2023-03-14", "source": "صحيفة", "url": "http://e.org/1"},
    {"id": "a2", "title": "آخر, وفاصلة", "text": 'سطر\nثان "مقتبس"', "date": "", "source": "", "url": ""},
]


def test_text_is_handed_over_unchanged(make):
    text = "\ufeffسطر\r\nسطر\rسطر\u2028\u200f\x0cنهاية  \n\n"
    item = only(make("a.txt", text.encode("utf-8")))
    assert item.text == text[1:]  # the byte-order mark is no text
    assert item.encoding == "utf-8-sig"
    assert only(make("b.jsonl", json.dumps({"text": text}))).text == text


@pytest.mark.parametrize("ensure_ascii", [True, False])
def test_jsonl_and_json_give_the_same_articles(make, ensure_ascii):
    lines = [json.dumps(row, ensure_ascii=ensure_ascii) for row in ROWS]
    files = {
        "lines.jsonl": "\n".join(lines),
        "crlf.ndjson": "\r\n\r\n".join(lines) + "\r\n",
        "array.json": json.dumps(ROWS, ensure_ascii=ensure_ascii),
        "pretty.json": json.dumps(ROWS, indent=4, ensure_ascii=ensure_ascii),
        "under.json": json.dumps({"meta": {"a": [{"x": "]}"}]}, "count": 2, "articles": ROWS}),
        "lines.json": "\n".join(lines),
        "array.jsonl": json.dumps(ROWS, ensure_ascii=ensure_ascii),
        "pretty.jsonl": json.dumps(ROWS, indent=2, ensure_ascii=ensure_ascii),
        "two.json": json.dumps(ROWS[0], indent=1) + json.dumps(ROWS[1], indent=1),
    }
    for name, content in files.items():
        items = list(read(make(name, content)))
        assert [(i.id, i.title, i.text) for i in items] == [(r["id"], r["title"], r["text"]) for r in ROWS], name
        assert items[0].url == "http://e.org/1" and items[0].date == "2023-03-14" and items[1].date is None


def test_json_of_one_article_with_lists_inside_is_one_article(make):
    article = {"tags": [{"text": "وسم"}], "id": 7, "text": "نص", "comments": [{"body": "تعليق"}]}
    item = only(make("one.json", json.dumps(article)))
    assert (item.id, item.text) == ("7", "نص")


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
def test_json_scanner_does_not_depend_on_where_chunks_end(make, monkeypatch, chunk):
    monkeypatch.setattr("pipeline.ingest.jsons._CHUNK", chunk)
    rows = [{"text": 'a\\"]}[{', "id": 1}, {"id": 2, "text": "\\", "x": [1, -2.5e3, None, True, {"y": "\\\\"}]}]
    for name, value in (("a.json", rows), ("b.json", {"k": [1, 2], "data": rows, "z": 1}), ("c.json", rows[1])):
        items = list(read(make(name, json.dumps(value))))
        assert [(i.id, i.text) for i in items] == [(str(r["id"]), r["text"]) for r in rows][-len(items) :]


def test_csv_and_tsv_are_read_with_quotes_delimiters_and_encodings(make):
    import csv

    for name, delimiter, codec in (
        ("a.csv", ",", "utf-8"),
        ("b.csv", ";", "utf-8-sig"),
        ("c.csv", "|", "cp1256"),
        ("d.tsv", "\t", "utf-16"),
        ("e.csv", ",", "utf-16-le"),
    ):
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, list(ROWS[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(ROWS)
        items = list(read(make(name, buffer.getvalue().encode(codec))))
        assert [(i.id, i.title, i.text) for i in items] == [(r["id"], r["title"], r["text"]) for r in ROWS], name
        assert items[0].origin.endswith(f"{name}#1")


def test_csv_headings_in_arabic_and_named_fields(make):
    item = only(make("a.csv", "العنوان,نص الخبر,التاريخ,المصدر\nع,نص,2020,ص\n"))
    assert (item.title, item.text, item.date, item.source) == ("ع", "نص", "2020", "ص")
    path = make("b.csv", "text,lead,key\nخطأ,صواب,k\n")
    item = only(path, fields={"text": "lead", "id": "key"})
    assert (item.text, item.id) == ("صواب", "k")
    assert codes(path, fields={"text": "none"}) == ["K201"]
    with pytest.raises(KhabarError, match="unknown field"):
        read(path, fields={"body": "lead"})


def test_parquet_is_read_by_batches(make, tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    count = 300
    table = pa.table(
        {
            "article_id": pa.array([None if k == 5 else float(k) for k in range(count)]),
            "Content": [None if k == 7 else f"نص {k}" for k in range(count)],
            "published": [datetime.datetime(2020, 1, 1 + k % 28) for k in range(count)],
            "vector": [[1.0] * 3] * count,
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=100)
    items = list(read(tmp_path / "a.parquet"))
    assert len(items) == count
    assert items[3].id == "3" and items[3].text == "نص 3" and items[3].date == "2020-01-04T00:00:00"
    assert items[5].id.startswith("a-")
    assert items[7].problem.code == "K202" and items[7].id == "7"


def test_feeds_give_their_items(make):
    rss = """<?xml version="1.0" encoding="windows-1256"?>
    <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>قناة</title>
    <description>وصف القناة</description><image><title>صورة</title></image>
    <item><title>خبر</title><link>http://e.org/1</link><guid>g1</guid><category>اقتصاد</category>
    <pubDate>Tue, 14 Mar 2023 09:30:00 GMT</pubDate><description>ملخص</description>
    <content:encoded><![CDATA[<p>فقرة <b>أولى</b></p><script>x</script><p>فقرة&nbsp;ثانية</p>]]></content:encoded>
    </item>
    <item><title>ثان</title><description>&lt;div&gt;نص&lt;br/&gt;سطر&lt;/div&gt; &nbsp;</description></item>
    </channel></rss>"""
    first, second = read(make("feed.xml", rss.encode("cp1256")))
    assert first.text == "فقرة أولى\nفقرة ثانية"
    assert (first.id, first.title, first.url, first.section) == ("g1", "خبر", "http://e.org/1", "اقتصاد")
    assert (first.source, first.date, first.encoding) == ("قناة", "Tue, 14 Mar 2023 09:30:00 GMT", "windows-1256")
    assert second.text == "نص\nسطر"
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>موقع</title><entry><title>خبر</title><id>urn:1</id>
    <link rel="self" href="http://e.org/self"/><link href="http://e.org/2"/><updated>2023-03-14</updated>
    <content type="html">&lt;p&gt;نص&lt;/p&gt;</content></entry></feed>"""
    item = only(make("feed.atom", atom))
    assert (item.id, item.url, item.source, item.text) == ("urn:1", "http://e.org/2", "موقع", "نص")


def test_xml_of_articles_is_read_by_element_names(make):
    xml = (
        "<news><!-- c --><article id='n1'><Headline>ع</Headline><date>2014</date><body><p>أ <i>ب</i></p><p>ج</p></body>"
        "</article><article><text>نص</text></article></news>"
    )
    first, second = read(make("a.xml", xml))
    assert (first.id, first.title, first.date, first.text) == ("n1", "ع", "2014", "أ ب\nج")
    assert second.text == "نص"


def test_warc_gives_pages_and_texts_only(make):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    def build(packed):
        buffer = io.BytesIO()
        writer = WARCWriter(buffer, gzip=packed)

        def add(url, body, kind, status="200 OK"):
            head = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", io.BytesIO(body), http_headers=head))

        page = f"<html><head><meta property='og:type' content='article'></head><body><p>{NEWS}</p></body></html>"
        add("http://e.org/page", page.encode("cp1256"), "text/html; charset=windows-1256")
        add("http://e.org/image", b"\x89PNG", "image/png")
        add("http://e.org/gone", page.encode(), "text/html", "404 Not Found")
        add("http://e.org/text", NEWS.encode(), "text/plain")
        add("http://e.org/login", b"<html><body>hello</body></html>", "text/html")
        return buffer.getvalue()

    for name, packed in (("a.warc", False), ("a.warc.gz", True)):
        page, text, login = read(make(name, build(packed)))
        assert page.text.split() == NEWS.split() and page.encoding == "windows-1256"
        assert page.url == "http://e.org/page" and page.origin.endswith(f"{name}!http://e.org/page#1")
        assert text.text == NEWS
        assert login.problem.code == "K120"
    cut = outcome(make("cut.warc.gz", build(True)[:-300]))
    assert [code for _, code in cut].count("K107") == 1 and cut[0][1] == "ok"
    whole = build(False)
    for end in (500, whole.index(b"PNG"), len(whole) - 60):  # in a page, a record that is passed over, the last page
        found = codes(make("cut.warc", whole[:end]))
        assert found.count("K107") == 1 and found[-1] == "K107", end


def test_standard_input_is_read_by_its_content(monkeypatch):
    class Standard:
        buffer = io.BytesIO(b'{"id": "x", "text": "abc"}\n{"id": "y", "text": "def"}\n')

    monkeypatch.setattr("sys.stdin", Standard)
    assert outcome("-") == [("x", "ok"), ("y", "ok")]


def test_unknown_names_are_read_by_their_content(make):
    assert only(make("noext", NEWS)).text == NEWS
    assert only(make("a.dump", json.dumps(ROWS[:1]))).id == "a1"
    assert codes(make("b.dump", "\n".join(map(json.dumps, ROWS)))) == ["ok", "ok"]
    assert codes(make("page", "<!doctype html><html><body>x</body></html>")) == ["K120"]


def test_ids_are_stable_and_unique(make, tmp_path):
    make("one/x/a.txt", NEWS)
    make("two/x/a.txt", NEWS)
    make("two/x/b.csv", "text\nنفس\nنفس\nآخر\n")
    one, two = list(read(tmp_path / "one")), list(read(tmp_path / "two"))
    assert one[0].id == two[0].id  # the folder's own name and place do not matter
    assert one[0].id.startswith("a-") and len(one[0].id) == 14
    ids = [item.id for item in two]
    assert len(set(ids)) == 4 and ids[2] == ids[1] + "-2"
    assert [item.id for item in read(tmp_path / "two")] == ids


def test_sources_split_the_work_by_file(make, tmp_path):
    make("in/b.txt", NEWS), make("in/a/c.txt", NEWS), make("in/a.txt", NEWS), make("in/.hidden/x.txt", NEWS)
    files = list(sources(tmp_path / "in"))
    assert [file.relative for file in files] == ["a/c.txt", "a.txt", "b.txt"]
    whole = list(read(tmp_path / "in"))
    assert [item.origin for item in whole] == [item.origin for file in files for item in read(file)]
    with pytest.raises(KhabarError, match="no such file"):
        read(["-", tmp_path / "missing"])


def test_rows_are_streamed_and_not_held(make):
    """The first article of a file is there before its end has been read."""
    import tracemalloc

    line = json.dumps({"text": NEWS}, ensure_ascii=False)
    for name, content in (
        ("a.jsonl", "\n".join([line] * 40_000)),
        ("a.json", "[" + ",".join([line] * 40_000) + "]"),
        ("a.csv", "text\n" + "\n".join(['"' + NEWS + '"'] * 40_000)),
        ("a.xml", "<r>" + f"<d><text>{NEWS}</text></d>" * 40_000 + "</r>"),
    ):
        path = make(name, content)
        items = read(path)
        next(items)
        tracemalloc.start()
        for _ in range(2000):
            next(items)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2_000_000, name


def test_limits_of_a_document(make):
    limits = Limits(document=1000)
    big = json.dumps({"id": "big", "text": "x" * 2000})
    small = json.dumps({"id": "small", "text": "x"})
    assert codes(make("a.jsonl", f"{big}\n{small}\n"), limits=limits) == ["K115", "ok"]
    assert codes(make("a.json", f"[{big},{small}]"), limits=limits) == ["K115", "ok"]
    assert codes(make("a.txt", "x" * 2000), limits=limits) == ["K115"]
    assert codes(make("a.csv", "id,text\n1," + "x" * 2000 + "\n"), limits=limits) == ["K115"]


def test_formats_that_need_seeking_are_read_inside_archives(make, tmp_path, monkeypatch):
    import gzip

    import pyarrow as pa
    from pyarrow import parquet

    monkeypatch.setattr("pipeline.ingest.streams.MB", 1)  # spools go to disk after 8 bytes
    parquet.write_table(pa.table({"id": ["p"], "text": [NEWS]}), tmp_path / "a.parquet")
    inner = {
        "a.parquet": (tmp_path / "a.parquet").read_bytes(),
        "b.json": json.dumps({"articles": [{"id": "j1", "text": "x"}, {"id": "j2", "text": "y"}]}).encode(),
        "c.zip": zipped({"d.json.gz": gzip.compress(b'[{"id": "z", "text": "w"}]')}),
    }
    expected = [("p", "ok"), ("j1", "ok"), ("j2", "ok"), ("z", "ok")]
    assert outcome(make("a.zip", zipped(inner))) == expected
    assert outcome(make("a.tar.gz", gzip.compress(tarred(inner)))) == expected
    assert [item.origin.partition("a.tar.gz")[2] for item in read(tmp_path / "a.tar.gz")][-1] == "!c.zip!d.json.gz#1"
