"""The stage that fills `layer.numerals`: every number of the running text, those inside names marked."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language

from pipeline.layers import Layers
from pipeline.quantities.numerals import read_all
from pipeline.stage import Stage


class NumeralStage(Stage):
    """Reads the numbers of each sentence; a number inside a named mention is kept with `name` set."""

    def annotate(self, batch: Sequence[Layers]) -> None:
        for layer in batch:
            layer.numerals = read_all(layer.tokens, ((s.i, s.j) for s in layer.sentences))
            _mark_names(layer.numerals, layer.mentions)


def _mark_names(numerals, mentions) -> None:
    """Both lists run left to right; one pass. What the tagger alone takes for a name is none if it is but a number."""
    spans = sorted((m.start, m.end, m.source != "tagger") for m in mentions)
    k = 0
    for numeral in numerals:
        while k < len(spans) and spans[k][1] <= numeral.start:
            k += 1
        if k < len(spans) and spans[k][0] <= numeral.start and numeral.end <= spans[k][1]:
            whole = spans[k][:2] == (numeral.start, numeral.end)
            numeral.name = spans[k][2] or not whole


@Language.factory("khabar_numerals")
def create(nlp, name):
    """Registered by entry point."""
    return NumeralStage()
