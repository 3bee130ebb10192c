"""Tags from scores: the best legal BIO path, averaged over window offsets."""

from __future__ import annotations

import numpy as np


def allowed(tags: list[str]) -> np.ndarray:
    """0 where tag b may follow tag a, -inf where I-x follows anything but B-x or I-x."""
    out = np.zeros((len(tags), len(tags)), np.float32)
    for b, tag in enumerate(tags):
        if tag[0] == "I":
            for a, before in enumerate(tags):
                if before[0] == "O" or before[2:] != tag[2:]:
                    out[a, b] = -1e9
    return out


def viterbi(scores: np.ndarray, tags: list[str]) -> list[int]:
    """scores: (words, tags) log-probabilities of one sentence. Returns the tag index of each word."""
    if not len(scores):
        return []
    step = allowed(tags)
    start = np.array([-1e9 if t[0] == "I" else 0 for t in tags], np.float32)
    best, back = scores[0] + start, []
    for row in scores[1:]:
        paths = best[:, None] + step
        back.append(paths.argmax(0))
        best = paths.max(0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]
