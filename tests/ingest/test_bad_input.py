"""Bad input: exactly one coded rejection each, and the run goes on."""

import bz2
import gzip
import io
import json
import lzma
import os
import random
import socket
import struct
import time
import zipfile

import pytest
import zstandard
from ingest_files import NEWS, codes, only, outcome, tarred, zipped

from pipeline.ingest import Limits, read

GOOD = NEWS.encode()


def gz(data):
    return gzip.compress(data, 1, mtime=0)


def noise(count, seed=1):
    return random.Random(seed).randbytes(count)


def encrypted_zip():
    data = bytearray(zipped({"a.txt": GOOD}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(magic) + offset
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)
    return bytes(data)


def damaged_zip():
    data = bytearray(zipped({"a.txt": GOOD, "b.txt": GOOD}))
    data[50] ^= 0xFF  # inside the first member's data
    return bytes(data)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 10)).replace("&l0;", "&lol;")
    + "]><doc><text>&l9;</text></doc>"
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><doc><text>&x;</text></doc>'
DEEP = gz(gz(gz(gz(gz(gz(GOOD))))))

FILES = [
    ("empty.txt", b"", "K101"),
    ("empty.jsonl", b"", "K101"),
    ("blank.txt", b" \n\t ", "K203"),
    ("invisible.txt", "\ufeff\u202e\u200f\u200b \u2069" * 9, "K203"),
    ("nulls.txt", b"\0" * 1000, "K102"),
    ("nulls.jsonl", b"\0" * 1000, "K102"),
    ("random.txt", noise(5000), "K102"),
    ("random", noise(5000), "K102"),
    ("random.html", noise(5000), "K102"),
    ("random.csv", noise(5000), "K102"),
    ("random.json", noise(5000), "K102"),
    ("random.xml", noise(5000), "K118"),
    ("invalid.txt", GOOD + b"\xff\xfe" + GOOD, "K103"),
    ("latin.txt", b"caf\xe9", "K104"),
    ("png.txt", b"\x89PNG\r\n\x1a\n" + noise(100), "K105"),
    ("zip.txt", zipped({"a.txt": GOOD}), "K105"),
    ("html.txt", "<!doctype html><html><body>x</body></html>", "K105"),
    ("pdf.html", b"%PDF-1.4\n", "K105"),
    ("text.pdf", GOOD, "K105"),
    ("text.gz", GOOD, "K105"),
    ("text.zip", GOOD, "K105"),
    ("text.parquet", GOOD, "K105"),
    ("html.json", "<!doctype html><html><body>x</body></html>", "K105"),
    ("picture.png", b"\x89PNG\r\n\x1a\n" + noise(100), "K106"),
    ("letter.docx", zipped({"word/document.xml": "<x/>"}), "K106"),
    ("cut.txt.gz", gz(GOOD)[:-20], "K107"),
    ("cut.txt.bz2", bz2.compress(GOOD)[:-20], "K107"),
    ("cut.txt.xz", lzma.compress(GOOD)[:-20], "K107"),
    ("cut.txt.zst", zstandard.compress(GOOD)[:-20], "K107"),
    ("cut.zip", zipped({"a.txt": GOOD})[:-30], "K107"),
    ("cut.tar", tarred({"a.txt": GOOD})[:600], "K107"),
    ("cut.tar.gz", gz(tarred({"a.txt": noise(9000)}))[:-3000], "K107"),
    ("wrong.txt.gz", gz(GOOD)[:-8] + b"12345678", "K107"),
    ("cut.parquet", b"PAR1" + noise(200), "K107"),
    ("cut.pdf", b"%PDF-1.4\n" + noise(200), "K107"),
    ("bomb.txt.gz", gz(bytes(40_000_000)), "K108"),
    ("bomb.jsonl.bz2", bz2.compress(b'{"text": "' + b"a" * 40_000_000), "K108"),
    ("bomb.txt.xz", lzma.compress(b"a" * 40_000_000), "K108"),
    ("bomb.txt.zst", zstandard.compress(b"a" * 40_000_000), "K108"),
    ("bomb.zip", zipped({"a.txt": b"a" * 40_000_000}), "K108"),
    ("up.zip", zipped({"../../a.txt": GOOD}), "K109"),
    ("windows.zip", zipped({"..\\a.txt": GOOD}), "K109"),
    ("drive.zip", zipped({"C:/a.txt": GOOD}), "K109"),
    ("absolute.tar", tarred({"/etc/a.txt": GOOD}), "K109"),
    ("link.tar", tarred({"a": {"type": b"2", "linkname": "/etc/passwd"}}), "K110"),
    ("hardlink.tar", tarred({"a": {"type": b"1", "linkname": "b"}}), "K110"),
    ("pipe.tar", tarred({"a": {"type": b"6"}}), "K110"),
    ("secret.zip", encrypted_zip(), "K114"),
    ("deep.gz", DEEP, "K116"),
    ("none.zip", zipped({}), "K121"),
    ("none.json", "[]", "K121"),
    ("none.jsonl", "\n\n", "K121"),
    ("none.csv", "id,text\n", "K121"),
    ("none.xml", "<a><b>x</b></a>", "K121"),
    ("cut.xml", "<a><doc><text>x", "K118"),
    ("laughs.xml", LAUGHS, "K119"),
    ("external.xml", EXTERNAL, "K119"),
    ("no-text.csv", "id,title\n1,x\n", "K201"),
    ("no-text.jsonl", '{"id": 1, "title": "x"}', "K201"),
    ("null.jsonl", '{"id": 1, "text": null}', "K202"),
    ("number.jsonl", '{"id": 1, "text": 5}', "K202"),
    ("list.jsonl", '{"id": 1, "text": ["x"]}', "K202"),
    ("blank.jsonl", '{"id": 1, "text": " "}', "K203"),
    ("bad.jsonl", '{"id": 1, "text": "x"', "K204"),
    ("word.json", "hello, there, you", "K204"),
    ("cut.json", '{"id": 1, "text": "x', "K204"),
    ("close.json", "]", "K204"),
    ("deep.jsonl", "[" * 200_000, "K204"),
    ("deep.json", '{"text": ' + "[" * 200_000, "K204"),
    ("digits.jsonl", '{"text": ' + "1" * 200_000 + "}", "K204"),
    ("number-only.jsonl", "5", "K105"),
    ("prose.jsonl", NEWS * 5, "K105"),
    ("table.jsonl", "id,text\n1,x\n2,y\n", "K105"),
    ("prose.html", NEWS * 5, "K105"),
    ("lines.csv", '{"id": 1, "text": "x"}\n{"id": 2, "text": "y"}\n', "K201"),
    ("surrogate.jsonl", r'{"id": "s", "text": "\ud83d x"}', "K207"),
    ("surrogate.json", r'[{"id": "s", "text": "x", "title": "\udc00"}]', "K207"),
    ("surrogate-id.jsonl", r'{"id": "\ud83d", "text": "x"}', "K207"),
    ("nul.jsonl", r'{"id": "n", "text": "a\u0000b"}', "K208"),
    ("id.jsonl", '{"id": [1], "text": "x"}', "K209"),
]


