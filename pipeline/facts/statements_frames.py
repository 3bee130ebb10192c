"""Frames of the verbs of saying: from the verb to its speaker and to the first word of what was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pipeline.facts.statements_lexicon import (
    AL,
    CONJUNCTIONS,
    Form,
    content_nouns,
    head_kind,
    oblique,
    phrases,
    starts,
    verbs,
    words,
)
from pipeline.facts.statements_quotes import MARKS
from pipeline.facts.statements_speaker import COMMAS, ENDS, Phrases, masdar_like
from pipeline.language.clitics import frequencies, split
from pipeline.layers import Entity, Sentence

_WINDOW = 70  # tokens between a verb and what it takes
_SHORT = 30  # the same for a form that may be another word
_NAME = 5  # tokens from the first to the last mark of a quoted name
_NEAR = 16  # tokens between a doubtful noun and the conjunction that makes it the subject
_ALEF, _TEH_MARBUTA, _TANWIN = "\u0627", "\u0629", "\u064b"
_THAT_ONE = "\u0630\u0644\u0643"
_SEEN = "\u0633"
_BEH, _LAM, _IN, _TO, _ON, _ABOUT = (
    "\u0628",
    "\u0644",
    "\u0641\u064a",
    "\u0627\u0644\u064a",
    "\u0639\u0644\u064a",
    "\u0639\u0646",
)
_PRONOUN_ENDS = ("\u0647", "\u0647\u0627", "\u0647\u0645")


class Frame(NamedTuple):
    """What stands behind a verb; positions are token indexes.

    speaker : span of its noun phrase. start : first token of what was said. cut : letters of that token that are a
    preposition. kind : that, quote, colon, prep, obj.
    """

    speaker: tuple[int, int] | None
    start: int
    cut: int
    kind: str


@dataclass(slots=True)
class Report:
    """A report on its way to a statement; all positions are token indexes."""

    verb: int  # the trigger
    verb_end: int
    form: Form | None  # None for a source phrase
    speaker: tuple[int, int] | None  # its words, apposition included
    start: int  # of what was said
    cut: int = 0  # letters of the first content token that are a preposition
    joined: bool = False  # coordinated to what stands before: ends it
    quoted: bool = False  # the content is one quotation
    noun: bool = False  # the content is a noun phrase, not a clause
    stop: int = 0  # end of the content where it is known already
    sentence: int = 0
    before: int = 0  # where the report's own words begin (openers)
    nested: bool = False
    text: str | None = None
    phrase: str | None = None
    entity: Entity | None = None


class Frames:
    """Reads the frames of one document."""

    def __init__(self, reader: Phrases):
        self.reader = reader
        self.norms = reader.norms
        self.quotes = reader.quotes
        self.anaphora = reader.anaphora

    def read(self, p: int, form: Form, sentence: Sentence, subject: bool = True) -> Frame | None:
        """The frame behind a verb that ends before token `p`; `subject`: a speaker may stand in it."""
        verb = form.verb
        doubt = "weak" in verb.flags and not (subject and p < sentence.j and self.reader.mention(p))
        end = min(sentence.j, p + (_SHORT if doubt else _WINDOW))
        if "relay" in verb.flags:
            return self._relayed(p, end, sentence)
        if "report_in" in verb.flags:
            return self._stands_in(p, end, sentence)
        norms = self.norms
        full = not ("noobj" in verb.flags and form.tense == "imperfect")
        full = full and not form.pronoun  # the pronoun is the object
        takes_obj, listed = full and "obj" in verb.takes, full and "obj!" in verb.takes
        clause, quote = "that" in verb.takes, "quote" in verb.takes or "colon" in verb.takes
        speaker: tuple[int, int] | None = None
        doubtful: Frame | None = None  # an unlikely object, taken if nothing better follows
        adjunct, adjunct_seen, k = False, False, p
        while k < end:
            word = norms[k]
            if word in MARKS:
                close = self.quotes.close.get(k)
                if close is None:  # never closed
                    opens = (
                        k == p
                        or speaker
                        and speaker[1] >= k - 1
                        or norms[k - 1] in COMMAS
                        or norms[k - 1] in words("manner")
                    )
                    if quote and opens and not adjunct and k not in self.quotes.open and k + 3 < sentence.j:
                        return Frame(speaker, k + 1, 0, "colon")
                    k += 1
                elif doubtful and (not quote or "pron" in verb.flags):
                    return doubtful  # "described the claims as"
                elif (quote or takes_obj or listed) and self._is_content(k, close, p, speaker, end):
                    return Frame(speaker, k + 1, 0, "quote")
                else:
                    if speaker and not adjunct and speaker[1] == k:
                        speaker = (speaker[0], close + 1)
                    elif speaker is None and subject and not adjunct and close - k <= _NAME:
                        speaker = (k + 1, close)  # `announced today "Cisco" that`
                    k = close + 1
                continue
            if word == ":":
                if not quote or k + 1 >= sentence.j and k + 1 >= len(norms) or norms[k - 1] in words("list"):
                    return None
                quoted = k + 1 < len(norms) and (k + 1) in self.quotes.close
                if k + 1 >= sentence.j and not quoted:
                    return None
                k += 1
                if not quoted and self.norms[k] in words("that") and k + 1 < sentence.j:
                    k += 1
                return Frame(speaker, k + 1, 0, "quote") if quoted else Frame(speaker, k, 0, "colon")
            if word == _THAT_ONE and k == p:
                if "pron" in verb.flags and k + 1 < end and norms[k + 1][-1] == _ALEF:
                    return Frame(speaker, k, 0, "obj")  # "considered that a victory"
                takes_obj = listed = False  # "announced that": what was said stands elsewhere
            wish = self.reader.wish_end(k, end)
            if wish > k:
                k = wish  # no speaker
                continue
            if word in words("title"):  # "Dr." with its stop
                k += 2 if k + 1 < end and norms[k + 1] == "." else 1
                continue
            if (
                quote
                and "bare" not in verb.flags
                and self._opens_speech(k, p, speaker, adjunct, takes_obj or "weak" in verb.flags)
            ):
                return Frame(speaker, k, 0, "colon")
            if word in words("that"):
                if clause and not self._blocked(k, p, verb):
                    return Frame(speaker, k + 1, 0, "that") if k + 1 < sentence.j else None
                adjunct = True
                k += 1
                continue
            if word in verb.nouns and len(word) > 3:  # the object that makes it a verb of saying: "lays the blame on"
                return Frame(speaker, speaker[1] if speaker else p, 0, "obj")
            if word in verb.nouns and word != _BEH and not self._aside(k, end):
                return self._governed(k + 1, speaker, sentence)
            if _BEH in verb.nouns and word[0] == _BEH and not adjunct and word not in words("manner") | words("titled"):
                if word in words("pronoun"):
                    k += 1
                    continue
                if word == _BEH or split(word)[0] == _BEH:
                    return doubtful or Frame(speaker, k, 1, "prep")
            if _LAM in verb.nouns and word[0] == _LAM and not adjunct and len(word) > 3:
                rest = split(word)[1]
                if masdar_like(AL + rest[word.startswith(_LAM + _LAM) :]) or rest in content_nouns():
                    return Frame(speaker, k, 1, "prep")
            if word in COMMAS:
                if k + 1 < end and self.other_verb(k + 1):
                    return doubtful
                after = k
                if speaker:
                    after = k if adjunct else self.reader.apposition(k, end)
                    after = self._late_name(k, end, speaker) if after == k else after
                if after > k:
                    speaker = (speaker[0], after)
                elif speaker and takes_obj and not adjunct:
                    after = self.reader.office(k, end)
                adjunct, k = False, max(after, k + 1)
                continue
            if word in ENDS and k + 1 >= sentence.j:
                return doubtful
            time = self.reader.time_end(k, end)
            if time > k:
                k = time
                continue
            if k > p and self.other_verb(k):
                return doubtful
            if word == _ABOUT and speaker and clause and k + 1 < end and norms[k + 1] in words("origin"):
                speaker = (k + 1, max(self.reader.end(k + 1, end), k + 2))  # "X reports from a source that"
                k = speaker[1]
                continue
            if word in words("relative") or word in words("adjunct"):
                adjunct, adjunct_seen, k = True, True, k + 1
                continue
            if word in words("manner") or word in words("emphatic") or word in words("adverb"):
                k += 1
                continue
            if word in words("pronoun") or word in words("opener") or not self.reader.is_word(k):
                k += 1
                continue
            if adjunct:
                listed_here = word in content_nouns() or takes_obj and masdar_like(word)
                if (takes_obj or listed) and listed_here and self._closed(k):
                    return Frame(speaker, k, 0, "obj")
                k += 1
                continue
            if speaker is None and subject and word not in content_nouns():
                greedy = not (takes_obj or listed) or clause and self._clause_near(k, end)
                if self._can_speak(k, greedy and not adjunct_seen) and not self._is_object(k, form, k == p):
                    greedy = greedy and "near" not in verb.flags
                    speaker = (k, max(self.reader.end(k, end, greedy, verb.nouns), k + 1))
                    k = speaker[1]
                    continue
            prefixed = split(word)[0] and not self.reader.mention(k) and word not in content_nouns()
            if prefixed:
                if word[0] not in CONJUNCTIONS:
                    adjunct = adjunct_seen = True
            elif word in content_nouns() and (takes_obj or listed) or listed and self._counted(k, end):
                return Frame(speaker, k, 0, "obj")
            elif form.pronoun and speaker and word[-1] == _ALEF and verb.takes & {"obj", "obj!"}:
                return Frame(speaker, k, 0, "obj")  # "which the minister considered a sign of"
            elif "near" in verb.flags and speaker and speaker[1] == k:
                return None  # "approved a plan to"
            elif takes_obj and doubtful is None:
                if self._likely_object(word) or _TANWIN in self.reader.layer.tokens.raw(k):
                    return Frame(speaker, k, 0, "obj")
                if speaker or not subject:
                    doubtful = Frame(speaker, k, 0, "obj")
            k += 1
        return doubtful

    def _opens_speech(self, k: int, p: int, speaker, adjunct: bool, weak: bool) -> bool:
        """Does what was said start at token `k` with neither conjunction nor mark: "and X said there is"?"""
        before = self.norms[k - 1]
        first = k == p or bool(speaker and speaker[1] == k and (before.startswith(AL) or k - 1 in self.anaphora.over))
        if self.reader.speech(k):
            free = before in COMMAS or before in MARKS or before == ")" or k - 1 in self.anaphora.over
            return first or free or any(before in words(kind) for kind in ("adverb", "day", "event"))
        if adjunct or weak:
            return False
        if before in COMMAS:
            return bool(speaker) and self.norms[k][0] == _SEEN and self.reader.finite(k)
        return first and (self.norms[k] in words("said") or self.reader.finite(k))

    def _late_name(self, k: int, end: int, speaker: tuple[int, int]) -> int:
        """Behind a name between commas that follows a long title ("the ambassador to the UN, X,"), else `k`."""
        named = any(self.anaphora.over[q][0].label == "PER" for q in range(*speaker) if q in self.anaphora.over)
        if named or k + 1 >= end or self.reader.kind(speaker[0]) != "person":
            return k
        stop = k + 1  # ", adviser of the president for religious affairs Y"
        if self.reader.mention(stop) or head_kind(self.norms[stop]) == "person":
            stop = self.reader.end(stop, end)
        pair = self.anaphora.over.get(stop - 1)
        if pair is None or pair[0].label != "PER" or pair[0].proclitic or stop >= end:
            return k
        closed = (
            self.norms[stop] in COMMAS or self.norms[stop] in words("that") or self.reader.time_end(stop, end) > stop
        )
        return stop if closed else k

    def _can_speak(self, k: int, clause_only: bool) -> bool:
        """May the subject start here? Any noun may, where nothing but a clause can be the object."""
        word = self.norms[k]
        if word in verbs() and verbs()[word].tense == "participle" and not head_kind(word):
            return False
        mention = self.reader.mention(k)
        if mention and mention.proclitic not in ("", *CONJUNCTIONS):
            return False
        if (
            word[-1] == _ALEF
            and not word.startswith(AL)
            and word[:-1] in frequencies()
            and not self.reader.is_subject(k)
        ):
            return False  # an adverb
        if not (clause_only or self.reader.is_subject(k)):
            return False
        return not split(word)[0] or bool(self.reader.mention(k)) or bool(head_kind(word)) or word[0] in CONJUNCTIONS

    def _is_object(self, k: int, form: Form, adjacent: bool) -> bool:
        """Is the noun the one spoken to or of, not the speaker: by its case, its gender, or because it cannot speak?"""
        word = self.norms[k]
        if self.reader.mention(k):
            return False
        if oblique(word) or _TANWIN in self.reader.layer.tokens.raw(k):
            return True
        if "addressee" not in form.verb.flags or form.pronoun:
            return False
        feminine = self.reader.layer.tokens.raw(k)[-1] == _TEH_MARBUTA
        return not self.reader.kind(k) or adjacent and feminine and form.gender == "m"

    def _is_content(self, k: int, close: int, p: int, speaker, end: int) -> bool:
        """Is the quotation what was said, not a quoted name or word?"""
        if k == p or self.norms[k - 1] == ":" or self.norms[k - 1] in words("manner"):
            named = self.anaphora.at.get(k + 1)
            name = close - k <= 4 or named and named[0].j >= close
            told = close + 1 < end and self.norms[close + 1] in words("manner")
            return not (name and (told or self._clause_near(close + 1, end)))
        if self.norms[k - 1] in words("titled") or any(
            w in words("that") for w in self.norms[close + 1 : min(close + 4, end)]
        ):
            return False
        if close - k > 6:
            return True
        after = self.norms[close + 1] if close + 1 < len(self.norms) else "."
        return (
            bool(speaker)
            and close - k > 2
            and (after in COMMAS or after in ENDS)
            and (speaker[1] == k or self.norms[k - 1] in COMMAS or self.norms[k - 1] in words("day"))
            and not self._names_inside(k, close)
        )

    def _names_inside(self, k: int, close: int) -> bool:
        return any(p in self.anaphora.over for p in range(k + 1, close))

    @staticmethod
    def _likely_object(word: str) -> bool:
        """An indefinite noun right behind the verb may be its subject; an object has a pronoun or is a verbal noun."""
        return word.endswith(_PRONOUN_ENDS) or masdar_like(word)

    def _closed(self, k: int) -> bool:
        """Is the noun phrase before token `k` closed, so that a new one starts here?"""
        before = self.norms[k - 1]
        return (
            before.startswith(AL)
            or (k - 1) in self.anaphora.over
            or before in words("pronoun")
            or before in words("day")
            or before.endswith(_PRONOUN_ENDS[1:])
        )

    def _counted(self, k: int, end: int) -> bool:
        """A number word before a listed noun ("six aims")."""
        return k + 1 < end and self.norms[k + 1] in content_nouns() and not self.norms[k].startswith(AL)

    def _clause_near(self, k: int, end: int) -> bool:
        """Does the conjunction follow soon, with no noun between that would be what is said?"""
        for p in range(k, min(end, k + _NEAR)):
            word = self.norms[p]
            if word in words("that"):
                before = self.norms[p - 1]
                return before not in words("block") and not (p > k and before in content_nouns())
            if word in content_nouns() or word == ":" or self.other_verb(p):
                return False
        return False

    def _governed(self, k: int, speaker, sentence: Sentence) -> Frame | None:
        """Behind a governed preposition: a clause, else the noun phrase itself."""
        if k >= sentence.j or self.norms[k] in ENDS or self.norms[k] in COMMAS:
            return None
        if self.norms[k] in words("that"):
            return Frame(speaker, k + 1, 0, "that") if k + 1 < sentence.j else None
        return None if self.norms[k] == _THAT_ONE else Frame(speaker, k, 0, "prep")

    def _blocked(self, k: int, p: int, verb) -> bool:
        """Is the conjunction taken by the word before it ("after that", "it is possible that")?"""
        if k == p:
            return False
        before = self.norms[k - 1]
        if before in words("block") or before in content_nouns():
            return True
        return before in words("adjunct") and before not in verb.nouns and k - p > 1 and before not in (_ON, _TO)

    def _aside(self, k: int, end: int) -> bool:
        """ "For his part", "on the margins of": the preposition is not the governed one."""
        if k + 1 >= end:
            return True
        return self.norms[k + 1] in words("aside") or starts(self.norms, k, end, phrases("adjunct")) > 1

    def other_verb(self, k: int) -> bool:
        """Does another verb or participle of saying start here, so that the frame before is over?"""
        word = self.norms[k]
        if word in words("manner") or word in words("adjunct") or k in self.anaphora.over:
            return False
        form = verbs().get(word)
        if form is not None:
            if form.tense == "participle":
                comma = k > 0 and self.norms[k - 1] in COMMAS
                return (form.gender == "m" or comma) and not head_kind(word)
            return "weak" not in form.verb.flags
        form = verbs().get(word[1:]) if word[0] in CONJUNCTIONS else None
        return form is not None and not head_kind(word)

    def _relayed(self, p: int, end: int, sentence: Sentence) -> Frame | None:
        """ "The agency relayed from X his saying that": X is the speaker."""
        k = next((q for q in range(p, end) if self.norms[q] == _ABOUT), None)
        if k is None or k + 1 >= end:
            return None
        close = self.quotes.close.get(k + 1, 0)
        if close and close - k <= 8:  # a name in quotation marks
            k, stop = k + 1, close
        else:
            stop = max(self.reader.end(k + 1, end, greedy=True), k + 2)
        for q in range(stop, min(end, stop + 12)):
            word = self.norms[q]
            if word == ":" or word in words("that") or (q in self.quotes.close and self.quotes.close[q] - q > 4):
                quoted = (q + 1) if q + 1 in self.quotes.close else q if q in self.quotes.close else None
                if quoted is not None:
                    return Frame((k + 1, stop), quoted + 1, 0, "quote" if word != "that" else "that")
                return Frame((k + 1, stop), q + 1, 0, "colon" if word == ":" else "that")
        return None

    def _stands_in(self, p: int, end: int, sentence: Sentence) -> Frame | None:
        """ "It stood in the communiqué that": the document is the speaker."""
        if p + 1 >= end:
            return None
        if self.norms[p] in words("pronoun") and self.norms[p].startswith(_IN):
            speaker, k = None, p + 1
        elif self.norms[p] == _IN and head_kind(self.norms[p + 1]) == "document":
            k = max(self.reader.end(p + 1, end, greedy=True), p + 2)
            speaker = (p + 1, k)
        else:
            return None
        for q in range(k, min(end, k + 14)):
            word = self.norms[q]
            if word in words("that"):
                return Frame(speaker, q + 1, 0, "that") if q + 1 < sentence.j else None
            if word == ":" and (q + 1 < sentence.j or q + 1 in self.quotes.close):
                quoted = q + 1 in self.quotes.close
                return Frame(speaker, q + 1 + quoted, 0, "quote" if quoted else "colon")
            if q in self.quotes.close and self.quotes.close[q] - q > 4:
                return Frame(speaker, q + 1, 0, "quote")
        return None
