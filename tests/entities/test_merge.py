"""The rule by which the sources of mentions are merged."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.entities.merge import MIN_SCORE, TRUST, merge, weight
from pipeline.entities.spans import Candidate


def candidate(i, j, label, source, score, kind=None):
    return Candidate(i, j, 0, label, source, score, kind)


def test_merge_prefers_the_whole_name_to_its_part():
    whole, part = candidate(0, 3, "ORG", "gazetteer", 0.9), candidate(2, 3, "LOC", "gazetteer", 0.9)
    assert merge([part, whole]) == [whole]


def test_merge_lets_the_knowledge_base_correct_an_unsure_tagger():
    tagged, known = candidate(0, 1, "PER", "tagger", 0.8), candidate(0, 1, "LOC", "gazetteer", 0.85, "city")
    assert [(c.label, c.kind, c.source) for c in merge([tagged, known])] == [("LOC", "city", "tagger")]


def test_merge_keeps_the_label_of_a_sure_tagger():
    tagged, known = candidate(0, 1, "PER", "tagger", 0.97), candidate(0, 1, "LOC", "gazetteer", 0.85)
    assert [c.label for c in merge([tagged, known])] == ["PER"]


def test_merge_adds_what_only_one_source_has():
    tagged, known = candidate(0, 1, "PER", "tagger", 0.9), candidate(4, 6, "ORG", "gazetteer", 0.95)
    assert merge([known, tagged]) == [tagged, known]


def test_merge_drops_weak_candidates():
    assert merge([candidate(0, 1, "ORG", "rule", MIN_SCORE - 0.01)]) == []


CANDIDATES = st.builds(
    lambda i, n, label, source, score: candidate(i, i + n, label, source, score),
    st.integers(0, 30),
    st.integers(1, 6),
    st.sampled_from(["PER", "LOC", "ORG", "MISC"]),
    st.sampled_from(sorted(TRUST)),
    st.floats(0, 1),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(CANDIDATES, max_size=25), st.randoms())
def test_merge_gives_disjoint_spans_and_drops_none_that_is_free(found, random):
    spans = {(c.i, c.j): weight(c) for c in found if c.score >= MIN_SCORE}
    kept = merge(found)
    taken = set()
    for c in kept:
        assert not taken & set(range(c.i, c.j))
        taken |= set(range(c.i, c.j))
    for i, j in spans:
        assert taken & set(range(i, j)), "a candidate that crosses nothing is kept"
