"""What must not change unseen: help texts, the schema, registered names. UPDATE_GOLDEN=1 writes the files again."""

import json
import os
from importlib.metadata import entry_points
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from pipeline.cli import app

KB = "kb", "kb search", "kb show", "kb add", "kb info"
GOLDEN = Path(__file__).parent.parent / "golden"


def check(name, text):
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"if this is meant, run again with UPDATE_GOLDEN=1: {name}"


@pytest.mark.parametrize("command", ["", "extract", "run", "tag", "benchmark", "schema", "info", "doctor", *KB])
def test_help_matches_the_golden_file(command):
    arguments = [*command.split(), "--help"]
    done = CliRunner().invoke(app, arguments, prog_name="khabar", terminal_width=100)
    assert done.exit_code == 0
    check("_".join(["help", *command.split()]) + ".txt", done.stdout)


def test_schema_matches_the_golden_file_and_is_closed():
    done = CliRunner().invoke(app, ["schema"])
    assert done.exit_code == 0
    check("schema.json", done.stdout)
    schema = json.loads(done.stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    objects = [schema, *schema["$defs"].values()]
    assert all(part["additionalProperties"] is False for part in objects if part.get("type") == "object")


def test_registered_names_match_the_golden_file():
    names = {
        group: sorted(
            f"{point.name} = {point.value}"
            for point in entry_points(group=group)
            if point.value.startswith("pipeline.")
        )
        for group in ("spacy_factories", "spacy_tokenizers", "console_scripts")
    }
    check("names.json", json.dumps(names, indent=1) + "\n")
    for group in names:
        for point in entry_points(group=group):
            if point.value.startswith("pipeline."):
                assert callable(point.load())
