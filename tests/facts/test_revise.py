"""What is done with the reader's answers, as a case tells them: facts dropped, added, regrouped."""

import json
from pathlib import Path

import numpy as np
import pytest

import pipeline
from pipeline.facts import revise
from pipeline.facts.clause import clause
from pipeline.facts.reader import FLOOR, MOVES, ROLES, Answer, span, verbs
from pipeline.facts.stage import Facts
from pipeline.layers import Mention
from tests.facts.test_facts import plain, read, stages

__all__ = ["stages"]
CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "facts" / "revise.jsonl").read_text("utf-8").splitlines()
]


class Says:
    """A reader that is sure of the roles and moves of a case; `together` is its chance that any two are in one fact, or
    of each figure that it is in one with another.

    Behind role and move an answer may have the words of the times `when` and `than`. Indicators are the second word, or
    the tokens from `phrase[0]` to `phrase[1]`, and values of the name that `whose` gives most.
    """

    def __init__(self, answers, together, phrase=(1, 1), whose=None):
        self.answers, self.together, self.phrase, self.whose = answers, together, phrase, whose or {}

    def read(self, layer, facts, most):
        begin = np.where(np.arange(len(layer.tokens)) == self.phrase[0], 0.0, FLOOR)
        end = np.where(np.arange(len(layer.tokens)) == self.phrase[1], 0.0, FLOOR)
        out = {}
        for figure in layer.quantities:
            role, move, *times = self.answers[figure.text]
            sure = [np.where(np.array(names) == said, -0.01, FLOOR) for names, said in ((ROLES, role), (MOVES, move))]
            near = lambda q: self.together[q.text] if isinstance(self.together, dict) else self.together  # noqa: E731
            same = {q.id: min(near(q), near(figure)) for q in layer.quantities if q is not figure}
            dates = [next((t.i for t in layer.times if words and t.text in words), None) for words in times]
            chances = [{None: 0.0, k: 1.0} for k in (*dates, None, None)[:2]]
            out[figure.id] = Answer(0, begin, end, *sure, same, *chances, self.whose)
        return out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_revised_facts(stages, case):
    facts = Facts(reader=False)
    facts.reader = Says(case["answers"], case["together"])
    layer = read([*stages[:-1], facts], case["text"], case.get("date"))
    assert [plain(fact) for fact in layer.facts] == case["facts"]


@pytest.mark.parametrize(
    ("units", "can"),
    [
        ({"from": "%", "delta": "%"}, False),  # "grew 34 % after 31.3 %": two movements
        ({"from": "point", "delta": "%"}, True),  # "1 % above the low of 88.9 points"
        ({"from": "%", "to": "AED"}, False),
        ({"from": "", "to": "AED"}, True),
        ({"from": "m2", "to": "m2", "delta": "m"}, False),  # "the level fell 2 metres and the area from 4 to 3 m2"
        ({"to": "USD/barrel", "delta": "USD"}, True),
        ({"to": "شخص", "delta": "جريح"}, True),
        ({"to": "AED", "delta": "bp"}, True),
        ({"to": "m", "delta": "cm"}, False),  # as long as they are not known to be of one dimension
        ({"from": "%", "to": "%", "delta": "pp"}, True),
        ({"from": "%"}, False),
        ({"to": "AED", "delta": "%"}, True),
    ],
)
def test_which_values_one_movement_can_have(units, can):
    assert revise._can(units) == can


def test_a_change_may_have_another_unit_of_the_same_dimension():
    assert revise._can({"to": "m", "delta": "cm"}, alike=True)


def test_an_indicator_begins_and_ends_with_a_word(stages):
    facts = Facts(reader=False)
    facts.reader = Says({"5%": ["to", "level"]}, 0.0, phrase=(1, 3))
    layer = read([*stages[:-1], facts], "الشركة - الأرباح - بلغت 5%.")
    assert [fact.indicator["text"] for fact in layer.facts] == ["الأرباح"]


