"""The text layer of PDF files, whose lines lie in the file as they are drawn, from left to right."""

import io
import json
from pathlib import Path

import fpdf
import matplotlib
import pytest
from ingest_files import codes, only

from pipeline.ingest.pdf import _unwrapped

FONT = Path(matplotlib.__file__).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"  # the only one that tests can count on
LINES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases/ingest/pdf_lines.jsonl").read_text("utf-8").splitlines()
]


def pdf(*pages: list[str], password: str | None = None) -> bytes:
    document = fpdf.FPDF()
    document.add_font("sans", fname=FONT)
    document.set_title("عنوان الوثيقة")
    if password:
        document.set_encryption(owner_password=password, user_password=password)
    for lines in pages:
        document.add_page()
        document.set_font("sans", size=11)
        for line in lines:
            document.cell(0, 10, line, align="R", new_x="LMARGIN", new_y="NEXT")
    buffer = io.BytesIO()
    document.output(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("case", LINES, ids=lambda case: case["logical"][:20])
def test_pdf_line_is_read_in_its_logical_order(make, case):
    assert only(make("a.pdf", pdf([case["drawn"]]))).text == case["logical"]


def test_pdf_pages_and_lines_and_title(make):
    drawn = [case["drawn"] for case in LINES]
    item = only(make("a.pdf", pdf(drawn, [], drawn[:2])))
    logical = [case["logical"] for case in LINES]
    assert item.text == "\n".join(logical + logical[:2])
    assert item.title == "عنوان الوثيقة" and len(item.date) == 10


def test_pdf_without_text_encrypted_or_cut(make):
    assert codes(make("empty.pdf", pdf([]))) == ["K117"]
    assert codes(make("secret.pdf", pdf(["x"], password="word"))) == ["K114"]
    whole = pdf([case["drawn"] for case in LINES])
    for end in (20, len(whole) // 2, len(whole) - 700):
        assert codes(make("cut.pdf", whole[:end])) == ["K107"], end


def test_pdf_paragraphs_that_were_wrapped_are_joined():
    lines = [
        "عنوان قصير",
        "هذا سطر طويل يملأ عرض الصفحة ولا ينتهي عنده الكلام بل",
        "يستمر في السطر التالي الذي يملأ العرض هو الآخر وينتهي.",
        "وهذه فقرة ثانية تبدأ هنا وتستمر حتى تملأ عرض الصفحة كله",
        "ثم تنتهي.",
        "فقرة أخيرة",
    ]
    assert _unwrapped(lines).split("\n") == [lines[0], " ".join(lines[1:3]), " ".join(lines[3:5]), lines[5]]
