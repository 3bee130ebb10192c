"""Words to windows of word pieces, in document order: what the encoder reads. Training uses this module too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pipeline.errors import KhabarError
from pipeline.language.fold import table

BOS, PAD, EOS, UNK = 0, 1, 2, 3
SIZE = 256  # pieces a window, as in training
WORD_PIECES = 16  # of a longer word the first ones are read


def _light_table() -> dict[int, str]:
    """Marks and controls go, digits become ASCII, presentation forms plain letters; hamzas and ta marbuta stay."""
    keep = "\u0623\u0625\u0622\u0671\u0649\u0629\u0624\u0626"
    return {point: to for point, to in table().items() if chr(point) not in keep}


class Pieces:
    """Pieces of a word, remembered for the words seen before; no word is without a piece."""

    def __init__(self, path):
        from tokenizers import Tokenizer

        try:
            self.tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library has no exception of its own that tells damage
            raise KhabarError(f"the tokenizer {path} cannot be loaded ({error}); reinstall khabar") from error
        self.light, self.known = _light_table(), {}

    def plain(self, word: str) -> str:
        """The spelling that the encoder was trained on."""
        return word.translate(self.light)

    def __call__(self, plain: str) -> list[int]:
        ids = self.known.get(plain)
        if ids is None:
            ids = self.tokenizer.encode(plain[:64], add_special_tokens=False).ids[:WORD_PIECES] or [UNK]
            if len(self.known) > 200_000:
                self.known.clear()
            self.known[plain] = ids
        return ids


@dataclass(slots=True)
class Window:
    """Pieces of consecutive sentences; `first[k]` is the position of the first piece of word `words[k]`."""

    pieces: list[int] = field(default_factory=lambda: [BOS])
    first: list[int] = field(default_factory=list)
    words: list[tuple[int, int]] = field(default_factory=list)  # (sentence, word) in the document
    document: int = 0
    labels: dict[str, list[int]] = field(default_factory=dict)  # training only: scheme -> label of each word


def windows(
    sentences: Sequence[Sequence[list[int]]], offset: int = 0, size: int = SIZE, document: int = 0
) -> list[Window]:
    """Windows of whole sentences (a sentence longer than a window is cut), the first one shorter by `offset` pieces.

    Parameters
    ----------
    sentences : pieces of each word of each sentence.
    """
    out: list[Window] = []
    now, room = Window(document=document), size - 2 - offset

    def close():
        nonlocal now, room
        if now.first:
            now.pieces.append(EOS)
            out.append(now)
        now, room = Window(document=document), size - 2

    for s, words in enumerate(sentences):
        if now.first and sum(map(len, words)) + 1 > room:
            close()
        for w, ids in enumerate(words):
            if len(ids) > room:
                close()
            now.first.append(len(now.pieces))
            now.words.append((s, w))
            now.pieces += ids
            room -= len(ids)
        if room:  # a sentence that fills its window ends with it
            now.pieces.append(EOS)
            room -= 1
    close()
    return out


def batches(items: list[Window], pieces: int, jitter: Callable[[], float] | None = None) -> list[list[Window]]:
    """Windows of like length together, at most `pieces` padded pieces a batch."""
    order = sorted(items, key=lambda w: len(w.pieces) + (jitter() if jitter else 0))
    out, now = [], []
    longest = 0
    for w in order:
        longest = max(longest, len(w.pieces))
        if now and longest * (len(now) + 1) > pieces:
            out.append(now)
            now, longest = [], len(w.pieces)
        now.append(w)
    if now:
        out.append(now)
    return out
