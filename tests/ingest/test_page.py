"""HTML pages: the article and what the page says about it; pages that are none; broken and hostile markup."""

import contextlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ingest_files import NEWS, codes, only

from pipeline.errors import DocumentError
from pipeline.ingest.page import page_fields

CASES = Path(__file__).parents[1] / "cases/ingest"
ARTICLE = (CASES / "article.html").read_text("utf-8")
NOT_ARTICLES = [json.loads(line) for line in (CASES / "not_articles.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("codec", "name"), [("utf-8", "utf-8"), ("cp1256", "windows-1256"), ("utf-16", "utf-16-le-sig")]
)
def test_page_gives_the_article_without_its_furniture(make, codec, name):
    markup = ARTICLE.replace('charset="utf-8"', f'charset="{codec}"')
    item = only(make("page.html", markup.encode(codec, "xmlcharrefreplace")))
    lines = item.text.split("\n")
    assert lines[0] == item.title == "ارتفاع صادرات المغرب من الفوسفات 12%"
    starts = [line.split()[0] for line in lines[1:]]
    assert starts == ["الرباط", "وأضاف", "وأوضح", "ويعد"]  # the four paragraphs and nothing else
    assert "115.5 مليار درهم" in item.text and "«النتائج تفوق التوقعات»" in item.text
    assert item.date == "2023-03-14T09:30:00+01:00"
    assert item.source == "صحيفة المثال"
    assert item.section == "اقتصاد"
    assert item.url == "https://example.org/economy/2023/phosphate"
    assert item.encoding == name


def test_page_without_metadata_is_read_from_what_it_shows():
    body = ARTICLE[ARTICLE.index("<body>") :]
    fields = page_fields(f"<html><head><title>عنوان النافذة</title></head>{body}")
    assert fields["title"] == "ارتفاع صادرات المغرب من الفوسفات 12%"
    assert fields["date"] == "2023-03-14T09:30:00+01:00"  # of the article, not of the top bar
    assert fields["section"] == "اقتصاد"
    assert fields["text"].count("\n") == 4


def test_page_laid_out_by_tables():
    menu = "".join(f"<a href='/{k}'>قسم {k}</a> | " for k in range(6))
    text = NEWS + "<br><br>" + NEWS.replace("10", "20")
    old = (
        f"<table><tr><td colspan=2>{menu}</td></tr><tr><td><table><tr><td><font>{text}</font></td></tr></table></td>"
        "<td><ul><li><a href='/x'>خبر آخر</a></li></ul></td></tr></table>"
    )
    found = page_fields(f"<html><head><title>ع</title></head><body>{old}</body></html>")["text"]
    assert found.split() == (NEWS + NEWS.replace("10", "20")).split()


@pytest.mark.parametrize("tag", ["body", "article", "div"])
def test_page_survives_blocks_with_a_name_of_furniture(tag):
    start, end = (f"<{tag} class='has-ad single'>", f"</{tag}>") if tag != "body" else ("", "")
    body = "<body class='newsletter ads'>" if tag == "body" else "<body>"
    text = page_fields(f"<html>{body}{start}<h1>x</h1><p>{NEWS}</p><div class='ad'>إعلان</div>{end}</body></html>")[
        "text"
    ]
    assert NEWS.split("\n")[0] in text.replace("\n", " ")


def test_page_keeps_a_table_of_figures():
    figures = "<table><tr><th>السنة</th><th>القيمة</th></tr><tr><td>2018</td><td>5,7</td></tr></table>"
    paragraphs = "".join(f"<p>{line}</p>" for line in NEWS.splitlines())
    text = page_fields(f"<html><body><article>{paragraphs}{figures}<p>نهاية الخبر</p></article></body></html>")["text"]
    assert "| 2018 | 5,7 |" in text


def test_page_of_brief_news_is_kept_without_its_furniture():
    start, end = ARTICLE.index("<p>الرباط"), ARTICLE.index('<div class="tags">')
    brief = "أعلنت الشرطة يوم الثلاثاء إلقاء القبض على ثلاثة أشخاص بالقرب من محطة القطار في المدينة."
    text = page_fields(f"{ARTICLE[:start]}<p>{brief}</p>{ARTICLE[end:]}")["text"]
    assert text == f"ارتفاع صادرات المغرب من الفوسفات 12%\n{brief}"


@pytest.mark.parametrize(
    ("node", "field", "value"),
    [
        ({"@type": ["Article", "NewsArticle"], "headline": "ع &quot;س&quot;"}, "title", 'ع "س"'),
        ([{"@type": "Person"}, {"@type": "BlogPosting", "publisher": [{"name": "د"}]}], "source", "د"),
        ({"@type": "WebPage", "mainEntity": {"@type": "Article", "datePublished": "2020"}}, "date", "2020"),
        ({"@type": "NewsArticle", "mainEntityOfPage": {"@id": "http://e.org"}}, "url", "http://e.org"),
        ({"@type": "NewsArticle", "articleSection": []}, "section", None),
        ({"@type": "NewsArticle", "headline": {"@type": 3}, "publisher": 5}, "source", None),
    ],
)
def test_page_reads_linked_data(node, field, value):
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    assert page_fields(f"<html><head>{script}</head><body><p>{NEWS}</p></body></html>")[field] == value


@pytest.mark.parametrize("case", NOT_ARTICLES, ids=lambda case: case["name"])
def test_page_that_is_no_article_is_rejected(make, case):
    assert codes(make("page.html", case["html"])) == ["K120"]


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>{NEWS}<div><b>x<p>{NEWS}</i></div></span><p>",
        f"<html><body><p>{NEWS}</p></body></html></body><p>{NEWS}",
        f"<html xmlns='x'><?php echo ?><![CDATA[ y ]]><body><article>{NEWS}<br><br>{NEWS}</article>",
        f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{NEWS}</p></body></html>',
        f'<html><head><script type="application/ld+json">{{"@type": bad</script></head><body><p>{NEWS}</p>',
    ],
)
def test_page_survives_broken_markup(markup):
    assert NEWS.split("\n")[0] in page_fields(markup)["text"].replace("\n", " ")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["<div>", "</div>", "<p>", "<a href=x>", "<table><td>", "&#0;", "<!--", "<li>", NEWS, "\0", "<"]
        )
    )
)
def test_page_never_fails_in_another_way(parts):
    try:
        assert isinstance(page_fields("<html><body>" + "".join(parts))["text"], str)
    except DocumentError as error:
        assert error.problem.code == "K120"


UNITS = ["<div>", "<", "\u064e", "1", "<!--", " ", "<a href=x>س</a>", "<td>", "<table><tr><td>س", "&amp;", "<p>س</p>"]


@pytest.mark.parametrize("unit", UNITS)
def test_page_of_hostile_markup_takes_bounded_time(unit):
    start = time.process_time()
    with contextlib.suppress(DocumentError):
        page_fields(
            f"<html><body><article><p>{NEWS}</p>" + unit * (1_000_000 // len(unit)) + "</article></body></html>"
        )
    assert time.process_time() - start < 10


def test_page_of_too_many_elements_is_rejected():
    with pytest.raises(DocumentError, match="K115"):
        page_fields("<html><body>" + "<p>س</p>" * 50_001)
