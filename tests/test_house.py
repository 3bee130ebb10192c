"""The rules of the house that a machine can check."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted([*ROOT.glob("pipeline/**/*.py"), *ROOT.glob("models/**/*.py")])
LEXICONS = sorted(ROOT.glob("data/lexicons/**/*.tsv"))
ARABIC = re.compile(r"[\u0621-\u064A]{2,}")


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_source_is_short_and_holds_no_arabic_words(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 450, "does it hold more than one thing?"
    tree = ast.parse(text)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    strings = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in prose]
    words = [word for n in strings for word in ARABIC.findall(ast.get_source_segment(text, n) or "")]
    assert not words, "Arabic words belong in data/lexicons, with a gloss"


@pytest.mark.parametrize("path", LEXICONS, ids=lambda p: str(p.relative_to(ROOT)))
def test_lexicon_lines_have_their_cells_and_an_english_gloss(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    rows = [(n, line.split("\t")) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    header = [cell.strip() for cell in rows[0][1]]
    assert "gloss" in header
    seen = {}
    for number, cells in rows[1:]:
        assert len(cells) <= len(header), f"line {number}: more cells than headings"
        row = dict(zip(header, cells, strict=False))
        assert re.search(r"[A-Za-z0-9]", row.get("gloss", "")), f"line {number}: no English gloss"
        assert not ARABIC.search(row["gloss"]), f"line {number}: the gloss is Arabic"
        key = tuple(cell.strip() for cell in cells)
        assert key not in seen, f"line {number} repeats line {seen[key]}"
        seen[key] = number


def test_importing_the_package_loads_nothing():
    heavy = "spacy", "torch", "pandas", "numpy", "pydantic"
    code = f"import sys, pipeline; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_running_the_pipeline_never_imports_torch_or_camel_tools_models():
    code = (
        "import sys, pipeline; pipeline.extract('\\u0642\\u0627\\u0644');"
        "print([m for m in ('torch', 'transformers', 'camel_tools.ner', 'camel_tools.data') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_notice_names_every_folder_of_foreign_data():
    notice = (ROOT / "NOTICE.md").read_text(encoding="utf-8")
    for source in ("GeoNames", "SANAD", "ANT", "NTREX", "CLDR", "Wikidata", "multilingual-e5-small"):
        assert source in notice
