"""Articles in XML: RSS and Atom feeds, and files of elements whose children are an article's fields."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pipeline.errors import DocumentError
from pipeline.ingest.rows import Fields, plain_name

# Elements of HTML and of text markup that begin a new line.
BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "table",
        "blockquote",
        "section",
        "article",
        "hr",
        "pre",
        "figure",
        "figcaption",
    ]
)
_MOST_CHILDREN = 500  # an article's element has fewer
_FEEDS = {"rss": "item", "rdf": "item", "feed": "entry"}


def xml_rows(stream: io.BufferedReader, fields: Fields) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number from 1 and fields, for each article of an XML file, element by element.

    Feeds: each item or entry. Other files: each innermost element with a child whose name means the text.
    Markup inside a field is taken off, a block element begins a new line. Small faults are passed over, after
    a fatal one what was read is kept and K118 raised. No entity is expanded and nothing fetched.
    """
    from lxml import etree

    events = etree.iterparse(
        stream,
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    wanted, channel, number, root, feed = None, None, 0, None, False
    try:
        for event, element in events:
            if root is None:
                root = element
                _no_entities(root)
                wanted = _FEEDS.get(_name(root).lower())
                feed = wanted is not None
            if event == "start":
                continue
            name = _name(element).lower()
            if feed:
                if name == "title" and channel is None and element.getparent() is not None:
                    holder = element.getparent()
                    if _name(holder).lower() in ("channel", "feed"):
                        channel = _text(element)
                if name != wanted:
                    continue
                row = _entry(element)
                row.setdefault("source", channel)
            else:
                if not _is_article(element, fields):
                    continue
                row = _children(element)
            number += 1
            yield number, row
            _forget(element)
    except etree.XMLSyntaxError as error:
        raise DocumentError("K118", str(error)[:200]) from error
    if fatal := _fatal(events.error_log):
        raise DocumentError("K118", fatal)


def _no_entities(root) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise DocumentError("K119")


def _fatal(log) -> str | None:
    """The first error that loses text; entities that are not declared (`&nbsp;` in a feed) do not end a file."""
    for entry in log:
        if entry.level_name == "FATAL" and entry.type_name != "ERR_UNDECLARED_ENTITY":
            return f"{entry.message.strip()[:150]} in line {entry.line}"
    return None


def _name(element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _children(element) -> dict[str, Any]:
    """The fields that an element's children and attributes hold; a name with a namespace is told by its own part."""
    row: dict[str, Any] = {}
    for child in element:
        if name := _name(child):
            row.setdefault(name, _text(child))
    for name, value in element.attrib.items():
        row.setdefault(name.rpartition("}")[2], value)
    return row


def _is_article(element, fields: Fields) -> bool:
    """True where a child (or attribute) is named like a text and has any; lists of articles have more children."""
    if len(element) > _MOST_CHILDREN:
        return False
    nodes = {_name(child): child for child in element}
    names = [*nodes, *element.attrib]
    texts = fields.columns(names).get("text", ())
    return any(element.get(key) or (key in nodes and _text(nodes[key])) for key in texts)


def _entry(item) -> dict[str, Any]:
    """The fields of an RSS item or Atom entry; the full text of the content module before the description."""
    row: dict[str, Any] = {}
    for child in item:
        name = _name(child)
        if name == "encoded":
            name = "content"
        if name == "link" and child.get("href"):
            if child.get("rel", "alternate") == "alternate":
                row.setdefault("link", child.get("href"))
        elif name == "category":
            row.setdefault("category", child.get("term") or _text(child))
        elif name in ("content", "description", "summary"):
            if child.get("url") or child.get("src"):
                continue  # media, or content that lies elsewhere
            value = plain_text(_text(child)) if len(child) == 0 else _text(child)
            if value.strip():
                row.setdefault(name, value)
        elif name:
            row.setdefault(name, _text(child))
    if "id" in row and "guid" not in row:
        row["guid"] = row.pop("id")  # Atom's id is the guid of RSS
    return {plain_name(key): value for key, value in row.items() if value}


def _text(element) -> str:
    """The text of an element with its markup off, a block element on a line of its own."""
    if len(element) == 0:
        return (element.text or "").strip()
    pieces: list[str] = []
    for event, node in _walk(element):
        if event == "start":
            if _name(node).lower() in BLOCKS:
                pieces.append("\n")
            if isinstance(node.tag, str):
                pieces.append(node.text or "")
        else:
            if _name(node).lower() in BLOCKS:
                pieces.append("\n")
            if node is not element:
                pieces.append(node.tail or "")
    return tidy("".join(pieces))


def _walk(element):
    from lxml import etree

    return etree.iterwalk(element, events=("start", "end", "comment", "pi"))


def tidy(text: str) -> str:
    """Lines without spaces around them, and without empty lines between."""
    return "\n".join(line for line in (" ".join(part.split()) for part in text.split("\n")) if line)


def plain_text(fragment: str) -> str:
    """The text of an HTML fragment, as feeds carry it; plain text stays as it is."""
    if "<" not in fragment and "&" not in fragment:
        return fragment
    from lxml import etree, html

    try:
        root = html.fragment_fromstring(fragment, create_parent="div")
    except (etree.ParserError, ValueError):
        return fragment
    for node in root.iter("script", "style"):
        node.text = None
    return _text(root) if len(root) else tidy(root.text or "")


def _forget(element) -> None:
    """Free what was read, else the tree grows to the size of the file."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
