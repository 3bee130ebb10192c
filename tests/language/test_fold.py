"""Folding: the table, its properties, and two independent normalisers."""

import json
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language.fold import fold, fold_with_offsets, raw_length, table

CASES = Path(__file__).parents[1] / "cases" / "language"
FOLD = [json.loads(line) for line in (CASES / "fold.jsonl").open(encoding="utf-8")]
TEXTS = [json.loads(line)["text"] for line in (CASES / "furniture.jsonl").open(encoding="utf-8")]
NASTY = st.text(
    st.one_of(
        st.sampled_from("\u0627\u0623\u0644\u0647\u0629\u0649\u064a\u0626\u0648\u0640\u064e\u0651\u0670\u200f\u202b"),
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
        st.characters(min_codepoint=0xFB50, max_codepoint=0xFEFF),
        st.characters(),
    ),
    max_size=40,
)


@pytest.mark.parametrize("case", FOLD, ids=lambda case: case["gloss"])
def test_fold_gives_the_norm(case):
    assert fold(case["text"]) == case["norm"]


def test_fold_is_idempotent_for_every_code_point():
    changed = [hex(point) for point in range(sys.maxunicode + 1) if fold(fold(chr(point))) != fold(chr(point))]
    assert changed == []


def test_fold_leaves_no_mark_and_no_invisible_character_of_the_basic_plane():
    left = [
        hex(p)
        for p in range(0x80, 0x10000)
        if unicodedata.category(chr(p)) in ("Mn", "Me", "Cf") and fold(chr(p)) != ""
    ]
    assert left == []


def test_fold_takes_canonically_equal_spellings_for_equal():
    for point in [*range(0x600, 0x700), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        char = chr(point)
        assert fold(unicodedata.normalize("NFD", char)) == fold(char), hex(point)
        assert fold(unicodedata.normalize("NFC", char)) == fold(char), hex(point)


@settings(deadline=None, max_examples=150)
@given(NASTY)
def test_fold_is_the_sum_of_its_characters(text):
    assert fold(text) == "".join(fold(char) for char in text)


@settings(deadline=None, max_examples=150)
@given(NASTY)
def test_fold_with_offsets_points_at_the_character_behind_each_folded_one(text):
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1 and offsets[-1] == len(text)
    assert offsets == sorted(offsets)
    for char, offset in zip(folded, offsets, strict=False):
        assert char in fold(text[offset])


@settings(deadline=None, max_examples=150)
@given(NASTY, st.integers(0, 60))
def test_raw_length_covers_the_folded_prefix_and_the_marks_behind_it(text, n):
    length = raw_length(text, n)
    assert len(fold(text[:length])) >= min(n, len(fold(text)))
    assert not text[length:] or fold(text[length]) != ""
    if length:  # and not one visible character more
        visible = [k for k in range(length) if fold(text[k])]
        assert n == 0 or len(fold(text[: visible[-1]])) < n if visible else True


def test_raw_length_counts_marks_of_a_proclitic():
    assert raw_length("\u0648\u064e\u0643\u0627", 1) == 2
    assert raw_length("\u0648\u0643\u0627", 1) == 1


def test_table_is_small():
    assert len(table()) < 6000


def test_fold_agrees_with_camel_tools():
    from camel_tools.utils import dediac, normalize

    carriers = str.maketrans("\u0624\u0626", "\u0648\u064a")
    digits = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
    for word in _arabic_words():
        theirs = dediac.dediac_ar(normalize.normalize_unicode(word))
        theirs = normalize.normalize_alef_ar(theirs.replace("\u0640", ""))
        theirs = normalize.normalize_teh_marbuta_ar(normalize.normalize_alef_maksura_ar(theirs))
        assert fold(word) == theirs.translate(carriers).translate(digits), word


def test_fold_agrees_with_pyarabic():
    from pyarabic import araby

    for word in _arabic_words():
        theirs = araby.strip_tatweel(araby.strip_tashkeel(araby.normalize_ligature(word)))
        theirs = re.sub("[\u0623\u0625\u0622\u0671]", "\u0627", theirs)
        theirs = theirs.translate(str.maketrans("\u0624\u0626\u0649\u0629", "\u0648\u064a\u064a\u0647"))
        assert fold(word) == theirs, word


def _arabic_words():
    """Words of the running text of the other cases and vocalised ones, in the standard alphabet."""
    vocalised = "إِنَّ الْمُؤْتَمَرَ الأَوَّلَ لِلْحُكُومَةِ فِي مُسْتَشْفًى هُوَ شَيْءٌ رَائِعٌ وَآخَرُ مَســـؤُولٌ"
    words = {word for text in [*TEXTS, vocalised] for word in re.findall("[\u0621-\u0652]+", text)}
    assert len(words) > 60
    return sorted(words)
