"""One record as right-to-left HTML: the text with its layers marked, facts and statements as tables below."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from pipeline.records import Fact, Record, Value

LAYERS = ("entities", "quantities", "times", "statements")
_ARROW = {"up": "▲", "down": "▼", "flat": "="}


def highlight(record: Record, layers: Iterable[str] = LAYERS) -> str:
    """The text of a record as an HTML fragment with the chosen layers marked.

    Every character of the text stands in it once, escaped, in its order; a mark's title says what it is.
    """
    layers = set(layers)
    text, marks = record.text, []
    if "entities" in layers:
        for entity in record.entities:
            known = " · ".join(filter(None, (entity.label, entity.subtype, entity.name_en, entity.ids.iso3166)))
            marks += [(m.start, m.end, entity.label, known) for m in entity.mentions]
    if "quantities" in layers:
        marks += [(q.start, q.end, "quantity", f"{_number(q)} · {q.dimension}") for q in record.quantities]
    if "times" in layers:
        marks += [(t.start, t.end, "time", f"{t.kind} · {t.iso or '?'}") for t in record.times]
    said = [(s.start, s.end) for s in record.statements] if "statements" in layers else []
    cuts = {0, len(text), *(x for m in marks for x in m[:2]), *(x for s in said for x in s)}
    cuts |= {x for s in record.sentences for x in (s.start, s.end)}
    starting: dict[int, tuple] = {}
    for mark in sorted(marks, key=lambda m: (m[0], m[0] - m[1])):
        starting.setdefault(mark[0], mark)
    inside = _covered((s.start, s.end) for s in record.sentences)
    spoken = _covered(said)
    out, mark = [], None
    points = sorted(cuts)
    for start, end in zip(points, points[1:], strict=False):
        if mark is None or mark[1] <= start:
            mark = starting.get(start)
        piece = escape(text[start:end])
        if mark and mark[0] <= start < mark[1]:
            piece = f'<mark class="{mark[2]}" title="{escape(mark[3])}">{piece}</mark>'
        if spoken(start):
            piece = f'<span class="said">{piece}</span>'
        if record.sentences and not inside(start) and piece.strip():
            piece = f'<span class="furniture">{piece}</span>'
        out.append(piece)
    body = f'<div class="text">{"".join(out)}</div>{_legend(layers)}'
    return f'<div class="khabar" dir="rtl" lang="ar">{_style()}{body}</div>'


def page(record: Record) -> str:
    """A whole HTML page of one record: title, text, facts, statements."""
    title = escape(record.document.title or record.id)
    named = {e.id: e for e in record.entities}
    return (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<div class="khabar" dir="rtl"><h1><bdi>{title}</bdi></h1></div>{highlight(record)}'
        f'<div class="khabar" dir="rtl">{_facts(record, named)}{_statements(record, named)}</div></body></html>'
    )


def _facts(record: Record, named: dict) -> str:
    rows = "".join(_fact_row(f, named) for f in record.facts)
    head = "".join(f"<th>{h}</th>" for h in ("indicator", "", "from", "to", "change", "time", "source", "rule"))
    return f"<table><tr>{head}</tr>{rows}</table>" if rows else ""


def _fact_row(fact: Fact, named: dict) -> str:
    times = " – ".join(filter(None, (fact.time_from, fact.time_to)))
    source = _reference(fact.attribution, named)
    cells = [
        fact.indicator.text,
        None,
        _value(fact.from_),
        _value(fact.to),
        _value(fact.delta),
        times,
        source,
        fact.rule,
    ]
    arrow = f'<td class="{fact.direction or ""}">{_ARROW.get(fact.direction or "", "")}</td>'
    return f"<tr>{''.join(arrow if c is None else f'<td><bdi>{escape(c)}</bdi></td>' for c in cells)}</tr>"


def _statements(record: Record, named: dict) -> str:
    rows = "".join(
        f"<tr><td><bdi>{escape(_reference(s.speaker, named))}</bdi></td><td><bdi>{escape(s.verb)}</bdi></td>"
        f"<td><bdi>{escape(record.text[s.start : s.end])}</bdi></td></tr>"
        for s in record.statements
    )
    return f"<table><tr><th>who</th><th>verb</th><th>what</th></tr>{rows}</table>" if rows else ""


def _reference(reference, named: dict) -> str:
    if reference is None:
        return ""
    entity = named.get(reference.entity)
    return entity.name if entity else reference.text or ""


def _value(value: Value | None) -> str:
    return "" if value is None else f"{value.text} ({_number(value)})"


def _number(q) -> str:
    ends = [q.value] if q.value is not None else [q.min, q.max]
    number = "–".join("…" if x is None else f"{x:,}" for x in ends)
    return f"{number} {q.unit}" if q.unit else number


def _covered(spans: Iterable[tuple[int, int]]):
    """A test whether an offset lies inside one of the spans."""
    from bisect import bisect_right

    merged: list[list[int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    starts = [s for s, _ in merged]

    def test(offset: int) -> bool:
        k = bisect_right(starts, offset) - 1
        return k >= 0 and offset < merged[k][1]

    return test


def _legend(layers: set[str]) -> str:
    names = [c for c in ("PER", "LOC", "ORG", "GROUP", "MISC") if "entities" in layers]
    names += [c for c, layer in (("quantity", "quantities"), ("time", "times")) if layer in layers]
    said = '<span class="said">said</span>' if "statements" in layers else ""
    return f'<div class="legend">{"".join(f"<mark class={chr(34)}{n}{chr(34)}>{n}</mark>" for n in names)}{said}</div>'


def _style() -> str:
    return f"<style>{Path(__file__).with_name('article.css').read_text(encoding='utf-8')}</style>"