@pytest.mark.parametrize(
    ("text", "phrase", "indicator"),
    [
        ("بلغت مبيعات أفلام 2D نسبة 5%.", (1, 3), "مبيعات أفلام 2D"),  # two tokens in one word
        ("تحدد سعر التذاكر15 دينارا.", (1, 2), "سعر التذاكر"),  # a figure glued to a word
        ('بلغت أرباح "سابك" بنسبة 5%.', (3, 5), "سابك"),  # half of a quotation, "at a rate of"
        ("بلغ الفائض مع مصر 5 ملايين.", (1, 2), "الفائض مع مصر"),  # the noun of a preposition
        ("بلغ الناتج غير النفطي 5%.", (1, 2), "الناتج غير النفطي"),  # the adjective of "non-"
        ("بلغ الفائض في 2015 نحو 5%.", (1, 2), "الفائض"),  # a time is no such noun
        ("بلغ الفائض، وبلغ العجز 5%.", (1, 4), "بلغ العجز"),  # one clause
    ],
)
def test_the_bounds_of_an_indicator(stages, text, phrase, indicator):
    facts = Facts(reader=False)
    layer = read([*stages[:-1]], text)
    facts.reader = Says({q.text: ["to", "level"] for q in layer.quantities}, 0.0, phrase=phrase)
    layer = read([*stages[:-1], facts], text)
    assert [fact.indicator["text"] for fact in layer.facts] == [indicator]


def test_a_sentence_of_many_figures_is_grouped_in_linear_time(stages, monkeypatch):
    asked, gain = [], revise._gain
    monkeypatch.setattr(revise, "_gain", lambda a, b: asked.append(1) or gain(a, b))
    text = "بلغت النسب " + " و".join(f"{k}%" for k in range(1, 61)) + "."
    facts = Facts(reader=False)
    facts.reader = Says({f"{k}%": ["to", "level"] for k in range(1, 61)}, 0.0)
    layer = read([*stages[:-1], facts], text)
    assert len(layer.facts) == 60 and len(asked) <= revise.NEAR * 60


def test_a_time_named_before_two_values_is_not_that_of_the_later_one():
    text = (
        "قال إن الاتفاقية وقعت سنة 2014، وإن تونس تتطلع إلى رفع عدد البراءات من 550 براءة حاليا إلى أكثر من 2500 براءة."
    )
    fact = pipeline.extract(text, date="2016-01-12").facts[0]
    assert (fact.from_.value, fact.to.value) == (550, 2500)
    assert (fact.time_from, fact.time_to) == ("2016-01-12", None)


def test_a_doubling_by_a_verb_stays(stages):
    """Its size is told by no figure that the reader could be asked about."""
    facts = Facts(reader=False)
    facts.reader = Says({"325 مليون درهم": ("to", "up")}, 0.5)
    layer = read([*stages[:-1], facts], "المشروع يضاعف الناتج المحلي إلى 325 مليون درهم.")
    (fact,) = layer.facts
    assert fact.rule == "change.verb" and fact.delta.value == 2 and fact.to.value == 325e6


@pytest.mark.parametrize(("whose", "subject"), [({5: 0.6, 1: 0.3, None: 0.1}, "مصر"), ({5: 0.3, None: 0.7}, None)])
def test_the_subject_is_the_name_that_the_reader_says(stages, whose, subject):
    text = "قال البنك الدولي إن اقتصاد مصر نما 5%."
    names = [Mention(4, 16, text[4:16], 1, 3, "ORG"), Mention(27, 30, text[27:30], 5, 6, "LOC")]
    facts = Facts(reader=False)
    facts.reader = Says({"5%": ("delta", "up")}, 0.0, (4, 5), whose)
    layer = read([*stages[:-1], facts], text, before_facts=lambda layer: setattr(layer, "mentions", names))
    (fact,) = layer.facts
    assert fact.subject == (subject and {"text": subject, "entity": None})


def test_an_indicator_is_no_clause_of_its_own(stages):
    """A verb may begin a phrase, or follow "that", but not stand inside it."""
    layer = read(stages, "السفينة تبلغ حمولتها والسفينة التي تبلغ حمولتها 5 أطنان.")
    apart = verbs(clause(layer, s) for s in layer.sentences)
    assert apart.tolist() == [1]
    for first, best in ((0, (2, 3)), (1, (1, 3)), (3, (3, 7))):  # "the ship carries its load"
        start, end = (np.full(len(layer.tokens), FLOOR) for _ in range(2))
        start[[first, 2]], end[best[1] - 1] = (-0.1, -2.5), -0.1
        answer = Answer(0, start, end, np.zeros(len(ROLES)), np.zeros(len(MOVES)), {})
        assert span([answer], apart=apart) == best
