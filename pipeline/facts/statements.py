"""Who said what: reports found by their verb, participle or source phrase, and the span of what was said.

A trigger (`verbs.tsv`, `sources.tsv`) is read forward: speaker phrase, adjuncts, then what the verb takes (see
`statements_frames`). What was said runs to the next report of the same level, a source phrase, a remark of the
reporter, or the end of the sentence; an open quotation carries it on.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from pipeline.facts.anaphora import Anaphora
from pipeline.facts.statements_frames import Frame, Frames, Report
from pipeline.facts.statements_lexicon import (
    AL,
    CONJUNCTIONS,
    Form,
    content_nouns,
    head_kind,
    phrases,
    sources,
    starts,
    verbs,
    words,
)
from pipeline.facts.statements_quotes import Quotes
from pipeline.facts.statements_source import Sources
from pipeline.facts.statements_speaker import COMMAS, ENDS, Phrases
from pipeline.facts.statements_subject import Subjects
from pipeline.facts.statements_who import Speakers
from pipeline.language.clitics import split
from pipeline.language.fold import raw_length
from pipeline.layers import Layers, Sentence, Statement

_LONGEST = 500  # tokens of what was said, outside quotation marks
_ASIDE = 12  # tokens of the reporter inside a quotation
_AHEAD = 40  # reports looked at for the end of one
_HAMZA, _HAMZA_BELOW, _AN = "\u0623", "\u0625", "\u0627\u0646"
_HEH, _ALEF = "\u0647", "\u0627"
_ITS = (_HEH, _HEH + _ALEF)
_US = "\u0646\u0627"
_DAMMA, _MADDA, _TANWIN = "\u064f", "\u0622", "\u064b"


class Finder:
    """Finds the statements of one document."""

    def __init__(self, layer: Layers):
        self.layer = layer
        self.norms = layer.tokens.norms
        self.quotes = Quotes(layer.tokens)
        self.anaphora = Anaphora(layer)
        self.reader = Phrases(layer, self.anaphora, self.quotes)
        self.frames = Frames(self.reader)
        self.subjects = Subjects(self.reader)
        self.sources = Sources(self.reader, self.frames)
        outer, norms = self.quotes.outer, self.norms
        self._words = list(accumulate((w[0].isalnum() for w in norms), initial=0))
        self._quoted = list(accumulate((w[0].isalnum() and outer[k] >= 0 for k, w in enumerate(norms)), initial=0))
        trails = phrases("trail")
        self._trails = [k for k, w in enumerate(norms) if w in trails and starts(norms, k, len(norms), trails)]
        self.speakers = Speakers(layer, self.reader)

    def find(self) -> list[Statement]:
        reports: list[Report] = []
        for number, sentence in enumerate(self.layer.sentences):
            reports += self._sentence(number, sentence)
        return self._finish(reports)

    # Triggers

    def _sentence(self, number: int, sentence: Sentence) -> list[Report]:
        norms, table, found = self.norms, verbs(), []
        done = sentence.i
        for k in range(sentence.i, sentence.j):
            if k < done:
                continue
            word, report = norms[k], None
            if word in words("that"):
                continue
            if word in sources() and not (found and found[-1].verb < k < found[-1].start):
                report = self.sources.read(k, sentence)
            if report is None and word in table:
                apart = k > sentence.i and norms[k - 1] in CONJUNCTIONS
                report = self._verb(k, table[word], apart, sentence)
            if report is None and word[0] in CONJUNCTIONS and word[1:] in table:
                report = self._verb(k, table[word[1:]], True, sentence)
            if report is None or (found and self._repeats(found[-1], report)):
                continue
            if found and (self._goes_on(found[-1], report) or self._seconds(found[-1], report)):
                continue
            report.sentence = number
            if report.speaker is None and report.form and report.form.plural and report.form.tense == "participle":
                many = (r.speaker for r in reversed(found) if r.form and r.form.plural and r.speaker)
                report.speaker = next(many, None)
                report.nested = report.speaker is not None
            found.append(report)
            done = max(done, report.verb_end)
            if report.form is None:
                done = max(done, report.speaker[0])
            elif report.form.tense != "participle":
                # "he made this clear by saying": the participle belongs to the verb
                spoken = (p + 1 for p in range(k + 1, min(report.start, k + 70)) if norms[p] in words("manner"))
                done = max(done, next(spoken, k + 1))
        return found

    @staticmethod
    def _repeats(last: Report, report: Report) -> bool:
        """A verb of thought right behind a verb of saying ("says that he believes") is no report of its own."""
        return bool(report.form and "mental" in report.form.verb.flags and last.start == report.verb and last.form)

    def _seconds(self, last: Report, report: Report) -> bool:
        """ "He said that ..., according to the communiqué": the document marks what was said again."""
        if report.form is not None or last.form is None or not report.stop:
            return False
        i, j = report.speaker
        cited = i if j - i == 1 else i + 1  # "the communiqué", "the text of the communiqué"
        definite = self.norms[cited].startswith(AL) and head_kind(self.norms[cited]) == "document"
        return j - i <= 2 and definite and head_kind(split(self.norms[i])[1]) == "document"

    @staticmethod
    def _goes_on(last: Report, report: Report) -> bool:
        """ "... that Islam believes in many ways and admits the rights of": the verb goes on with what was said."""
        form = report.form
        if form is None or form.tense != "imperfect" or report.speaker or not (report.joined and report.noun):
            return False
        return last.form is not None and last.form.tense == "perfect" and not (last.noun or last.quoted)

    def _verb(self, k: int, form: Form, joined: bool, sentence: Sentence) -> Report | None:
        norms = self.norms
        if k > sentence.i and norms[k - 1] in words("negation"):
            return None
        over = self.anaphora.over.get(k)
        if over and not (joined and over[0].i == k and over[0].proclitic):
            return None
        if form.tense == "participle":
            return self._participle(k, form, joined, sentence)
        weak = "weak" in form.verb.flags and "report_in" not in form.verb.flags
        weak = weak or (k > sentence.i and norms[k - 1] in words("adjunct"))
        if weak and not joined and self._is_noun(k, form, sentence):
            return None
        if form.tense == "imperfect" and not joined and k > sentence.i and norms[k - 1] in words("may"):
            return None  # "may say"
        bound = form.tense == "imperfect" and not joined and k > sentence.i and norms[k - 1] == _AN
        if bound and self.layer.tokens.raw(k - 1)[:1] != _HAMZA_BELOW and self.reader.opener(k) == k:
            return None  # "it is likely that he speaks of"
        if form.tense == "perfect" and _DAMMA in self._raw(k)[1:2] and "report_in" not in form.verb.flags:
            return None  # "was announced", with its vowel
        if form.tense != "participle" and _TANWIN in self._raw(k):
            return None  # "in the hope of"
        if k + 1 < sentence.j and norms[k + 1] in words("this"):
            return self._elsewhere(k, form, sentence)
        front = None if form.plural else self.subjects.front(k, sentence)
        frame = self.frames.read(k + 1, form, sentence, subject=not (form.plural or front))
        if frame is None and front:
            frame = self.frames.read(k + 1, form, sentence)
        if frame is None:
            return self._after_quote(k, form, sentence) or self._after_clause(k, form, sentence)
        silent = frame.speaker is None
        thing = silent and front and not self.reader.speaks(front[0])
        if thing and ("doc" in form.verb.flags or form.tense == "imperfect"):
            return None  # "the way that he played points to"
        loose = silent and form.tense == "imperfect" and not joined and frame.kind == "prep"
        if loose and self.subjects.before(k, sentence) is None:
            return None  # "in a way that calls for"
        if self._not_a_report(k, form, joined, frame, sentence):
            return None
        if silent and frame.kind == "obj" and form.tense == "imperfect" and not joined:
            return None
        passive = form.tense == "imperfect" and form.gender == "m" and not form.plural
        if silent and joined and passive and "impersonal" in form.verb.flags:  # "and it is expected that"
            return None
        if passive and not silent and "impersonal" in form.verb.flags and not self.reader.speaks(frame.speaker[0]):
            return None  # "the shortfall is estimated at"
        quoted = self.quotes.outer[k] >= 0
        if silent and self._first_person(k, form) and (quoted or not joined or "mental" in form.verb.flags):
            return None  # "I believe", inside what somebody says
        if silent and quoted and (form.plural and form.pronoun or norms[k].endswith(_US)):
            return None  # "they told me", "we assured"
        if silent and quoted and (frame.kind in ("obj", "prep") or "mental" in form.verb.flags):
            return None  # "I asked", written like "she asked"
        if silent and quoted and not form.plural and (form.tense == "imperfect" or form.gender == "f" and not joined):
            return None  # "which points to", "I promised"
        if silent and not joined and form.tense == "imperfect" and k > sentence.i and norms[k - 1] in words("fact"):
            return None  # "which points to": a fact speaks, not a source
        if norms[k] in words("adjunct") and frame.start - k > (10 if joined or self._is_free(k, sentence) else 2):
            return None  # "between", not "made clear"
        report = Report(k, k + 1, form, frame.speaker, frame.start, frame.cut, joined)
        report.quoted = frame.kind == "quote"
        report.noun = frame.kind in ("obj", "prep")
        report.before = self.reader.opener(k)
        if k > sentence.i and norms[k - 1] in words("but_he"):
            report.before = k - 1
        report.joined = joined or report.before < k
        if silent and any(
            starts(norms, k, sentence.j, {norms[k]: (parts,)}) for parts in phrases("trail").get(norms[k], ())
        ):
            return None
        if silent and front:
            report.speaker = front
            report.nested = front[0] > sentence.i + 1
        elif silent and (not joined or "report_in" in form.verb.flags):
            inner = not joined and "report_in" not in form.verb.flags
            when = k > sentence.i and norms[k - 1] in words("when")
            inner = inner and (when or k + 1 < sentence.j and norms[k + 1] in words("therein"))
            report.speaker = (inner and self.subjects.nearest(k, sentence)) or self.subjects.before(k, sentence)
            if report.speaker is None and form.plural and not joined:
                report.speaker = self.subjects.of_plural(k, sentence)
            if report.speaker:
                report.nested = report.speaker[0] > sentence.i + 1
            elif form.tense == "imperfect" and "impersonal" in form.verb.flags:
                return None
        if "report_in" in form.verb.flags and frame.speaker is None:
            report.verb_end = k + 2
        relative = k > sentence.i and norms[k - 1] in words("relative")
        told = silent and k > sentence.i and norms[k - 1] in words("that") and norms[k - 1].endswith(_ITS)
        report.nested = report.nested or relative or told or self.quotes.outer[k] >= 0
        return report

    def _raw(self, k: int) -> str:
        """The written word, its conjunction taken off where a form of a verb stands behind it."""
        raw, word = self.layer.tokens.raw(k), self.norms[k]
        return raw[raw_length(raw, 1) :] if word[0] in CONJUNCTIONS and word not in verbs() else raw

    def _not_a_report(self, k: int, form: Form, joined: bool, frame: Frame, sentence: Sentence) -> bool:
        """Verbs in a relative clause that tell of a thing, not of what somebody says."""
        before = self.norms[k - 1] if k > sentence.i else ""
        first = self.norms[frame.start] if frame.start < len(self.norms) else ""
        if before in words("relative") and frame.kind == "prep" and first.endswith(_ITS) and not head_kind(first):
            return first not in content_nouns()  # "the meeting that it called for its holding"
        indefinite = before[-1:] == _ALEF and not before.startswith(AL) and k - 1 not in self.anaphora.over
        if form.tense != "imperfect" or joined or not indefinite or "weak" not in form.verb.flags:
            return False
        return not any(before in words(c) for c in ("adverb", "relative", "clause", "opener", "day"))

    def _first_person(self, k: int, form: Form) -> bool:
        """ "I consider", folded like "he considered": the hamza of the first person on a verb that has none itself."""
        return self._raw(k)[:1] == _HAMZA != form.verb.lemma[:1]

    def _is_free(self, k: int, sentence: Sentence) -> bool:
        """Does a clause begin at token `k`, so that the word there is a verb?"""
        before = self.norms[k - 1] if k > sentence.i else ""
        free = ("relative", "emphatic", "clause", "opener", "that", "copula", "day", "but_he")
        return not before[:1].isalpha() or any(before in words(kind) for kind in free)

    def _is_noun(self, k: int, form: Form, sentence: Sentence) -> bool:
        """Is a word that is verb and noun a noun here: behind a preposition or inside a noun phrase?"""
        if form.tense != "perfect" or form.plural or k == sentence.i:
            return False
        before = self.norms[k - 1]
        if before == "(":
            return True
        if (
            self.reader.opener(k) < k - 1
            or not before[0].isalpha()
            or (k - 1) in self.anaphora.over
            or before.startswith(AL)
        ):
            return False
        free = ("relative", "emphatic", "clause", "opener", "manner", "adverb", "pronoun", "copula", "day", "aside")
        if any(before in words(kind) for kind in free) or before in CONJUNCTIONS:
            return False
        return before in words("adjunct") or before not in words("that")

    def _participle(self, k: int, form: Form, joined: bool, sentence: Sentence) -> Report | None:
        frame = self.frames.read(k + 1, form, sentence, subject=False)
        if frame is None or self.quotes.outer[k] >= 0:
            return None
        word = self.norms[k]
        if k > sentence.i and self.norms[k - 1].isdigit():
            return None  # "50 accused"
        raw, lemma = self.layer.tokens.raw(k)[:1], form.verb.participle[:1]
        if raw != lemma and _MADDA in (raw, lemma) and raw != _ALEF:
            return None
        comma = k > sentence.i and self.norms[k - 1] in COMMAS
        if k == sentence.i and form.gender == "f" and not joined:
            return None  # a heading
        if form.gender == "f" and not joined and not comma and frame.start - k > 3:
            return None
        if word in words("manner") and frame.kind not in ("quote", "that", "colon"):
            return None
        report = Report(k, k + 1, form, None, frame.start, frame.cut, True, frame.kind == "quote")
        report.before = k
        if form.plural:
            report.speaker = self.subjects.of_plural(k, sentence, participle=True)
            report.nested = report.speaker is not None
        return report

    def _after_quote(self, k: int, form: Form, sentence: Sentence) -> Report | None:
        """A quotation closed right before the verb, the speaker behind it: `"...", said X`."""
        norms, p = self.norms, k - 1
        this = p > 0 and (norms[p - 1], norms[p]) in phrases("this is what").get(norms[p - 1], ())
        p -= 2 * this
        while p >= max(0, k - 4) and (norms[p] in COMMAS or norms[p] in words("opener") or norms[p] in ".-"):
            p -= 1
        first = self.quotes.open.get(p)
        tokens = self.layer.tokens
        if (
            first is None
            or "\n" in tokens.text[tokens.ends[p] : tokens.starts[k]]
            and not this
            or "quote" not in form.verb.takes
            or p - first < 4
        ):
            return None
        q = k + 1 + (k + 1 < sentence.j and norms[k + 1] in words("pronoun"))
        if q >= sentence.j or not self.reader.is_subject(q):
            return None
        stop = self.reader.end(q, sentence.j)
        report = Report(k, k + 1, form, (q, max(stop, q + 1)), first + 1, quoted=True, stop=p)
        report.before = k
        return report

    def _after_clause(self, k: int, form: Form, sentence: Sentence) -> Report | None:
        """ "..., as X said.", "..., X adds." """
        stop = k - 1
        if stop <= sentence.i:
            return None
        if self.norms[stop] in COMMAS:
            stop += 1  # "..., X adds."
        elif self.norms[stop] not in words("as") or self.norms[stop - 1] not in COMMAS:
            return None
        if k + 1 >= sentence.j or not self.reader.is_subject(k + 1):
            return None
        end = self.reader.end(k + 1, sentence.j, greedy=True)
        if any(self.norms[q][0].isalnum() for q in range(end, sentence.j)):
            return None
        report = Report(k, k + 1, form, (k + 1, max(end, k + 2)), sentence.i, stop=stop)
        report.before = stop
        return report

    def _elsewhere(self, k: int, form: Form, sentence: Sentence) -> Report | None:
        """ "Dr. X said this to the paper": nothing to quote, but X is the one who speaks next."""
        for p in range(k + 2, min(sentence.j, k + 14)):
            if self.norms[p] in ENDS or self.norms[p] in words("that"):
                return None
            mention = self.reader.mention(p)
            if mention and mention.label == "PER" and not mention.proclitic:
                return Report(k, k + 1, form, (p, mention.j), k + 1, joined=True, stop=k + 1, before=k)
        return None

    # Ends, speakers, statements

    def _finish(self, reports: list[Report]) -> list[Statement]:
        out: list[Statement] = []
        said: list[Report] = []  # reports of the reporter's own level, the last ones
        for n, report in enumerate(reports):
            last = reports[n - 1] if n else None
            if last and last.nested and last.speaker and self._manner_of(report, last):
                report.speaker, report.nested = last.speaker, True
            self.speakers.find(report, said)
            statement = self._statement(report, reports, n)
            if statement:
                out.append(statement)
            if report.form is not None and not report.nested:
                said = [*said[-7:], report]
        return out

    def _manner_of(self, report: Report, last: Report) -> bool:
        """Does a participle, not set off by a comma, tell how the one before it spoke ("criticised it, saying")?"""
        participle = report.speaker is None and report.form is not None and report.form.tense == "participle"
        return participle and report.sentence == last.sentence and self.norms[report.verb - 1] not in COMMAS

    def _statement(self, report: Report, reports: list[Report], n: int) -> Statement | None:
        tokens, norms = self.layer.tokens, self.norms
        start, stop = report.start, report.stop or self._end(report, reports, n)
        while start < stop and not norms[start][0].isalnum() and norms[start] != "(":
            start += 1
            report.cut = 0
        while stop > start and (norms[stop - 1] in CONJUNCTIONS or not self._closes(norms[stop - 1])):
            stop -= 1
        if stop <= start:
            return None
        first = tokens.starts[start]
        if report.form is None and report.stop and norms[start][0] in CONJUNCTIONS and split(norms[start])[0]:
            report.cut = 1
        if report.cut:
            first += raw_length(tokens.text[first : tokens.ends[start]], report.cut)
        verb_start = tokens.starts[report.verb]
        word = norms[report.verb]
        if word[0] in CONJUNCTIONS and (
            word[1:] in sources() if report.form is None else verbs().get(word) is not report.form
        ):
            verb_start += raw_length(tokens.text[verb_start : tokens.ends[report.verb]], 1)
        verb = tokens.text[verb_start : tokens.ends[report.verb_end - 1]]
        speaker = {"text": report.text, "entity": report.entity.id if report.entity else None}
        end = tokens.ends[stop - 1]
        return Statement(speaker, verb, first, end, self._direct(start, stop), report.phrase) if first < end else None

    @staticmethod
    def _closes(word: str) -> bool:
        return word[-1].isalnum() or word in ")]%"

    def _direct(self, start: int, stop: int) -> bool:
        """Do most of the words stand in quotation marks?"""
        total = self._words[stop] - self._words[start]
        quoted = self._quoted[stop] - self._quoted[start]
        return quoted * 2 >= total and quoted > 0

    def _end(self, report: Report, reports: list[Report], n: int) -> int:
        """The token behind the last one of what was said."""
        sentence, close = self.layer.sentences[report.sentence], self.quotes.close
        if report.quoted:
            following = reports[n + 1].verb if n + 1 < len(reports) else len(self.norms)
            return self._resumed(close.get(report.start - 1, sentence.j), min(following, sentence.j))
        limit = min(sentence.j, report.start + _LONGEST)
        around = self.quotes.outer[report.verb]
        if around >= 0:
            limit = min(limit, close[around])
        elif limit < len(self.norms) and self.quotes.outer[limit - 1] >= report.start - 1:
            limit = close[self.quotes.outer[limit - 1]]  # the marks stay open over the end of the sentence
        for other in reports[n + 1 : n + 1 + _AHEAD]:
            if other.verb >= limit or other.sentence != report.sentence:
                break
            inside = self.quotes.outer[other.verb]
            if other.joined and other.verb >= report.start and not (inside >= report.start - 1 and inside >= 0):
                limit = max(other.before, report.start)
                break
        if report.noun:
            limit = next((q for q in range(report.start + 1, limit) if self._breaks(q)), limit)
        for n in range(bisect_right(self._trails, report.start), len(self._trails)):
            k = self._trails[n]
            if k >= limit:
                break
            inside = self.quotes.outer[k]
            aside = self.norms[k - 1] in COMMAS and any(w in COMMAS for w in self.norms[k + 2 : min(k + 5, limit - 3)])
            if not aside and (inside < 0 or inside < report.start - 1):
                return k
        return limit

    def _resumed(self, stop: int, limit: int) -> int:
        """The end of a quotation that the reporter interrupts: `"all those close" to X "were killed"`."""
        for q in range(stop + 1, min(stop + _ASIDE, limit)):
            if q in self.quotes.close:
                return self.quotes.close[q]
            if not self.norms[q][0].isalnum() or self.norms[q][0] in CONJUNCTIONS and split(self.norms[q])[0]:
                break
        return stop

    def _breaks(self, q: int) -> bool:
        """Does a comma with "while" stand at token `q`, behind which the reporter speaks again?"""
        return self.norms[q] in COMMAS and any(w in words("while") for w in self.norms[q + 1 : q + 3])


def find(layer: Layers) -> list[Statement]:
    """The statements of a document, in order of their verbs."""
    return Finder(layer).find()
