"""The learned reader: what each figure does and measures, read from the words around it and the grammar's proposal.

A window is a part of a paragraph, with marks on figures, times and names, and hints: what the grammar took each figure
and each phrase for. One reading of it answers for all its figures at once: role, move, the phrase that names what is
measured, the words of time that date it, whose value it is, and which figures belong to one fact. How it was trained:
`models/training/`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from pipeline import runtime
from pipeline.entities.pieces import BOS, EOS, Pieces
from pipeline.facts import indicator
from pipeline.facts.clause import Clause, clause
from pipeline.facts.statements_lexicon import words
from pipeline.layers import Fact, Layers, Mention, Quantity, Sentence, Time, Value
from pipeline.resources import model

OPTION = "reader = false"
FORMAT = 4  # of models/reader/meta.json; raised when the code no longer fits older files
SIZE = 256  # pieces of a window
CONTEXT = 96  # pieces of the words before that a window begins with, where it does not begin the paragraph
LONGEST = 16  # words of an indicator
LIKELY = 8  # phrases among which the indicator is chosen
SHARPER = 2.0  # power of their chances: ends that are answered for by themselves make up phrases that nobody says
ROLES = ("none", "from", "to", "delta")  # "none": the figure is in no fact
BREAKS = frozenset(",.;:!?\u060c\u061b\u061f\u2026")  # one of a thousand annotated indicators goes over one
MOVES = ("level", "up", "down", "flat")  # "level" is a fact without movement
DATING = ("date", "period", "clock")  # kinds of times that date a figure
PLAIN, FIGURE, TIME, NAME = range(4)  # marks of pieces
PHRASE = 1  # hint on the grammar's indicators; behind it those of figures: its role and move
HINTS = 2 + len(ROLES) * len(MOVES)
FLOOR = -12.0  # log-probability of a word that an answer did not see


@dataclass(slots=True)
class Window:
    """Pieces with marks and hints; word `k` is token `low + k`, its first piece stands at `first[k]`."""

    low: int
    pieces: list[int] = field(default_factory=lambda: [BOS])
    marks: list[int] = field(default_factory=lambda: [PLAIN])
    hints: list[int] = field(default_factory=lambda: [0])
    first: list[int] = field(default_factory=list)
    figures: list[Quantity] = field(default_factory=list)  # those that are asked about
    heads: list[int] = field(default_factory=list)  # the first word of each
    tails: list[int] = field(default_factory=list)  # and its last
    times: list[Time] = field(default_factory=list)  # those that may date a figure
    names: list[Mention] = field(default_factory=list)  # those that a value may be of

    def put(self, pieces: list[int], mark: int, hint: int) -> None:
        self.pieces += pieces
        self.marks += [mark] * len(pieces)
        self.hints += [hint] * len(pieces)


Chances = Mapping[int | None, float]


@dataclass(slots=True)
class Answer:
    """Log-probabilities: of each word of the window to begin and to end the indicator, of roles, of moves.

    `same`: the id of each figure of the window to the chance that it is in one fact with this one. `when` and `than`:
    the token at which a time begins, or None, to the chance that it, or none, dates the figure, and what it is compared
    with. `whose`: the token at which a name begins, or None, to the chance that the value is of it, or of none.
    """

    low: int
    start: np.ndarray
    end: np.ndarray
    role: np.ndarray
    move: np.ndarray
    same: dict[str, float]
    when: Chances = field(default_factory=dict)
    than: Chances = field(default_factory=dict)
    whose: Chances = field(default_factory=dict)


def likeliest(chances: Chances) -> int | None:
    """The token of the time or name that was answered; None where none was."""
    return max(chances, key=chances.__getitem__, default=None)


def values(fact: Fact) -> Iterable[tuple[str, Value]]:
    """(role, value) of a fact's figures."""
    return ((r, v) for r, v in (("from", fact.from_), ("to", fact.to), ("delta", fact.delta)) if v is not None)


