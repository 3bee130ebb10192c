"""CAMeL Tools' entity recogniser (NERecognizer) in place of the shipped tagger, for those who have its data.

Its model and its tokenizer are used as they are, its `predict` is not: that pads each sentence to 256 pieces, leaves
words without pieces out, which moves the labels behind them, and gives no scores.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.entities.decode import viterbi
from pipeline.entities.tagger import Tagged
from pipeline.errors import KhabarError
from pipeline.runtime import log_softmax

SIZE = 256  # pieces a window, as in `predict`
WORD_CHARS = 64  # of a longer word the first ones are read, so that no word fills a window
BATCH = 32  # windows
_OURS = {"PERS": "PER"}  # labels that the product's scheme calls otherwise
_COMPONENT = "NamedEntityRecognition"


def home() -> Path:
    """The folder of CAMeL Tools' data, as CAMeL Tools finds it."""
    given = os.environ.get("CAMELTOOLS_DATA")
    folder = "AppData/Roaming/camel_tools" if os.name == "nt" else ".camel_tools"
    return Path(given).expanduser().absolute() if given is not None else Path.home() / folder


def check(folder: str = "") -> Path:
    """The folder of the model, with what it takes to load it there; nothing is fetched.

    Parameters
    ----------
    folder : a model in NERecognizer's format; empty: the default one of the catalogue.

    Raises
    ------
    KhabarError : the catalogue or the model is missing.
    """
    catalogue = home() / "catalogue.json"
    how = "run `camel_data -i ner-arabert`, or set CAMELTOOLS_DATA to the folder that holds CAMeL Tools' data"
    if not catalogue.is_file():  # importing camel_tools.ner without it asks the network
        raise KhabarError(f"the tagger camel needs {catalogue}, which is missing; {how}")
    if folder:
        path = Path(folder).expanduser()
    else:
        try:
            listed = json.loads(catalogue.read_text(encoding="utf-8"))["components"][_COMPONENT]
            path = home() / "data" / listed["datasets"][listed["default"]]["path"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise KhabarError(f"{catalogue} names no entity model ({type(error).__name__}: {error}); {how}") from None
    if not (path / "config.json").is_file():  # transformers would take the path for a name and ask the network
        raise KhabarError(f"the tagger camel finds no model in {path}; name one with camel:FOLDER, or {how}")
    return path


class Camel:
    """CAMeL Tools' recogniser behind the interface of `pipeline.entities.tagger.Tagger`.

    Its schemes are "khabar" (labels PER, LOC, ORG, MISC) and "anercorp" (its own labels). A document is read by
    itself, so its tags do not depend on what else is in a batch; one thread.
    """

    def __init__(self, folder: str = ""):
        path = check(folder)
        try:
            import torch
            from camel_tools.ner import NERecognizer

            torch.set_num_threads(1)
            self.torch, recognizer = torch, NERecognizer(str(path), use_gpu=False)
        except Exception as error:  # of three libraries
            raise KhabarError(f"CAMeL Tools' model in {path} cannot be loaded ({error})") from error
        self.model, self.tokenizer = recognizer.model.eval(), recognizer.tokenizer
        names = recognizer.labels_map
        own = tuple(names[k] for k in range(len(names)))
        if any(tag != "O" and tag[:2] not in ("B-", "I-") for tag in own):
            raise KhabarError(f"the model in {path} has labels that are not BIO: {', '.join(own)}")
        self.size = min(SIZE, self.model.config.max_position_embeddings)
        self.schemes = {"khabar": tuple(t[:2] + _OURS.get(t[2:], t[2:]) for t in own), "anercorp": own}
        self.known: dict[str, list[int]] = {}

    def tag(self, documents: Sequence[Sequence[Sequence[str]]], scheme: str = "khabar") -> list[list[Tagged]]:
        """Tags of every word of every sentence of every document, same shape as the input."""
        if scheme not in self.schemes:
            raise KhabarError(f"the tagger camel has no scheme {scheme!r}; it has: {', '.join(self.schemes)}")
        return [[self._decode(rows, scheme) for rows in self.scores(sentences)] for sentences in documents]

    def scores(self, sentences: Sequence[Sequence[str]]) -> list[np.ndarray]:
        """(words, labels) log-probabilities of each sentence, those of a word being those of its first piece."""
        out = [np.zeros((len(words), len(self.schemes["khabar"])), np.float32) for words in sentences]
        todo = sorted(self._windows(sentences), key=lambda window: len(window[2]))  # of like length together
        for k in range(0, len(todo), BATCH):
            batch = todo[k : k + BATCH]
            size = max(len(ids) for _, _, ids in batch)
            ids = np.full((len(batch), size), self.tokenizer.pad_token_id, np.int64)
            for row, (_, _, given) in zip(ids, batch, strict=True):
                row[: len(given)] = given
            seen = np.arange(size) < np.array([[len(given)] for _, _, given in batch])
            with self.torch.inference_mode():
                logits = self.model(
                    input_ids=self.torch.from_numpy(ids),
                    attention_mask=self.torch.from_numpy(seen.astype(np.int64)),
                ).logits.numpy()
            for (sentence, places, _), rows in zip(batch, logits, strict=True):
                words, first = zip(*places, strict=True)
                out[sentence][list(words)] = log_softmax(rows[list(first)])
        return out

    def _windows(self, sentences: Sequence[Sequence[str]]):
        """(sentence, [(word, position of its first piece)], piece ids) for each sentence, a long one cut up."""
        begin, end = [self.tokenizer.cls_token_id], [self.tokenizer.sep_token_id]
        for s, words in enumerate(sentences):
            ids, places = list(begin), []
            for k, word in enumerate(words):
                pieces = self._pieces(word)
                if len(ids) + len(pieces) + 1 > self.size:
                    yield s, places, ids + end
                    ids, places = list(begin), []
                places.append((k, len(ids)))
                ids += pieces
            if places:
                yield s, places, ids + end

    def _pieces(self, word: str) -> list[int]:
        ids = self.known.get(word)
        if ids is None:
            ids = self.tokenizer.encode(word[:WORD_CHARS], add_special_tokens=False) or [self.tokenizer.unk_token_id]
            if len(self.known) > 200_000:
                self.known.clear()
            self.known[word] = ids
        return ids

    def _decode(self, rows: np.ndarray, scheme: str) -> Tagged:
        names = self.schemes[scheme]
        path = viterbi(rows, names)
        return Tagged([names[k] for k in path], np.exp(rows[range(len(path)), path]).tolist())
