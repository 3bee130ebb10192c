"""The article of an HTML page: its main text, and what the page says about it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pipeline.errors import DocumentError

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})""", re.I)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w-]{2,40})""", re.I)
_ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "backgroundnewsarticle",
        "opinionnewsarticle",
        "reviewnewsarticle",
        "blogposting",
        "liveblogposting",
        "report",
        "socialmediaposting",
        "advertisercontentarticle",
    ]
)
# Where content systems put the text of a single article: exactly one such block tells that the page is one.
_BODIES = (
    "//*[@itemprop='articleBody' or "
    + " or ".join(
        f"contains(concat(' ', translate(normalize-space(@class), '_', '-'), ' '), '{word} ')"
        for word in (
            *(
                f"{thing}-{part}"
                for thing in ("article", "post", "entry", "story", "news")
                for part in ("body", "content", "text")
            ),
            "articlebody",
            "storybody",
            "field-name-body",
        )
    )
    + "]"
)
_LAYOUT = 300  # a table cell with more characters than this is there for the layout
# Blocks inside articles that are none of it, by words of their class or id.
_FURNITURE = [
    "//*[not(self::body or self::main or self::article)]"
    f"[contains(concat(' ', normalize-space(translate(@{attribute}, '-_', '  ')), ' '), ' {word} ')]"
    for attribute in ("class", "id")
    for word in ("ad", "ads", "advert", "advertisement", "newsletter", "subscribe")
]
_MOST_ELEMENTS = 50_000  # the extraction takes time with the square of their number: here some seconds
# A page whose kept text is shorter than this is no article, whatever it says of itself.
_LEAST = 80
# Without any word of the page that it is an article, prose is wanted: this much in paragraphs of this length.
_LEAST_PROSE, _PARAGRAPH = 200, 70
# A listing's text is at least this many links, and this share of its lines.
_LINKS, _LINKED = 5, 0.3
_MENU = 0.8  # the share of links in a menu's letters, and of lines that break off in a list of teasers
_FEW_LINKS = 3  # a page with fewer has no navigation: a document that was saved as HTML


def declared(data: bytes) -> list[str]:
    """Encodings that the page itself names, which browsers look for in its first 1,024 bytes (here 4,096)."""
    beginning = data[:4096]
    return [match[1].decode("ascii") for match in (_XML.search(beginning), _CHARSET.search(beginning)) if match]


def page_fields(markup: str) -> dict[str, str | None]:
    """Text, title, date, source, url and section of an article page.

    The text is what trafilatura keeps of the page, a paragraph a line, comments left out. The rest comes from
    JSON-LD, then Open Graph and other `meta` elements, then the page itself; the date is as the page prints it.
    Raises DocumentError K120 where the page is no article: no text, or a list of links.
    """
    from lxml import etree, html

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    markup = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", markup).replace("\0", "")
    try:
        tree = html.document_fromstring(
            markup, parser=html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError("K120", "it is empty") from error
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        raise DocumentError("K115", f"{_MOST_ELEMENTS:,} HTML elements")
    about = _about(tree)
    etree.strip_elements(tree, "noscript", with_tail=False)  # "please switch on JavaScript"
    _unwrap_layout(tree)
    text = _main_text(tree)
    if len(text) < _LEAST:
        raise DocumentError("K120", "no running text was found")
    if not about["article"] and _is_site_page(tree):
        lines, links = text.split("\n"), _link_lines(tree)
        linked = [line.strip("- ") in links for line in lines]
        if sum(linked) >= _LINKS and sum(linked) > _LINKED * len(lines):
            raise DocumentError("K120", "its text is a list of links")
        teasers = sum(line.endswith(("...", "\u2026")) for line in lines)
        if teasers >= _LINKS and teasers > _MENU * len(lines):
            raise DocumentError("K120", "its text is a list of beginnings of articles")
        prose = (line for line, link in zip(lines, linked, strict=True) if not link and len(line) >= _PARAGRAPH)
        if sum(map(len, prose)) < _LEAST_PROSE:
            raise DocumentError("K120", "its text is short and it does not say that it is an article")
    if not about["date"]:
        about["date"] = _date(tree)
    return {"text": text, **{field: about[field] for field in ("title", "date", "source", "url", "section")}}


def _main_text(tree) -> str:
    from copy import deepcopy

    from trafilatura import bare_extraction

    try:
        found = None
        for prune in (_FURNITURE, []):  # all of a page may stand in a block of such a name
            if not found or len(found.text or "") < _LEAST:
                copy = deepcopy(tree)
                found = bare_extraction(copy, include_comments=False, prune_xpath=prune, config=_settings())
    except Exception as error:  # a library that meets arbitrary markup; one page must not end the rest
        raise DocumentError("K120", f"its text could not be taken out: {type(error).__name__}") from error
    return (found.text or "").strip() if found else ""


@cache
def _settings():
    """trafilatura's own, but for brief news: under this length it takes the whole `article` with its furniture."""
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(_LEAST))
    return config