def windows(layer: Layers, facts: Sequence[Fact], pieces: Pieces) -> Iterator[Window]:
    """The windows of a document that hold figures, each figure asked about in one of them.

    `facts` are the grammar's. A window stays in its paragraph (line) and begins with words of the window before.
    """
    kinds, hints, tokens = _kinds(layer), _hints(layer, facts), layer.tokens
    ids = cache(lambda k: pieces(pieces.plain(tokens.raw(k))))
    for low, begin, end in _stretches(layer, lambda k: len(ids(k))):
        figures = _within(layer.quantities, begin, end)
        if not figures:
            continue
        window = Window(low, figures=figures)
        window.heads = [q.i - low for q in figures]
        window.tails = [min(q.j, end) - 1 - low for q in figures]
        window.times = [t for t in _within(layer.times, low, end) if t.kind in DATING]
        window.names = _within(layer.mentions, low, end)
        for k in range(low, end):
            window.first.append(len(window.pieces))
            window.put(ids(k), kinds.get(k, PLAIN), hints.get(k, 0))
        window.put([EOS], PLAIN, 0)
        yield window


def _within(things: list, i: int, j: int) -> list:
    """Those that begin at tokens [i, j), of things in order."""
    return things[bisect_left(things, i, key=lambda x: x.i) : bisect_left(things, j, key=lambda x: x.i)]


def _stretches(layer: Layers, size: Callable[[int], int]) -> Iterator[tuple[int, int, int]]:
    """(low, begin, end) of each window: tokens [begin, end) with those before them, from `low`, that give context."""
    for parts in _paragraphs(layer, size):
        first = parts[0][0]
        while parts:
            begin = low = parts[0][0]
            used = 0
            while low > first and used + size(low - 1) <= CONTEXT:
                low -= 1
                used += size(low)
            n = 1
            used += parts[0][2]
            while n < len(parts) and used + parts[n][2] <= SIZE - 2:
                used += parts[n][2]
                n += 1
            yield low, begin, parts[n - 1][1]
            parts = parts[n:]


def _paragraphs(layer: Layers, size: Callable[[int], int]) -> Iterator[list[tuple[int, int, int]]]:
    """The lines of a text as parts (i, j, pieces): sentences, long ones cut."""
    out: list[tuple[int, int, int]] = []
    for sentence in layer.sentences:
        if out and _breaks(layer, sentence.i):
            yield out
            out = []
        i, used = sentence.i, 0
        for k in range(sentence.i, sentence.j):
            if used + size(k) > SIZE - 2 - CONTEXT:
                out.append((i, k, used))
                i, used = k, 0
            used += size(k)
        out.append((i, sentence.j, used))
    if out:
        yield out


def _kinds(layer: Layers) -> dict[int, int]:
    """Marks of tokens."""
    return {
        k: kind
        for kind, spans in ((TIME, layer.times), (NAME, layer.mentions), (FIGURE, layer.quantities))
        for x in spans
        for k in range(x.i, x.j)
    }


def _hints(layer: Layers, facts: Sequence[Fact]) -> dict[int, int]:
    """What the grammar took tokens for."""
    figures, out = {q.id: q for q in layer.quantities}, {}
    for fact in facts:
        out |= dict.fromkeys(range(*layer.tokens.covering(fact.indicator["start"], fact.indicator["end"])), PHRASE)
    for fact in facts:
        for role, v in values(fact):
            if figure := figures.get(v.quantity):
                hint = 2 + len(MOVES) * ROLES.index(role) + MOVES.index(fact.direction or "level")
                out |= dict.fromkeys(range(figure.i, figure.j), hint)
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


def breaks(layer: Layers) -> np.ndarray:
    """Tokens that end clauses, in order."""
    return np.array([k for k, norm in enumerate(layer.tokens.norms) if norm in BREAKS], int)


def verbs(views: Iterable[Clause]) -> np.ndarray:
    """Verbs of clauses of their own, in order: no "that", "which", "not" before them. One of a hundred annotated
    phrases has one behind its first word.
    """
    alone = lambda w: not w.cue and w.norm not in words("negation")  # noqa: E731
    return np.array(
        [k for v in views for k in range(v.first, v.last) if v.verb(k) and (k == v.first or alone(v[k - 1]))], int
    )


