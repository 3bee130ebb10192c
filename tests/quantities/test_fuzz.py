"""The fuzz command on a few texts of one seed, and what it must notice."""

from __future__ import annotations

import pytest

from pipeline.evaluation.fuzz import FASTER, Fuzz
from pipeline.layers import Quantity, Time


@pytest.fixture(scope="module")
def fuzz():
    return Fuzz(5)


def test_fuzz_texts_are_read(fuzz):
    assert fuzz.run(range(1, 300)) == (299, 0)


FOUND = [  # texts that once failed
    ("\u0633\u0627\u0639\u0629\n\u0623\u0648\u0644 \u0623\u0645\u0633", "2020-05-05"),
    ("\u0662\u0228574 t, 2e574", None),
    (
        "\u0648\u0627\u0644\u0669\u0664 \u0648\u0627\u0644\u0648\u0627\u062d\u062f\u0629 \u202f\u00bb \u2009"
        "\u062d\u062a\u0649\r\n\u0628\u0648\u0644\u0627\u064a\u0629",
        "9999-12-31",
    ),
]


@pytest.mark.parametrize("text, date", FOUND)
def test_texts_that_once_failed_are_read(fuzz, text, date):
    from pipeline.evaluation.fuzz import faults

    assert faults(fuzz.read(text, date), text) == []


def test_fuzz_time_grows_with_length(fuzz):
    assert fuzz.grows(3) <= FASTER


def test_fuzz_makes_a_case_again(fuzz):
    assert fuzz.make(7) == Fuzz(5).make(7) != fuzz.make(8)


def test_fuzz_notices_faults(fuzz, monkeypatch):
    from pipeline.evaluation.fuzz import faults

    given = "12 \u064a\u0648\u0645"
    layer = fuzz.read(given)
    layer.quantities = [Quantity(0, 2, "13", 0, 1, "number", value=float("inf"))]
    layer.times = [Time(3, 6, given[3:6], 1, 2, "duration", "day", "P")]
    assert [fault.split()[0] for fault in faults(layer, given)] == ["span", "value"]
    said = []
    monkeypatch.setattr(fuzz, "read", lambda *given: 1 / 0)
    assert fuzz.run([2], say=lambda *lines, sep: said.extend(lines)) == (1, 1)
    assert "case 2" in said[0] and "ZeroDivisionError" in said[1]
