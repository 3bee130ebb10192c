"""What a stage is: a spaCy component that annotates a batch of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType

from pipeline.layers import Layers, layers


class Stage:
    """Base of every component. A subclass writes `annotate`; one document is a batch of one.

    `models` names the models that the stage runs, for the records' provenance.
    """

    models: Mapping[str, str] = MappingProxyType({})

    def annotate(self, batch: Sequence[Layers]) -> None:
        """Read the layers left of this stage and write its own, for each document of the batch."""
        raise NotImplementedError

    def show(self, doc, layer: Layers) -> None:
        """Mirror the stage's layer into plain spaCy attributes (`doc.ents`, `doc.spans`), where it has some."""

    def __call__(self, doc):
        self.annotate([layers(doc)])
        self.show(doc, layers(doc))
        return doc

    def pipe(self, stream: Iterable, *, batch_size: int = 32) -> Iterator:
        stream = iter(stream)
        while batch := list(islice(stream, batch_size)):
            self.annotate([layers(doc) for doc in batch])
            for doc in batch:
                self.show(doc, layers(doc))
            yield from batch
