"""Proclitics: which letters at the start of a word are a word of their own.

The one-letter words waw "and", feh "so", beh "in", lam "to", kaf "as" and seen "will" are written joined to the next
word, and many words begin with the same letters: `وزير` (minister) is whole, `وفرنسا` is `و` + `فرنسا` (and France).
Nothing is cut blindly. A cut needs evidence from `data/lexicons/language/wordforms.tsv.gz`, the counts of 165,000
folded word forms:

- for the cut: the rest is a frequent form, compared with the word itself;
- for the whole word: forms that carry something before the whole word (the article, a preposition, another conjunction,
  the yeh or teh of an imperfect verb), which no cut word can.

What the counts get wrong stands in `data/lexicons/language/proclitics.tsv`, foreign names in `name_parts.tsv`.
"""

from __future__ import annotations

import gzip
import math
from functools import cache, lru_cache

from pipeline.resources import data, lexicon

_WAW, _FEH, _BEH, _LAM, _KAF, _SEEN = "\u0648\u0641\u0628\u0644\u0643\u0633"
_ALEF, _YEH, _TEH, _NOON, _HEH = "\u0627\u064a\u062a\u0646\u0647"
_AL = _ALEF + _LAM
_PLURAL = (_WAW + _NOON, _ALEF + _NOON)  # endings of imperfect verbs
_SUFFIXES = tuple(  # possessive and object pronouns
    "".join(s)
    for s in (
        (_HEH, "\u0645", _ALEF), (_HEH, "\u0645"), (_HEH, _ALEF), (_NOON, _ALEF), (_TEH, _HEH), (_TEH, _HEH, _ALEF),
        (_HEH,), (_KAF,), (_YEH,), (_TEH,),
    )
)  # fmt: skip

# For each proclitic: the weight of the evidence for the whole word, and how readily a cut is made (a log prior).
# Fitted on half of UD Arabic PUD; kaf and feh are rare as words, waw is not.
_PRIOR = {
    _WAW: (0.4, 0.5),
    _FEH: (0.5, -3.0),
    _BEH: (0.4, -1.5),
    _LAM: (0.4, 0.1),
    _KAF: (0.3, -3.5),
    _SEEN: (0.5, -2.5),
}
_CONJUNCTIONS = _WAW + _FEH
# Words that no list knows and that begin so are foreign names (L-, W- with a vowel) far more often than cut words.
_NAME_STARTS = (_LAM + _WAW, _LAM + _YEH, _WAW + _YEH)
_FAR = -2.0  # the log odds down to which a cut is still listed
_NAME = -1.0  # the log odds of a cut in a known name: whole first
_MAX_LENGTH = 24  # a longer "word" is noise and stays whole