@pytest.mark.parametrize(("name", "data", "code"), FILES, ids=[file[0] for file in FILES])
def test_bad_file_gives_one_rejection_and_the_run_goes_on(make, tmp_path, name, data, code):
    make(f"in/2-{name}", data)
    make("in/1.txt", NEWS + "1")
    make("in/3.txt", NEWS + "3")
    items = list(read(tmp_path / "in"))
    assert [getattr(item, "problem", None) and item.problem.code for item in items] == [None, code, None]
    bad = items[1]
    assert f"2-{name}" in bad.origin and bad.problem.stage == "ingest"
    assert len(bad.problem.message) < 400 and "{detail}" not in bad.problem.message


@pytest.mark.parametrize(("name", "data", "code"), FILES, ids=[file[0] for file in FILES])
def test_bad_member_gives_one_rejection_and_the_archive_goes_on(make, name, data, code):
    data = data.encode() if isinstance(data, str) else data
    members = {"1.txt": GOOD + b"1", f"2-{name}": data, "3.txt": GOOD + b"3"}
    # a bomb inside stops the whole archive, since only its packed size counts; so do too many layers not
    limits = Limits(depth=6) if code != "K116" else Limits(depth=4)
    for archive, packed in (("a.zip", zipped(members)), ("a.tar", tarred(members))):
        if code == "K101" and archive == "a.tar" and not data:
            assert codes(make(archive, packed)) == ["ok", code, "ok"]
        found = codes(make(archive, packed), limits=limits)
        assert found.count(code) == 1 and found[0] == "ok"
        if code != "K108":
            assert found == ["ok", code, "ok"], archive


