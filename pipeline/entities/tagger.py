"""The neural tagger: sentences of words in, BIO tags with scores out.

One shared encoder with a head a scheme, run by ONNX Runtime on the CPU; how it was trained: `models/training/`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.entities.decode import viterbi
from pipeline.entities.pieces import SIZE, Pieces, windows
from pipeline.errors import KhabarError
from pipeline.resources import model


@dataclass(slots=True)
class Tagged:
    """Tags of one sentence with the probability of each."""

    tags: list[str]
    scores: list[float]


class Tagger:
    """A profile of the shipped tagger.

    Parameters
    ----------
    profile : a name in `models/tagger/meta.json`: "fast" or "accurate".

    Raises
    ------
    KhabarError : no such profile, or the files were made for other code.
    """

    FORMAT = 1  # of models/tagger/meta.json; raised when the code no longer fits older files

    def __init__(self, profile: str = "fast"):
        import onnxruntime

        meta = json.loads(model("tagger/meta.json").read_text(encoding="utf-8"))
        if meta["format"] != self.FORMAT:
            raise KhabarError(
                f"models/tagger has format {meta['format']}, this code reads {self.FORMAT}; "
                "reinstall khabar and its models together"
            )
        if profile not in meta["profiles"]:
            raise KhabarError(f"no tagger profile {profile!r}; there are: {', '.join(meta['profiles'])}")
        self.profile = meta["profiles"][profile]
        self.schemes: dict[str, tuple[str, ...]] = {name: tuple(tags) for name, tags in meta["schemes"].items()}
        self.pieces = Pieces(model("tagger/tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        self.session = onnxruntime.InferenceSession(
            str(model(f"tagger/{self.profile['file']}")), options, ["CPUExecutionProvider"]
        )

    def tag(self, documents: Sequence[Sequence[Sequence[str]]], scheme: str = "khabar") -> list[list[Tagged]]:
        """Tags of every word of every sentence of every document, same shape as the input.

        Sentences of a document are read in windows of consecutive ones; log-probabilities are averaged over the
        profile's window offsets.
        """
        if scheme not in self.schemes:
            raise KhabarError(f"no tagging scheme {scheme!r}; there are: {', '.join(self.schemes)}")
        plain, pieces = self.pieces.plain, self.pieces
        todo, sums = [], []
        for d, sentences in enumerate(documents):
            ids = [[pieces(plain(word)) for word in words] for words in sentences]
            sums.append([np.zeros((len(words), len(self.schemes[scheme])), np.float32) for words in sentences])
            for offset in self.profile["offsets"]:
                todo += windows(ids, int(offset * SIZE), document=d)
        for w in todo:
            # One window a call: the int8 scale of a batch would make a document's tags depend on its neighbours,
            # and on one thread a batch is no faster.
            (scores,) = self.session.run([scheme], {"pieces": np.array([w.pieces], np.int64)})
            home = sums[w.document]
            for (s, k), row in zip(w.words, _log_softmax(scores[0, w.first]), strict=True):
                home[s][k] += row
        return [[self._decode(rows, scheme) for rows in sentences] for sentences in sums]

    def _decode(self, rows: np.ndarray, scheme: str) -> Tagged:
        names = self.schemes[scheme]
        rows = rows / len(self.profile["offsets"])
        path = viterbi(rows, names)
        return Tagged([names[k] for k in path], np.exp(rows[range(len(path)), path]).tolist())


def _log_softmax(rows: np.ndarray) -> np.ndarray:
    rows = rows - rows.max(-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(-1, keepdims=True))


@cache
def load(profile: str = "fast") -> Tagger:
    """The tagger of a profile, loaded once a process."""
    return Tagger(profile)


def tag_tokens(sentences: Sequence[Sequence[str]], scheme: str = "khabar", profile: str = "fast") -> list[list[str]]:
    """BIO tags of a document that is split into words already."""
    return [tagged.tags for tagged in load(profile).tag([sentences], scheme)[0]]
