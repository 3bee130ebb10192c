"""`khabar benchmark`: speed and memory on this machine, as a table or as JSON."""

from __future__ import annotations

import json
import sys

import typer

from pipeline.errors import KhabarError


def benchmark(text: str | None, words: int, rounds: int, output: str, only: str = "") -> None:
    """Measure on FILE, or on the shipped samples, and print what came out; progress goes to a terminal only."""
    if output not in ("text", "json"):
        raise KhabarError(f"--output {output} is not known; use text or json")
    from pipeline.article import Article
    from pipeline.evaluation.benchmark import benchmark as measure
    from pipeline.ingest import read
    from pipeline.resources import data

    path = text or str(data("samples"))
    texts = [item.text for item in read(path) if isinstance(item, Article)]
    if not texts:
        raise KhabarError(f"there is no article in {path}")
    found = {"text": path, **measure(texts, words, rounds, only=only, say=_say)}
    if sys.stderr.isatty():
        typer.echo("\r\033[K", nl=False, err=True)
    typer.echo(json.dumps(found, indent=1, ensure_ascii=False) if output == "json" else table(found))


def _say(line: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{line}", nl=False, err=True)


def table(found: dict) -> str:
    """The result for people."""
    machine, peer = found["machine"], found["peer"]
    load = "" if machine["load"] is None else f", load {machine['load']:.1f} before"
    compared = any(row["ratio"] for row in found["measured"])
    lines = [
        f"khabar {machine['khabar']}, Python {machine['python']}, {machine['cpu']}, {machine['cores']} cores{load}",
        f"{found['rounds']} rounds of {found['words']:,} words of {found['text']} ({found['articles']} articles), "
        "after a warm-up; a process each, one thread",
        *[f"peer: CAMeL Tools' NERecognizer, {peer['layers']} layers x {peer['width']} of random weights"] * compared,
        "",
        f"{'':<32}{'words/s':>10} {'± 95 %':>8} {'peak MB':>8} {'x peer':>8} {'± 95 %':>8}",
    ]
    for row in found["measured"]:
        if row["error"]:
            lines.append(f"{row['name']:<32}not measured: {row['error']}")
            continue
        inside = row["name"].startswith("khabar_") or row["name"] in ("tokenizer", "records")
        speed, margin = row["speed"]
        cells = f"{speed:>10,.0f} {margin:>8,.0f} {row['memory'] / 1e6:>8,.0f}"
        if row["ratio"]:
            cells += f" {row['ratio'][0]:>8,.1f} {row['ratio'][1]:>8,.1f}"
        lines.append(f"{'  ' * inside + row['name']:<32}{cells}")
    lines += ["", "Peak memory of a stage is that of a process with the pipeline up to and including it."]
    return "\n".join(lines)
