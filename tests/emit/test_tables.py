"""Records as tables: the same rows as frames and as Parquet, and what SQL makes of them."""

import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

import pipeline
from pipeline.emit import tables
from pipeline.emit.facts import sentence_of
from pipeline.emit.nested import record_schema, record_table
from pipeline.records import Record

TEXT = "وقال أحمد علي إن حجم التجارة ارتفع من 5 إلى 10 مليارات دولار في 2023. انتهى"


def span(words, start=0):
    start = TEXT.index(words, start)
    return {"start": start, "end": start + len(words)}


def value(words, number, quantity, unit="USD"):
    return {**span(words), "text": words, "value": number, "min": None, "max": None, "unit": unit, "quantity": quantity}


@pytest.fixture
def record():
    """One record with something in every layer, made by hand."""
    name = {**span("أحمد علي"), "text": "أحمد علي", "proclitic": "", "score": 0.9, "source": "tagger"}
    return Record.model_validate(
        {
            "id": "a",
            "status": "ok",
            "document": {"title": "عنوان", "date": "2024-01-02", "source": "s", "language": "ar"},
            "text": TEXT,
            "sentences": [{"start": 0, "end": TEXT.index(" انتهى")}, span("انتهى")],
            "entities": [
                {
                    "id": "e1",
                    "label": "PER",
                    "name": "أحمد علي",
                    "ids": {"wikidata": "Q1"},
                    "members": ["e2", "e3"],
                    "mentions": [name, {**name, "proclitic": "و"}],
                }
            ],
            "quantities": [
                {"id": "q1", **span("5"), "text": "5", "value": 5_000_000_000, "unit": "USD", "dimension": "money"},
                {"id": "q2", **span("10"), "text": "10", "value": 10**400, "dimension": "number"},
            ],
            "times": [{"id": "t1", **span("2023"), "text": "2023", "iso": "2023", "kind": "date", "grain": "year"}],
            "facts": [
                {
                    "id": "f1",
                    "kind": "change",
                    "indicator": {**span("حجم التجارة"), "text": "حجم التجارة"},
                    "direction": "up",
                    "from": value("5", 5e9, "q1"),
                    "to": value("10 مليارات دولار", 10_000_000_000, "q2"),
                    "time_to": "2023",
                    "attribution": {"text": "أحمد علي", "entity": "e1"},
                    "derived": {"percent_change": 100},
                    "sentence": 0,
                    "confidence": 0.8,
                    "rule": "change.from_to",
                }
            ],
            "statements": [
                {
                    "speaker": {"text": "أحمد علي", "entity": "e1"},
                    "verb": "قال",
                    "direct": False,
                    **span("حجم التجارة ارتفع"),
                }
            ],
            "provenance": {"pipeline_version": "1", "models": {"tagger": "3"}, "stages": ["x"]},
        }
    )


@pytest.fixture
def failed():
    return Record.model_validate(
        {
            "id": "b",
            "status": "error",
            "document": {},
            "text": "",
            "provenance": {"pipeline_version": "1"},
            "error": {"code": "K203", "stage": "ingest", "message": "the text is empty"},
        }
    )


