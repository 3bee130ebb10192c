"""The compiled knowledge base, its search, and a user's own entries."""

import re

import pytest

from pipeline.errors import KhabarError
from pipeline.layers import Mention
from pipeline.linking.context import Context
from pipeline.linking.kb import KnowledgeBase, form, load
from pipeline.linking.lookup import candidates


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


def test_no_two_entries_share_an_identifier(kb):
    ids = [entry.id for entry in kb]
    assert len(ids) == len(set(ids))


def test_kb_counts_public_figures_and_bodies_that_have_an_identifier(kb):
    """Full names of which only the spelling is known (kind `name`) do not count."""
    figures = sum(entry.label == "PER" and entry.kind != "name" for entry in kb)
    bodies = sum(entry.label in ("ORG", "GROUP") for entry in kb)
    assert figures >= 10_000 and bodies >= 3_500


@pytest.mark.parametrize(
    ("spelling", "label", "english"),
    [
        ("توقاييف", "PER", "Kassym-Jomart Tokayev"),
        ("توكايف", "PER", "Kassym-Jomart Tokayev"),
        ("بوتفليقا", "PER", "Abdelaziz Bouteflika"),
        ("عبدالفتاح السيسي", "PER", "Abdel Fattah el-Sisi"),
        ("آستانة", "LOC", "Astana"),
        ("قوريك", "LOC", "Kuryk"),
        ("هيلسنكي", "LOC", "Helsinki"),
        ("بيونج يانج", "LOC", "Pyongyang"),
        ("ڤابس", "LOC", "Gabès Governorate"),
        ("شتوتغارت", "ORG", "VfB Stuttgart"),
        ("هانوفر", "ORG", "Hannover 96"),
        ("بطولة ويمبلدون للتنس", "MISC", "Wimbledon"),
        ("سامسونج للإلكترونيات", "ORG", "Samsung"),
        ("الأهرام للتأمين", "ORG", None),
        ("سعيدي", "PER", None),
        ("بوتن", "PER", None),
    ],
)
def test_candidates_of_other_spellings(kb, spelling, label, english):
    found = candidates(Mention(0, len(spelling), spelling, 0, 1, label), kb, Context(home="KZ", sport=True))
    assert english in [entry.name_en for entry in found] if english else not found


@pytest.mark.parametrize("word", ["ولد", "أبي", "القمر", "إلى", "هذا", "دير", "بنا", "فتح"])
def test_kb_holds_common_words_to_be_no_evidence(kb, word):
    assert form(word) in kb.weak or form(word) not in kb.forms


def test_search_finds_by_either_script_and_show_gives_all(kb):
    assert kb.search("Aktau")[0].geonames == "610612"
    assert kb.search("أكتاو")[0].geonames == "610612"
    shown = kb.find("geonames:610612")
    assert shown.name_en == "Aktau" and form("أكتاو") in kb.spellings(shown)
    assert kb.find("geonames:0") is None and kb.search("") == []


def test_search_finds_what_sounds_the_same_where_nothing_is_spelled_so(kb):
    assert kb.search("نازاربايف")[0].name_en == "Nursultan Nazarbayev"


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
    assert kb.spellings(kb.find("org:caspian-ports")) == [form("باريس"), form("موانئ قزوين")]


def test_of_two_tables_the_later_wins(tmp_path, monkeypatch):
    for name, english in (("first", "One"), ("second", "Two")):
        (tmp_path / name).write_text(f"label;en;ar\nORG;{english};شركة القلعة الزرقاء\n", "utf-8")
    monkeypatch.setenv("KHABAR_KB", str(tmp_path / "first"))
    found = load((str(tmp_path / "second"),)).entries(form("شركة القلعة الزرقاء"))
    assert [entry.name_en for entry in found] == ["Two", "One"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("label,en\nORG,X\n", "no column ar"),
        ("label,en,ar,country\nORG,X,س,KZ\n", "unknown column country"),
        ("label,en,ar\nFIRM,X,س\n", "line 2: label 'FIRM'; one of PER"),
        ("label,en,ar\nORG,X,س\nORG,X, |\n", "line 3: no Arabic name"),
        ("label,en,ar\nORG,,س\n", "line 2: no English name"),
        ("label,en,ar\nORG,X, Y,س\n", "quotation marks"),
        ("label,en,ar,iso\nORG,X,س,KAZ\n", "iso 'KAZ'"),
        ("label,en,ar,wikidata\nORG,X,س,12\n", "wikidata '12'"),
        ("label,en,ar,population\nLOC,X,س,many\n", "population 'many'"),
        ('label,en,ar\nORG,"X,س\n', "line"),
        ("", "no column label, en, ar"),
    ],
)
def test_user_entries_are_checked_with_their_line(tmp_path, text, message):
    table = tmp_path / "own.csv"
    table.write_text(text, "utf-8")
    with pytest.raises(KhabarError, match=message):
        KnowledgeBase(user=[table])


@pytest.mark.parametrize("bytes_", [None, "label,en,ar\nORG,X,س\n".encode("cp1256")])
def test_a_table_that_cannot_be_read_is_said_so(tmp_path, bytes_):
    if bytes_:
        (tmp_path / "own.csv").write_bytes(bytes_)
    with pytest.raises(KhabarError, match=r"own\.csv"):
        KnowledgeBase(user=[tmp_path / "own.csv"])
