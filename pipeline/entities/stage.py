"""khabar_entities: named mentions, from the knowledge base, rules and (where it is switched on) the neural tagger."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Span

from pipeline.entities import alias
from pipeline.entities.bounds import Bounds
from pipeline.entities.gazetteer import Gazetteer, Match
from pipeline.entities.heads import Heads
from pipeline.entities.merge import merge
from pipeline.entities.persons import Persons
from pipeline.entities.quotes import Governed
from pipeline.entities.spans import Candidate, mention
from pipeline.entities.trust import OWN, supported
from pipeline.entities.words import AL, words
from pipeline.layers import Layers
from pipeline.linking.kb import form, load
from pipeline.stage import Stage

_BEH = "\u0628"
_QUOTE = '"'
_WORD = re.compile(r"\w")
_YEAR = re.compile("(?:19|20)[0-9][0-9]")
_WHOLE = {"LOC": "LOC", "ORG": "ORG", "GROUP": "ORG"}


class Entities(Stage):
    """Finds mentions sentence by sentence, then repeats of short names in the document.

    Parameters
    ----------
    kb : CSV files of the user's own entries, which win over the shipped ones.
    tagger : profile of the neural tagger ("fast", "accurate"), or CAMeL Tools' ("camel", "camel:FOLDER"); empty:
        the knowledge base and rules alone.
    """

    def __init__(self, kb: Sequence[str] = (), tagger: str = ""):
        self.kb = load(tuple(kb))
        self.neural = None
        self.models = {"tagger": tagger} if tagger else {}
        if tagger:
            from pipeline.entities.neural import Neural  # the tagger's runtime is loaded only where it is wanted

            self.neural = Neural(tagger, self.kb)
        self.words = words()
        self.gazetteer = Gazetteer(self.kb)
        self.bounds = Bounds(self.kb)
        self.heads = Heads(self.kb)
        self.persons = Persons(self.kb)
        self.governed = Governed(self.kb, self.gazetteer)

    def annotate(self, batch: Sequence[Layers]) -> None:
        read = self.neural.read(batch) if self.neural else [([], []) for _ in batch]
        for layer, (candidates, likely) in zip(batch, read, strict=True):
            sport, home = self.sport(layer), self.home(layer)
            candidates = [c for c in (self.bare(c, layer) for c in candidates) if c.i < c.j]
            candidates = self.bounds.mended(candidates, layer.tokens.norms)
            known = [c for s in layer.sentences for c in self.candidates(layer, s.i, s.j, sport)]
            if self.neural:
                known = supported(known, candidates, likely)
            known += [c for s in layer.sentences for c in self.epithets(layer.tokens.norms, s.i, s.j, home)]
            kept = merge([*self.outside(candidates, known, layer.tokens.norms), *known])
            self.kinds(layer, kept)
            repeats = alias.repeats(layer, kept, self.kb)
            if self.neural:
                repeats = supported([*repeats, *alias.again(layer, kept)], candidates, likely)
            kept = merge([*kept, *repeats])
            layer.mentions = [mention(layer.tokens, c) for c in kept]

    def outside(self, tagged: list[Candidate], known: list[Candidate], norms: list[str]) -> list[Candidate]:
        """The tagger's spans without those that are part of a longer place or body that the knowledge base has as a
        whole: `تونس` in `تونس العاصمة` (Tunis).
        """
        whole: dict[int, Candidate] = {}
        for c in known:
            if c.source == "gazetteer" and c.j - c.i > 1 and c.label in _WHOLE and c.kind is None:
                first, last = norms[c.i][c.skip :], norms[c.j - 1]
                if first not in self.words.governors and not (c.label != "LOC" and last in self.kb.nisba):
                    whole.update(dict.fromkeys(range(c.i, c.j), c))

        def part(c: Candidate) -> bool:
            w = whole.get(c.i)
            return w is not None and c.j <= w.j and c.j - c.i < w.j - w.i and _WHOLE.get(c.label) == _WHOLE[w.label]

        return [c for c in tagged if not part(c)]

    def bare(self, candidate: Candidate, layer: Layers) -> Candidate:
        """A tagger's span without quotation marks, commas and prepositions at its ends, and with the mark that closes
        a quotation inside it.
        """
        norms = layer.tokens.norms
        dangling = self.words.prepositions | self.words.inside | self.words.never_last
        while candidate.i < candidate.j and (
            not _WORD.search(norms[candidate.j - 1])
            and norms[candidate.j - 1] != "+"
            or norms[candidate.j - 1] in dangling
        ):
            candidate.j -= 1
        while candidate.i < candidate.j and not _WORD.search(norms[candidate.i]):
            candidate.i, candidate.skip = candidate.i + 1, 0
        if norms[candidate.i : candidate.j].count(_QUOTE) % 2 and norms[candidate.j : candidate.j + 1] == [_QUOTE]:
            candidate.j += 1
        return candidate

    def sport(self, layer: Layers) -> bool:
        """Whether the article is about sport, as far as the names of clubs go."""
        norms, terms = layer.tokens.norms, self.words.sport
        return sum(1 for s in layer.sentences for norm in norms[s.i : s.j] if norm in terms) >= 2

    def home(self, layer: Layers) -> str:
        """The country of the article's source, where the knowledge base has the source."""
        return next((e.iso for e in self.kb.entries(form(layer.article.source or "")) if e.kind == "media"), "")

    def candidates(self, layer: Layers, i: int, j: int, sport: bool = False) -> list[Candidate]:
        """What the knowledge base and the rules find in tokens [i, j)."""
        tokens, norms = layer.tokens, layer.tokens.norms
        found: list[Candidate] = []
        places: dict[int, int] = {}
        taken: dict[int, int] = {}
        for match in self.gazetteer.scan(norms, i, j):
            entries = self.kb.entries(match.key)
            label = entries[0].label if entries else self.kb.label(match.key) or "MISC"
            if match.weak:
                continue
            if label == "LOC" and match.skip == 0:
                places[match.i] = match.j
            if label == "PER" and match.j == match.i + 1 and self._dated(norms, match.i, i, j):
                continue
            entries = self.reading(entries, match, norms, i, sport)
            label = entries[0].label if entries else label
            i0, skip, stop = match.i, match.skip, match.j
            if label == "ORG":
                stop = self.bounds.own(norms, i0, stop, skip)
            if label == "MISC":
                stop = self.year(norms, stop, j)
            governor = self.governor(match, entries, norms)
            if governor:
                found.append(Candidate(i0 + 1, stop, 0, label, "gazetteer", 0.95, governor.kind))
                taken.update(dict.fromkeys(range(i0, stop), 2))
                continue
            size = match.j - match.i
            score = 0.95 if size > 1 and entries else 0.85 if entries else 0.8
            if entries and entries[0].number < 0:
                score = OWN
            found.append(Candidate(match.i, stop, skip, label, "gazetteer", score))
            for k in range(match.i, stop):
                taken[k] = 1 if label == "PER" or (size == 1 and label != "LOC") else 2
        cover = bytearray(j)
        for k, value in taken.items():
            cover[k] = value
        found += self.heads.find(norms, i, j, places, {c.i: c for c in found})
        found += self.governed.find(tokens, i, j)
        people = [] if self.neural else list(self.persons.find(tokens, i, j, cover))  # the tagger knows people better
        begins = {c.i: c.j for c in people}
        return people + [c for c in found if c.label != "PER" or begins.get(c.i, 0) <= c.j]

    def governor(self, match: Match, entries: list, norms: list[str]):
        """The word before the name in `ولاية تطاوين` (Tataouine governorate), `شركة سامسونغ`: it is not part of the
        name.
        """
        if match.j < match.i + 2 or not entries:
            return None
        found = self.words.first(self.words.governors, norms[match.i])
        if found is None or found[2].strength == "inside" or found[2].kind == "port" or found[1].startswith(AL):
            return None
        if found[2].label != entries[0].label:
            return None
        rest = match.key.partition(" ")[2]
        if entries[0].label == "LOC" or entries[0] in self.kb.entries(rest):
            return found[2]
        return None

    def reading(self, entries: list, match: Match, norms: list[str], i: int, sport: bool) -> list:
        """A name that is a city's and a club's: the club in sports, but for places said to be ones."""
        labels = {entry.label for entry in entries}
        if "LOC" not in labels or not entries or entries[0].kind not in ("club", "international"):
            return entries
        before = norms[match.i - 1] if match.i > i else ""
        inside = norms[match.i][: match.skip].endswith(_BEH) or before in self.words.inside
        wanted = "LOC" if inside or not sport else "ORG"
        return sorted(entries, key=lambda entry: entry.label != wanted)

    def epithets(self, norms: list[str], i: int, j: int, home: str):
        """`المملكة` (the kingdom) in the media of a kingdom, which the tagger does not know whose they are."""
        for k in range(i, j) if home else ():
            found = self.words.first(self.words.epithets, norms[k])
            if found and home in found[2] and not (k + 1 < j and norms[k + 1].startswith(AL)):
                yield Candidate(k, k + 1, found[0], "LOC", "gazetteer", 0.7, "country")

    def _dated(self, norms: list[str], k: int, i: int, j: int) -> bool:
        """Whether a number stands beside token k: the name of a month, then, that is also a family name."""
        return k > i and norms[k - 1].isdigit() or k + 1 < j and norms[k + 1].isdigit()

    def year(self, norms: list[str], k: int, j: int) -> int:
        """The end of the year after an event or a law, where one stands at token k; else k."""
        m = k + (k < j and norms[k] in self.words.years)
        return m + 1 if m < j and _YEAR.fullmatch(norms[m]) else k

    def kinds(self, layer: Layers, kept: list[Candidate]) -> None:
        """What the first word of a name says it is; what governs the first of several joined places governs all:
        `موانئ أكتاو وكوريك` (the ports of Aktau and Kuryk).
        """
        for c in kept:
            head = self.words.heads.get(layer.tokens.norms[c.i][c.skip :])
            if c.kind is None and head and head.label == c.label and c.j > c.i + 1:
                c.kind = head.kind
        for before, after in zip(kept, kept[1:], strict=False):
            if before.label == after.label == "LOC" and after.i == before.j and after.skip and before.kind == "port":
                after.kind = before.kind

    def show(self, doc, layer: Layers) -> None:
        """Mentions as `doc.ents`; a mention with a proclitic covers the whole token, since spaCy's spans are of
        tokens.
        """
        index, end, shown = layer.tokens.doc_index, 0, []
        for m in layer.mentions:
            if index[m.i] >= end:  # tokens that are not ours can hold two mentions
                end = index[m.j - 1] + 1
                shown.append(Span(doc, index[m.i], end, label=m.label))
        doc.ents = shown


@Language.factory("khabar_entities", default_config={"kb": [], "tagger": ""})
def create(nlp, name, kb, tagger):
    return Entities(kb, tagger)
