"""The annotated mentions: they hold together with the knowledge base, and links do not get worse unseen."""

from pipeline.evaluation.linking import LABELS, gold, run, score
from pipeline.evaluation.tagger import ablation
from pipeline.linking.kb import KnowledgeBase

ARTICLES = gold()


def test_gold_is_whole_and_its_identifiers_are_entries():
    kb = KnowledgeBase()
    ids = {entry.id for entry in kb}
    assert len({article["id"] for article in ARTICLES}) == len(ARTICLES)
    for article in ARTICLES:
        assert article["source"] in ("SANAD", "ANT", "Wikipedia")
        spans = [(row["start"], row["end"]) for row in article["mentions"]]
        assert spans == sorted(spans) and all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
        for row in article["mentions"]:
            text = article["text"][row["start"] : row["end"]]
            assert row["label"] in LABELS and text and text == text.strip()
            assert {row["id"], *row.get("also", ())} <= {*ids, None}, text
            assert row["name_en"] or row["id"] is None


def test_links_of_given_mentions_are_as_good_as_the_docs_say():
    found = score(run(ARTICLES, "given"))["all"]
    assert found["accuracy"] >= 93 and found["NIL precision"] >= 85


def test_ablation_counts_the_tagger_alone_and_the_whole_names_stage():
    text = "زار الوزير تونس العاصمة ثم باريس."
    names = [{"text": "تونس العاصمة", "label": "LOC"}, {"text": "باريس", "label": "LOC"}]
    alone, both = ablation([{"id": "a", "text": text, "entities": names}]).values()
    assert alone.gold == both.gold == {"LOC": 2}
    assert both.right == {"LOC": 2} and alone.right["LOC"] <= 2
