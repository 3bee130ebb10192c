"""Page furniture: what is taken, and that running text is not."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.furniture import furniture, headline

CASES = Path(__file__).parents[1] / "cases" / "language" / "furniture.jsonl"
PAGES = [json.loads(line) for line in CASES.open(encoding="utf-8")]
LINES = ["شارك", "طباعة", "الرئيسية » أخبار", "خبر", "12/03/2018", "قال الرئيس إن العام كان جيدا للجميع.", "", " ", "©"]


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case["gloss"])
def test_furniture_of_a_page(case):
    text = case["text"]
    assert [text[a:b] for a, b in furniture(text, case["title"])] == case["furniture"]
    assert headline(text, furniture(text, case["title"])) == case.get("headline")


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(LINES), max_size=12).map("\n".join), st.none() | st.sampled_from(LINES))
def test_furniture_is_whole_lines_in_order_and_never_all(text, title):
    spans = furniture(text, title)
    lines = {line.strip() for line in text.split("\n")}
    last = -1
    for start, end in spans:
        assert last < start < end and text[start:end] in lines
        last = end
    left = list(text)
    for start, end in spans:
        left[start:end] = " " * (end - start)
    assert not spans or "".join(left).strip()


def test_furniture_leaves_every_paragraph():
    paragraph = "شارك الرئيس في القمة، وقال إن المنطقة تحتاج إلى تعاون أوسع في مجالات الطاقة والنقل والمياه والأمن."
    assert furniture("\n".join([paragraph] * 5), "القمة") == []
