"""The stage that writes `statements`."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language

from pipeline.facts.statements import find
from pipeline.layers import Layers
from pipeline.stage import Stage


class Statements(Stage):
    """Who said what; reads sentences, entities and times."""

    def annotate(self, batch: Sequence[Layers]) -> None:
        for layer in batch:
            layer.statements = find(layer)


@Language.factory("khabar_statements")
def create(nlp: Language, name: str) -> Statements:
    return Statements()
