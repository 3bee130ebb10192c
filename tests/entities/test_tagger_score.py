"""Scoring the tagger alone: documents, errors by cause, how far scores can be trusted."""

from collections import Counter

from pipeline.evaluation.tagger import CAUSES, calibration, causes, read


def test_an_error_is_counted_once_under_its_cause():
    want = {(0, 2, "PER"), (3, 4, "LOC"), (5, 8, "ORG"), (9, 10, "MISC")}
    got = {(0, 2, "PER"), (3, 4, "ORG"), (5, 7, "ORG"), (11, 12, "LOC")}
    found = Counter(causes(want, got))
    assert found == {("label", "ORG"): 1, ("ends", "ORG"): 1, ("no name", "LOC"): 1, ("not found", "MISC"): 1}
    assert {cause for cause, _ in found} == set(CAUSES)


def test_documents_end_at_their_marks_or_after_forty_sentences():
    lines = ["-DOCSTART- O", "", "a O", "", "b B-PER", "", "-DOCSTART- O", "", *["c O", ""] * 41]
    assert [len(document) for document in read(lines)] == [2, 40, 1]


def test_scores_that_say_too_much_cost():
    error, table = calibration([(0.9, True), (0.9, False), (0.45, True), (0.45, False)])
    assert round(error, 3) == (0.4 + 0.05) / 2
    assert [(round(score, 2), share, n) for score, share, n in table] == [(0.45, 0.5, 2), (0.9, 0.5, 2)]
