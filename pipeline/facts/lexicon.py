"""The words of the fact grammar, read from `data/lexicons/facts/` and looked up through attached particles."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.language.fold import fold
from pipeline.resources import data, lexicon

# One-letter particles that are written onto the next word: conjunctions, prepositions, the article.
CONJUNCTIONS = "\u0648\u0641"  # waw, feh
BEH, LAM, KAF, SEEN, ALEF, TEH, HEH, YEH, NOON, WAW = "\u0628\u0644\u0643\u0633\u0627\u062a\u0647\u064a\u0646\u0648"
ARTICLE = ALEF + LAM
TO, BETWEEN = "\u0627\u0644\u064a", "\u0628\u064a\u0646"
QAD = "\u0642\u062f"  # "may" before a verb of the present
DEFINITE = frozenset(
    ("carrier", "same", "earlier", "ended", "forecast", "period", "respective")
)  # with the article, too
THEIR = HEH + "\u0645"  # "of them", said of people
PRONOUNS = (HEH, HEH + ALEF, THEIR, THEIR + ALEF)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that governs a figure: `sense` as in verbs.tsv, `verbal` for a finite verb."""

    sense: str
    verbal: bool
    participle: bool = False


@cache
def triggers() -> dict[str, Trigger]:
    """Every inflected form of verbs.tsv without particles. A form that is both verb and noun is a noun here."""
    out: dict[str, Trigger] = {}
    for row in lexicon("facts/verbs.tsv"):
        sense = row["sense"]
        verb = Trigger(sense, True)
        for past in filter(None, fold(row["past"]).split("|")):
            for suffix in ("", TEH, ALEF, TEH + ALEF, WAW + ALEF, NOON + ALEF, NOON):
                out.setdefault(past + suffix, verb)
        for present in filter(None, fold(row["present"]).split("|")):
            for prefix in (YEH, TEH, NOON)[: len(present)]:  # "we are less" is written like "transport"
                for suffix in ("", WAW + NOON, ALEF + NOON, WAW + ALEF):
                    out.setdefault(prefix + present + suffix, verb)
        for noun in filter(None, fold(row["noun"]).split("|")):
            for form in _noun_forms(noun):
                out[form] = Trigger(sense, False)
        for participle in filter(None, fold(row["participle"]).split("|")):
            for suffix in (ALEF, HEH) if sense == "light" else ("", ALEF, HEH):
                out.setdefault(participle + suffix, Trigger(sense, False, True))
    return out


def _noun_forms(noun: str):
    yield noun
    stem = noun[:-1] + TEH if noun.endswith(HEH) else noun
    if noun != stem:
        yield noun[:-1] + ALEF + TEH
    else:
        yield noun + ALEF
        yield noun + ALEF + TEH
    for pronoun in PRONOUNS:
        yield stem + pronoun


@cache
def cues() -> dict[str, str]:
    """Function words and fixed words, folded, to their class (see cues.tsv)."""
    return {fold(row["form"]): row["class"] for row in lexicon("facts/cues.tsv")}


@dataclass(frozen=True, slots=True)
class Word:
    """What the grammar knows of one token.

    `cue`: class of the bare word in cues.tsv; `prep`: the preposition written onto it (beh, lam, kaf or ''), `bare`:
    the word without conjunction and preposition; `result`: a verb with lam of purpose or result ("so that it reaches");
    `definite`: it has the article.
    """

    norm: str
    bare: str
    conj: str
    prep: str
    cue: str
    trigger: Trigger | None
    future: bool
    result: bool
    definite: bool


@cache
def balance() -> dict[str, str]:
    """Nouns of profit and loss, by the side of nought on which they are."""
    return {fold(row["form"]): row["side"] for row in lexicon("facts/balance.tsv")}


@cache
def open_words() -> frozenset[str]:
    """Words that no noun phrase ends with."""
    return frozenset(fold(row["word"]) for row in lexicon("facts/open_words.tsv"))


@lru_cache(maxsize=65536)
def word(norm: str) -> Word:
    """Analyse one folded token against the lexicons; particles come off only where a known word is left."""
    known_cues, known_triggers = cues(), triggers()
    for conj, prep, mark, article, rest in _analyses(norm):
        cue, trigger = known_cues.get(rest, ""), known_triggers.get(rest)
        if article and cue and not known_cues.get(ARTICLE + rest):
            cue = cue if cue in DEFINITE else ""
        if (prep or article) and trigger and trigger.verbal:
            trigger = None
        if (cue or trigger) and not (conj and norm in balance()):  # a surplus is no "and also"
            return Word(norm, rest, conj, prep, cue, trigger, mark == SEEN, mark == LAM, article)
    definite = ARTICLE in norm[:4] and len(norm) > 4
    return Word(norm, norm, "", "", "", None, False, False, definite)


def _analyses(norm: str):
    """(conjunction, preposition, verbal particle, article, rest), the least cut first."""
    for conj in ("", norm[:1]) if norm[:1] in CONJUNCTIONS and len(norm) > 2 else ("",):
        tail = norm[len(conj) :]
        yield conj, "", "", False, tail
        if tail.startswith(ARTICLE) and len(tail) > 4:
            yield conj, "", "", True, tail[2:]
        if len(tail) < 3:
            continue
        first, rest = tail[0], tail[1:]
        if first == SEEN and rest[0] in (YEH, TEH, NOON):
            yield conj, "", SEEN, False, rest
        elif first in (BEH, KAF):
            yield conj, first, "", False, rest
            if rest.startswith(ARTICLE) and len(rest) > 4:
                yield conj, first, "", True, rest[2:]
        elif first == LAM:
            if rest[:1] in (YEH, TEH, NOON):  # purpose or result: "so that it reaches"
                yield conj, "", LAM, False, rest
            yield conj, first, "", False, rest
            if rest.startswith(LAM) and len(rest) > 3:
                yield conj, first, "", True, rest[1:]


@lru_cache(maxsize=65536)
def finite(norm: str) -> bool:
    """Whether a folded word is most likely a finite verb, by the forms that a large text holds beside it.

    An imperfect has its seen-future or its other person and no article; a perfect has its plural in waw-alef.
    """
    from pipeline.language.clitics import frequencies, split

    particles, form = split(norm)
    if SEEN in particles:
        return True
    if len(form) < 3 or form.startswith(ARTICLE):
        return False
    counts = frequencies()
    nominal = counts.get(ARTICLE + form, 0)
    if form[0] in (YEH, TEH):
        other = (TEH if form[0] == YEH else YEH) + form[1:]
        evidence = 3 * counts.get(SEEN + form, 0) + (counts.get(other, 0) if form[0] == TEH else counts.get(other, 0))
        if evidence > 2 * nominal:
            return True
    stem = form[:-1] if form.endswith(TEH) else form
    return len(stem) > 2 and 10 * counts.get(stem + WAW + ALEF, 0) > max(nominal, 1)


@cache
def measures() -> dict[str, int]:
    """How much likelier a noun (without article) is behind a verb of movement or level than anywhere, as a log2."""
    out: dict[str, int] = {}
    with gzip.open(data("lexicons/facts/measures.tsv.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            level, _, nouns = line.partition("\t")
            out.update(dict.fromkeys(nouns.split(), int(level)))
    return out


def measure(norm: str) -> int:
    """The level of a folded noun in `measures`; an unlisted one is taken for no measure."""
    table = measures()
    if norm.startswith(ARTICLE) and len(norm) > 4:
        norm = norm[2:]
    return table.get(norm, -3)
