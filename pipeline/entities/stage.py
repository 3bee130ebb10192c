"""khabar_entities: named mentions, from the knowledge base, rules and (where it is switched on) the neural tagger."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Span

from pipeline.entities import alias
from pipeline.entities.gazetteer import Gazetteer
from pipeline.entities.heads import Heads
from pipeline.entities.merge import merge
from pipeline.entities.persons import Persons
from pipeline.entities.quotes import Governed, latin
from pipeline.entities.spans import Candidate, mention
from pipeline.layers import Layers
from pipeline.linking.kb import load
from pipeline.stage import Stage

_YEAR = re.compile("(?:19|20)[0-9][0-9]")


class Entities(Stage):
    """Finds mentions sentence by sentence, then repeats of short names in the document.

    Parameters
    ----------
    kb : CSV files of the user's own entries, which win over the shipped ones.
    """

    def __init__(self, kb: Sequence[str] = ()):
        self.kb = load(tuple(kb))
        self.gazetteer = Gazetteer(self.kb)
        self.heads = Heads(self.kb)
        self.persons = Persons(self.kb)
        self.governed = Governed(self.kb, self.gazetteer)

    def annotate(self, batch: Sequence[Layers]) -> None:
        for layer in batch:
            kept = merge(c for s in layer.sentences for c in self.candidates(layer, s.i, s.j))
            kept = merge([*kept, *alias.repeats(layer, kept, self.kb)])
            layer.mentions = [mention(layer.tokens, c) for c in kept]

    def candidates(self, layer: Layers, i: int, j: int) -> list[Candidate]:
        """What the knowledge base and the rules find in tokens [i, j)."""
        tokens, norms = layer.tokens, layer.tokens.norms
        found: list[Candidate] = []
        places: dict[int, int] = {}
        taken: dict[int, int] = {}
        for match in self.gazetteer.scan(norms, i, j):
            entries = self.kb.entries(match.key)
            label = entries[0].label if entries else self.kb.label(match.key) or "MISC"
            if label == "LOC" and match.skip == 0:
                places[match.i] = match.j
            if match.weak:
                continue
            stop = match.j
            if label == "MISC" and stop < j and _YEAR.fullmatch(norms[stop]):
                stop += 1
            size = match.j - match.i
            score = 0.95 if size > 1 and entries else 0.85 if entries else 0.8
            kind = entries[0].kind if entries else None
            found.append(Candidate(match.i, stop, match.skip, label, "gazetteer", score, kind))
            for k in range(match.i, stop):
                taken[k] = 1 if label == "PER" or (size == 1 and label != "LOC") else 2
        cover = bytearray(j)
        for k, value in taken.items():
            cover[k] = value
        found += self.heads.find(norms, i, j, places)
        found += self.governed.find(tokens, i, j)
        found += latin(tokens, i, j)
        found += self.persons.find(norms, i, j, cover)
        return found

    def show(self, doc, layer: Layers) -> None:
        """Mentions as `doc.ents`; a mention with a proclitic covers the whole token, since spaCy's spans are of tokens."""
        index = layer.tokens.doc_index
        doc.ents = [Span(doc, index[m.i], index[m.j - 1] + 1, label=m.label) for m in layer.mentions]


@Language.factory("khabar_entities", default_config={"kb": []})
def create(nlp, name, kb):
    return Entities(kb)
