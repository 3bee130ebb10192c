"""The highlighted article: nothing lost, nothing unescaped."""

import re
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import records
from pipeline.views import highlight, page


def record(text, entities=(), statements=(), sentences=None):
    return records.Record(
        id="x",
        status="ok",
        document={},
        text=text,
        sentences=[{"start": 0, "end": len(text)}] if sentences is None else sentences,
        entities=[
            {"id": f"e{k}", "label": "LOC", "name": text[a:b], "mentions": [
                {"start": a, "end": b, "text": text[a:b], "score": 1, "source": "rule"}]}
            for k, (a, b) in enumerate(entities)
        ],
        statements=[{"speaker": {}, "verb": "v", "start": a, "end": b, "direct": False} for a, b in statements],
        provenance={"pipeline_version": "0"},
    )  # fmt: skip


def visible(html):
    body = re.search(r'<div class="text">(.*)</div><div class="legend">', html, re.S)[1]
    return unescape(re.sub(r"<[^>]+>", "", body))


spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=40), spans, spans)
def test_highlight_shows_every_character_once(text, entities, statements):
    def fit(pairs):
        return [(min(a, b), max(a, b)) for a, b in pairs if a != b and max(a, b) <= len(text)]

    assert visible(highlight(record(text, fit(entities), fit(statements)))) == text


def test_highlight_escapes_markup_in_the_text():
    html = highlight(record("<script>alert(1)</script> & “x”"))
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_highlight_marks_a_mention_with_its_label():
    html = highlight(record("في أكتاو اليوم", [(3, 8)]))
    assert '<mark class="LOC" title="LOC">أكتاو</mark>' in html


def test_highlight_greys_what_is_outside_the_sentences():
    html = highlight(record("الرئيسية » أخبار\nنص", sentences=[{"start": 17, "end": 19}]))
    assert '<span class="furniture">الرئيسية » أخبار\n</span>نص' in html


def test_page_is_right_to_left_and_isolates_mixed_directions():
    html = page(record("قالت C5 ذلك", statements=[(5, 7)]))
    assert 'dir="rtl"' in html and "<bdi>C5</bdi>" in html
