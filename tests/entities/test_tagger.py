"""The tagger's packing and decoding: no word lost, no illegal tag."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.entities.decode import spans, viterbi
from pipeline.entities.pieces import BOS, EOS, batches, windows

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
sentences = st.lists(st.lists(st.lists(st.integers(5, 99), min_size=1, max_size=16), max_size=30), max_size=12)


def legal(tags):
    return all(b[0] != "I" or (a[0] in "BI" and a[2:] == b[2:]) for a, b in itertools.pairwise(["O", *tags]))


@settings(deadline=None, max_examples=100)
@given(sentences, st.integers(0, 30))
def test_windows_hold_every_word_once_and_in_order(document, offset):
    packed = windows(document, offset, size=64)
    seen = [key for w in packed for key in w.words]
    assert seen == [(s, k) for s, words in enumerate(document) for k in range(len(words))]
    for w in packed:
        assert len(w.pieces) <= 64 and w.pieces[0] == BOS and w.pieces[-1] == EOS
        for at, (s, k) in zip(w.first, w.words, strict=True):
            assert w.pieces[at : at + len(document[s][k])] == document[s][k]


def test_a_sentence_that_just_fills_a_window_does_not_overflow_it():
    assert [len(w.pieces) for w in windows([[[7]] * 62, [[8]]], size=64)] == [64, 4]


@settings(deadline=None, max_examples=50)
@given(sentences, st.integers(64, 300))
def test_batches_hold_every_window_within_their_size(document, size):
    packed = windows(document, size=48)
    groups = batches(packed, size)
    assert sorted(map(id, packed)) == sorted(id(w) for g in groups for w in g)
    assert all(len(g) == 1 or max(len(w.pieces) for w in g) * len(g) <= size for g in groups)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(st.floats(-20, 0), min_size=5, max_size=5), max_size=6))
def test_viterbi_gives_the_best_legal_path(rows):
    scores = np.array(rows, np.float32).reshape(-1, 5)
    path = viterbi(scores, TAGS)
    assert len(path) == len(rows) and legal([TAGS[k] for k in path])
    if 0 < len(rows) <= 4:
        every = itertools.product(range(5), repeat=len(rows))
        best = max(sum(scores[i, k] for i, k in enumerate(p)) for p in every if legal([TAGS[k] for k in p]))
        assert np.isclose(sum(scores[i, k] for i, k in enumerate(path)), best, atol=1e-3)


def test_spans_close_at_a_new_entity_and_at_the_end():
    assert spans(["B-PER", "I-PER", "B-PER", "O", "I-LOC", "I-LOC"]) == [(0, 2, "PER"), (2, 3, "PER"), (4, 6, "LOC")]
