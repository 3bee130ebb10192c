"""The words of reporting: verbs in all their inflections, heads of speakers, function words.

From `data/lexicons/statements/*.tsv`. The verb table holds base forms only; the sound and weak paradigms are made here,
over folded letters.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pipeline.language.clitics import frequencies
from pipeline.language.fold import fold
from pipeline.resources import lexicon

_ALEF, _WAW, _YEH, _TEH, _NOON, _HEH, _MEEM = "\u0627\u0648\u064a\u062a\u0646\u0647\u0645"
_SOUND_PLURALS = (_WAW + _NOON, _YEH + _NOON)
CONJUNCTIONS = (_WAW, "\u0641")
AL = "\u0627\u0644"
_LAM, _BEH = "\u0644", "\u0628"
_OWNERS = (_HEH, _HEH + _ALEF, _HEH + _MEEM, _NOON + _ALEF)  # possessive pronouns
_PRONOUNS = (_HEH, _HEH + _ALEF, _HEH + _MEEM, _HEH + _MEEM + _ALEF, _NOON + _YEH, _NOON + _ALEF)


class Verb(NamedTuple):
    """What a verb of saying takes: `takes` and `flags` are those of `verbs.tsv`."""

    lemma: str
    takes: frozenset[str]
    flags: frozenset[str]
    nouns: frozenset[str]  # governed prepositions and nouns, folded
    participle: str = ""


class Form(NamedTuple):
    """An inflected form: tense is perfect, imperfect or participle; gender m or f; pronoun: an object is attached."""

    verb: Verb
    tense: str
    gender: str
    plural: bool
    pronoun: bool = False


_FRAMES = {"that", "colon", "quote", "obj", "obj!"}


@cache
def verbs() -> dict[str, Form]:
    """Every inflected folded form, without conjunction, to its analysis; the earlier line of the table wins."""
    out: dict[str, Form] = {}
    for row in lexicon("statements/verbs.tsv"):
        takes = row["takes"].split()
        verb = Verb(
            row["perfect"],
            frozenset(t for t in takes if t in _FRAMES),
            frozenset(row["flags"].split()),
            frozenset(fold(t) for t in takes if t not in _FRAMES),
            row["participle"],
        )
        for form, analysis in _inflect(verb, fold(row["perfect"]), fold(row["imperfect"]), fold(row["participle"])):
            out.setdefault(form, analysis)
    return out


def _inflect(verb: Verb, perfect: str, imperfect: str, participle: str):
    weak = perfect[-1] in (_ALEF, _YEH)
    stem = perfect[:-1] if weak else perfect
    past = [(perfect, "m", False), (stem + _TEH, "f", False), (stem + _WAW + _ALEF, "m", True)]
    past += [(perfect + _ALEF, "m", True), (stem + _TEH + _ALEF, "f", True), (stem + _NOON, "f", True)]
    for form, gender, plural in past:
        yield form, Form(verb, "perfect", gender, plural)
        if "pron" in verb.flags and not plural:
            base = form[:-1] + _ALEF if weak and gender == "m" else form
            for pronoun in _PRONOUNS:
                yield base + pronoun, Form(verb, "perfect", gender, plural, True)
    if "pron" in verb.flags:
        for pronoun in _PRONOUNS:
            yield stem + _WAW + pronoun, Form(verb, "perfect", "m", True, True)
    if imperfect:
        body = imperfect[1:]
        stem = body[:-1] if body[-1] in (_ALEF, _YEH, _WAW) else body
        for prefix, gender in ((_YEH, "m"), (_TEH, "f")):
            yield prefix + body, Form(verb, "imperfect", gender, False)
            # with teh, the plural in waw is "you"
            for ending in (_WAW + _NOON, _WAW + _ALEF, _ALEF + _NOON) if prefix == _YEH else (_ALEF + _NOON,):
                yield prefix + stem + ending, Form(verb, "imperfect", gender, True)
            if "pron" in verb.flags:
                for pronoun in _PRONOUNS:
                    yield prefix + body + pronoun, Form(verb, "imperfect", gender, False, True)
    if participle:
        stem = participle[:-1]
        yield participle, Form(verb, "participle", "m", False)
        yield stem + _HEH, Form(verb, "participle", "f", False)
        yield stem + _YEH + _NOON, Form(verb, "participle", "m", True)
        if stem.endswith(_YEH):
            yield stem + _NOON, Form(verb, "participle", "m", True)


@cache
def heads() -> dict[str, str]:
    """Folded noun, without article, to its kind: person, body, media, document, part."""
    out: dict[str, str] = {}
    for row in lexicon("statements/heads.tsv"):
        for cell in (row["form"], row["feminine"], row["plural"]):
            for form in cell.split():
                for written in _with_construct(fold(form)):
                    out.setdefault(written, row["kind"])
    return out


def _with_construct(form: str) -> tuple[str, ...]:
    """A noun and, of a sound plural, the forms that it takes before a genitive ("observers of")."""
    if len(form) < 6 or not form.endswith(_WAW + _NOON):
        return (form,)
    return form, form[:-1], form[:-2] + _YEH


@cache
def _plural_heads() -> frozenset[str]:
    rows = lexicon("statements/heads.tsv")
    forms = (fold(form) for row in rows for form in row["plural"].split())
    return frozenset(written for form in forms for written in _with_construct(form)) | frozenset(
        fold(row["form"]) for row in rows if row["kind"] == "part"
    )


def is_plural(word: str) -> bool:
    """Is the noun, a head of speakers, one for many?"""
    bare = strip(word)
    return bare in _plural_heads() or bare[-2:] in _SOUND_PLURALS and bool(head_kind(word))


@cache
def feminine_heads() -> frozenset[str]:
    """The feminine forms of people."""
    return frozenset(fold(row["feminine"]) for row in lexicon("statements/heads.tsv") if row["feminine"])


@cache
def lemma_of_head() -> dict[str, str]:
    """Any form of a head to its first form, to compare titles."""
    out: dict[str, str] = {}
    for row in lexicon("statements/heads.tsv"):
        for cell in (row["form"], row["feminine"], row["plural"]):
            for form in cell.split():
                out.setdefault(fold(form), fold(row["form"]))
    return out


@cache
def words(kind: str) -> frozenset[str]:
    """The one-word function words of a class of `particles.tsv`, folded."""
    return frozenset(f for f in _particles(kind) if " " not in f)


@cache
def phrases(kind: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The function phrases of a class, longest first, by their first word."""
    out: dict[str, list[tuple[str, ...]]] = {}
    for form in _particles(kind):
        parts = tuple(form.split())
        out.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(forms, key=len, reverse=True)) for first, forms in out.items()}


