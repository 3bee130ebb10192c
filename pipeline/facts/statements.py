"""Who said what: reports found by their verb, participle or source phrase, and the span of what was said.

A trigger (`verbs.tsv`, `sources.tsv`) is read forward: speaker phrase, adjuncts, then what the verb takes (see
`statements_frames`). What was said runs to the next report of the same level, a source phrase, a remark of the
reporter, or the end of the sentence; an open quotation carries it on.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from pipeline.facts.anaphora import Anaphora
from pipeline.facts.statements_frames import Frames, Report
from pipeline.facts.statements_lexicon import (
    AL,
    CONJUNCTIONS,
    Form,
    head_kind,
    phrases,
    sources,
    starts,
    verbs,
    words,
)
from pipeline.facts.statements_quotes import Quotes
from pipeline.facts.statements_speaker import COMMAS, Phrases
from pipeline.facts.statements_who import Speakers
from pipeline.language.clitics import split
from pipeline.language.fold import raw_length
from pipeline.layers import Layers, Sentence, Statement

_LONGEST = 500  # tokens of what was said, outside quotation marks
_AHEAD = 40  # reports looked at for the end of one
_HAMZA = "\u0623"
_WHAT = ("\u0645\u0627", "\u0644\u0645\u0627")  # "what", "to what"
_HEH = "\u0647"


class Finder:
    """Finds the statements of one document."""

    def __init__(self, layer: Layers):
        self.layer = layer
        self.norms = layer.tokens.norms
        self.quotes = Quotes(layer.tokens)
        self.anaphora = Anaphora(layer)
        self.reader = Phrases(layer, self.anaphora, self.quotes)
        self.frames = Frames(self.reader)
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
            if word in sources() and not (found and found[-1].verb < k < found[-1].start):
                report = self._source(k, sentence)
            if report is None and word in table:
                apart = k > sentence.i and norms[k - 1] in CONJUNCTIONS
                report = self._verb(k, table[word], apart, sentence)
            if report is None and word[0] in CONJUNCTIONS and word[1:] in table:
                report = self._verb(k, table[word[1:]], True, sentence)
            if report is None or (found and self._repeats(found[-1], report)):
                continue
            report.sentence = number
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
        frame = self.frames.read(k + 1, form, sentence)
        if frame is None:
            return self._after_quote(k, form, sentence)
        silent = frame.speaker is None
        if silent and frame.kind == "obj" and form.tense == "imperfect" and not joined:
            return None
        passive = form.tense == "imperfect" and form.gender == "m" and not form.plural
        if silent and joined and passive and "impersonal" in form.verb.flags:  # "and it is expected that"
            return None
        if passive and not silent and "impersonal" in form.verb.flags and not self._speaks(frame.speaker[0]):
            return None  # "the shortfall is estimated at"
        if silent and self.quotes.outer[k] >= 0 and self._first_person(k, form):
            return None
        if silent and self.quotes.outer[k] >= 0 and (frame.kind in ("obj", "prep") or "mental" in form.verb.flags):
            return None  # "I asked", written like "she asked"
        if silent and not joined and form.tense == "imperfect" and k > sentence.i and norms[k - 1] in words("fact"):
            return None  # "which points to": a fact speaks, not a source
        if norms[k] in words("adjunct") and frame.start - k > 10:
            return None  # "between", not "made clear"
        report = Report(k, k + 1, form, frame.speaker, frame.start, frame.cut, joined)
        report.quoted = frame.kind == "quote"
        report.before = self.reader.opener(k)
        report.joined = joined or report.before < k
        if silent and any(
            starts(norms, k, sentence.j, {norms[k]: (parts,)}) for parts in phrases("trail").get(norms[k], ())
        ):
            return None
        if silent and (not joined or "report_in" in form.verb.flags):
            report.speaker = self.frames.subject_before(k, sentence)
            if report.speaker:
                report.nested = report.speaker[0] > sentence.i + 1
            elif form.tense == "imperfect" and "impersonal" in form.verb.flags:
                return None
        if "report_in" in form.verb.flags and frame.speaker is None:
            report.verb_end = k + 2
        report.nested = report.nested or self.quotes.outer[k] >= 0
        return report

    def _first_person(self, k: int, form: Form) -> bool:
        """ "I consider", folded like "he considered": the hamza of the first person on a verb that has none itself."""
        raw = self.layer.tokens.raw(k)
        return _HAMZA in raw[:2] and _HAMZA not in form.verb.lemma[:1]

    def _is_noun(self, k: int, form: Form, sentence: Sentence) -> bool:
        """Is a word that is verb and noun a noun here: behind a preposition or inside a noun phrase?"""
        if form.tense != "perfect" or form.plural or k == sentence.i:
            return False
        before = self.norms[k - 1]
        if before == "(":
            return True
        if not before[0].isalpha() or (k - 1) in self.anaphora.over or before.startswith(AL):
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
        comma = k > sentence.i and self.norms[k - 1] in COMMAS
        if form.gender == "f" and not joined and not comma and frame.start - k > 3:
            return None
        if word in words("manner") and frame.kind not in ("quote", "that", "colon"):
            return None
        report = Report(k, k + 1, form, None, frame.start, frame.cut, True, frame.kind == "quote")
        report.before = k
        return report

    def _after_quote(self, k: int, form: Form, sentence: Sentence) -> Report | None:
        """A quotation closed right before the verb, the speaker behind it: `"...", said X`."""
        norms, p = self.norms, k - 1
        while p >= max(0, k - 3) and (norms[p] in COMMAS or norms[p] in words("opener") or norms[p] in ".-"):
            p -= 1
        first = self.quotes.open.get(p)
        if first is None or "quote" not in form.verb.takes or p - first < 4:
            return None
        if k + 1 >= sentence.j or not self.reader.is_subject(k + 1):
            return None
        stop = self.reader.end(k + 1, sentence.j)
        report = Report(k, k + 1, form, (k + 1, max(stop, k + 2)), first + 1, quoted=True, stop=p)
        report.before = k
        return report

    def _source(self, k: int, sentence: Sentence) -> Report | None:
        """ "According to X": at the start of a sentence for what follows, else for what stands before."""
        norms = self.norms
        if starts(norms, k, sentence.j, phrases("trail")):
            return None
        for parts, links in sources()[norms[k]]:
            p = k + len(parts)
            if p >= sentence.j or any(norms[k + d] != part for d, part in enumerate(parts)):
                continue
            if links:
                if norms[p] in links:
                    p += 1
                elif norms[p] not in _WHAT and not (norms[p][0] in links and split(norms[p])[0]):
                    return None
            verb = False
            while p < sentence.j and (norms[p] in _WHAT or norms[p] in words("pronoun") or self._says(p)):
                verb = verb or self._says(p)
                p += 1
            if not verb and norms[p - 1] in _WHAT and p + 1 < sentence.j:
                p += 1  # a verb of no table: "what it published"
            close = self.quotes.close.get(p, 0) if p < sentence.j else 0
            if p < close <= min(p + 7, sentence.j - 1):
                return self._beside(k, len(parts), (p + 1, close), sentence)
            if p >= sentence.j or not self.reader.is_word(p) or norms[p] in words("adjunct"):
                return None
            if not verb and not self._speaks(p):
                return None
            stop = max(self.reader.end(p, sentence.j), p + 1)
            return self._beside(k, len(parts), (p, stop), sentence)
        return None

    def _speaks(self, p: int) -> bool:
        """Does a name, or a noun for somebody or something that speaks, begin at token p?"""
        return bool(self.reader.mention(p) or head_kind(self.norms[p]) or self._head(p))

    def _head(self, p: int) -> str:
        """The kind of speaker that a noun behind a glued preposition heads."""
        rest = split(self.norms[p])[1]
        definite = rest[:1] == self.norms[p][:1]  # both letters lam: the article's alef is not written
        return head_kind(rest) or (head_kind(AL + rest[1:]) if definite else "")

    def _says(self, p: int) -> bool:
        """A verb of saying, with or without an object pronoun ("what it announced")."""
        word, table = self.norms[p], verbs()
        return word in table or word[-1] == _HEH and word[:-1] in table and not head_kind(word)

    def _beside(self, k: int, length: int, speaker: tuple[int, int], sentence: Sentence) -> Report | None:
        """The report of a source phrase of `length` tokens at token `k`."""
        stop = speaker[1]
        word = self.norms[k]
        if k <= sentence.i + 1 or (word[0] in CONJUNCTIONS and word[1:] in sources()):
            leads = (q for q in range(stop, min(sentence.j, stop + 30)) if self.norms[q] in words("lead"))
            comma = (q + 1 for q in range(stop, min(sentence.j, stop + 30)) if self.norms[q] in COMMAS)
            start = next(leads, next(comma, stop))
            if start < sentence.j and (self.norms[start] in words("that") or self.norms[start] in words("lead")):
                start += 1
            if start >= sentence.j - 1:
                return None
            report = Report(k, k + length, None, speaker, start)
        else:
            # a source between commas in mid-sentence speaks for the whole of it
            comma = next((q for q in range(stop, min(sentence.j, stop + 20)) if self.norms[q] in COMMAS), None)
            whole = comma == stop and comma + 4 < sentence.j and self._goes_on(comma + 1)
            report = Report(k, k + length, None, speaker, sentence.i, joined=not whole)
            report.stop = sentence.j if whole else k
        report.before = k
        return report

    def _goes_on(self, k: int) -> bool:
        """Does the clause go on at token `k`, behind a source set off by commas, not a new one start?"""
        word = self.norms[k]
        if word[0] in CONJUNCTIONS and split(word)[0] or self.frames.other_verb(k):
            return False
        return not any(word in words(c) for c in ("clause", "opener", "emphatic", "relative"))

    # Ends, speakers, statements

    def _finish(self, reports: list[Report]) -> list[Statement]:
        out: list[Statement] = []
        said: list[Report] = []  # reports of the reporter's own level, the last ones
        for n, report in enumerate(reports):
            self.speakers.find(report, said)
            statement = self._statement(report, reports, n)
            if statement:
                out.append(statement)
            if report.form is not None and not report.nested:
                said = [*said[-7:], report]
        return out

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
            return close.get(report.start - 1, sentence.j)
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
        for n in range(bisect_right(self._trails, report.start), len(self._trails)):
            k = self._trails[n]
            if k >= limit:
                break
            inside = self.quotes.outer[k]
            if inside < 0 or inside < report.start - 1:
                return k
        return limit


def find(layer: Layers) -> list[Statement]:
    """The statements of a document, in order of their verbs."""
    return Finder(layer).find()
