"""`khabar info`: what is installed. Its output is itself a configuration file: all but the configuration is comment."""

from __future__ import annotations

from pathlib import Path

import typer

from pipeline import __version__, resources
from pipeline.errors import KhabarError


def info(config: str | None = None) -> None:
    """Print version, models, data and the pipeline's configuration."""
    path = Path(config) if config else Path(__file__).with_name("default.cfg")
    if not path.is_file():
        raise KhabarError(f"no pipeline configuration at {path}")
    from pipeline.batch.manifest import fingerprint, named
    from pipeline.linking.own import table, tables
    from pipeline.records import SCHEMA_VERSION

    for name, value in (
        ("khabar", __version__),
        ("record schema", SCHEMA_VERSION),
        ("fingerprint", fingerprint(config)),
        ("models", _listing(resources.model("."), models())),
        ("lexicons", _listing(resources.data("lexicons"), sorted(resources.data("lexicons").glob("*/*.tsv*")))),
        ("other data", _listing(resources.data("."), sorted(resources.data("kb").glob("*.*")))),
        ("your entries", ", ".join(map(str, tables(named(config)))) or f"none ({table() or '$KHABAR_KB is empty'})"),
        ("configuration", path),
    ):
        typer.echo(f"# {name}: {value}")
    typer.echo()
    typer.echo(path.read_text(encoding="utf-8").rstrip("\n"))


def models() -> list[Path]:
    """The files of the shipped models: what lies in a folder that has a `meta.json`."""
    folders = [meta.parent for meta in sorted(resources.model(".").glob("*/meta.json"))]
    return [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]


def _listing(home: Path, paths: list[Path]) -> str:
    """File names with their sizes, a line each, or 'none'."""
    rows = [f"{path.relative_to(home)} ({_size(path.stat().st_size)})" for path in paths if path.is_file()]
    return "".join(f"\n#   {row}" for row in rows) or "none"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"
