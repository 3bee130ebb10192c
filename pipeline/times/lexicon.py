"""The words of the time grammar: one dict look-up a token gives its meanings, proclitics told apart."""

from __future__ import annotations

from functools import cache

from pipeline.language.fold import fold
from pipeline.resources import lexicon

_WAW, _FEH, _BEH, _LAM, _KAF, _ALEF, _SEEN = "\u0648\u0641\u0628\u0644\u0643\u0627\u0633"
_AL = _ALEF + _LAM
_IMPERFECT = "\u064a\u062a\u0646\u0627"  # the letters an imperfect verb begins with
_CACHE_SIZE = 200_000
_CUT = 4  # letters that `_cuts` takes off at most: conjunction, preposition, article


class Word:
    """What one token may mean.

    Attributes
    ----------
    tags : tag -> value, of the token alone.
    phrases : tag -> (following norms, value), longest first, of phrases that the token begins.
    cut : folded letters before the word itself (proclitics; the article belongs to the word).
    conj : whether one of them is the conjunction "and".
    definite : whether the article is there.
    trigger : whether it may begin a reading.
    nexts : where it may do so only with more words behind it, those that may be the first of them; else None.
    opens : whether a time or a number behind it will do as well ("from").
    """

    __slots__ = (
        "tags", "phrases", "cut", "conj", "definite", "trigger", "nexts", "opens", "ranges", "readers", "number_readers"
    )  # fmt: skip

    def __init__(self, tags, phrases, cut=0, conj=False, definite=False):
        self.tags, self.phrases = tags, {}
        for rest, tag, value in sorted(phrases, key=lambda phrase: -len(phrase[0])):
            self.phrases.setdefault(tag, []).append((rest, value))
        self.cut, self.conj, self.definite = cut, conj, definite
        self.ranges = not _RANGES.isdisjoint({*tags, *self.phrases})
        self.readers = self.number_readers = None  # filled by the grammar
        self.trigger = not _INERT.issuperset({*tags, *self.phrases})
        self.opens = "from" in tags
        alone = not _INERT.issuperset(tag for tag in tags if tag != "from")
        self.nexts = None if alone else frozenset(rest[0] for rest, _, _ in phrases)


# Tags that begin no reading: they only continue one, or give context.
_INERT = {
    "mod", "to", "of", "dayword", "era", "fiscal", "age", "yearcue", "event", "future", "past", "came", "expects",
    "zone", "minutes", "less", "plain", "zonehead", "at", "title", "measures", "numbered", "stands", "in", "unless",
    "beyond", "was", "or", "during", "light", "itself", "self", "aged", "since", "size",
}  # fmt: skip


@cache
def entries() -> tuple[dict[str, dict[str, str]], dict[str, list]]:
    """Single words by norm, and phrases by their first norm."""
    words: dict[str, dict[str, str]] = {}
    phrases: dict[str, list] = {}
    rows = [(r["form"], r["tag"], r["value"]) for r in lexicon("times/words.tsv")]
    rows += [(r["form"], r["tag"], "1") for r in lexicon("times/context.tsv")]
    rows += [(r["form"], "holiday", r["value"]) for r in lexicon("times/holidays.tsv")]
    for form, tag, value in rows:
        first, *rest = fold(form).split()
        if rest:
            phrases.setdefault(first, []).append((tuple(rest), tag, value))
        else:
            words.setdefault(first, {}).setdefault(tag, value)
    return words, phrases


_RANGES = {"from", "between", "span", "ago", "pair"}  # tags that may begin a range


class _Known(dict):
    """The meanings of every norm met so far; filled as it is asked, emptied when it grows too large."""

    def __missing__(self, norm: str) -> Word | None:
        if len(self) >= _CACHE_SIZE:
            self.clear()
        self[norm] = word = _analyse(norm)
        return word


_known = _Known()


def analyse(norms: list[str]) -> list[Word | None]:
    """The meaning of each norm; None for a word that no time contains."""
    return list(map(_known.__getitem__, norms))


def _analyse(norm: str) -> Word | None:
    if len(norm) > 24:
        return None
    words, phrases = entries()
    found, all_phrases = None, []
    hopeless = len(norm) >= _CUT + 3 and norm[-3:] not in _endings()  # as most words that are met for the first time
    for rest, cut, conj, definite in () if hopeless else _cuts(norm):
        tags, begun = words.get(rest), phrases.get(rest)
        if tags is None and begun is None:
            continue
        if found is None or found.cut == cut:
            # A phrase may be listed with its article and the word without it, or the reverse.
            all_phrases += begun or ()
            known = {**(tags or {}), **found.tags} if found else tags or {}
            found = Word(known, all_phrases, cut, conj, definite or found is not None and found.definite)
    if found:
        return found
    if norm[0] == _SEEN and len(norm) > 4 and norm[1] in _IMPERFECT or len(norm) > 5 and norm[1] == _SEEN:
        from pipeline.language.clitics import split

        if _SEEN in split(norm)[0]:
            return Word({"future": "1"}, ())
    return None


@cache
def _endings() -> frozenset[str]:
    """The last three letters of all forms, or what there is of them."""
    return frozenset(form[-3:] for form in (*entries()[0], *entries()[1]))


def _cuts(norm: str):
    """(rest, letters cut, conjunction, definite), the whole word first."""
    yield norm, 0, False, False
    if norm.startswith(_AL) and len(norm) > 3:
        yield norm[2:], 0, False, True
    for conj in (0, 1):
        if conj and norm[0] not in (_WAW, _FEH) or len(norm) < 3:
            return
        if conj:
            yield norm[1:], 1, True, False
            if norm.startswith(_AL, 1) and len(norm) > 4:
                yield norm[3:], 1, True, True
        head = norm[conj]
        if head in (_BEH, _LAM, _KAF):
            if len(norm) > conj + 2:
                yield norm[conj + 1 :], conj + 1, bool(conj), False
            if head == _LAM and norm[conj + 1] == _LAM:
                yield norm[conj + 2 :], conj + 1, bool(conj), True
                yield _AL + norm[conj + 2 :], conj + 1, bool(conj), True  # a phrase listed with its article
            elif norm.startswith(_AL, conj + 1) and len(norm) > conj + 4:
                yield norm[conj + 3 :], conj + 1, bool(conj), True
