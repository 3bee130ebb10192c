"""The khabar tokenizer: numbers with separators whole, number and unit split, URLs and handles whole."""

from __future__ import annotations

import re
from collections.abc import Callable

from spacy.tokens import Doc

from pipeline.article import Article
from pipeline.language.fold import fold
from pipeline.layers import Layers, Tokens

_D = r"0-9\u0660-\u0669\u06F0-\u06F9"
# Marks and invisible characters that may stand inside a word or a number without ending it.
_IN = r"\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06ED\u0640\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u00AD\u061C"
_LETTER = r"\u0620-\u063F\u0641-\u064A\u066E\u066F\u0671-\u06D3\u06D5\u06E5\u06E6\u06EE\u06EF\u06FA-\u06FF\u0750-\u077F\u08A0-\u08FF\uFB50-\uFDCF\uFDF0-\uFDFB\uFE70-\uFEFC"
TOKEN = re.compile(
    rf"""
      (?:https?://|www\.)[^\s<>"«»“”،؛]+[^\s<>"«»“”،؛.!?)\]:,]      # URL
    | [\w.+-]{{1,64}}@[A-Za-z0-9-]{{1,64}}(?:\.[A-Za-z0-9-]{{1,64}}){{1,8}}   # e-mail
    | [@\#](?:[^\W_]|[_{_IN}])+                                    # handle, hashtag
    | [{_D}](?:[{_IN}]*[.,/:\u066B\u066C'’\-\u060C]?[{_IN}]*[{_D}])*   # number with its separators
    | [{_LETTER}][{_LETTER}{_IN}]*                                 # Arabic word
    | [A-Za-z\u00C0-\u024F][A-Za-z\u00C0-\u024F0-9{_IN}]*(?:[&.'’\-][A-Za-z0-9\u00C0-\u024F]+)*\+?   # Latin word or acronym
    | [^\W_](?:[^\W_{_D}{_LETTER}]|[{_IN}])*                       # other scripts
    | \s+
    | .
    """,
    re.X | re.S,
)


ARABIC_WORD = re.compile(rf"[{_LETTER}][{_LETTER}{_IN}]*")


class Tokenizer:
    """Makes a Doc whose text is exactly `text`, with the parallel token lists in its layers."""

    def __init__(self, vocab):
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        return self.make(Article(id="", text=text))

    def make(self, article: Article) -> Doc:
        text = article.text
        words: list[str] = []
        spaces: list[bool] = []
        starts: list[int] = []
        ends: list[int] = []
        norms: list[str] = []
        index: list[int] = []
        for match in TOKEN.finditer(text):
            word = match.group()
            if word.isspace():
                if word[0] == " " and words and not spaces[-1] and starts and not words[-1].isspace():
                    spaces[-1] = True
                    word = word[1:]
                if word:
                    words.append(word)
                    spaces.append(False)
                continue
            norm = fold(word)
            if norm:
                starts.append(match.start())
                ends.append(match.end())
                norms.append(norm)
                index.append(len(words))
            words.append(word)
            spaces.append(False)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        doc.user_data["khabar"] = Layers(article, Tokens(text, starts, ends, norms, index))
        return doc

    # spaCy asks a tokenizer for these; ours has no state of its own.
    def to_bytes(self, **_) -> bytes:
        return b""

    def from_bytes(self, _data: bytes, **_kw) -> Tokenizer:
        return self

    def to_disk(self, _path, **_) -> None:
        return None

    def from_disk(self, _path, **_) -> Tokenizer:
        return self


def create_tokenizer() -> Callable:
    """Registered as `khabar.Tokenizer.v1`."""
    return lambda nlp: Tokenizer(nlp.vocab)
