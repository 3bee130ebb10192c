"""`khabar kb`: search and show the knowledge base, add entries to it, and measure it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from time import process_time

import typer

from pipeline.errors import KhabarError
from pipeline.linking import own
from pipeline.linking.kb import Entry, KnowledgeBase, form

_FIELDS = {
    "id": "id",
    "label": "label",
    "kind": "kind",
    "name_en": "English name",
    "name": "Arabic name",
    "iso": "country (ISO 3166)",
    "geonames": "GeoNames id",
    "wikidata": "Wikidata id",
    "population": "population",
    "members": "members",
    "forms": "matched spellings",
    "from": "from",
}


def base(table: Path | None) -> KnowledgeBase:
    """The shipped entries with the user's table, or with `table` in its place."""
    return KnowledgeBase(user=[table] if table else own.tables())


def search(text: str, limit: int, table: Path | None, output: str) -> None:
    """Print the entries with a name, the best first; exit code 1 where there is none."""
    _known(output)
    found = base(table).search(text, limit)
    if output == "json":
        for entry in found:
            typer.echo(json.dumps(plain(entry), ensure_ascii=False))
    else:
        width = max((len(entry.id) for entry in found), default=0)
        for e in found:
            about = f"{e.label} {e.kind}{' ' * bool(e.iso)}{e.iso}"
            typer.echo(f"{e.id:<{width}}  {about:<24}  {e.name_en}  |  {e.name}{'  (yours)' * (e.number < 0)}")
    if not found:
        typer.echo(f"nothing is called {text!r}", err=True)
        raise typer.Exit(1)


def show(id: str, table: Path | None, output: str) -> None:
    """Print everything known of one entry."""
    _known(output)
    kb = base(table)
    found = kb.find(id)
    if found is None:
        raise KhabarError(f"no entry has the id {id}; `khabar kb search NAME` prints ids")
    values = {**plain(found), "forms": kb.spellings(found)}
    if output == "json":
        typer.echo(json.dumps(values, ensure_ascii=False))
        return
    for name, title in _FIELDS.items():
        if value := values[name]:
            shown = " | ".join(value) if isinstance(value, list) else value
            typer.echo(f"{title:<20}{shown}")


def plain(entry: Entry) -> dict:
    """An entry as data."""
    values = {name: getattr(entry, name) for name in _FIELDS if name not in ("forms", "from")}
    return {**values, "members": list(entry.members), "from": "your table" if entry.number < 0 else "khabar"}


def add(file: str, table: Path | None) -> None:
    """Check a CSV file and put its entries into the user's table."""
    target = table or own.table()
    if target is None:
        raise KhabarError("$KHABAR_KB is empty, so there is no table to add to; name one with --kb FILE")
    new, replaced = own.add(file, target)
    typer.echo(f"{new} new, {replaced} replaced; your entries are in {target}")


def info(table: Path | None, output: str) -> None:
    """Print what the knowledge base holds, and how fast it loads and finds names here."""
    _known(output)
    from pipeline.evaluation.benchmark_worker import peak

    before, start = peak(), process_time()
    kb = base(table)
    seconds, memory = process_time() - start, peak() - before
    tokens, speed = lookup(kb)
    counts: Counter = Counter()
    ids: Counter = Counter()
    for entry in kb:
        counts[entry.label, entry.kind] += 1
        ids["GeoNames" if entry.geonames else "Wikidata" if entry.wikidata else "khabar's own"] += 1
    found = {
        "entries": len(kb),
        "yours": sum(entry.number < 0 for entry in kb),
        "spellings": len(kb.forms),
        "identifiers": dict(ids),
        "kinds": {f"{label} {kind}".strip(): n for (label, kind), n in sorted(counts.items())},
        "load_seconds": round(seconds, 3),
        "load_bytes": memory,
        "lookup_tokens": tokens,
        "lookup_tokens_per_second": round(speed),
    }
    if output == "json":
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    typer.echo(f"{found['entries']:,} entries with {found['spellings']:,} spellings; {found['yours']:,} of them yours")
    for name, number in found["kinds"].items():
        typer.echo(f"  {name:<24}{number:>8,}")
    typer.echo("identifiers: " + ", ".join(f"{name} {number:,}" for name, number in ids.most_common()))
    typer.echo(f"loaded in {seconds:.2f} s of processor time with {memory / 1e6:.0f} MB")
    typer.echo(f"{speed:,.0f} tokens a second of processor time looked up")
    typer.echo(f"your table: {table or own.table() or 'none ($KHABAR_KB is empty)'}")


def lookup(kb: KnowledgeBase, at_least: int = 100_000) -> tuple[int, float]:
    """How many tokens of the shipped samples were looked up, and how many a second: every name in them is found."""
    from pipeline.article import Article
    from pipeline.entities.gazetteer import Gazetteer
    from pipeline.ingest import read
    from pipeline.language.pattern import TOKEN
    from pipeline.resources import data

    texts = [item.text for item in read(str(data("samples"))) if isinstance(item, Article)]
    norms = [norm for text in texts for word in TOKEN.findall(text) if (norm := form(word))]
    gazetteer = Gazetteer(kb)
    rounds = -(-at_least // len(norms))
    start = process_time()
    for _ in range(rounds):
        for _match in gazetteer.scan(norms, 0, len(norms)):
            pass
    return rounds * len(norms), rounds * len(norms) / (process_time() - start)


def _known(output: str) -> None:
    if output not in ("text", "json"):
        raise KhabarError(f"--output {output} is not known; use text or json")
