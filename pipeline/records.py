"""The record contract: what every consumer may rely on. The JSON Schema comes from here and nowhere else."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline import __version__
from pipeline.article import Article
from pipeline.errors import Problem

SCHEMA_VERSION = "1.0"

Label = Literal["PER", "LOC", "ORG", "GROUP", "MISC"]
Bound = Literal["exact", "approx", "min", "max"]
Number = int | float


class Closed(BaseModel):
    """No field that the contract does not name."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, populate_by_name=True, serialize_by_alias=True)


class Document(Closed):
    """What is known of the article besides its text."""

    title: str | None = None
    date: str | None = Field(None, description="ISO 8601 day of publication, where one could be read")
    source: str | None = None
    url: str | None = None
    section: str | None = None
    language: str | None = Field(None, description="ISO 639-1")
    sha256: str | None = Field(None, description="SHA-256 of the UTF-8 text")


class Span(Closed):
    start: int = Field(ge=0, description="code points into `text`")
    end: int = Field(ge=0, description="code points into `text`, exclusive")


class Mention(Span):
    """A named mention; `text` is `record.text[start:end]`, its proclitic stands before `start`."""

    text: str
    proclitic: str = ""
    score: float = Field(ge=0, le=1)
    source: Literal["tagger", "gazetteer", "rule", "alias"]


class Ids(Closed):
    iso3166: str | None = None
    geonames: str | None = None
    wikidata: str | None = None


class Entity(Closed):
    """One thing that the article names, with all its mentions."""

    id: str
    label: Label
    subtype: str | None = None
    name: str
    name_en: str | None = None
    ids: Ids = Ids()
    members: list[str] = Field(
        [], description="of a GROUP: ids of the entities listed beside it, else ISO 3166 codes of the knowledge base"
    )
    mentions: list[Mention]


class Quantity(Span):
    """A number with its unit: a value, or a range with min and max (one of them open: null)."""

    id: str
    text: str
    value: Number | None = None
    min: Number | None = None
    max: Number | None = None
    unit: str | None = None
    bound: Bound = "exact"
    dimension: str


class Time(Span):
    """A TIMEX: a calendar position, a period, a length, or a repeated time."""

    id: str
    text: str
    iso: str | None = Field(None, description="ISO 8601 or EDTF")
    kind: Literal["date", "clock", "period", "duration", "set"]
    grain: str
    calendar: Literal["gregorian", "hijri"] = "gregorian"


class Value(Span):
    """One number of a fact, fully scaled, with its words."""

    value: Number | None = None
    min: Number | None = None
    max: Number | None = None
    unit: str | None = None
    text: str
    quantity: str | None = None


class Indicator(Span):
    text: str


class Reference(Closed):
    """Words that stand for somebody or something, and the entity behind them where it is known."""

    text: str | None = None
    entity: str | None = None


class Derived(Closed):
    """Computed from `from`, `to` and their times; percent_change and cagr are percentages."""

    absolute_change: Number | None = None
    percent_change: Number | None = None
    cagr: Number | None = None


class Fact(Closed):
    """A numeric fact: an indicator that moved, or its level."""

    id: str
    kind: Literal["change", "level"]
    indicator: Indicator
    direction: Literal["up", "down", "flat"] | None = None
    from_: Annotated[Value | None, Field(alias="from")] = None
    to: Value | None = None
    delta: Value | None = None
    time_from: str | None = None
    time_to: str | None = None
    bound: Bound = "exact"
    status: Literal["actual", "forecast"] = "actual"
    subject: Reference | None = None
    attribution: Reference | None = None
    derived: Derived | None = None
    sentence: int
    confidence: float = Field(ge=0, le=1)
    rule: str


class Statement(Span):
    """Who said what: start and end span what was said."""

    speaker: Reference
    verb: str
    direct: bool


class Provenance(Closed):
    pipeline_version: str
    models: dict[str, str] = {}
    stages: list[str] = []


class Error(Closed):
    code: str
    stage: str
    message: str


class Record(Closed):
    """One input document, one record."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    id: str
    status: Literal["ok", "error"]
    document: Document
    text: str
    sentences: list[Span] = []
    entities: list[Entity] = []
    quantities: list[Quantity] = []
    times: list[Time] = []
    facts: list[Fact] = []
    statements: list[Statement] = []
    provenance: Provenance
    error: Error | None = None

    def to_json(self) -> str:
        """One line of JSON. `error` stands only in records of status "error"."""
        return self.model_dump_json(exclude={"error"} if self.error is None else None)


def schema() -> dict:
    """The closed JSON Schema of a record, as `khabar schema` prints it."""
    out = Record.model_json_schema(mode="serialization", by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **out}


def build(doc, nlp) -> Record:
    """The record of an annotated Doc."""
    from pipeline.layers import layers

    layer = layers(doc)
    article = layer.article
    models = {what: model for _, stage in nlp.pipeline for what, model in getattr(stage, "models", {}).items()}
    return Record(
        id=article.id,
        status="ok",
        document=_document(article, layer.date, layer.language),
        text=article.text,
        sentences=layer.sentences,
        entities=layer.entities,
        quantities=layer.quantities,
        times=layer.times,
        facts=layer.facts,
        statements=layer.statements,
        provenance=Provenance(pipeline_version=__version__, models=models, stages=nlp.pipe_names),
    )


def error_record(id: str, problem: Problem, article: Article | None = None) -> Record:
    """The record of an input that could not be read or annotated; the text is kept where there is one."""
    return Record(
        id=id,
        status="error",
        document=_document(article, None, None) if isinstance(article, Article) else Document(),
        text=article.text if isinstance(article, Article) else "",
        provenance=Provenance(pipeline_version=__version__),
        error=Error(code=problem.code, stage=problem.stage, message=problem.message),
    )


def _document(article: Article, date: str | None, language: str | None) -> Document:
    return Document(
        title=article.title,
        date=date,
        source=article.source,
        url=article.url,
        section=article.section,
        language=language,
        sha256=hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest(),
    )
