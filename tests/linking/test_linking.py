"""Clusters and links of whole texts."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline
from pipeline.linking.english import body, person
from pipeline.linking.kb import form, load
from pipeline.linking.translit import skeleton

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "cases/linking/articles.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_linking_clusters_and_links_the_case(case):
    entities = pipeline.extract(case["text"]).entities
    iso = {e.id: e.ids.iso3166 for e in entities}
    got = [[e.name, e.label, e.subtype, e.name_en, e.ids.iso3166, e.ids.geonames, len(e.mentions)] for e in entities]
    want = [row[:7] for row in case["entities"]]
    for have, expected in zip(got, want, strict=True):
        assert [
            h if x is not None or k == 4 else None for k, (h, x) in enumerate(zip(have, expected, strict=True))
        ] == (expected)
    assert [[iso.get(m, m) for m in e.members] for e in entities] == [row[7] for row in case["entities"]]


def test_entities_are_numbered_in_order_of_appearance():
    entities = pipeline.extract("زار وفد من ألمانيا فرنسا ثم ألمانيا.").entities
    assert [(e.id, e.name_en, len(e.mentions)) for e in entities] == [("e1", "Germany", 2), ("e2", "France", 1)]


def test_members_come_from_the_text_where_it_lists_them_and_from_the_base_otherwise():
    """Listed: ids of entities. Not listed, though named elsewhere: country codes."""
    text = "دعا مجلس التعاون الخليجي، وهو {}، إلى الحوار مع الكويت."
    listed = pipeline.extract(text.format("السعودية والكويت وقطر")).entities
    assert listed[0].members == ["e2", "e3", "e4"]
    bare = pipeline.extract(text.format("تكتل إقليمي")).entities
    assert sorted(bare[0].members) == ["AE", "BH", "KW", "OM", "QA", "SA"]


def test_what_nobody_knows_stays_unlinked():
    entities = pipeline.extract("قال الدكتور زرزوف قنبوشلي إن الوضع مستقر.").entities
    assert [(e.label, e.name_en, e.ids.wikidata, e.ids.geonames) for e in entities] == [("PER", None, None, None)]


@pytest.mark.parametrize(
    ("a", "b"), [("توكاييف", "توقايف"), ("بوتفليقة", "بوتفليقه"), ("بلومبرغ", "بلومبيرج"), ("ترامب", "ترامب")]
)
def test_skeleton_is_one_for_spellings_of_one_name(a, b):
    assert skeleton(form(a)) == skeleton(form(b))


@pytest.mark.parametrize(("a", "b"), [("ماكرون", "ميركل"), ("سالم", "سليم"), ("كيم", "كام"), ("بوش", "باش")])
def test_skeleton_keeps_short_names_apart(a, b):
    assert skeleton(form(a)) != skeleton(form(b)) or len(skeleton(form(a))) >= 3


@pytest.mark.parametrize(
    ("name", "iso", "english"),
    [
        ("وزارة الصناعة والتجارة", "TN", "Ministry of Industry and Trade"),
        ("الحكومة الألمانية", "DE", "Government of Germany"),
        ("وزارة الدفاع الفرنسية", "FR", "Ministry of Defence (France)"),
        ("وزارة الغرائب والعجائب", "TN", None),
    ],
)
def test_body_is_translated_only_where_every_word_is_known(name, iso, english):
    assert body(form(name), iso, load()) == english


@pytest.mark.parametrize(
    ("name", "iso", "english"),
    [("يوسف الشاهد", "TN", "Youssef Chahed"), ("عبد الله صالح", "YE", "Abdullah Saleh"), ("زرزوف قنبوشلي", "TN", None)],
)
def test_person_is_spelled_as_in_the_country(name, iso, english):
    assert person(form(name), iso, load()) == english


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(sorted({w for c in CASES for w in c["text"].split()})), max_size=60))
def test_every_mention_belongs_to_one_entity_and_members_exist(words):
    entities = pipeline.extract(" ".join(words)).entities
    spans = [(m.start, m.end) for e in entities for m in e.mentions]
    assert len(spans) == len(set(spans))
    ids = [e.id for e in entities]
    assert ids == [f"e{n}" for n in range(1, len(ids) + 1)]
    assert all(m in ids and m != e.id or m.isupper() and len(m) == 2 for e in entities for m in e.members)
    firsts = [e.mentions[0].start for e in entities]
    assert firsts == sorted(firsts)
    assert all(e.mentions for e in entities)
