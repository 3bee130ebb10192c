"""Proclitics: the right words are cut, and only those."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language import clitics
from pipeline.language.fold import fold
from pipeline.resources import lexicon

CASES = Path(__file__).parents[1] / "cases" / "language" / "clitics.jsonl"
WORDS = [json.loads(line) for line in CASES.open(encoding="utf-8")]
LETTERS = "\u0648\u0641\u0628\u0644\u0643\u0633"


@pytest.mark.parametrize("case", WORDS, ids=lambda case: case["gloss"])
def test_clitics_split(case):
    norm = fold(case["word"])
    assert clitics.split(norm) == (case["proclitic"], norm[len(case["proclitic"]) :])


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=LETTERS + "\u0627\u0631\u064a\u0646\u0645\u0647\u062a5a. ", max_size=30))
def test_clitics_candidates_add_up_to_the_word(norm):
    found = clitics.candidates(norm)
    assert ("", norm) in found and len(set(found)) == len(found) <= 3
    assert found[0] == clitics.split(norm)
    for proclitic, rest in found:
        assert proclitic + rest == norm
        assert set(proclitic) <= set(LETTERS)
        assert rest or not norm


def test_clitics_give_both_readings_of_an_unknown_name():
    norm = fold("وكوريك")
    assert norm not in clitics.frequencies()
    assert clitics.candidates(norm) == (("\u0648", norm[1:]), ("", norm))


def test_clitics_restore_the_article_behind_lam():
    assert clitics.standalone("\u0644", fold("لاتحاد"))[0] == fold("الاتحاد")
    assert clitics.standalone("\u0644", fold("لاجئين"))[:2] == (fold("اللاجئين"), fold("لاجئين"))
    assert clitics.standalone("\u0628", fold("المدينة")) == (fold("المدينة"),)


@pytest.mark.parametrize("word", ["الرئيس", "الجزائر", "العراق", "الولايات", "الليل", "الناتو", "القاهرة", "الوزير"])
def test_clitics_article_is_found(word):
    assert clitics.article(fold(word)) == (fold(word)[:2], fold(word)[2:])


@pytest.mark.parametrize(
    "word",
    [
        "ألمانيا",
        "ألبانيا",
        "ألاسكا",
        "إلغاء",
        "التزام",
        "التهاب",
        "ألعاب",
        "إليزابيث",
        "ألماني",
        "إلى",
        "الدورادوس",
        "خبر",
        "",
    ],
)
def test_clitics_article_is_not_found_in_a_words_own_letters(word):
    assert clitics.article(fold(word)) == ("", fold(word))


def test_clitics_curated_words_begin_with_their_proclitic():
    for row in lexicon("language/proclitics.tsv"):
        assert row["form"] == fold(row["form"]), row["form"]
        assert row["form"].startswith(row["proclitic"]) and row["form"][0] in LETTERS, row["form"]
        assert len(row["form"]) - len(row["proclitic"]) >= 1


def test_clitics_frequencies_load_fast_and_are_folded():
    clitics.frequencies.cache_clear()
    begun = time.process_time()
    counts = clitics.frequencies()
    assert time.process_time() - begun < 3
    assert 100_000 < len(counts) < 200_000 and min(counts.values()) >= 5
    assert all(form == fold(form) for form in list(counts)[::97])
