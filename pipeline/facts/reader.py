"""The learned reader: what each figure measures, from the words around it and the grammar's own proposal.

One question a figure: its sentence and a little before it, with marks on figures, times, names, the figure that is
asked about, those that share its fact and the phrase that the grammar took for the indicator. The answer is a phrase,
a role and a move. How it was trained: `models/training/`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline import runtime
from pipeline.entities.pieces import BOS, EOS, Pieces
from pipeline.facts import indicator
from pipeline.facts.clause import Clause, clause
from pipeline.layers import Fact, Layers, Quantity, Sentence, Value
from pipeline.resources import model

OPTION = "reader = false"
FORMAT = 1  # of models/reader/meta.json; raised when the code no longer fits older files
SIZE = 160  # pieces of a question; words further from the figure are left out
LEFT = 96  # pieces up to which the words before the sentence are added
LONGEST = 16  # words of an answer
ROLES = ("none", "from", "to", "delta")  # "none": the figure is in no fact
MOVES = ("level", "up", "down", "flat")  # "level" is a fact without movement
PLAIN, FIGURE, TIME, NAME, FELLOW, TARGET = range(6)  # marks of pieces
FLOOR = -12.0  # log-probability of a word that an answer did not see


@dataclass(slots=True)
class Question:
    """Pieces with marks; word `k` of the window is token `low + k`, its first piece stands at `first[k]`."""

    pieces: list[int]
    marks: list[int]
    hints: list[int]  # 1 on the grammar's indicator; the first one holds the grammar's role and move
    first: list[int]
    low: int
    target: int  # position of the figure's first piece


@dataclass(slots=True)
class Answer:
    """Log-probabilities: of each word of the window to begin and to end the indicator, of roles, of moves."""

    low: int
    start: np.ndarray
    end: np.ndarray
    role: np.ndarray
    move: np.ndarray


def values(fact: Fact) -> Iterable[tuple[str, Value]]:
    """(role, value) of a fact's figures."""
    return ((r, v) for r, v in (("from", fact.from_), ("to", fact.to), ("delta", fact.delta)) if v is not None)


def question(layer: Layers, figure: Quantity, fact: Fact | None, pieces: Pieces) -> Question:
    """The question about one figure, which the grammar put into `fact`."""
    tokens, low, high = layer.tokens, figure.i, figure.i
    sentence = _sentence(layer, figure.i)
    begin, stop = (sentence.i, sentence.j) if sentence else (figure.i, figure.j)
    ids = {}

    def size(k: int) -> int:
        ids[k] = pieces(pieces.plain(tokens.raw(k)))
        return len(ids[k])

    room = SIZE - 2
    while high < stop and high < figure.j:
        room -= size(high)
        high += 1
    left = right = True
    while (left or right) and room > 0:  # outwards, two words to the left for one to the right
        for _ in range(2):
            left = left and low > 0 and (low > begin or SIZE - room < LEFT and not _breaks(layer, low))
            if left:
                low -= 1
                room -= size(low)
        right = right and high < stop
        if right:
            room -= size(high)
            high += 1
    kinds = {}
    for kind, spans in ((TIME, layer.times), (NAME, layer.mentions), (FIGURE, layer.quantities)):
        k = max(0, bisect_left(spans, low, key=lambda x: x.i) - 1)
        while k < len(spans) and spans[k].i < high:
            kinds.update(dict.fromkeys(range(spans[k].i, spans[k].j), kind))
            k += 1
    role, hinted = "none", range(0)
    if fact is not None:
        for r, v in values(fact):
            role = r if v.quantity == figure.id else role
            kinds.update(dict.fromkeys(range(*tokens.covering(v.start, v.end)), FELLOW))
        hinted = range(*tokens.covering(fact.indicator["start"], fact.indicator["end"]))
    kinds.update(dict.fromkeys(range(figure.i, figure.j), TARGET))
    move = fact.direction or "level" if fact is not None else "level"
    out = Question([BOS], [PLAIN], [2 + 4 * ROLES.index(role) + MOVES.index(move)], [], low, 0)
    for k in range(low, high):
        if k == figure.i:
            out.target = len(out.pieces)
        out.first.append(len(out.pieces))
        out.pieces += ids[k]
        out.marks += [kinds.get(k, PLAIN)] * len(ids[k])
        out.hints += [int(k in hinted)] * len(ids[k])
    out.pieces.append(EOS)
    out.marks.append(PLAIN)
    out.hints.append(0)
    return out