def span(
    answers: Sequence[Answer], numbers: Sequence[int] = (), stops: Sequence[int] = (), apart: Sequence[int] = ()
) -> tuple[int, int]:
    """The indicator of a fact, as tokens (i, j), from what was answered about each of its figures.

    Of the likeliest phrases the one that most probably shares half of its words with the right one. `numbers` are
    tokens, in order, that no indicator holds: those at which figures begin. A phrase over one of `stops` (`breaks`), or
    with one of `apart` (`verbs`) behind its first word, is chosen only where all likely ones are.
    """
    low = min(a.low for a in answers)
    high = max(a.low + len(a.start) for a in answers)
    start, end = np.zeros(high - low), np.zeros(high - low)
    for a in answers:
        for total, part in ((start, a.start), (end, a.end)):
            seen = np.full(high - low, FLOOR)
            seen[a.low - low : a.low - low + len(part)] = np.maximum(part, FLOOR)
            total += seen
    n = len(start)
    i = np.arange(n)[:, None]
    j = i + np.arange(LONGEST)[None, :]
    barred = np.full(n, n)  # the next number at or behind a word
    for k in numbers[bisect_left(numbers, low) : bisect_left(numbers, high)]:
        barred[k - low] = k - low
    barred = np.minimum.accumulate(barred[::-1])[::-1]
    legal = (j < n) & (j < np.maximum(barred[:, None], i + 1))
    scores = np.where(legal, start[:, None] + end[np.minimum(j, n - 1)], -np.inf).ravel()
    top = np.argsort(scores)[::-1][:LIKELY]
    top = top[np.isfinite(scores[top])]
    a, b = top // LONGEST, top // LONGEST + top % LONGEST + 1
    chance = np.exp(SHARPER * (scores[top] - scores[top[0]]))
    common = np.minimum(b[:, None], b) - np.maximum(a[:, None], a)
    shared = 4 * np.maximum(common, 0) >= (b - a)[:, None] + (b - a)
    over = np.searchsorted(stops, low + b) > np.searchsorted(stops, low + a)
    over |= np.searchsorted(apart, low + b) > np.searchsorted(apart, low + a + 1)
    best = int(np.where(over, -1, shared @ chance + 1e-3 * chance).argmax())
    return low + int(a[best]), low + int(b[best])


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

    def read(self, layer: Layers, facts: Sequence[Fact], most: int) -> dict[str, Answer]:
        """What is answered about the first figures of a document, at the `most` so many, by their ids.

        `facts` are the grammar's.
        """
        out: dict[str, Answer] = {}
        for window in windows(layer, facts, self.pieces):
            if len(out) + len(window.figures) > most:
                break
            out |= self._answers(window)
        return out

    def _answers(self, w: Window) -> Mapping[str, Answer]:
        feed = {"pieces": [w.pieces], "marks": [w.marks], "hints": [w.hints]}
        feed |= {"first": w.first, "heads": w.heads, "tails": w.tails}
        found = self.session.run(None, {k: np.array(v, np.int64) for k, v in feed.items()})
        start, end, role, move = map(runtime.log_softmax, found[:4])
        same, dates, undated, owners, ownerless = 1 / (1 + np.exp(-found[4])), *found[5:]
        together = [{q.id: float(p) for q, p in zip(w.figures, row, strict=True)} for row in same]
        told = [_chances(w, w.times, dates[:, :, k], undated[:, k]) for k in range(2)]
        told.append(_chances(w, w.names, owners, ownerless))
        rows = zip(start, end, role, move, together, *told, strict=True)
        return {q.id: Answer(w.low, *row) for q, row in zip(w.figures, rows, strict=True)}


def _chances(w: Window, things: Sequence[Time | Mention], at: np.ndarray, none: np.ndarray) -> list[Chances]:
    """Of each figure, the chance of each of the window's times or names, and of none.

    Scores of words (figures, words), and of none (figures,).
    """
    places = [x.i for x in things]
    scores = np.concatenate([none[:, None], at[:, [k - w.low for k in places]]], 1)
    rows = np.exp(runtime.log_softmax(scores)).tolist()
    return [dict(zip([None, *places], row, strict=True)) for row in rows]


def check() -> dict:
    """What `models/reader/meta.json` says, once its files are there in full size."""
    meta = runtime.described("reader", FORMAT, OPTION)
    runtime.checked("reader", meta["model"], OPTION)
    return meta


@cache
def load() -> Reader:
    """The reader, loaded once a process."""
    return Reader()