@cache
def frequencies() -> dict[str, int]:
    """How often each folded word form stands in 25 million words of news and encyclopedia; rarer than 5: not listed."""
    counts: dict[str, int] = {}
    with gzip.open(data("lexicons/language/wordforms.tsv.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            count, _, forms = line.partition("\t")
            counts.update(dict.fromkeys(forms.split(), int(count)))
    return counts


@cache
def _curated() -> dict[str, str]:
    return {row["form"]: row["proclitic"] for row in lexicon("language/proclitics.tsv")}


@cache
def _name_parts() -> frozenset[str]:
    return frozenset(row["form"] for row in lexicon("language/name_parts.tsv"))


def standalone(proclitic: str, rest: str) -> tuple[str, ...]:
    """How `rest` is written without its proclitic, likeliest first: after lam the article has lost its alef.

    >>> standalone("ل", "لاتحاد")   # from `للاتحاد`, to the union
    ('الاتحاد', 'لاتحاد', 'اللاتحاد')
    """
    if not proclitic.endswith(_LAM) or not rest.startswith(_LAM):
        return (rest,)
    forms = (_ALEF + rest, rest, _AL + rest)
    return tuple(sorted(forms, key=lambda form: -frequencies().get(form, 0)))


def _whole_evidence(proclitic: str, word: str) -> float:
    """Occurrences of `word` behind something that cannot stand before a proclitic."""
    before = [_BEH, _LAM, _KAF, _AL, _WAW + _AL, _BEH + _AL]
    if not word.startswith(_SEEN + _TEH):  # there the yeh makes an imperfect of the tenth form
        before += [_YEH, _TEH]
    before += [_WAW, _FEH] if proclitic in _CONJUNCTIONS else []
    before += [_LAM + _LAM] if proclitic != _LAM else []
    counts = frequencies()

    def total(stem: str) -> int:
        return sum(counts.get(prefix + stem, 0) for prefix in before)

    stems = (word[: -len(s)] for s in _SUFFIXES if word.endswith(s) and len(word) - len(s) >= 3)
    return max([total(word), *(0.3 * max(total(stem), total(stem + _HEH)) for stem in stems)])


def _cut_evidence(proclitic: str, rest: str) -> float:
    """Occurrences of `rest` or of forms that vouch for it."""
    counts = frequencies()
    if proclitic == _LAM and rest[0] == _LAM:
        return max(counts.get(form, 0) for form in standalone(proclitic, rest))
    found: float = counts.get(rest, 0)
    for suffix in _SUFFIXES:
        if rest.endswith(suffix) and len(rest) - len(suffix) >= 3:
            stem = rest[: -len(suffix)]
            found = max(found, 0.1 * counts.get(stem, 0), 0.1 * counts.get(stem + _HEH, 0))
    if rest.startswith(_AL) and len(rest) > 4:
        found = max(found, counts.get(rest[2:], 0))
        if proclitic in (_WAW, _BEH):
            found = max(found, 8)
    if proclitic == _SEEN and rest.endswith(_PLURAL) and len(rest) > 4:
        found = max(found, 8)
    if proclitic in (_BEH, _LAM, _KAF):
        found = max(found, 0.5 * counts.get(_AL + rest, 0))
        if rest[0] in (_WAW, _FEH, _BEH, _LAM) and _score(rest) > 0:
            found *= 0.05  # a preposition does not stand before another proclitic
    return found


@lru_cache(1 << 16)
def _score(word: str) -> float:
    """Log odds, roughly, that the first letter of `word` is a proclitic; negative infinity where it cannot be."""
    prior = _PRIOR.get(word[:1])
    if prior is None or not 2 <= len(word) <= _MAX_LENGTH:
        return -math.inf
    if word in _curated():
        return math.inf if _curated()[word] else -math.inf
    if word in _name_parts():
        return _NAME
    proclitic, rest = word[0], word[1:]
    if len(rest) < 2 or (proclitic == _SEEN and rest[0] not in (_YEH, _TEH, _NOON, _ALEF)):
        return -math.inf
    counts = frequencies()
    if word[:2] in _NAME_STARTS and word not in counts and rest not in counts:
        return _NAME
    here = counts.get(word, 0) + 0.5
    if len(rest) == 2:
        here *= 5
    weight, bias = prior
    cut = math.log((_cut_evidence(proclitic, rest) + 0.5) / here)
    whole = math.log((_whole_evidence(proclitic, word) + 0.5) / here)
    return cut - weight * whole + bias


@lru_cache(1 << 16)
def candidates(norm: str) -> tuple[tuple[str, str], ...]:
    """The analyses (proclitics, rest) of a folded word, best first; `('', norm)` is always among them.

    A proclitic is one letter, or a conjunction and one more. `rest` is always the end of `norm`, article included, so
    that raw offsets follow (`pipeline.language.fold.raw_length`); what it looks like standing alone: `standalone`.

    A cut is listed where it is better than even or not far from it, and where neither the word nor the rest is a known
    form (a name, mostly). There waw and lam (without a long vowel behind them) are read as proclitics first, the other
    letters as parts of the name, which is right more often than not.
    """
    found = [(0.0, "", norm)]
    score = _score(norm)
    if _plausible(norm, score):
        first, rest = norm[0], norm[1:]
        found.append((score, first, rest))
        if first in _CONJUNCTIONS and rest[0] not in _CONJUNCTIONS:
            second = _score(rest)
            if _plausible(rest, second):
                both = score + second if score > 0 and second > 0 else min(score, second)
                found.append((both, first + rest[0], rest[1:]))
    found.sort(key=lambda item: -item[0])
    return tuple((proclitic, rest) for _, proclitic, rest in found)


def _plausible(word: str, score: float) -> bool:
    if score > _FAR:
        return True
    counts = frequencies()
    return score > -math.inf and word not in counts and word not in _curated() and word[1:] not in counts


def split(norm: str) -> tuple[str, str]:
    """The best analysis (proclitics, rest) of a folded word.

    >>> split("وفرنسا"), split("وزير"), split("ببنك")
    (('و', 'فرنسا'), ('', 'وزير'), ('ب', 'بنك'))
    """
    return candidates(norm)[0]


@lru_cache(1 << 16)
def article(norm: str) -> tuple[str, str]:
    """(article, stem) of a folded word without proclitics; ('', norm) where its first letters are its own.

    Behind lam the article is written without its alef, which a word's own letters are not: `للرئيس` (to the president),
    but `لألمانيا` (to Germany). Another article before the word says the same: `الالتزام` (the commitment).

    >>> article("الرييس"), article("المانيا")
    (('ال', 'رييس'), ('', 'المانيا'))
    """
    stem = norm[len(_AL) :]
    if not norm.startswith(_AL) or len(stem) < 3 or len(norm) > _MAX_LENGTH:
        return "", norm
    counts = frequencies()
    for_it = counts.get(_LAM + _LAM + stem, 0) + 0.1 * counts.get(stem, 0)
    against = counts.get(_LAM + norm, 0) + counts.get(_AL + norm, 0)
    if against:
        return (_AL, stem) if for_it > 3 * against else ("", norm)
    return (_AL, stem) if for_it >= 1 or norm in counts else ("", norm)
