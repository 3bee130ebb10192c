"""The compiled knowledge base, its search, and a user's own entries."""

import re

import pytest

from pipeline.linking.kb import KnowledgeBase, form, load


@pytest.fixture(scope="module")
def kb():
    return load()


@pytest.mark.parametrize(
    ("name", "id", "iso"),
    [
        ("أكتاو", "geonames:610612", "KZ"),
        ("كوريك", "geonames:609919", "KZ"),
        ("أستانا", "geonames:1526273", "KZ"),
        ("القاهرة", "geonames:360630", "EG"),
        ("كازاخستان", "geonames:1522867", "KZ"),
        ("باريس", "geonames:2988507", "FR"),
    ],
)
def test_kb_has_the_entry_first(kb, name, id, iso):
    entry = kb.entries(form(name))[0]
    assert (entry.id, entry.iso) == (id, iso)


@pytest.mark.parametrize("name", ["السعودية", "المملكة العربية السعودية", "العربية السعودية"])
def test_kb_spellings_of_a_country_are_one_entry(kb, name):
    assert kb.entries(form(name))[0].iso == "SA"


def test_kb_blocs_name_their_members_and_have_acronyms_in_both_scripts(kb):
    assert kb.entries("c5")[0].members == ("KZ", "KG", "TJ", "TM", "UZ")
    assert kb.entries(form("الناتو"))[0] == kb.entries("nato")[0] == kb.entries(form("حلف شمال الأطلسي"))[0]
    assert "RU" in kb.entries(form("أوبك+"))[0].members and "RU" not in kb.entries(form("أوبك"))[0].members


def test_kb_is_consistent(kb):
    for targets in kb.forms.values():
        assert targets.isupper() or all(0 <= int(n) < len(kb) for n in targets.split(","))
    people = 0
    for number in range(len(kb)):
        entry = kb.entry(number)
        assert entry.label in {"PER", "LOC", "ORG", "GROUP", "MISC"} and entry.name and entry.name_en
        assert re.fullmatch("|[A-Z]{2}", entry.iso) and re.fullmatch("|[0-9]+", entry.geonames)
        assert re.fullmatch("|Q[0-9]+", entry.wikidata)
        people += entry.label == "PER"
    assert people >= 5_000


@pytest.mark.parametrize("word", ["ولد", "أبي", "القمر", "إلى", "هذا", "دير", "بنا", "فتح"])
def test_kb_holds_common_words_to_be_no_evidence(kb, word):
    assert form(word) in kb.weak or form(word) not in kb.forms


def test_search_finds_by_either_script_and_show_gives_all(kb):
    assert kb.search("Aktau")[0].geonames == "610612"
    assert kb.search("أكتاو")[0].geonames == "610612"
    shown = kb.show("geonames:610612")
    assert shown["name_en"] == "Aktau" and form("أكتاو") in shown["forms"]
    assert kb.show("geonames:0") is None and kb.search("") == []


def test_user_entries_win(tmp_path):
    table = tmp_path / "own.csv"
    table.write_text(
        "label,kind,iso,en,ar,members\n"
        "ORG,company,KZ,Caspian Ports,باريس|موانئ قزوين,\n"
        "GROUP,bloc,,Our Four,مجموعتنا,KZ UZ\n",
        "utf-8",
    )
    kb = KnowledgeBase(user=[table])
    first, *others = kb.entries(form("باريس"))
    assert (first.name_en, first.id, first.iso) == ("Caspian Ports", "org:caspian-ports", "KZ")
    assert any(entry.geonames == "2988507" for entry in others)
    assert kb.entries(form("مجموعتنا"))[0].members == ("KZ", "UZ")
    assert kb.search("Our Four")[0].name == "مجموعتنا"
    assert kb.show("org:caspian-ports")["forms"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("label,en\nORG,X\n", "no column ar"),
        ("label,en,ar\nFIRM,X,س\n", "one of PER"),
        ("label,en,ar\nORG,X,\n", "no Arabic name"),
    ],
)
def test_user_entries_are_checked_with_their_line(tmp_path, text, message):
    table = tmp_path / "own.csv"
    table.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=message):
        KnowledgeBase(user=[table])