def _sentence(layer: Layers, k: int) -> Sentence | None:
    """The sentence of token `k`."""
    n = bisect_right(layer.sentences, k, key=lambda s: s.i) - 1
    return layer.sentences[n] if n >= 0 and k < layer.sentences[n].j else None


def _breaks(layer: Layers, k: int) -> bool:
    """Whether a line ends before token `k`."""
    tokens = layer.tokens
    return "\n" in tokens.text[tokens.ends[k - 1] : tokens.starts[k]]


def offsets(layer: Layers, found: tuple[int, int], views: dict[int, Clause]) -> tuple[int, int]:
    """Raw offsets of an indicator that is given as tokens, without a particle written onto its first word.

    `views` remembers the sentences by their first token.
    """
    i, j = found
    sentence = _sentence(layer, i)
    if sentence is None:
        return layer.tokens.starts[i], layer.tokens.ends[j - 1]
    if sentence.i not in views:
        views[sentence.i] = clause(layer, sentence)
    return indicator.offsets(views[sentence.i], found)


def span(answers: Sequence[Answer], numbers: Sequence[int] = ()) -> tuple[int, int]:
    """The likeliest indicator of a fact, as tokens (i, j), from what was answered about each of its figures.

    `numbers` are tokens, in order, that no indicator holds: those at which figures begin.
    """
    low = min(a.low for a in answers)
    high = max(a.low + len(a.start) for a in answers)
    start, end = np.zeros(high - low), np.zeros(high - low)
    for a in answers:
        for total, part in ((start, a.start), (end, a.end)):
            seen = np.full(high - low, FLOOR)
            seen[a.low - low : a.low - low + len(part)] = part
            total += seen
    barred = [k - low for k in numbers[bisect_left(numbers, low) : bisect_left(numbers, high)]]
    best, found = -np.inf, (low, low + 1)
    for k in range(len(start)):
        stop = next((n for n in barred if n >= k), len(start))
        window = end[k : min(stop, k + LONGEST)]
        if len(window) and start[k] + window.max() > best:
            e = int(window.argmax())
            best, found = start[k] + window[e], (low + k, low + k + e + 1)
    return found


class Reader:
    """The shipped reader.

    Raises
    ------
    KhabarError : there is none, its files are damaged, or they were made for other code.
    """

    def __init__(self):
        self.meta = check()
        self.version = self.meta["model"]["sha256"][:12]
        self.pieces = Pieces(model("tagger/tokenizer.json"))
        self.session = runtime.session(model("reader/" + self.meta["model"]["file"]), OPTION)

    def answer(self, layer: Layers, figure: Quantity, fact: Fact | None) -> Answer:
        """What is answered about a figure that the grammar put into `fact`."""
        q = question(layer, figure, fact, self.pieces)
        feed = {"pieces": [q.pieces], "marks": [q.marks], "hints": [q.hints], "target": [q.target]}
        out = self.session.run(None, {name: np.array(rows, np.int64) for name, rows in feed.items()})
        start, end, role, move = (rows[0] for rows in out)
        return Answer(q.low, *(runtime.log_softmax(x) for x in (start[q.first], end[q.first], role, move)))


def check() -> dict:
    """What `models/reader/meta.json` says, once its files are there in full size."""
    meta = runtime.described("reader", FORMAT, OPTION)
    runtime.checked("reader", meta["model"], OPTION)
    return meta


@cache
def load() -> Reader:
    """The reader, loaded once a process."""
    return Reader()
