"""Facts from figures, by the grammar alone: cases, invariants, and the numbers that follow from a fact's own."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.vocab import Vocab

from pipeline.article import Article
from pipeline.facts import derive
from pipeline.facts.lexicon import finite, measure, triggers, word
from pipeline.facts.stage import Facts
from pipeline.language.fold import fold
from pipeline.language.sentences import create as sentences
from pipeline.language.tokenizer import Tokenizer
from pipeline.layers import Layers, Mention, Statement, Value, layers
from pipeline.quantities.numerals_stage import create as numerals
from pipeline.quantities.stage import create as quantities
from pipeline.resources import lexicon
from pipeline.times.stage import create as times

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "facts" / "facts.jsonl").read_text("utf-8").splitlines()
]
TOKENIZER = Tokenizer(Vocab())


@pytest.fixture(scope="module")
def stages():
    return [sentences(None, "s"), numerals(None, "n"), times(None, "t"), quantities(None, "q"), Facts(reader=False)]


def read(stages, text: str, date: str | None = "2020-06-15", before_facts=None) -> Layers:
    layer = layers(TOKENIZER.make(Article(id="x", text=text, date=date)))
    for stage in stages:
        if before_facts is not None and isinstance(stage, Facts):
            before_facts(layer)
        stage.annotate([layer])
    return layer


def plain(fact) -> dict:
    """A fact as the case files write it: unset fields left out, values as [number or range, unit]."""
    out = {"kind": fact.kind, "indicator": fact.indicator["text"], "rule": fact.rule}
    for key, v in (("from", fact.from_), ("to", fact.to), ("delta", fact.delta)):
        if v is not None:
            out[key] = [v.value if v.value is not None else [v.min, v.max], v.unit]
    for key in ("direction", "time_from", "time_to"):
        if getattr(fact, key) is not None:
            out[key] = getattr(fact, key)
    if fact.status != "actual":
        out["status"] = fact.status
    return out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_facts_case(stages, case):
    layer = read(stages, case["text"], case["date"])
    assert [plain(fact) for fact in layer.facts] == case["facts"]


def test_facts_cases_cover_every_rule():
    rules = {fact["rule"].split("+")[0].split("!")[0] for case in CASES for fact in case["facts"]}
    known = {row["rule"].split("+")[0] for row in lexicon("facts/precision.tsv") if ".read" not in row["rule"]}
    assert rules <= known
    assert known - rules <= {"change.from_to", "level.from"}


def test_facts_trade_fact_has_its_derived_numbers(stages):
    layer = read(stages, next(c["text"] for c in CASES if "2023" in c["text"]))
    [fact] = layer.facts
    assert fact.derived == {"absolute_change": 4300000000, "percent_change": 75.4, "cagr": 11.9}


def test_facts_contradicted_delta_is_flagged_not_hidden(stages):
    layer = read(stages, next(c["text"] for c in CASES if "!" in json.dumps(c["facts"])))
    [fact] = layer.facts
    assert fact.rule.endswith("!contradicted")
    assert fact.derived["percent_change"] == 50.0
    agreeing = read(stages, CASES[0]["text"]).facts[0]
    assert fact.confidence < agreeing.confidence


def test_facts_restated_count_is_one_fact(stages):
    text = "\u0642\u062a\u0644 12 \u0634\u062e\u0635\u0627. "
    assert len(read(stages, text + "\n" + text).facts) == 1
    assert len(read(stages, text + "\n" + text.replace("12", "13")).facts) == 2


def test_facts_attribution_is_the_innermost_statement(stages):
    text = CASES[0]["text"]

    def say(layer):
        layer.statements = [
            Statement({"text": "outer", "entity": "e1"}, "v", 0, len(text), False),
            Statement({"text": "inner", "entity": "e2"}, "v", 5, len(text), False),
        ]

    layer = read(stages, text, before_facts=say)
    assert layer.facts[0].attribution == {"text": "inner", "entity": "e2"}
    assert read(stages, text).facts[0].attribution is None


def test_facts_furniture_and_empty_texts_have_none(stages):
    for text in ("", " ", ".", "12", "2018", "%"):
        assert read(stages, text).facts == []


PIECES = sorted({w for case in CASES for w in case["text"].rstrip(".").split()}) + [
    ",",
    "\u060c",
    ".",
    "(",
    ")",
    "\n",
    "5",
    "%",
]


@settings(max_examples=120, deadline=None)
@example(["\u062a\u0636\u0627\u0639\u0641\u062a"])  # a verb with nothing behind it
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_facts_invariants_on_shuffled_words(stages, pieces):
    text = " ".join(pieces)
    layer = read(stages, text)
    known = {q.id for q in layer.quantities}
    for n, fact in enumerate(layer.facts, 1):
        i = fact.indicator
        assert fact.id == f"f{n}" and text[i["start"] : i["end"]] == i["text"] != ""
        values = [v for v in (fact.from_, fact.to, fact.delta) if v is not None]
        assert values and all(v.text == text[v.start : v.end] for v in values)
        assert all(v.quantity is None or v.quantity in known for v in values)
        assert 0 < fact.confidence < 1 and 0 <= fact.sentence < len(layer.sentences)
        if fact.kind == "level":
            assert fact.to is not None and fact.from_ is None and fact.delta is None and fact.direction is None


def test_facts_long_sentence_in_linear_time(stages):
    text = " ".join(w for case in CASES for w in case["text"].rstrip(".").split())
    timing = {}
    for n in (10, 40):
        layer = read(stages[:-1], " ".join([text] * n))
        start = time.process_time()
        stages[-1].annotate([layer])
        timing[n] = time.process_time() - start
    assert timing[40] < 12 * timing[10] + 0.5


@pytest.mark.parametrize(
    ("first", "last", "when", "expected"),
    [
        ((100, "USD"), (150, "USD"), ("2016", "2017"), (50, 50.0, None)),
        ((100, "USD"), (121, "USD"), ("2016", "2018"), (21, 21.0, 10.0)),
        ((4, "%"), (3, "%"), (None, None), (-1, None, None)),
        ((-5, "USD"), (5, "USD"), (None, None), (10, None, None)),
        ((100, "USD"), (150, "EUR"), ("2016", "2018"), None),
    ],
)
def test_derive_numbers(first, last, when, expected):
    a, b = (Value("", 0, 0, value=v, unit=u) for v, u in (first, last))
    found = derive.derived(a, b, *when)
    assert (tuple(found.values()) if found else None) == expected


@given(st.floats(1, 1e12), st.floats(1, 1e12))
def test_derive_own_percent_never_contradicts(a, b):
    first, last = Value("", 0, 0, value=a, unit="USD"), Value("", 0, 0, value=b, unit="USD")
    percent = Value("", 0, 0, value=abs(100 * (b / a - 1)), unit="%")
    direction = "up" if b > a else "down" if b < a else "flat"
    assert not derive.contradicts(first, last, percent, direction)
    rounded = [Value(f"{v:.{d}f}", 0, 0, value=round(v, d), unit="USD") for v, d in ((a, 1), (b, 2))]
    percent.value = round(percent.value, 1)
    told = rounded[1].value > rounded[0].value, rounded[1].value < rounded[0].value
    assert derive.contradicts(*rounded, percent, direction) <= (told != (b > a, b < a))  # unless the text belies itself
    assert a == b or derive.contradicts(first, last, percent, "down" if b > a else "up")


@pytest.mark.parametrize(
    ("text", "owners", "names"),
    [
        (
            "ارتفع معدل التضخم في مصر إلى 16%. وبلغ المعدل 8% في الأردن.",
            ("مصر", "الأردن"),
            ["معدل التضخم في مصر", "معدل التضخم"],
        ),
        ("ارتفع معدل التضخم في مصر إلى 16%. وبلغ المعدل 8% في مصر.", ("مصر", "مصر"), ["معدل التضخم في مصر"] * 2),
        (
            "ارتفع معدل البطالة في محافظة إربد إلى 16%. وبلغ المعدل 8% في عمان.",
            ("إربد", "عمان"),
            ["معدل البطالة في محافظة إربد", "معدل البطالة"],
        ),
        (
            "بلغت نسبة النمو في مصر 5%، وبلغت نسبة الفقر في الأردن 15%. وكانت النسبة 4% في مصر.",
            ("مصر", "الأردن", "مصر"),
            ["نسبة النمو في مصر", "نسبة الفقر في الأردن", "نسبة النمو في مصر"],
        ),
        ("بلغت نسبة أصوات تونس 48%. وبلغت النسبة 40% في مصر.", ("تونس", "مصر"), ["نسبة أصوات تونس", "النسبة"]),
    ],
)
def test_a_measure_named_again_is_of_its_own_owner(stages, text, owners, names):
    def name_them(layer):
        start = 0
        for place in owners:
            start = text.index(place, start)
            i, j = layer.tokens.covering(start, start + len(place))
            layer.mentions.append(Mention(start, start + len(place), place, i, j, "LOC"))
            start += len(place)

    layer = read(stages, text, before_facts=name_them)
    assert [fact.indicator["text"] for fact in layer.facts] == names
    assert all(text[f.indicator["start"] : f.indicator["end"]] == f.indicator["text"] for f in layer.facts)


@pytest.mark.parametrize(
    ("start", "end", "delta", "contradicted"),
    [
        (("1.2 مليار", 1.2e9), ("1.3 مليار", 1.3e9), ("10 %", 10), False),  # 1.24 to 1.35 is 9 %
        (("1,2 مليار", 1.2e9), ("1,3 مليار", 1.3e9), ("20 %", 20), True),
        (("1.20 مليار", 1.2e9), ("1.30 مليار", 1.3e9), ("10 %", 10), True),
        (("٣٫١", 3.1), ("٣٫٤", 3.4), ("12.5 %", 12.5), False),
        (("10 ملايين", 1e7), ("12 مليونا", 1.2e7), ("25 %", 25), True),  # whole numbers are as they are
        (("1,200", 1200), ("1,300", 1300), ("10 %", 10), True),  # no decimal mark
        (("100", 100), ("105.4", 105.4), ("5.4 %", 5.4), False),
        (("1.1", 1.1), ("1.12", 1.12), ("1.8 %", 1.8), False),  # the first may be 1.14, from which it fell
        (("1.4", 1.4), ("1.42", 1.42), ("12 %", 12), True),
        (("14.1", 14.1), ("15.2", 15.2), ("7 %", 7), False),  # 14.15 to 15.15 is 7.07
        (("7,542.9", 7542.9), ("7,543.3", 7543.3), ("0.006 %", 0.006), False),
    ],
)
def test_values_told_to_a_decimal_place_are_rounded(start, end, delta, contradicted):
    first, last = (Value(text, 0, 0, value=v, unit="USD") for text, v in (start, end))
    percent = Value(delta[0], 0, 0, value=delta[1], unit="%")
    assert derive.contradicts(first, last, percent, "up") is contradicted


def test_lexicon_words_keep_their_class_behind_particles():
    for row in lexicon("facts/verbs.tsv"):
        for form in filter(None, fold(row["past"]).split("|")):
            assert form in triggers()
    rise = next(fold(row["noun"]) for row in lexicon("facts/verbs.tsv") if row["gloss"] == "rise")
    assert word("\u0628" + rise).prep == "\u0628" and word("\u0628" + rise).trigger.sense == "up"
    assert word("\u0648\u0627\u0644" + rise).definite and word("\u0648\u0627\u0644" + rise).trigger.sense == "up"


def test_lexicon_tells_verbs_and_measures_by_their_company():
    verbs = ("\u0627\u0639\u062a\u0642\u0644\u062a", "\u0642\u0627\u0644", "\u064a\u0645\u062a\u0644\u0643")
    nouns = ("\u062a\u062c\u0627\u0631\u0647", "\u0634\u0631\u0643\u0647", "\u0627\u0644\u064a\u0648\u0645")
    assert all(map(finite, verbs)) and not any(map(finite, nouns))
    assert measure("\u0627\u0633\u0639\u0627\u0631") > 3 > measure("\u0634\u0631\u0643\u0647")
