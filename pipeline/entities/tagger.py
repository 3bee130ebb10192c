"""The neural tagger: sentences of words in, BIO tags with scores out.

One shared encoder with a head a scheme, run by ONNX Runtime on the CPU; how it was trained: `models/training/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline import runtime
from pipeline.entities.decode import viterbi
from pipeline.entities.pieces import SIZE, Pieces, windows
from pipeline.errors import KhabarError
from pipeline.resources import model


@dataclass(slots=True)
class Tagged:
    """Tags of one sentence with the probability of each."""

    tags: list[str]
    scores: list[float]


FORMAT = 2  # of models/tagger/meta.json; raised when the code no longer fits older files
OPTION = 'tagger = ""'


def meta() -> dict:
    """What `models/tagger/meta.json` says of the tagger.

    Raises
    ------
    KhabarError : there is no tagger, or it was made for other code.
    """
    return runtime.described("tagger", FORMAT, OPTION)


def check(profile: str) -> dict:
    """What the meta says of a profile whose files are there in full size.

    Raises
    ------
    KhabarError : no such profile, or a file is missing or cut off.
    """
    found = meta()
    if profile not in found["profiles"]:
        raise KhabarError(f"no tagger profile {profile!r}; there are: {', '.join(found['profiles'])}, camel")
    for part in (found["profiles"][profile], found.get("tokenizer", {"file": "tokenizer.json"})):
        runtime.checked("tagger", part, OPTION)
    return found["profiles"][profile]


def best(scheme: str = "khabar") -> str:
    """The profile that scored highest on the scheme's development documents."""
    profiles = meta()["profiles"]
    return max(profiles, key=lambda name: profiles[name].get("dev_f1", {}).get(scheme, {}).get("all", 0.0))


class Tagger:
    """A profile of the shipped tagger.

    Parameters
    ----------
    profile : a name in `models/tagger/meta.json`: "fast" or "accurate".

    Raises
    ------
    KhabarError : no such profile, damaged files, or files that were made for other code.
    """

    def __init__(self, profile: str = "fast"):
        self.profile = check(profile)
        self.schemes: dict[str, tuple[str, ...]] = {name: tuple(tags) for name, tags in meta()["schemes"].items()}
        self.session = runtime.session(model(f"tagger/{self.profile['file']}"), OPTION)
        self.pieces = Pieces(model("tagger/tokenizer.json"))
        heads = {output.name for output in self.session.get_outputs()}
        self.schemes = {name: tags for name, tags in self.schemes.items() if name in heads}

    def tag(self, documents: Sequence[Sequence[Sequence[str]]], scheme: str = "khabar") -> list[list[Tagged]]:
        """Tags of every word of every sentence of every document, same shape as the input.

        Sentences of a document are read in windows of consecutive ones; log-probabilities are averaged over the
        profile's window offsets.
        """
        if scheme not in self.schemes:
            raise KhabarError(f"no tagging scheme {scheme!r}; there are: {', '.join(self.schemes)}")
        names, plain, pieces = self.schemes[scheme], self.pieces.plain, self.pieces
        out = []
        for sentences in documents:
            ids = [[pieces(plain(word)) for word in words] for words in sentences]
            rows = word_scores(self.session, ids, self.profile["offsets"], scheme, len(names))
            out.append([_decode(one, names) for one in rows])
        return out


def word_scores(session, sentences, offsets: Sequence[float], scheme: str, width: int) -> list[np.ndarray]:
    """(words, `width`) log-probabilities of the tags of each sentence of a document, averaged over window offsets.

    Parameters
    ----------
    sentences : pieces of each word of each sentence.
    offsets : where windows start, as shares of their size.
    """
    sums = [np.zeros((len(words), width), np.float32) for words in sentences]
    for offset in offsets:
        for w in windows(sentences, int(offset * SIZE)):
            # One window a call: the int8 scale of a batch would make a document's tags depend on its neighbours,
            # and on one thread a batch is no faster.
            (scores,) = session.run([scheme], {"pieces": np.array([w.pieces], np.int64)})
            for (s, k), row in zip(w.words, runtime.log_softmax(scores[0, w.first]), strict=True):
                sums[s][k] += row
    return [rows / len(offsets) for rows in sums]


def _decode(rows: np.ndarray, names: tuple[str, ...]) -> Tagged:
    path = viterbi(rows, names)
    return Tagged([names[k] for k in path], np.exp(rows[range(len(path)), path]).tolist())


@cache
def load(profile: str = "fast"):
    """The tagger of a profile, loaded once a process; "camel" or "camel:FOLDER" is that of CAMeL Tools."""
    name, _, folder = profile.partition(":")
    if name == "camel":
        from pipeline.entities.camel import Camel

        return Camel(folder)
    return Tagger(profile)


def tag_tokens(sentences: Sequence[Sequence[str]], scheme: str = "khabar", profile: str = "") -> list[list[str]]:
    """BIO tags of a document that is split into words already, by the scheme's best profile where none is named."""
    return [tagged.tags for tagged in load(profile or best(scheme)).tag([sentences], scheme)[0]]