def _particles(kind: str) -> list[str]:
    return [fold(row["form"]) for row in lexicon("statements/particles.tsv") if row["class"] == kind]


@cache
def content_nouns() -> frozenset[str]:
    return frozenset(fold(row["form"]) for row in lexicon("statements/content.tsv"))


@cache
def sources() -> dict[str, tuple[tuple[tuple[str, ...], frozenset[str]], ...]]:
    """Source phrases by their first word: the whole phrase and what links it to its noun ("" where nothing does)."""
    out: dict[str, list] = {}
    for row in lexicon("statements/sources.tsv"):
        parts = tuple(fold(row["form"]).split())
        out.setdefault(parts[0], []).append((parts, frozenset(fold(x) for x in row["link"].split())))
    return {first: tuple(sorted(rows, key=lambda r: -len(r[0]))) for first, rows in out.items()}


def starts(norms: list[str], k: int, end: int, table: dict[str, tuple[tuple[str, ...], ...]]) -> int:
    """How many tokens from `k` on are a phrase of the table; 0 if none."""
    for parts in table.get(norms[k], ()):
        if k + len(parts) <= end and all(norms[k + d] == part for d, part in enumerate(parts)):
            return len(parts)
    return 0


def strip(word: str) -> str:
    """A noun without its article."""
    return word[2:] if word.startswith(AL) and len(word) > 4 else word


def head_kind(word: str) -> str:
    """The kind of speaker that a noun can head, its conjunction and article taken off; "" if it can head none."""
    table = heads()
    kind = table.get(word) or table.get(strip(word))
    if not kind and word[-2:] in _SOUND_PLURALS:
        kind = table.get(strip(word)[:-2])
    if not kind:
        owned = (_owned(word[: -len(end)]) for end in _OWNERS if word.endswith(end) and len(word) > 4)
        kind = next(filter(None, owned), "")
    if kind or word[:1] not in CONJUNCTIONS:
        return kind or ""
    return table.get(word[1:]) or table.get(strip(word[1:])) or ""


def _owned(stem: str) -> str:
    """The kind of a head whose possessive pronoun was taken off ("its director", "our study")."""
    table = heads()
    kind = table.get(stem) or (table.get(stem[:-1] + _HEH) if stem.endswith(_TEH) else "") or ""
    return "" if kind == "part" else kind


def oblique(word: str) -> bool:
    """A sound plural in the form that no subject has ("the adults", as object)."""
    return word.endswith(_YEH + _NOON) and len(word) > 6 and word[:-2] + _WAW + _NOON in frequencies()
