"""Numbers and quantities: phenomena as data, invariants as properties."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluation import spelled
from pipeline.layers import Entity, Mention, Time
from pipeline.quantities import nouns, units
from pipeline.quantities.digits import habit, parse
from pipeline.quantities.numerals_stage import NumeralStage
from pipeline.quantities.stage import QuantityStage
from pipeline.resources import lexicon
from tests.quantities.conftest import annotate, cases

WORDS = [row["forms"].split()[0] for row in lexicon("quantities/numerals.tsv")]
UNITS = [row["forms"].split()[0].replace("_", " ") for row in lexicon("quantities/units.tsv")]
PIECES = st.sampled_from(
    [*WORDS, *UNITS, *"-/.,%$()<>=", "دولار", "بين", "من", "إلى", "و", "شخصا", "12", "3.5", "1,234", "٢٠١٨", "أكثر من"]
)


@pytest.mark.parametrize("case", cases("numerals.jsonl"))
def test_numerals_value(case):
    found = [n.value for n in annotate(case["text"]).numerals]
    assert found == [pytest.approx(case["value"], rel=1e-12)]


@pytest.mark.parametrize("case", [*cases("quantities.jsonl"), *cases("reading.jsonl")])
def test_stage_quantities(case):
    layer = annotate(case["text"])
    found = [
        {
            "text": q.text, "start": q.start, "end": q.end, "unit": q.unit, "bound": q.bound, "dimension": q.dimension,
            **({"value": q.value} if q.min is None else {"min": q.min, "max": q.max}),
        }
        for q in layer.quantities
    ]  # fmt: skip
    assert found == case["expect"]


@pytest.mark.parametrize(
    ("fields", "unit"),
    [
        ({}, "SAR"),
        ({"url": "https://www.example.qa/news"}, "QAR"),
        ({"source": "okaz"}, "SAR"),
    ],
)
def test_units_country_of_source(fields, unit):
    assert annotate("دفع 30 ريالا", **fields).quantities[0].unit == unit


def test_units_country_of_entities():
    layer = annotate("دفع 30 دينارا في تونس")
    mention = Mention(17, 21, "تونس", 4, 5, "LOC")
    layer.entities = [Entity("e1", "LOC", "تونس", [mention], "country", ids={"iso3166": "TN"})]
    QuantityStage().annotate([layer])
    assert layer.quantities[0].unit == "TND"


def test_stage_skips_times_and_names():
    text = "في 2018 اجتمعت مجموعة العشرين"
    layer = annotate(text)
    layer.times = [Time(3, 7, "2018", 1, 2, "date", "year", "2018")]
    start = text.index("مجموعة")
    layer.mentions = [Mention(start, len(text), text[start:], 3, 5, "ORG")]
    NumeralStage().annotate([layer])
    QuantityStage().annotate([layer])
    assert layer.quantities == []
    assert [n.name for n in layer.numerals] == [False, True]


@pytest.mark.parametrize(
    ("document", "value", "reason"),
    [
        (["1,234"], 1234, "default for a comma"),
        (["1.234"], 1.234, "default for a point"),
        (["1,234", "3,5"], 1.234, "as elsewhere in the document"),
        (["1.234", "5.678.901"], 1234, "as elsewhere in the document"),
        (["1.234", "3,5"], 1234, "the other mark has the other meaning in the document"),
        (["1.000"], 1000, "three zeros"),
    ],
)
def test_digits_separator_evidence(document, value, reason):
    found = parse(document[0], habit(document))
    assert found.value == value
    assert found.evidence.endswith(reason)


def test_numerals_round_trip_of_two_spellers():
    made, wrong, _ = spelled.run(2000, 1)
    assert made.total() == 2000 and len(made) == len(spelled.KINDS)
    assert not wrong


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_stage_spans_are_ordered_and_exact(text):
    layer = annotate(text)
    end = 0
    for q in layer.quantities:
        assert text[q.start : q.end] == q.text
        assert end <= q.start < q.end
        assert q.start <= q.core[0] < q.core[1] <= q.end
        assert q.value is not None or q.min < q.max
        end = q.end


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=10).map(" ".join))
def test_stage_digit_family_does_not_matter(text):
    indic = text.translate({ord("0") + d: 0x660 + d for d in range(10)})
    plain, other = annotate(text).quantities, annotate(indic).quantities
    assert [(q.start, q.end, q.unit) for q in plain if "/" not in q.text] == [
        (q.start, q.end, q.unit) for q in other if "/" not in q.text
    ]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_stage_takes_any_text(text):
    annotate(text)


@pytest.mark.parametrize(
    "piece", ["1 ", "1-", "مئة و", "بين 1 و", "1,", "( ", "مليون ", "000 ", "سالب ", "خمسة على ", "شخصين "]
)
def test_stage_time_is_linear(piece):
    def seconds(n: int) -> float:
        start = time.process_time()
        annotate(piece * n)
        return time.process_time() - start

    seconds(100)
    assert seconds(20000) < 25 * seconds(2000) + 0.5


def test_units_lexicon_agrees_with_pint():
    import pint

    registry = pint.UnitRegistry()
    checks = {"kg": ("kilogram", 1), "mg": ("gram", 0.001), "barrel": ("oil_barrel", 1), "hL": ("hectoliter", 1)}
    for code, (name, factor) in checks.items():
        assert registry(name).to_base_units().magnitude > 0 and factor > 0, code
    names = {"km": "kilometer", "m2": "meter**2", "MWh": "megawatt_hour", "nmi": "nautical_mile", "ft3": "foot**3"}
    found = {unit.code for options in units.table().values() for _, unit in options}
    for code, name in names.items():
        assert code in found
        registry.parse_units(name)
    (milligram,) = [unit for rest, unit in units.table()["mg"] if not rest]
    assert milligram.factor * registry("gram").to("milligram").magnitude == pytest.approx(1)


def test_nouns_singular_by_agreement():
    assert nouns.counted("كتب", "plural") == "كتاب"
    assert nouns.counted("كتابا", "accusative") == "كتاب"
    assert nouns.counted("مؤسسات", "plural") == "مؤسسة"
    assert nouns.counted("إعدامات", "plural") == "إعدام"
    assert nouns.counted("مقابل", "singular") is None
    assert nouns.counted("سنويا", "accusative") is None


def test_nouns_duals_leave_names_alone():
    table = nouns.duals()
    assert table["شخصين"] == "شخص"
    assert "عاملين" not in table and "بحرين" not in table and "الجانبين" not in table


@pytest.mark.parametrize(("source", "name"), [("tagger", False), ("gazetteer", True)])
def test_numerals_stage_whole_number_is_no_name_of_the_tagger(source, name):
    text = "من مواليد ألفين"
    layer = annotate(text)
    layer.mentions = [Mention(10, 15, "ألفين", 2, 3, "PER", source=source)]
    NumeralStage().annotate([layer])
    assert [n.name for n in layer.numerals] == [name]
