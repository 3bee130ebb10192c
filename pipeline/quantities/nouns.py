"""Counted nouns: from the form that a number demands to the singular.

Three to ten take the plural, eleven to ninety-nine the singular in -an, hundreds the bare singular. Broken plurals come
from `data/lexicons/quantities/nouns.tsv`, sound ones and the accusative from rules checked against counted forms.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline.language.clitics import frequencies, split
from pipeline.language.fold import TATWEEL, fold
from pipeline.quantities.words import words
from pipeline.resources import lexicon

SUFFIXES = ("\u0647\u0627", "\u0647\u0645", "\u0646\u0627", "\u0647")  # her, their, our, his
ALEF, TEH_MARBUTA, HEH, YEH = "\u0627", "\u0629", "\u0647", "\u064a"
ARTICLE, MADDA = "\u0627\u0644", "\u0622"
SOUND_FEMININE = "\u0627\u062a"
SOUND_MASCULINE = ("\u064a\u0646", "\u0648\u0646")
_FEMININE_DUAL = ("\u062a\u064a\u0646", "\u062a\u0627\u0646")
_MARKS = re.compile(
    f"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed{TATWEEL}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
# Broken-plural patterns over folded letters: af`al, maf`il, maf`il with a long vowel, fawa`il, af`ila, fu`ala.
_BROKEN = re.compile(
    "\u0627..\u0627.|..\u0627[^\u0627\u0648].|..\u0627.\u064a.|..\u0648\u0627.|\u0627..\u0644\u0647|...\u0627\u0621"
)

_BROKEN_PERSON = "\u0627\u0621"  # the end of fu`ala, af`ila
_PARTICIPLE = re.compile(".\u0627..|\u0645....+|.*\u064a")  # fa`il, participles in m-, relational adjectives


@cache
def plurals() -> dict[str, str]:
    """Folded plural to singular; the first row wins where two nouns share a plural."""
    out: dict[str, str] = {}
    for row in lexicon("quantities/nouns.tsv"):
        for form in row["plurals"].split():
            out.setdefault(fold(form), row["singular"])
    return out


@cache
def singulars() -> dict[str, str]:
    return {fold(row["singular"]): row["singular"] for row in reversed(lexicon("quantities/nouns.tsv"))}


@cache
def not_counted() -> frozenset[str]:
    """Words that follow numbers without being counted: particles, prepositions, verbs, adverbs."""
    return frozenset(fold(form) for row in lexicon("quantities/not_counted.tsv") for form in row["forms"].split())


@cache
def duals() -> dict[str, str]:
    """Folded dual to singular, for nouns whose dual cannot be mistaken for a sound plural or another word."""
    rows = lexicon("quantities/nouns.tsv")
    blocked = {fold(f) for row in lexicon("quantities/dual_exceptions.tsv") for f in row["forms"].split()}
    counts = frequencies()
    taken = set(plurals()) | set(singulars()) | set(words()) | blocked
    out: dict[str, str] = {}
    for row in rows:
        singular = row["singular"]
        norm = fold(singular)
        stem = norm[:-1] + "\u062a" if singular.endswith(TEH_MARBUTA) else norm
        # A noun with a sound plural has no dual of its own in -ayn: the two are written alike. Such a plural is listed
        # or has a nominative in -un; participles and relational nouns may have one too.
        plural = norm + SOUND_MASCULINE[1]
        seen = counts.get(plural, 0) + counts.get(ARTICLE + plural, 0) >= 5
        listed = any(fold(p).endswith(SOUND_MASCULINE) for p in row["plurals"].split())
        adjective = _PARTICIPLE.fullmatch(norm) is not None or 50 * counts.get(ARTICLE + plural, 0) > sum(
            counts.get(article + norm + SOUND_MASCULINE[0], 0) for article in ("", ARTICLE)
        )
        oblique = [] if listed or seen and adjective else [stem + "\u064a\u0646"]
        forms = [stem + "\u0627\u0646", *oblique, *([stem + YEH] if singular.endswith(TEH_MARBUTA) else [])]
        for form in forms:
            if form not in taken and len(form) >= 5:
                out.setdefault(form, singular)
                if not form.endswith(stem + YEH) and not (seen and form in oblique):
                    out.setdefault(ARTICLE + form, singular)
    # The dual of a noun with teh marbuta has no other reading: its plural ends in -at.
    for form, count in counts.items():
        if count >= 5 and form.endswith(_FEMININE_DUAL) and form not in blocked and form not in out:
            stem = form[2:-3] if form.startswith(ARTICLE) else form[:-3]
            known = len(stem) >= 3 and counts.get(stem + HEH, 0) >= 20 and noun_like(stem + HEH)
            if form.startswith(ARTICLE) and stem.endswith(YEH):
                continue  # more often an adjective: the two French (channels)
            if known and not split(form)[0] and not stem.startswith(ARTICLE[1] * 2):
                out[form] = stem + TEH_MARBUTA
    return out


def clean(raw: str) -> str:
    """The word as a dictionary would print it: no marks, no tatweel, no controls."""
    return _MARKS.sub("", raw)


@lru_cache(1 << 15)
def noun_like(norm: str) -> bool:
    """Whether the form takes the article often enough to be a noun or adjective."""
    counts = frequencies()
    return counts.get(ARTICLE + norm, 0) >= max(5, 0.02 * counts.get(norm, 0))


def agreement(value: int | float | None, word: str = "") -> str:
    """Which form of the noun a number demands: plural (3-10), accusative (11-99), singular.

    Written in words, 3-10 have the gender that their noun has not: `ثلاثة` stands before the plural of a masculine,
    `ثلاث` before that of a feminine.
    """
    if isinstance(value, int):
        rest = abs(value) % 100
        if 3 <= rest <= 10:
            return "plural" if not word.isalpha() else "masculine" if word.endswith(HEH) else "feminine"
        if rest >= 11:
            return "accusative"
    return "singular"


@lru_cache(1 << 15)
def counted(raw: str, form: str) -> str | None:
    """The singular of the counted noun `raw` behind a number that demands `form`; None where it is no counted noun."""
    norm = fold(raw)
    if (
        len(norm) < 3
        or norm in not_counted()
        or norm in words()
        or (norm.startswith(ARTICLE) and norm not in plurals() and not clean(raw).startswith(MADDA))
    ):
        return None
    if form in ("plural", "masculine", "feminine"):
        return _of_plural(raw, norm, form) or singulars().get(norm) or _of_accusative(raw, norm, True)
    if form == "accusative":
        found = singulars().get(norm) or _of_accusative(raw, norm, False) or plurals().get(norm) or _feminine(raw, norm)
        return found or (_bare_singular(raw, norm) if noun_like(norm) else None)
    return (
        singulars().get(norm)
        or _feminine(raw, norm)
        or plurals().get(norm)
        or _of_accusative(raw, norm, True)
        or _bare_singular(raw, norm)
        or _of_sound(raw, norm)
    )


def _of_plural(raw: str, norm: str, form: str) -> str | None:
    if norm in plurals():
        return plurals()[norm]
    found = _of_sound(raw, norm, form)
    if found:
        return found
    proclitic = split(norm)[0]
    if not proclitic and len(norm) >= 4 and noun_like(norm) and _BROKEN.fullmatch(norm):
        return clean(raw)
    return None


def _of_sound(raw: str, norm: str, form: str = "") -> str | None:
    if len(norm) < 5 or split(norm)[0]:
        return None
    text = clean(raw)
    if norm.endswith(SOUND_FEMININE):
        return feminine_or_not(text[:-2], form)
    if norm.endswith(SOUND_MASCULINE) and noun_like(norm):
        return text[:-2]
    return None


def feminine_or_not(stem: str, gender: str = "") -> str:
    """The singular of a plural in -at: a woman has teh marbuta, else it is with it or without, as the number's gender
    says, or whichever is counted more often.
    """
    counts, norm = frequencies(), fold(stem)
    if _person(norm):
        return stem + TEH_MARBUTA
    bare = counts.get(norm, 0) + counts.get(ARTICLE + norm, 0)
    marked = counts.get(norm + HEH, 0) + counts.get(ARTICLE + norm + HEH, 0)
    if gender in ("masculine", "feminine") and 4 * min(bare, marked) >= max(bare, marked) > 0:  # papers mix them up
        return stem + TEH_MARBUTA * (gender == "feminine")
    return stem if bare > marked and not stem.endswith(YEH) or not bare + marked else stem + TEH_MARBUTA


@lru_cache(1 << 12)
def _person(norm: str) -> bool:
    """Whether the noun has a plural that only people have, so that its plural in -at is one of women."""
    own = [plural for plural, singular in plurals().items() if fold(singular) == norm]
    sound = frequencies().get(ARTICLE + norm + SOUND_MASCULINE[1], 0) >= 5
    return any(p.endswith((_BROKEN_PERSON, *SOUND_MASCULINE)) for p in own) or sound and norm in singulars()


def _of_accusative(raw: str, norm: str, known: bool) -> str | None:
    """`شخصا` (a person, accusative) to `شخص`."""
    base = norm[:-1]
    if norm.endswith(ALEF) and base in singulars():
        return singulars()[base]
    if not norm.endswith(ALEF) or len(norm) < 4:
        return None
    if known or base in not_counted() or split(norm)[0] or not noun_like(base):
        return None
    return clean(raw)[:-1]


def _feminine(raw: str, norm: str) -> str | None:
    text = clean(raw)
    if text.endswith(TEH_MARBUTA) and len(norm) >= 4 and not split(norm)[0]:
        return text
    return None


def _bare_singular(raw: str, norm: str) -> str | None:
    """A noun in its dictionary form, behind hundreds and thousands."""
    if (noun_like(norm) or _rare(norm)) and not split(norm)[0] and not _verb(norm):
        return clean(raw)
    return None


def _rare(norm: str) -> bool:
    """A word too rare for the counts: behind hundreds it is a noun, unless it begins like a verb or a preposition."""
    return (
        frequencies().get(norm, 0) < 5
        and len(norm) >= 4
        and norm[0] not in "\u064a\u062a\u0633\u0648\u0641\u0628\u0644\u0643"
    )


def _verb(norm: str) -> bool:
    """Imperfect verbs: yeh or teh in front, and the bare form far more frequent than the one with the article."""
    counts = frequencies()
    return norm[0] in (YEH, "\u062a") and counts.get(norm, 0) > 5 * counts.get(ARTICLE + norm, 0)
