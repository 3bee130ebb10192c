"""Language detection, and that an unsupported language is a coded error."""

import json
from pathlib import Path

import pytest

import pipeline
from pipeline.errors import DocumentError
from pipeline.language.detect import check, detect

CASES = Path(__file__).parents[1] / "cases" / "language" / "languages.jsonl"
TEXTS = [json.loads(line) for line in CASES.open(encoding="utf-8")]


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: f"{case['lang']}-{ascii(case['text'])[:30]}")
def test_detect_tells_languages_apart(case):
    lang, confidence = detect(case["text"])
    assert lang == case["lang"]
    assert 0 <= confidence <= 1
    if lang == "ar":
        assert check(case["text"]) == "ar"
    else:
        with pytest.raises(DocumentError, match="K301"):
            check(case["text"])


def test_detect_makes_an_error_record_of_another_language_and_goes_on():
    persian = next(case["text"] for case in TEXTS if case["lang"] == "fa")
    articles = [pipeline.Article(id=str(k), text=text) for k, text in enumerate(["وصل الوفد.", persian, "غادر الوفد."])]
    records = list(pipeline.process(articles))
    assert [record.status for record in records] == ["ok", "error", "ok"]
    assert records[1].error.code == "K301" and records[1].text == persian
    assert records[0].document.language == "ar"


def test_detect_looks_at_a_bounded_part_of_a_long_text():
    arabic = "قال الرئيس إن الحكومة ستعقد اجتماعا في العاصمة. "
    assert detect(arabic * 50_000)[0] == "ar"
    assert detect("12 " * 500_000 + arabic)[0] == "ar"
