"""The score of facts: levels, matching, causes."""

from __future__ import annotations

from pipeline.evaluation.facts import Document, causes, pairs, report


def gold(to, indicator="exports", unit="USD", direction=None, **more):
    kind = "change" if direction else "level"
    value = {"value": to, "unit": unit, "text": str(to)}
    return {
        "kind": kind,
        "indicator": indicator,
        "direction": direction,
        "to": value,
        "from": None,
        "delta": None,
        **more,
    }


def found(to, indicator="exports", **more):
    fact = gold(to, indicator, **more)
    return fact | {"indicator": {"text": indicator}, "rule": "level.verb", "confidence": 0.9}


def test_pairs_levels_are_cumulative_and_one_to_one():
    facts = [gold(5, time_to="2018"), gold(5)]
    ours = [found(5.01, "exports of oil", time_to="2017")]
    assert len(pairs(facts, ours, "values")) == 1
    assert len(pairs(facts, ours, "indicator")) == 1
    assert pairs(facts, ours, "full") == {0: 1}  # the second asks for no time
    assert pairs(facts[:1], ours, "full") == {}
    assert pairs(facts, [found(5, unit="EUR")], "units") == {}


def test_causes_name_the_first_thing_that_is_wrong():
    document = Document("", [gold(5), gold(7), gold(9, direction="up"), gold(1)], [found(5, "oil"), found(9), found(8)])
    assert sorted(cause for cause, _ in causes(document)) == [
        "direction wrong",
        "false: no value of a fact",
        "indicator wrong",
        "missed: figures left out",
        "missed: figures left out",
    ]


def test_report_counts_by_rule():
    lines = list(report([Document("", [gold(5)], [found(5)])]))
    assert any(line.startswith("full") and line.endswith("100.0") for line in lines)
    assert any(line.split() == ["level.verb", "1", "100.0", "100.0"] for line in lines)
