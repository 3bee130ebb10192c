"""Articles in XML: RSS and Atom feeds, and files of elements whose children are an article's fields."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import Any

from pipeline.errors import DocumentError
from pipeline.ingest.encoding import detect
from pipeline.ingest.rows import Fields, plain_name
from pipeline.ingest.streams import head

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
_CHANNELS = ("channel", "feed")
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,9});")
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w-]{2,40})""")
_FEEDS = {"rss": "item", "rdf": "item", "feed": "entry"}


def xml_rows(stream: io.BufferedReader, fields: Fields) -> Iterator[tuple[int, dict[str, Any], str | None]]:
    """Number from 1, fields and encoding, for each article of an XML file, element by element.

    Feeds: each item or entry. Other files: each innermost element with a child whose name means the text.
    Markup inside a field is taken off, a block element begins a new line. No entity is expanded and nothing
    fetched. Raises DocumentError K118 where the file is malformed, after the articles before that place.
    """
    from lxml import etree

    encoding = _encoding(head(stream))
    events = etree.iterparse(
        _Named(stream),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    root, item, channel, number = None, None, None, 0
    try:
        for event, element in events:
            if root is None:
                root = element
                _no_entities(root)
                item = _FEEDS.get(_name(root).lower())
            if event == "start":
                continue
            if item is not None:
                name = _name(element).lower()
                if name == "title" and channel is None and _name(element.getparent()).lower() in _CHANNELS:
                    channel = _text(element)
                if name != item:
                    continue
                row = _entry(element)
                row.setdefault("source", channel)
            elif _is_article(element, fields):
                row = _children(element)
            else:
                continue
            number += 1
            yield number, row, encoding
            _forget(element)
    except etree.XMLSyntaxError as error:
        if "XML_PARSE_HUGE" in str(error):
            raise DocumentError("K115", "10 MB of text in one XML element") from error
        raise DocumentError("K118", error.msg[:200]) from error


def _encoding(beginning: bytes) -> str:
    """What the file declares; the parser has its own eyes and does not tell what it found."""
    if beginning[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\0" in beginning[:8]:
        return detect(beginning[:1024], whole=False)
    declared = _DECLARED.match(beginning)
    return declared[1].decode("ascii").lower() if declared else "utf-8"


class _Named:
    """A stream with character references for HTML's entities (`&nbsp;`), which feeds use and XML does not know."""

    def __init__(self, stream):
        self._stream, self._rest = stream, b""

    def read(self, count: int) -> bytes:
        data = self._rest + self._stream.read1(count)
        at = data.rfind(b"&", max(len(data) - 12, 0)) if len(data) > len(self._rest) else -1
        data, self._rest = (data[:at], data[at:]) if at > 0 else (data, b"")
        return _ENTITY.sub(self._numbered, data)

    @staticmethod
    def _numbered(match) -> bytes:
        from html.entities import name2codepoint

        name = match[1].decode("ascii")
        known = name not in ("lt", "gt", "amp", "quot", "apos") and name in name2codepoint
        return b"&#%d;" % name2codepoint[name] if known else match[0]


def _no_entities(root) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise DocumentError("K119")


def _name(element) -> str:
    tag = getattr(element, "tag", None)
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
