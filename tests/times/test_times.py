"""Times of the text: hand-made cases, and what holds for every text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.article import Article
from pipeline.language.tokenizer import Tokenizer
from pipeline.layers import Sentence, layers
from pipeline.quantities.numerals_stage import NumeralStage
from pipeline.resources import lexicon
from pipeline.times.stage import Times

CASES = Path(__file__).parents[1] / "cases" / "times"
ISO = re.compile(
    r"(?:-?[\dX]{4}(?:-(?:\d\d(?:-\d\d)?|Q[1-4]|H[12]|W\d\d))?|FY\d{4}(?:/\d{4})?)?"
    r"(?:T\d\d(?::\d\d){0,2}(?:Z|[+-]\d\d:\d\d)?)?"
)


def read(text: str, date: str | None = None):
    """The layers of one text, read as one sentence."""
    from spacy.vocab import Vocab

    doc = Tokenizer(Vocab()).make(Article(id="t", text=text, date=date))
    layer = layers(doc)
    if len(layer.tokens):
        layer.sentences = [Sentence(layer.tokens.starts[0], layer.tokens.ends[-1], 0, len(layer.tokens))]
    NumeralStage().annotate([layer])
    Times().annotate([layer])
    return layer


def cases(name: str):
    for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        yield pytest.param(case, id=case["id"])


@pytest.mark.parametrize("case", [*cases("times"), *cases("months")])
def test_times_match_cases(case):
    found = read(case["text"], case["date"]).times
    assert [(t.start, t.end, t.iso, t.kind) for t in found] == [
        (t["start"], t["end"], t["iso"], t["kind"]) for t in case["times"]
    ]
    assert all(case["text"][t["start"] : t["end"]] == t["text"] for t in case["times"])


def check(layer):
    text, last = layer.tokens.text, 0
    for n, time in enumerate(layer.times, 1):
        assert time.id == f"t{n}"
        assert last <= time.start < time.end <= len(text), "sorted, not overlapping"
        assert text[time.start : time.end] == time.text
        assert time.kind in ("date", "clock", "period", "duration", "set")
        assert time.start < layer.tokens.ends[time.i] and layer.tokens.ends[time.j - 1] == time.end
        if time.iso is not None:
            if time.kind in ("duration", "set"):
                assert re.fullmatch(r"P(?:[\d.]+[YMWD])*(?:T(?:[\d.]+[HMS])+)?", time.iso) and len(time.iso) > 2
            else:
                parts = [time.iso] if time.iso.startswith("FY") else time.iso.split("/")
                assert len(parts) < 3 and all(ISO.fullmatch(part) and part for part in parts), time.iso
        last = time.end


FORMS = sorted({row["form"] for name in ("words", "context", "holidays") for row in lexicon(f"times/{name}.tsv")})
PIECES = st.one_of(
    st.sampled_from(FORMS),
    st.sampled_from(FORMS).map(lambda form: "\u0627\u0644" + form),
    st.sampled_from(FORMS).map(lambda form: "\u0648\u0628" + form),
    st.integers(0, 2100).map(str),
    st.sampled_from(
        ["2016/02/30", "31-04-2017", "29/2/2015", "24:59", "0:60", "1400", "9999", "2017/2016", "12/13/14"]
    ),
    st.sampled_from([",", "\u060c", "-", "/", "(", ")", ".", ":", "\u0648", "\u0627\u0644", "%", "x"]),
)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(PIECES, max_size=14).map(" ".join),
    st.sampled_from([None, "2017-03-15", "31/12/2016", "2013-02-12T04:30:00", "1501-01-01", "2200-12-31", "x"]),
)
def test_times_keep_their_contract_on_any_words(text, date):
    check(read(text, date))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.none() | st.text(max_size=20))
def test_times_keep_their_contract_on_any_text(text, date):
    check(read(text, date))


@pytest.mark.parametrize("piece", [*sorted({row["form"] for row in lexicon("times/words.tsv")})[::9], "2017", "("])
def test_times_take_linear_time(piece):
    """Ten times the text may not take more than about ten times as long."""
    from time import process_time

    read(piece, "2017-03-15")  # loads the lexicons
    took = []
    for n in (300, 3000):
        layer = read(" ".join([piece] * n), "2017-03-15")
        runs = []
        for _ in range(3):  # the best of three: a garbage collection is no part of it
            start = process_time()
            Times().annotate([layer])
            runs.append(process_time() - start)
        took.append(min(runs))
    assert took[1] < 30 * took[0] + 0.02


def test_time_inside_a_person_name_is_dropped():
    from pipeline.layers import Mention

    text = "\u0634\u0639\u0628\u0627\u0646 15 \u0645\u0627\u0631\u0633 2016"
    layer = read(text, "2017-03-15")
    assert layer.times
    layer.mentions = [Mention(0, len(text), text, 0, len(layer.tokens), "PER")]
    Times().annotate([layer])
    assert not layer.times


def test_layer_date_is_the_day_of_publication():
    assert read("x", "28/03/2016").date == "2016-03-28"
    assert read("x", None).date is None
    assert read("x", "yesterday").date is None