def test_only_the_bad_row_is_lost(make):
    lines = ['{"id":1,"text":"a"}', "{bad", '{"id":2,"text":"b"}', '{"id":3,"text":"\\ud800"}', '{"id":4,"text":"c"}']
    assert codes(make("a.jsonl", "\n".join(lines))) == ["ok", "K204", "ok", "K207", "ok"]
    broken = '{"id":1,"text":"نص"}\n'.encode() + b'{"id":2,"text":"\xd9"}\n' + '{"id":3,"text":"نص"}\n'.encode()
    assert codes(make("b.jsonl", broken)) == ["ok", "K103", "ok"]
    assert codes(make("c.json", '[{"id":1,"text":"a"},{"id":2,"text":tru},5,{"id":3,"text":"b"}]')) == [
        "ok",
        "K204",
        "K204",
        "ok",
    ]
    rows = 'id,text\n1,a\n2,"b"x\n3,c\n4,d,e\n\n5,f\n'
    assert codes(make("d.csv", rows)) == ["ok", "K205", "ok", "K205", "ok"]
    broken = "id,text\n1,نص\n2,".encode() + b"\xff" + "\n3,نص\n".encode()
    assert codes(make("e.csv", broken)) == ["ok", "K103", "ok"]
    assert codes(make("f.zip", damaged_zip())) == ["K107", "ok"]


