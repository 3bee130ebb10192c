"""Whose words they are: the speaker that a report names, describes or leaves to be understood."""

from __future__ import annotations

from pipeline.facts.statements_frames import Report
from pipeline.facts.statements_lexicon import (
    AL,
    CONJUNCTIONS,
    Form,
    head_kind,
    is_plural,
    lemma_of_head,
    strip,
    words,
)
from pipeline.facts.statements_speaker import COMMAS, ENDS, Phrases
from pipeline.language.clitics import split
from pipeline.language.fold import raw_length
from pipeline.layers import Entity, Layers

_LAM = "\u0644"
_ACTS = 4  # tokens from the start of a sentence to the one who acts in it
_TOPIC = 2  # sentences between two reports in which one who acts is taken for the speaker
_NISBA = ("\u064a", "\u064a\u0647")  # endings of adjectives of nationality


class Speakers:
    """Finds the speakers of the reports of one document, in order."""

    def __init__(self, layer: Layers, reader: Phrases):
        self.layer = layer
        self.reader = reader
        self.norms = reader.norms
        self.anaphora = reader.anaphora
        self.source: Report | None = None  # the last source phrase, for "the same source"
        self.issuers: dict[str, Entity] = {}  # document noun -> who issued it

    def find(self, report: Report, said: list[Report]) -> None:
        """Fill text, phrase and entity of the speaker; `said`: the reports before it, of the reporter's own level."""
        self._fill(report, said)
        if report.form is None:
            self.source = report
        elif report.entity is not None:
            self._note_issuer(report, report.entity)

    def _fill(self, report: Report, said: list[Report]) -> None:
        form = report.form
        gender = form.gender if form else ""
        if report.speaker:
            i, j = report.speaker
            report.text, report.entity = self.reader.name(i, j)
            report.phrase = self.reader.raw(i, j)
            if form is None:
                report.text, report.phrase = self._bare(i, report.text), self._bare(i, report.phrase)
            if form is None and strip(self.norms[i]) in words("speaker") and self.source is not None:
                report.text, report.phrase, report.entity = self.source.text, self.source.phrase, self.source.entity
                return
            if report.entity is None and head_kind(self.norms[i]) == "document":
                report.entity = self._issuer(i, j, form)
            if report.entity is None:
                spoke = [r.entity for r in (*reversed(said), self.source) if r and r.entity is not None]
                report.entity = self.anaphora.resolve(i, j, gender, spoke)
            if report.entity is None:
                report.entity = self._same_words(i, j, said, form is None) or self._by_office(
                    i, j, said, gender, report.nested
                )
            if report.entity is None and said and self._again(i, j) and said[-1].entity is None and said[-1].text:
                report.text, report.phrase = said[-1].text, said[-1].phrase
            if report.entity is not None and form is not None and form.tense != "participle" and i > report.verb:
                self.anaphora.gender.setdefault(report.entity.id, gender)
            return
        source = self._unnamed(report, said, gender if form and form.tense != "participle" else "")
        if source is not None:
            report.entity, report.phrase = source.entity, source.phrase
            report.text = None if source.entity is not None else source.text

    def _again(self, i: int, j: int) -> bool:
        """ "The source", "the same source": the one cited before."""
        same = self.norms[i] in words("same") and i + 1 < j
        word = self.norms[i + same]
        return strip(word) in words("speaker") and (same or word.startswith(AL) or j == i + 1)

    def _bare(self, i: int, text: str) -> str:
        """The words of a source without the preposition that a source phrase glues to them."""
        raw = self.layer.tokens.raw(i)
        glued = split(self.norms[i])[0] == _LAM and text.startswith(raw)
        return text[raw_length(raw, 1) :] if glued else text

    def _unnamed(self, report: Report, said: list[Report], gender: str) -> Report | None:
        """Whose words they are where the verb names nobody: this sentence's speaker or subject, or the last speaker."""
        here = [r for r in said if r.sentence == report.sentence]
        if here and not (report.nested and gender and not self._agrees(here[-1], gender)):
            return here[-1]
        subject = None if here else self._acting(report.sentence, report.verb, gender=gender)
        if subject is not None:
            return subject
        since = said[-1].sentence if said else -1
        for n in range(report.sentence - 1, max(since, report.sentence - _TOPIC - 1), -1):
            subject = self._acting(n, self.layer.sentences[n].j, ("PER",))  # one who acts in between
            if subject is not None:
                return subject
        if report.nested and gender:
            for mention, entity in self.anaphora.before(report.verb):
                if entity.label == "PER" and self.anaphora.gender.get(entity.id, gender) == gender:
                    return Report(0, 0, None, None, 0, text=mention.text, phrase=mention.text, entity=entity)
        if not said:
            return None
        return next((r for r in reversed(said) if r.form is None or not gender or self._agrees(r, gender)), said[-1])

    def _agrees(self, report: Report, gender: str) -> bool:
        if report.entity is not None and report.entity.id in self.anaphora.gender:
            return self.anaphora.gender[report.entity.id] == gender
        return report.form.tense == "participle" or report.form.gender == gender

    def _acting(
        self, n: int, stop: int, labels: tuple[str, ...] = ("PER", "ORG", "GROUP"), gender: str | None = None
    ) -> Report | None:
        """The first name near the start of sentence `n`, before token `stop`: the one who acts and then speaks.

        gender : of the report, where a title without a name ("the mayor went there and said") may stand for the name.
        """
        sentence = self.layer.sentences[n]
        if stop - sentence.i < 2:
            return None
        for k in range(sentence.i, min(stop, sentence.i + 12)):
            word = self.norms[k]
            if word in words("adjunct") and k > sentence.i:
                return None
            titled = gender is not None and k - sentence.i < _ACTS and k not in self.anaphora.at
            if titled and self.reader.kind(k) == "person" and split(word)[0] in ("", *CONJUNCTIONS):
                return self._described(k, stop, gender or "")
            if word in words("adjunct") or word[1:] in words("adjunct"):
                gender = None
            pair = self.anaphora.at.get(k)
            if pair and pair[0].j < len(self.norms) and self.norms[pair[0].j] == ":" and n == 0:
                continue  # the reporter's name
            if pair and pair[1].label in labels and pair[0].proclitic in ("", *CONJUNCTIONS):
                return Report(k, k, None, None, k, text=pair[0].text, phrase=pair[0].text, entity=pair[1])
        return None

    def _described(self, k: int, stop: int, gender: str) -> Report | None:
        """The one whose title begins at token `k`."""
        end = max(self.reader.end(k, stop), k + 1)
        text, entity = self.reader.name(k, end)
        entity = entity or self.anaphora.resolve(k, end, gender)
        return Report(k, k, None, None, k, text=text, phrase=self.reader.raw(k, end), entity=entity)

    def _same_words(self, i: int, j: int, said: list[Report], by_source: bool) -> Entity | None:
        """A definite description takes up the last speaker that was described with the same noun."""
        word = strip(self.norms[i])
        if self.norms[i] in words("same") and i + 1 < j:
            word, i = strip(self.norms[i + 1]), i + 1
        elif not self.norms[i].startswith(AL) and word not in words("speaker"):
            return None
        last = next((r.entity for r in reversed(said) if r.entity is not None), None)
        if word in words("speaker"):
            new = not self.norms[i].startswith(AL) and j > i + 1  # "a source in the ministry"
            return None if by_source or new else last
        if j == i + 1 and not head_kind(word) and word.endswith(_NISBA):  # "the Swiss"
            return last if last is not None and last.label == "PER" else None
        lemma = lemma_of_head().get(word, word)
        for report in reversed(said):
            if report.speaker and report.entity is not None:
                first = strip(self.norms[report.speaker[0]])
                if lemma_of_head().get(first, first) == lemma:
                    return report.entity
        return None

    def _by_office(self, i: int, j: int, said: list[Report], gender: str, nested: bool) -> Entity | None:
        """A bare title or trade with the article ("the official", "the Jamaican runner"): the last one who spoke.

        Not where somebody without a name was described with the same noun.
        """
        first = self.norms[i]
        definite = first.startswith(AL) or first[:1] == _LAM and split(first)[1][:1] == _LAM
        bare = strip(first) if first.startswith(AL) else first[2:]
        if bare in words("speaker") or not definite or j - i > 3 or head_kind(bare) != "person" or is_plural(bare):
            return None
        rest = self.norms[i + 1 : j]
        if any(not word.startswith(AL) for word in rest) or nested:
            return None
        lemma = lemma_of_head().get(bare, bare)
        for report in reversed(said):
            if report.speaker and report.entity is None:
                noun = strip(self.norms[report.speaker[0]])
                if lemma_of_head().get(noun, noun) == lemma:
                    return None
            entity = report.entity
            if entity is not None and entity.label == "PER":
                if bare not in words("anyone") and any(map(head_kind, self.anaphora.titles.get(entity.id, ()))):
                    return None  # one known by another title
                if bare not in words("anyone") and not all(self._borne(entity, strip(word)) for word in rest):
                    return None  # "the German ambassador" is somebody else
                known = self.anaphora.gender.get(entity.id, gender)
                if not gender or known == gender:
                    return entity
        return None

    def _borne(self, entity: Entity, word: str) -> bool:
        """Does an adjective stand right beside one of the names of a person?"""
        for mention in entity.mentions:
            around = self.norms[max(0, mention.i - 3) : mention.i] + self.norms[mention.j : mention.j + 3]
            if any(strip(w) == word for w in around):
                return True
        return False

    def _note_issuer(self, report: Report, entity: Entity) -> None:
        """Remember whose communiqué it is that a report mentions ("said in a communiqué")."""
        for k in range(report.verb + 1, min(report.start, report.verb + 40)):
            word = strip(self.norms[k])
            if head_kind(word) == "document":
                self.issuers[lemma_of_head().get(word, word)] = entity

    def _issuer(self, i: int, j: int, form: Form | None) -> Entity | None:
        """Who speaks in a document: the body named right behind it, else who was said to have issued it."""
        for k in range(i + 1, min(j + 3, len(self.norms))):
            if self.norms[k] in words("that") or self.norms[k] in COMMAS or self.norms[k] in ENDS:
                break
            pair = self.anaphora.at.get(k)
            if pair and pair[1].label in ("ORG", "GROUP", "PER"):
                return pair[1]
        word = strip(self.norms[i])
        if form and "report_in" in form.verb.flags and not self.norms[i].startswith(AL):
            return self._named(i)  # "published a tweet that said"
        return self.issuers.get(lemma_of_head().get(word, word))

    def _named(self, i: int) -> Entity | None:
        """The first person, else the first body, named before token `i` in its sentence."""
        first = None
        for k in range(i - 1, max(-1, i - 40), -1):
            if self.norms[k] in ENDS:
                break
            entity = self.anaphora.at[k][1] if k in self.anaphora.at else None
            if entity and (entity.label == "PER" or entity.label == "ORG" and (first is None or first.label == "ORG")):
                first = entity
        return first
