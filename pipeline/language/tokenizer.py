"""The khabar tokenizer: numbers with separators whole, number and unit split, URLs and handles whole.

One regular expression (`pattern.py`) tiles the whole text, so `nlp(text).text == text` for every string. All its
repetitions are possessive or bounded: linear time whatever the input.

Rules
-----
Number : digits of any family with single separators between them (`5,7`, `1.234,5`, `2017/2018`, `14:30`, `3-5`).
    A sign before it, a comma or full stop behind it are tokens of their own. Groups parted by blanks are
    several tokens.
Percent sign : in `Layers.tokens` a token of its own; in the spaCy Doc it belongs to the number (`75%`).
Number and letters : `10مليارات` ("10 billions") is two tokens; `C5`, `A320`, `G20` are one.
Arabic word : letters with the marks and invisible characters in and behind them; proclitics stay on.
Latin word : with inner `&.'-` and digits; initials keep their last full stop (`U.S.`).
URL, e-mail address, handle and hashtag : whole. Two or more full stops: one token. Other signs: one token each.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.attrs import NORM
from spacy.tokens import Doc

from pipeline.article import Article
from pipeline.errors import DocumentError
from pipeline.language.fold import fold
from pipeline.language.pattern import TOKEN
from pipeline.layers import Layers, Sentence, Tokens, attach

_PERCENT = set("%\u066a\uff05\ufe6a\u2030\u2031")
_DIGITS = set("0123456789")
_CACHE = 1 << 17  # norms kept


class Tokenizer:
    """Makes a Doc whose text is exactly `text`, with the parallel token lists in its layers."""

    def __init__(self, vocab):
        self.vocab = vocab
        vocab.lex_attr_getters = {**vocab.lex_attr_getters, NORM: fold}
        self._norms: dict[str, str] = {}

    def __call__(self, text: str) -> Doc:
        """The Doc of a bare text, as `nlp(text)` asks for it."""
        return self.make(Article(id="", text=text))

    def make(self, article: Article) -> Doc:
        """The Doc of an article. White space, but for single blanks, is a token of the Doc and none of the layer."""
        text = article.text
        words: list[str] = []  # of the Doc
        spaces: list[bool] = []
        starts: list[int] = []
        ends: list[int] = []
        norms: list[str] = []
        index: list[int] = []
        known = self._norms
        if len(known) > _CACHE:
            known.clear()
        end, number_end = 0, -1
        open_ended = False  # the Doc's last token is no white space and has no blank behind it yet
        for word in TOKEN.findall(text):
            start, end = end, end + len(word)
            norm = known.get(word)
            if norm is None:
                norm = "" if word.isspace() else fold(word)
                if len(word) < 32:
                    known[word] = norm
            if norm:
                starts.append(start)
                ends.append(end)
                norms.append(norm)
                if start == number_end and word in _PERCENT:
                    words[-1] += word
                    index.append(len(words) - 1)
                    continue
                if norm[0] in _DIGITS:
                    number_end = end
                index.append(len(words))
                open_ended = True
            elif not word.isspace():
                open_ended = True
            elif open_ended and word[0] == " ":
                spaces[-1] = True
                open_ended = False
                if len(word) == 1:
                    continue
                word = word[1:]
            else:
                open_ended = False
            words.append(word)
            spaces.append(False)
        try:
            doc = Doc(self.vocab, words=words, spaces=spaces)
        except UnicodeEncodeError:  # spaCy keeps strings as UTF-8
            raise DocumentError("K207", "text", "tokenizer") from None
        layer = Layers(article, Tokens(text, starts, ends, norms, index))
        if starts:  # until a stage finds sentences, all is one
            layer.sentences = [Sentence(starts[0], ends[-1], 0, len(starts))]
        attach(doc, layer)
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
