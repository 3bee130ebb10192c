"""The layers that the stages write, one object a document. Internal: the public output is `pipeline.records`.

Every span has raw code-point offsets (`start`, `end`, end exclusive) and token indexes (`i`, `j`, end exclusive)
into `Layers.tokens`. Field names are those of the record, which is filled from these objects by attribute.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import asdict, dataclass, field
from typing import Any

from pipeline.article import Article


@dataclass(slots=True)
class Tokens:
    """The words of a text, white space left out, as parallel lists (much faster to scan than spaCy tokens).

    Attributes
    ----------
    starts, ends : raw code-point offsets of each token.
    norms : folded form of each token (`pipeline.language.fold`); empty where nothing visible is left.
    doc_index : index of the token in the spaCy Doc, which holds white-space tokens too.
    """

    text: str
    starts: list[int]
    ends: list[int]
    norms: list[str]
    doc_index: list[int]

    def __len__(self) -> int:
        return len(self.starts)

    def raw(self, i: int, j: int | None = None) -> str:
        """The raw text of token `i`, or from token `i` up to, not including, token `j`."""
        return self.text[self.starts[i] : self.ends[i if j is None else j - 1]]

    def covering(self, start: int, end: int) -> tuple[int, int]:
        """The tokens (i, j) that a raw span touches."""
        return max(0, bisect_right(self.starts, start) - 1), bisect_left(self.starts, end)


@dataclass(slots=True)
class Sentence:
    start: int
    end: int
    i: int
    j: int


@dataclass(slots=True)
class Mention:
    """A named mention; `start` lies behind the proclitic, so `i` is the token that holds both."""

    start: int
    end: int
    text: str
    i: int
    j: int
    label: str
    proclitic: str = ""
    score: float = 1.0
    source: str = "rule"
    kind: str | None = None  # subtype that the words around it give
    entry: Any = None  # the knowledge-base entry, once linked


@dataclass(slots=True)
class Entity:
    id: str
    label: str
    name: str
    mentions: list[Mention]
    subtype: str | None = None
    name_en: str | None = None
    ids: dict[str, str | None] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Quantity:
    start: int
    end: int
    text: str
    i: int
    j: int
    dimension: str
    value: float | int | None = None
    min: float | int | None = None
    max: float | int | None = None
    unit: str | None = None
    bound: str = "exact"
    id: str = ""
    evidence: str = ""  # why an ambiguous number was read as it was
    core: tuple[int, int] = (0, 0)  # raw span of number, scale and unit; start and end hold its bound words too


@dataclass(slots=True)
class Time:
    start: int
    end: int
    text: str
    i: int
    j: int
    kind: str
    grain: str
    iso: str | None = None
    calendar: str = "gregorian"
    id: str = ""


@dataclass(slots=True)
class Value:
    text: str
    start: int
    end: int
    value: float | int | None = None
    min: float | int | None = None
    max: float | int | None = None
    unit: str | None = None
    quantity: str | None = None


@dataclass(slots=True)
class Fact:
    kind: str
    indicator: dict  # text, start, end
    sentence: int
    rule: str
    direction: str | None = None
    from_: Value | None = None
    to: Value | None = None
    delta: Value | None = None
    time_from: str | None = None
    time_to: str | None = None
    bound: str = "exact"
    status: str = "actual"
    subject: dict | None = None  # text, entity
    attribution: dict | None = None
    derived: dict | None = None
    confidence: float = 0.5
    id: str = ""


@dataclass(slots=True)
class Statement:
    speaker: dict  # text, entity
    verb: str
    start: int
    end: int
    direct: bool
    phrase: str | None = None  # the speaker's whole noun phrase, title included ("the minister of finance X")


@dataclass(slots=True)
class Layers:
    article: Article
    tokens: Tokens
    date: str | None = None  # the article's day, ISO
    language: str = "ar"
    furniture: list[tuple[int, int]] = field(default_factory=list)  # raw spans outside the running text
    sentences: list[Sentence] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    numerals: list = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    times: list[Time] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


class Kept(dict):
    """What a Doc keeps of ours: its layers and, where it is written as bytes, the article's fields alone."""

    __slots__ = ("layers",)


def attach(doc, layer: Layers) -> None:
    """Keep the layers with their Doc."""
    kept = doc.user_data["khabar"] = Kept(asdict(layer.article))
    del kept["text"]
    kept.layers = layer


def layers(doc) -> Layers:
    """The layers of a Doc. One that another tokenizer made, or that was read from bytes, gets fresh ones."""
    kept = doc.user_data.get("khabar", {})
    if not isinstance(kept, Kept):
        attach(doc, _fresh(doc, kept))
        kept = doc.user_data["khabar"]
    return kept.layers


def _fresh(doc, fields: dict) -> Layers:
    """Layers with our tokens, whatever the tokens of the Doc, and with the Doc's sentences where it has some."""
    from spacy.vocab import Vocab

    from pipeline.language.tokenizer import Tokenizer

    layer = layers(Tokenizer(Vocab()).make(Article(**{"id": "", **fields, "text": doc.text})))
    tokens, inner = layer.tokens, [token.idx for token in doc if token.idx]
    tokens.doc_index = [bisect_right(inner, start) for start in tokens.starts]
    if doc.has_annotation("SENT_START"):
        layer.sentences = []
        for span in doc.sents:
            i, j = bisect_left(tokens.starts, span.start_char), bisect_left(tokens.starts, span.end_char)
            if i < j:
                layer.sentences.append(Sentence(tokens.starts[i], tokens.ends[j - 1], i, j))
    return layer
