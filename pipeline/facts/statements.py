"""Who said what: reports found by their verb, participle or source phrase, and the span of what was said.

A trigger (`verbs.tsv`, `sources.tsv`) is read forward: speaker phrase, adjuncts, then what the verb takes: a clause after
the conjunction, a colon or quotation, a governed preposition, a noun phrase. What was said runs to the next report of the
same level, a source phrase, a remark of the reporter, or the end of the sentence; an open quotation carries it on.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.facts.anaphora import Anaphora
from pipeline.facts.statements_lexicon import (
    AL,
    CONJUNCTIONS,
    Form,
    content_nouns,
    head_kind,
    phrases,
    sources,
    starts,
    strip,
    verbs,
    words,
)
from pipeline.facts.statements_quotes import MARKS, Quotes
from pipeline.facts.statements_speaker import COMMAS, Phrases, masdar_like
from pipeline.language.clitics import split
from pipeline.language.fold import raw_length
from pipeline.layers import Entity, Layers, Sentence, Statement

_WINDOW = 70  # tokens between a verb and what it takes
_BACK = 40  # tokens between a verb and a subject before it
_BEH = "\u0628"
_ENDS = frozenset(".!?\u061f\u2026\u061b")
_SKIP = frozenset({"colon"})


@dataclass(slots=True)
class Report:
    """A report on its way to a statement; all positions are token indexes."""

    verb: int  # the trigger
    verb_end: int
    form: Form | None
    speaker: tuple[int, int] | None  # its words, apposition included
    start: int  # of what was said
    cut: int = 0  # raw characters of the first content token that are a preposition
    joined: bool = False  # coordinated to what stands before: ends it
    quoted: bool = False  # the content is one quotation
    stop: int = 0  # end of the content where it is known already
    sentence: int = 0
    before: int = 0  # where the report's own words begin (openers)
    text: str | None = None
    entity: Entity | None = None
    nested: bool = False


class Finder:
    """Finds the statements of one document."""

    def __init__(self, layer: Layers):
        self.layer = layer
        self.norms = layer.tokens.norms
        self.quotes = Quotes(layer.tokens)
        self.anaphora = Anaphora(layer)
        self.phrases = Phrases(layer, self.anaphora, self.quotes)

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
            word = norms[k]
            form = table.get(word)
            joined = False
            if form is None and word[:1] in CONJUNCTIONS:
                form, joined = table.get(word[1:]), True
            report = None
            if form is not None:
                joined = joined or (k > sentence.i and norms[k - 1] in CONJUNCTIONS)
                report = self._verb(k, form, joined, sentence)
            elif word in sources():
                report = self._source(k, sentence)
            if report:
                report.sentence = number
                found.append(report)
                done = max(done, report.verb_end)
                if form is not None and form.tense != "participle":
                    # a participle of saying between verb and content belongs to the verb
                    done = max(done, self._through_manner(k, report.start))
        return found

    def _through_manner(self, k: int, start: int) -> int:
        for p in range(k + 1, min(start, k + 1 + _WINDOW)):
            if self.norms[p] in words("manner"):
                return p + 1
        return k + 1

    def _verb(self, k: int, form: Form, joined: bool, sentence: Sentence) -> Report | None:
        norms = self.norms
        if k > sentence.i and norms[k - 1] in words("negation") and form.verb.lemma != "":
            return None
        if k in self.anaphora.over and not (k in self.anaphora.at and self.anaphora.over[k][0].i == k and joined):
            if self.anaphora.over[k][0].i < k or not joined:
                return None
        if form.tense == "participle":
            return self._participle(k, form, joined, sentence)
        if "weak" in form.verb.flags and not joined and self._is_noun(k, form, sentence):
            return None
        frame = self._frame(k + 1, form, sentence)
        if frame is None:
            return self._after_quote(k, form, sentence)
        speaker, start, cut, kind = frame
        if kind == "obj" and speaker is None and form.tense == "imperfect" and not joined:
            return None
        report = Report(k, k + 1, form, speaker, start, cut, joined)
        report.quoted = kind == "quote"
        report.before = self.phrases.opener(k)
        if report.before < k:
            report.joined = True
        if speaker is None:
            back = None if joined else self._subject_before(k, form, sentence)
            if back:
                report.speaker = back
                report.nested = back[0] > sentence.i + 1
            elif form.tense == "imperfect" and form.gender == "m" and "impersonal" in form.verb.flags:
                return None
        if report.speaker is None and self._impersonal(k, form, sentence):
            return None
        return report

    def _impersonal(self, k: int, form: Form, sentence: Sentence) -> bool:
        return any(
            starts(self.norms, k, sentence.j, {self.norms[k]: (parts,)})
            for parts in phrases("trail").get(self.norms[k], ())
        )

    def _is_noun(self, k: int, form: Form, sentence: Sentence) -> bool:
        """Is a word that is verb and noun a noun here: after a preposition or in a noun phrase?"""
        if form.tense != "perfect" or k == sentence.i:
            return False
        before = self.norms[k - 1]
        if before in words("adjunct") and before not in words("block"):
            return True
        return form.gender == "m" and not form.plural and head_kind(self.norms[k]) != "" and head_kind(before) != ""

    def _participle(self, k: int, form: Form, joined: bool, sentence: Sentence) -> Report | None:
        frame = self._frame(k + 1, form, sentence, subject=False)
        if frame is None:
            return None
        _, start, cut, kind = frame
        word = self.norms[k]
        if k > sentence.i and not joined and form.gender == "f" and self.norms[k - 1] not in COMMAS and start - k > 2:
            return None
        if word in words("manner") and kind not in ("quote", "that"):
            return None
        report = Report(k, k + 1, form, None, start, cut, True, kind == "quote")
        report.before = k
        return report

    # What the verb takes

    def _frame(self, p: int, form: Form, sentence: Sentence, subject: bool = True):
        """(speaker span or None, first content token, characters to cut from it, kind) or None."""
        norms, verb, end = self.norms, form.verb, min(sentence.j, p + _WINDOW)
        speaker, adjunct, k = None, False, p
        takes_obj = "obj" in verb.takes and not ("noobj" in verb.flags and form.tense == "imperfect")
        only_listed = "obj!" in verb.takes and not ("noobj" in verb.flags and form.tense == "imperfect")
        takes_clause = "that" in verb.takes
        takes_quote = "quote" in verb.takes or "colon" in verb.takes
        while k < end:
            word = norms[k]
            if word in MARKS:
                close = self.quotes.close.get(k)
                if close is None:
                    k += 1
                    continue
                whole = close - k > 6 or k == p or norms[k - 1] in (":", *words("manner"))
                if (
                    (takes_quote or takes_obj or only_listed)
                    and whole
                    and not (k == p and close - k <= 3 and self._clause_near(close + 1, end))
                ):
                    return speaker, k + 1, 0, "quote"
                k = close + 1
                if not adjunct and speaker and speaker[1] >= k - 1:
                    speaker = (speaker[0], k)
                continue
            if word == ":":
                if not takes_quote:
                    return None
                quote = k + 1 < end and norms[k + 1] in MARKS and (k + 1) in self.quotes.close
                return (speaker, k + 2, 0, "quote") if quote else (speaker, k + 1, 0, "colon") if k + 1 < end else None
            if word in words("that"):
                if takes_clause and not self._blocked(k, p, verb):
                    k += 1
                    return (speaker, k, 0, "that") if k < sentence.j else None
                if speaker is None and not takes_clause and not verb.nouns:
                    return None
                k += 1
                adjunct = True
                continue
            if word in verb.nouns and not self._aside(k, end):
                return self._governed(k + 1, speaker, takes_clause, takes_quote, sentence)
            if _BEH in verb.nouns and word[0] == _BEH and len(word) > 2 and word not in words("manner"):
                proclitic, _ = split(word)
                if proclitic == _BEH and (not adjunct):
                    return speaker, k, 1, "prep"
            if word in COMMAS:
                if k + 1 < end and self._other_verb(k + 1):
                    return None
                if speaker and not adjunct:
                    after = self.phrases.apposition(k, end)
                    if after > k:
                        speaker = (speaker[0], after)
                        k = after
                        continue
                adjunct = False
                k += 1
                continue
            if word in _ENDS and k + 1 >= sentence.j:
                return None
            time = self.phrases.time_end(k, end)
            if time > k:
                k = time
                continue
            if k > p and self._other_verb(k):
                return None
            if word in words("relative") or word in words("adjunct"):
                adjunct = True
                k += 1
                continue
            if word in words("manner") or word in words("emphatic") or word in words("opener"):
                k += 1
                continue
            if adjunct or not self.phrases.is_word(k):
                k += 1
                continue
            if speaker is None and subject:
                obj = takes_obj or only_listed
                near = takes_clause and self._clause_near(k, end)
                if (
                    word not in content_nouns()
                    and (self.phrases.is_subject(k, end) or not obj or near)
                    and not (split(word)[0] and not self.phrases.mention(k) and not head_kind(word))
                ):
                    stop = self.phrases.end(k, end, greedy=not obj or near)
                    speaker = (k, max(stop, k + 1))
                    k = speaker[1]
                    continue
            if takes_obj or (only_listed and (word in content_nouns() or self._counted(k, end))):
                if not split(word)[0] or self.phrases.mention(k) or word in content_nouns():
                    if speaker is None and subject and word not in content_nouns() and self._unlikely_object(k, form):
                        return None
                    return speaker, k, 0, "obj"
            k += 1
        return None

    def _unlikely_object(self, k: int, form: Form) -> bool:
        """An indefinite noun right after the verb may be its subject; as an object it has a pronoun or is a verbal noun."""
        word = self.norms[k]
        return not (
            word[-1] == "\u0647" or word.endswith("\u0647\u0627") or word.endswith("\u0647\u0645") or masdar_like(word)
        )

    def _counted(self, k: int, end: int) -> bool:
        """A number word before a listed noun ("six aims")."""
        return k + 1 < end and self.norms[k + 1] in content_nouns() and not self.norms[k].startswith(AL)

    def _clause_near(self, k: int, end: int) -> bool:
        """Does the conjunction follow soon, with no noun between that would be what is said?"""
        for p in range(k, min(end, k + 16)):
            word = self.norms[p]
            if word in words("that"):
                return self.norms[p - 1] not in words("block") and not (p > k and self.norms[p - 1] in content_nouns())
            if word in content_nouns() or word in (":",) or self._other_verb(p):
                return False
        return False

    def _governed(self, k: int, speaker, takes_clause: bool, takes_quote: bool, sentence: Sentence):
        """Behind a governed preposition: a clause, else the noun phrase itself."""
        if k >= sentence.j:
            return None
        if self.norms[k] in words("that"):
            return (speaker, k + 1, 0, "that") if k + 1 < sentence.j else None
        if self.norms[k] in _ENDS or self.norms[k] in COMMAS:
            return None
        return speaker, k, 0, "prep"

    def _blocked(self, k: int, p: int, verb) -> bool:
        """Is the conjunction taken by the word before it ("after that", "it is possible that")?"""
        if k == p:
            return False
        before = self.norms[k - 1]
        return (
            before in words("block")
            or (
                before in words("adjunct")
                and before not in verb.nouns
                and k - p > 1
                and before not in ("\u0639\u0644\u064a", "\u0627\u0644\u064a")
            )
            or before in content_nouns()
        )

    def _aside(self, k: int, end: int) -> bool:
        """ "For his part", "on the margins of": the preposition is not the governed one."""
        if k + 1 >= end:
            return True
        after = self.norms[k + 1]
        return after in words("aside") or bool(starts(self.norms, k, end, phrases("adjunct")) > 1)

    def _other_verb(self, k: int) -> bool:
        """A coordinated verb of saying, or a participle of one, starts here: the frame of the verb before is over."""
        word = self.norms[k]
        form = verbs().get(word)
        if form is not None:
            return (
                form.tense == "participle"
                and word not in words("manner")
                and form.gender == "m"
                and not head_kind(word)
            ) or (form.tense != "participle" and "weak" not in form.verb.flags)
        form = verbs().get(word[1:]) if word[0] in CONJUNCTIONS else None
        return form is not None and word not in self.phrases.anaphora.at and not head_kind(word)

    def _after_quote(self, k: int, form: Form, sentence: Sentence) -> Report | None:
        """A quotation closed right before the verb, the speaker behind it: `"...", said X`."""
        norms = self.norms
        p = k - 1
        while p >= max(0, k - 3) and (norms[p] in COMMAS or norms[p] in words("opener") or norms[p] in ".-"):
            p -= 1
        first = self.quotes.open.get(p)
        if first is None or "quote" not in form.verb.takes or p - first < 4:
            return None
        if k + 1 >= sentence.j or not self.phrases.is_subject(k + 1, sentence.j):
            return None
        stop = self.phrases.end(k + 1, sentence.j)
        report = Report(k, k + 1, form, (k + 1, max(stop, k + 2)), first + 1, quoted=True, stop=p)
        report.before = k
        return report

    def _subject_before(self, k: int, form: Form, sentence: Sentence) -> tuple[int, int] | None:
        """A subject before its verb: at the start of the clause, right before the verb, or before a relative pronoun."""
        norms = self.norms
        p = k - 1
        while p > sentence.i and norms[p] in words("emphatic"):
            p -= 1
        if p < sentence.i:
            return None
        if norms[p] in words("relative"):
            q = p - 1
            while q >= sentence.i and norms[q] in COMMAS:
                q -= 1
            pair = self.anaphora.over.get(q)
            if pair and p - q <= 3:
                return pair[0].i, pair[0].j
            return self._adjacent(q + 1, sentence.i)
        first = k
        while first > max(sentence.i, k - _BACK):
            word = norms[first - 1]
            if word in words("clause") or word in words("that") or word == ":":
                break
            if first < k and word[0] in CONJUNCTIONS and word[1:] in verbs():
                break
            first -= 1
        start = first
        while start < k and (
            norms[start] in words("copula")
            or norms[start] in words("emphatic")
            or norms[start] in COMMAS
            or norms[start] in CONJUNCTIONS
        ):
            start += 1
        if (
            start < k
            and self.phrases.is_subject(start, k)
            and (start == sentence.i or first > sentence.i or start > first)
        ):
            stop = self.phrases.end(start, k)
            while stop < k:
                after = self.phrases.apposition(stop, k)
                if after == stop:
                    break
                stop = after
            if (
                stop == k
                or norms[stop] in COMMAS
                or norms[stop] in words("emphatic")
                or norms[stop] in words("adjunct")
                or norms[stop] in words("relative")
                or norms[stop] == "("
            ):
                return start, stop
        return self._adjacent(p + 1, sentence.i)

    def _adjacent(self, stop: int, first: int) -> tuple[int, int] | None:
        """The noun phrase that ends right before token `stop`."""
        if stop - 1 < first:
            return None
        pair = self.anaphora.over.get(stop - 1)
        if pair:
            return pair[0].i, pair[0].j
        k = stop - 1
        while k > max(first, stop - 6) and self.norms[k].startswith(AL):
            if head_kind(self.norms[k]):
                return k, stop
            k -= 1
        if head_kind(self.norms[k]) and k < stop:
            return k, stop
        return None

    # Source phrases

    def _source(self, k: int, sentence: Sentence) -> Report | None:
        """ "According to X": at the start of a sentence for what follows, else for what stands before."""
        norms = self.norms
        for parts, links in sources()[norms[k]]:
            n = len(parts)
            if k + n >= sentence.j or any(norms[k + d] != part for d, part in enumerate(parts)):
                continue
            p = k + n
            if links:
                if norms[p] in links:
                    p += 1
                elif not (norms[p][0] in links and split(norms[p])[0]):
                    return None
            if starts(norms, k, sentence.j, phrases("trail")) or p >= sentence.j:
                return None
            if norms[p] in ("\u0645\u0627",):
                p += 1
            form = verbs().get(norms[p]) if p < sentence.j else None
            if form and p + 1 < sentence.j:
                p += 1
                while p < sentence.j - 1 and norms[p] in words("adjunct"):
                    return None
            if p >= sentence.j or not (
                self.phrases.is_subject(p, sentence.j) or head_kind(norms[p]) or split(norms[p])[0]
            ):
                return None
            stop = self.phrases.end(p, sentence.j, greedy=False)
            stop = max(stop, p + 1)
            fronted = k <= sentence.i + 1
            if fronted:
                start = next((q + 1 for q in range(stop, min(sentence.j, stop + 30)) if norms[q] in COMMAS), stop)
                if start >= sentence.j - 1:
                    return None
                if norms[start] in words("that"):
                    start += 1
                report = Report(k, p, None, (p, stop), start)
            else:
                report = Report(k, p, None, (p, stop), sentence.i, stop=k, joined=True)
            report.before = k
            report.verb_end = k + n
            return report
        return None

    # Ends, speakers, statements

    def _finish(self, reports: list[Report]) -> list[Statement]:
        out: list[Statement] = []
        last: Report | None = None  # the last report of the reporter's own level
        group: list[Report] = []
        for n, report in enumerate(reports):
            if group and group[0].sentence != report.sentence:
                group = []
            self._who(report, last, group)
            group.append(report)
            statement = self._statement(report, reports, n)
            if statement:
                out.append(statement)
            inside = any(a < report.verb < b for a, b in self.quotes.close.items()) if report.nested else False
            if report.form is not None and not (report.nested or inside):
                last = report
        return out

    def _who(self, report: Report, last: Report | None, group: list[Report]) -> None:
        """Fill text and entity of the speaker."""
        form = report.form
        if report.speaker:
            i, j = report.speaker
            report.text, report.entity = self.phrases.name(i, j)
            if report.entity is None:
                gender = form.gender if form else ""
                report.entity = self.anaphora.resolve(i, j, gender)
            if report.entity is not None and form is not None and form.tense != "participle" and i > report.verb:
                self.anaphora.gender.setdefault(report.entity.id, form.gender)
            return
        source = next((r for r in reversed(group) if not r.nested and r.form is not None), None)
        if source is None:
            source = self._subject_of_sentence(report) or last
        if source is not None:
            report.entity = source.entity
            report.text = None if source.entity is not None else source.text

    def _subject_of_sentence(self, report: Report) -> Report | None:
        """The first name near the start of the sentence: the one who acts there and then speaks."""
        sentence = self.layer.sentences[report.sentence]
        if report.verb - sentence.i < 2:
            return None
        for k in range(sentence.i, min(report.verb, sentence.i + 12)):
            word = self.norms[k]
            if word in words("adjunct") and k > sentence.i:
                return None
            pair = self.anaphora.at.get(k)
            if pair and pair[1].label in ("PER", "ORG", "GROUP") and pair[0].proclitic in ("", *CONJUNCTIONS):
                found = Report(k, k, None, None, k)
                found.entity, found.text = pair[1], pair[0].text
                return found
        return None

    def _statement(self, report: Report, reports: list[Report], n: int) -> Statement | None:
        tokens, norms = self.layer.tokens, self.norms
        start, stop = report.start, report.stop or self._content_end(report, reports, n)
        while start < stop and (
            norms[start] in MARKS or norms[start] in COMMAS or norms[start] == ":" or norms[start] in "-."
        ):
            start += 1
            report.cut = 0
        while stop > start and not self._closes(norms[stop - 1]):
            stop -= 1
        if stop <= start:
            return None
        first = tokens.starts[start]
        if report.cut:
            first += raw_length(tokens.text[first : tokens.ends[start]], report.cut)
        if report.form is None and report.stop and norms[start][0] in CONJUNCTIONS and split(norms[start])[0]:
            first += raw_length(tokens.text[first : tokens.ends[start]], 1)
        verb_start = tokens.starts[report.verb]
        if report.form is not None and norms[report.verb] not in verbs():
            verb_start += raw_length(tokens.text[verb_start : tokens.ends[report.verb]], 1)
        verb = tokens.text[verb_start : tokens.ends[report.verb_end - 1]]
        speaker = {"text": report.text, "entity": report.entity.id if report.entity else None}
        return Statement(speaker, verb, first, tokens.ends[stop - 1], self._direct(start, stop))

    @staticmethod
    def _closes(word: str) -> bool:
        return word[0].isalnum() or word[-1] in ")]%"

    def _direct(self, start: int, stop: int) -> bool:
        """Do most of the words stand in quotation marks?"""
        quoted, total, k = 0, 0, start
        first = next((a for a, b in self.quotes.close.items() if a < start < b), None)
        limit = self.quotes.close[first] if first is not None else -1
        while k < stop:
            if k in self.quotes.close:
                limit = max(limit, self.quotes.close[k])
            elif self.norms[k][0].isalnum():
                total += 1
                quoted += k < limit
            k += 1
        return quoted * 2 >= total and quoted > 0

    def _content_end(self, report: Report, reports: list[Report], n: int) -> int:
        norms = self.norms
        sentence = self.layer.sentences[report.sentence]
        if report.quoted:
            return self.quotes.close.get(report.start - 1, sentence.j)
        limit = sentence.j
        opened = max((a for a, b in self.quotes.close.items() if a < report.verb < b), default=None)
        if opened is not None:
            limit = min(limit, self.quotes.close[opened])
        # a quotation left open at the end of the sentence carries the content on
        for a in range(report.start - 1, limit):
            if self.quotes.close.get(a, 0) >= limit and opened is None:
                limit = self.quotes.close[a]
                break
        for other in reports[n + 1 :]:
            if other.sentence != report.sentence or other.verb >= limit:
                break
            if other.verb < report.start or not other.joined:
                continue
            if any(
                a < other.verb < self.quotes.close[a]
                for a in range(report.start - 1, other.verb)
                if a in self.quotes.close
            ):
                continue
            limit = min(limit, max(other.before, report.start))
            break
        k = report.start
        while k < limit:
            if k in self.quotes.close:
                k = min(self.quotes.close[k], limit)
            elif k > report.start and starts(norms, k, limit, phrases("trail")):
                return k
            k += 1
        return limit


def find(layer: Layers) -> list[Statement]:
    """The statements of a document, in order of their verbs."""
    return Finder(layer).find()
