"""Where the shipped data and models lie, and how a lexicon file is read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _home(name: str) -> Path:
    """`data/` or `models/`: inside an installed wheel, else at the top of the checkout."""
    packed = _PACKAGE / f"_{name}"
    return packed if packed.is_dir() else _PACKAGE.parent / name


def data(path: str) -> Path:
    return _home("data") / path


def model(path: str) -> Path:
    return _home("models") / path


@cache
def lexicon(path: str) -> tuple[dict[str, str], ...]:
    """The rows of `data/lexicons/<path>`: tab-separated, a header line, `#` comments; cells are stripped.

    Every file has a column `gloss` in English. Cached: treat the rows as read-only.
    """
    rows, header = [], None
    with open(data("lexicons") / path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [cell.strip() for cell in line.rstrip("\n").split("\t")]
            if header is None:
                header = cells
                continue
            if len(cells) > len(header):
                raise ValueError(f"{path}:{number}: {len(cells)} cells under {len(header)} headings")
            rows.append(dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True)))
    return tuple(rows)
