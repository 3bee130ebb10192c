"""Names in other words than the knowledge base has them, and whose body is meant."""

import json
from collections import Counter
from pathlib import Path

import pytest

from pipeline.layers import Mention
from pipeline.linking.cluster import clusters
from pipeline.linking.context import Context
from pipeline.linking.kb import load
from pipeline.linking.lookup import candidates, choose

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "cases/linking/variants.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_variants_lead_to_the_entry_meant(case):
    kb, name = load(), case["name"]
    flags = {flag: case.get(flag, False) for flag in ("sport", "religion")}
    where = Context(named=Counter(case.get("named", ())), places=dict.fromkeys(case.get("places", ())), **flags)
    mention = Mention(0, len(name), name, 0, name.count(" ") + 1, case["label"])
    entry = choose(mention, candidates(mention, kb, where), where, kb)
    assert (entry.name_en if entry else None) == case["entry"]


def _clusters(text: str, *names: str):
    starts = [text.rindex(name) for name in names]
    mentions = [Mention(s, s + len(n), n, k, k + 1, "ORG") for k, (s, n) in enumerate(zip(starts, names, strict=True))]
    return clusters(mentions, load(), Context(text=text))


def test_a_short_name_in_brackets_is_the_body_before_it():
    found = _clusters("أعلنت الخطوط الجوية السعودية (زرقف) أمس", "الخطوط الجوية السعودية", "زرقف")
    assert [(c.entry.name_en, len(c.mentions)) for c in found] == [("Saudia", 2)]


def test_a_department_in_brackets_is_a_body_of_its_own():
    found = _clusters("قالت جامعة القاهرة (كلية الطب) إن", "جامعة القاهرة", "كلية الطب")
    assert len(found) == 2 and found[1].entry is None


@pytest.mark.parametrize(("club", "other"), [("انتر ميلان", "ميلان"), ("الترسانة المصري", "المصري")])
def test_the_last_word_of_a_club_may_be_another_club(club, other):
    assert len(_clusters(f"فاز {club} على {other}", club, other)) == 2


def test_a_body_of_the_base_is_no_short_form_of_another():
    found = _clusters("نافست موانئ دبي العالمية شركة دبي العالمية", "موانئ دبي العالمية", "دبي العالمية")
    assert [c.entry.name_en for c in found] == ["DP World", "Dubai World"]