def _about(tree) -> dict[str, Any]:
    """What the page says of itself; `article` tells whether it says that it is one."""
    meta = _meta(tree)
    linked = _article_node(tree)

    def first(*values) -> str | None:
        return next((text for value in values if (text := _string(value))), None)

    canonical = tree.find(".//link[@rel='canonical']")
    title = tree.find(".//title")
    heading = tree.findall(".//h1")
    body_type = " ".join(node.get("itemtype", "") for node in tree.xpath("//*[@itemtype]")[:50]).lower()
    return {
        "article": bool(linked)
        or meta.get("og:type", "").lower() == "article"
        or "article:published_time" in meta
        or "schema.org/newsarticle" in body_type
        or "schema.org/article" in body_type,
        "title": first(
            linked.get("headline"),
            meta.get("og:title"),
            meta.get("twitter:title"),
            heading[0].text_content() if len(heading) == 1 else None,
            title.text_content() if title is not None else None,
        ),
        "date": first(
            linked.get("datePublished"),
            *map(meta.get, ("article:published_time", "datepublished", "pubdate", "publishdate", "publish-date")),
            *map(meta.get, ("dc.date.issued", "dc.date", "dcterms.created", "dcterms.date", "date", "sailthru.date")),
            linked.get("dateCreated"),
            linked.get("dateModified"),
        ),
        "source": first(
            meta.get("og:site_name"),
            linked.get("publisher"),
            meta.get("application-name"),
            *map(meta.get, ("dc.publisher", "publisher", "copyright")),
        ),
        "url": first(
            canonical.get("href") if canonical is not None else None,
            meta.get("og:url"),
            linked.get("url"),
            linked.get("mainEntityOfPage"),
        ),
        "section": first(
            linked.get("articleSection"),
            *map(meta.get, ("article:section", "section", "category", "dc.subject")),
            _breadcrumb(tree),
        ),
    }


def _meta(tree) -> dict[str, str]:
    """The `meta` elements by their lower-case name, first one kept; microdata dates among them."""
    found: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        if name and (content := (node.get("content") or "").strip()):
            found.setdefault(name.strip().lower(), content)
    for node in tree.xpath("//*[@itemprop='datePublished']")[:1]:
        if value := node.get("datetime") or node.get("content") or node.text_content():
            found.setdefault("datepublished", value)
    return found


def _article_node(tree) -> dict[str, Any]:
    """The JSON-LD object that describes the article, wherever it is nested."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            # strict=False: pages put raw line breaks into strings
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            kinds = node.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and kind.lower() in _ARTICLE_TYPES for kind in kinds):
                return node
    return {}


def _nodes(data: Any) -> Iterator[dict]:
    """Objects of JSON-LD, outer first: the top, those of a list or `@graph`, and the main entity of a page."""
    queue, seen = [data], 0
    while queue and seen < 2000:
        value = queue.pop(0)
        seen += 1
        if isinstance(value, list):
            queue.extend(value[:200])
        elif isinstance(value, dict):
            yield value
            queue.extend(value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value)


def _string(value: Any) -> str | None:
    """A value of JSON-LD as one line: objects by name or address, lists by their first."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@id") or value.get("url")
    if not isinstance(value, str):
        return None
    from html import unescape

    return " ".join(unescape(value).split()) or None


def _breadcrumb(tree) -> str | None:
    """The last linked step of a breadcrumb trail: the section that the article stands in."""
    for node in tree.xpath("//*[contains(@class, 'breadcrumb') or contains(@id, 'breadcrumb')]")[:1]:
        links = [text for link in node.iter("a") if (text := " ".join(link.text_content().split()))]
        if len(links) > 1:  # the first is the front page
            return links[-1]
    return None


def _date(tree) -> str | None:
    """A date that the page shows near its top, else the one that htmldate finds."""
    times = tree.xpath("//article//time") or tree.xpath("//main//time") or tree.xpath("//time")
    for node in times[:1]:
        if value := node.get("datetime") or " ".join(node.text_content().split()):
            return value
    from htmldate import find_date

    try:
        return find_date(tree, extensive_search=False, original_date=True)
    except Exception:  # arbitrary markup again; a date is not worth the article
        return None


def _is_site_page(tree) -> bool:
    """False for a lone document, and for a page with one article's body or one `article` under one heading."""
    if len(tree.xpath("(//a)[position() <= 10]")) < _FEW_LINKS:
        return False
    if len(tree.findall(".//article")) == 1 and len(tree.findall(".//h1")) == 1:
        return False
    return len(tree.xpath(_BODIES)) != 1


def _unwrap_layout(tree) -> None:
    """Make blocks of tables that hold the page together; tables of figures stay."""
    layout: set = set()
    for cell in tree.iter("td", "th"):
        table = next(cell.iterancestors("table"), None)
        if table is None or table in layout:
            continue
        length = 0
        for text in cell.itertext():
            length += len(text)
            if length > _LAYOUT:
                layout.update(cell.iterancestors("table"))
                break
    parts = [
        part
        for part in tree.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th")
        if (part if part.tag == "table" else next(part.iterancestors("table"), None)) in layout
    ]
    for part in parts:
        part.tag = "div"


def _link_lines(tree) -> set[str]:
    """The text of each link, and of each block that holds links and little else, which may come out as one line."""
    found: set[str] = set()
    width: dict = {}
    for link in tree.iter("a"):
        words = link.text_content().split()
        found.add(" ".join(words))
        parent = link.getparent()
        if parent is not None:
            width[parent] = width.get(parent, 0) + sum(map(len, words))
    for block, inside in width.items():
        words = block.text_content().split()
        if inside > _MENU * sum(map(len, words)):
            found.add(" ".join(words))
    return found