@pytest.fixture
def folder(record, failed, tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text("".join(r.to_json() + "\n" for r in (record, failed)), encoding="utf-8")
    tables.write(path, tmp_path, nested=True)
    return tmp_path


def test_tables_have_the_columns_of_the_golden_file():
    golden = Path(__file__).parent.parent / "golden" / "tables.json"
    assert json.loads(golden.read_text()) == tables.TABLES, "a changed column is a changed contract"


def test_frames_have_the_columns_and_rows_of_the_parquet_files(record, failed, folder):
    frames = pipeline.frames([record, failed])
    assert list(frames) == list(tables.TABLES)
    for name, frame in frames.items():
        stored = pq.read_table(folder / f"{name}.parquet")
        assert stored.schema.equals(tables.arrow_schema(name))
        assert list(frame.columns) == stored.column_names
        assert stored.to_pandas().equals(frame), name
    assert {name: len(frame) for name, frame in frames.items()} == tables.rows(folder)
    assert tables.rows(folder) == {
        "documents": 2,
        "entities": 1,
        "mentions": 2,
        "facts": 1,
        "quantities": 2,
        "times": 1,
        "statements": 1,
    }


def test_frames_take_records_their_json_or_one_alone(record):
    parsed = json.loads(record.to_json())
    for form in ([record], [parsed], iter([record]), record, parsed):
        assert pipeline.frames(form)["facts"].equals(pipeline.frames([record])["facts"])
    assert json.loads(record.to_json()) == parsed, "frames must not change what they are given"
    assert {name: len(frame) for name, frame in pipeline.frames([]).items()} == dict.fromkeys(tables.TABLES, 0)


def test_tables_offsets_point_into_the_text_of_their_document(folder):
    documents = {row["id"]: row for row in pq.read_table(folder / "documents.parquet").to_pylist()}
    checked = 0
    for name in ("mentions", "quantities", "times", "statements"):
        for row in pq.read_table(folder / f"{name}.parquet").to_pylist():
            assert documents[row["document"]]["text"][row["start"] : row["end"]] == row["text"]
            checked += 1
    assert checked == 6


def test_tables_answer_sql_that_joins_facts_to_documents(folder):
    query = f"""
        SELECT d.title, f.indicator, f.to_value, f.to_unit, f.percent_change, e.name, f.sentence_text
        FROM '{folder}/facts.parquet' f
        JOIN '{folder}/documents.parquet' d ON f.document = d.id
        LEFT JOIN '{folder}/entities.parquet' e ON e.document = d.id AND e.id = f.attribution_entity
        WHERE d.date::DATE >= DATE '2024-01-01' AND f.direction = 'up'
    """
    sentence = TEXT.removesuffix(" انتهى")
    assert duckdb.sql(query).fetchall() == [("عنوان", "حجم التجارة", 1e10, "USD", 100.0, "أحمد علي", sentence)]
    errors = duckdb.sql(f"SELECT id, error_code FROM '{folder}/documents.parquet' WHERE status = 'error'").fetchall()
    assert errors == [("b", "K203")]
    huge = duckdb.sql(f"SELECT value FROM '{folder}/quantities.parquet' WHERE id = 'q2'").fetchall()
    assert huge == [(float("inf"),)], "a number beyond float64"


def test_nested_parquet_holds_the_whole_record(record, failed, folder):
    rows = pq.read_table(folder / "records.parquet").to_pylist()
    for row, original in zip(rows, (record, failed), strict=True):
        wanted = {"error": None, **json.loads(original.to_json())}
        row["provenance"]["models"] = dict(row["provenance"]["models"])
        for quantity in wanted["quantities"]:
            quantity["value"] = float("inf") if quantity["value"] > 1e300 else quantity["value"]
        assert row == wanted
    found = duckdb.sql(f"SELECT facts[1].to.value, entities[1].ids.wikidata FROM '{folder}/records.parquet' LIMIT 1")
    assert found.fetchall() == [(1e10, "Q1")]


def test_nested_schema_follows_the_models(record):
    assert record_schema().names == list(Record.model_fields)
    assert record_table([json.loads(record.to_json())]).num_rows == 1


def test_tables_are_the_same_bytes_for_the_same_records(folder, tmp_path):
    again = tmp_path / "again"
    again.mkdir()
    tables.write(folder / "records.jsonl", again, nested=True)
    names = sorted(path.name for path in again.iterdir())
    assert len(names) == 8
    for name in names:
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_tables_are_written_in_row_groups_of_bounded_size(folder, monkeypatch, tmp_path):
    many = tmp_path / "many.jsonl"
    many.write_bytes((folder / "records.jsonl").read_bytes() * 50)
    monkeypatch.setattr(tables, "_CHUNK_BYTES", 10_000)
    tables.write(many, tmp_path)
    stored = pq.ParquetFile(tmp_path / "documents.parquet")
    assert stored.metadata.num_rows == 100 and stored.num_row_groups > 5


def test_fact_line_is_readable(folder):
    (row,) = pq.read_table(folder / "facts.parquet").to_pylist()
    assert sentence_of(row) == "حجم التجارة ↑ 5 ← 10 مليارات دولار [2023] +100.0% — أحمد علي"