def test_what_lies_before_the_damage_is_read(make):
    lines = "".join(json.dumps({"id": k, "text": noise(30, k).hex()}) + "\n" for k in range(2000)).encode()
    for name, data in (
        ("a.jsonl.gz", gz(lines)),
        ("a.jsonl.bz2", bz2.compress(lines)),
        ("a.jsonl.xz", lzma.compress(lines)),
    ):
        found = codes(make(name, data[: len(data) * 9 // 10]))
        assert found.count("K107") == 1 and found[-1] == "K107"
        if name != "a.jsonl.bz2":  # bzip2 gives nothing of a block that does not end
            assert len(found) > 1000
    members = {f"{k}.txt": GOOD + str(k).encode() for k in range(50)}
    packed = tarred(members)
    for end in (700, 1024 * 10 + 100, 1024 * 20 + 700):  # in a member, in a head, in a later member
        found = codes(make("a.tar", packed[:end]))
        assert set(found[:-1]) <= {"ok"} and found[-1] == "K107", end


def test_duplicate_ids_are_rejected_over_the_whole_run(make):
    first = make("a.jsonl", '{"id":"x","text":"a"}\n{"id":"x","text":"b"}\n')
    second = make("b.jsonl", '{"id":"x","text":"c"}\n{"id":1,"text":"d"}\n{"id":"1","text":"e"}\n')
    assert outcome([first, second]) == [("x", "ok"), ("x", "K206"), ("x", "K206"), ("1", "ok"), ("1", "K206")]
    assert codes([second]) == ["ok", "ok", "K206"]  # each run for itself


def test_links_pipes_and_devices_in_folders(make, tmp_path):
    make("in/a/1.txt", NEWS)
    make("outside/2.txt", NEWS + "2")
    os.symlink(tmp_path / "in", tmp_path / "in/a/loop")
    os.symlink("self", tmp_path / "in/self")
    os.symlink("nowhere", tmp_path / "in/dangling")
    os.symlink(tmp_path / "outside", tmp_path / "in/other")
    os.symlink(tmp_path / "outside", tmp_path / "in/other-again")
    os.symlink(tmp_path / "in/a/1.txt", tmp_path / "in/file-link.txt")
    os.symlink("/dev/zero", tmp_path / "in/zero")
    os.mkfifo(tmp_path / "in/pipe")
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(tmp_path / "in")
        server.bind("socket")
        found = {
            item.origin.removeprefix(f"{tmp_path}/in/"): getattr(item, "problem", None)
            for item in read(tmp_path / "in")
        }
    assert {origin: problem and problem.code for origin, problem in found.items()} == {
        "a/1.txt": None,
        "a/loop": "K113",
        "dangling": "K112",
        "file-link.txt": None,
        "other/2.txt": None,
        "other-again": "K113",
        "pipe": "K111",
        "self": "K113",
        "socket": "K111",
        "zero": "K111",
    }


def test_links_that_multiply_are_followed_once(tmp_path):
    """Folders that link to each other in pairs would be read 2 to the power of their number times."""
    for k in range(25):
        (tmp_path / f"{k}").mkdir()
        for side in "ab":
            os.symlink(tmp_path / f"{k + 1}", tmp_path / f"{k}/{side}")
    (tmp_path / "25").mkdir()
    (tmp_path / "25/x.txt").write_text(NEWS)
    assert codes(tmp_path / "0").count("ok") == 1


def test_unreadable_files_and_folders(make, tmp_path, monkeypatch):
    make("in/1.txt", NEWS), make("in/2.txt", NEWS + "2"), make("in/sub/3.txt", NEWS)
    real_open, real_list = open, os.listdir

    def deny_open(path, *args, **kwargs):
        if str(path).endswith("1.txt"):
            raise PermissionError(13, "Permission denied")
        return real_open(path, *args, **kwargs)

    def deny_list(path):
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return real_list(path)

    monkeypatch.setattr("builtins.open", deny_open)
    monkeypatch.setattr("os.listdir", deny_list)
    assert codes(tmp_path / "in") == ["K112", "ok", "K112"]


def test_names_that_are_no_utf8_can_be_written(tmp_path):
    os.makedirs(os.fsencode(tmp_path) + b"/in/\xff")
    with open(os.fsencode(tmp_path) + b"/in/\xff/\xfe.txt", "wb") as file:
        file.write(GOOD)
    assert codes(tmp_path / "in") == ["ok"]
    assert codes(os.fsencode(tmp_path).decode() + "/in") == ["ok"]


def test_limits_are_the_callers(make):
    members = {f"{k}.txt": GOOD + str(k).encode() for k in range(10)}
    packed = make("a.zip", zipped(members))
    assert codes(packed, limits=Limits(members=4)) == ["ok"] * 4 + ["K108"]
    assert codes(packed, limits=Limits(unpacked=1500))[-1] == "K108"
    assert codes(packed, limits=Limits(grace=0, ratio=1)).count("K108") == 10
    assert codes(packed, limits=Limits(depth=0)) == ["K116"]


def test_bomb_of_small_members_is_counted_together(make):
    inner = zipped({f"{k}.txt": bytes([97 + k]) * 15_000_000 for k in range(3)})
    assert codes(make("a.zip", zipped({"a.zip": inner, "b.txt": GOOD}))) == ["ok", "K108"]


def test_sparse_tar_is_counted(make):
    """A GNU sparse member of 1 TB that takes no space in the tar."""
    header = bytearray(tarred({"a.txt": b""})[:512])
    header[156:157] = b"S"
    header[257:265] = b"ustar  \0"
    header[386:482] = bytes(96)
    header[483:495] = b"\x80" + (1 << 40).to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    start = time.process_time()
    assert codes(make("a.tar", bytes(header) + bytes(1024)))[0] in ("K108", "K115")
    assert time.process_time() - start < 20


def test_zip_that_lies_about_sizes_is_held_to_them(make):
    data = bytearray(zipped({"a.txt": b"a" * 1_000_000}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 100)
    assert codes(make("a.zip", bytes(data))) == ["K107"]


def test_reader_that_fails_is_one_rejection(make, monkeypatch):
    def fail(*args):
        raise RecursionError("deep")

    monkeypatch.setattr("pipeline.ingest.page.page_fields", fail)
    item = only(make("a.html", "<html></html>"))
    assert item.problem.code == "K199" and "RecursionError" in item.problem.message


@pytest.mark.parametrize(
    "text",
    [
        "س" * 2_000_000,
        "س " * 1_000_000,
        "1" * 200_000,
        "م" + "\u064e" * 100_000,
        "خ\u202e\u200f" * 350_000,
        '"' * 1_000_000,
    ],
    ids=["line", "words", "digits", "marks", "bidi", "quotes"],
)
def test_long_texts_are_read_in_linear_time(make, text):
    start = time.process_time()
    assert only(make("a.txt", text)).text == text
    assert only(make("a.jsonl", json.dumps({"text": text}, ensure_ascii=False))).text == text
    assert only(make("a.json", json.dumps([{"text": text}]))).text == text
    buffer = io.StringIO()
    import csv

    csv.writer(buffer).writerows([["text"], [text]])
    assert only(make("a.csv", buffer.getvalue())).text == text
    assert time.process_time() - start < 15


def test_zip_members_keep_arabic_names(make):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("أخبار/خبر.txt", NEWS)
        archive.writestr("__MACOSX/._x.txt", b"\0\5\x16")
    item = only(make("a.zip", buffer.getvalue()))
    assert item.origin.endswith("a.zip!أخبار/خبر.txt") and item.id.startswith("خبر-")


@pytest.mark.parametrize(
    ("line", "words"),
    [('{"id":' + "9" * 9999 + "}", "digits"), ('{"text":' + "[" * 99_999 + "]" * 99_999 + "}", "deep")],
)
def test_json_that_python_cannot_hold_is_told_in_the_users_words(tmp_path, line, words):
    path = tmp_path / "a.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    (item,) = read(path)
    assert item.problem.code == "K204" and words in item.problem.message
    assert "recursion" not in item.problem.message and "sys." not in item.problem.message
