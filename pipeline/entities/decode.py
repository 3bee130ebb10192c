"""Tags from scores: the best legal BIO path."""

from __future__ import annotations

from functools import cache

import numpy as np


@cache
def _steps(tags: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """(start, step): 0 where a tag may stand first or follow another, a very low score where it may not."""
    start = np.array([-1e9 if tag[0] == "I" else 0 for tag in tags], np.float32)
    step = np.zeros((len(tags), len(tags)), np.float32)
    for b, tag in enumerate(tags):
        if tag[0] == "I":
            for a, before in enumerate(tags):
                if before[2:] != tag[2:]:
                    step[a, b] = -1e9
    return start, step


def viterbi(scores: np.ndarray, tags: tuple[str, ...]) -> list[int]:
    """The most probable legal path of one sentence.

    Parameters
    ----------
    scores : (words, tags) log-probabilities.

    Returns
    -------
    The tag index of each word; I-x only after B-x or I-x.
    """
    if not len(scores):
        return []
    start, step = _steps(tags)
    greedy = scores.argmax(1)
    if start[greedy[0]] == 0 and not step[greedy[:-1], greedy[1:]].any():
        return greedy.tolist()  # legal as it stands, so it is the best legal path
    best, back = scores[0] + start, []
    for row in scores[1:]:
        paths = best[:, None] + step
        back.append(paths.argmax(0))
        best = paths.max(0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


def spans(tags: list[str]) -> list[tuple[int, int, str]]:
    """(first, end, label) of each entity; a stray I- opens one."""
    out, start = [], None
    for k, tag in enumerate([*tags, "O"]):
        if start is not None and (tag[0] != "I" or tag[2:] != tags[start][2:]):
            out.append((start, k, tags[start][2:]))
            start = None
        if tag[0] == "B" or (tag[0] == "I" and start is None):
            start = k
    return out
