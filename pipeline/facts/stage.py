"""The stage that reads numeric facts from the layers before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.language import Language

from pipeline.facts.again import in_full
from pipeline.facts.assemble import fact
from pipeline.facts.bare import anything
from pipeline.facts.clause import Clause, clause
from pipeline.facts.frame import Frame
from pipeline.facts.frames import frames
from pipeline.facts.indicator import indicator
from pipeline.facts.phrase import Said
from pipeline.facts.reader import load, values
from pipeline.facts.refer import References
from pipeline.facts.revise import Draft, Place, revise
from pipeline.facts.select import candidates
from pipeline.facts.trigger import DELTA_UNITS
from pipeline.facts.when import Told
from pipeline.layers import Fact, Layers, Value
from pipeline.stage import Stage

AGAIN = 8  # sentences in which a count or amount that comes again is the same one, whatever its phrase


class Facts(Stage):
    """Fills `layer.facts`: one fact for each indicator and statement, in the order of the text.

    Parameters
    ----------
    reader : whether the learned reader revises what the grammar found.

    Raises
    ------
    KhabarError : the reader is asked for and cannot be loaded.
    """

    def __init__(self, reader: bool = True):
        self.reader = load() if reader else None
        self.models = {"reader": self.reader.version} if reader else {}

    def annotate(self, batch: Sequence[Layers]) -> None:
        for layer in batch:
            places = list(_places(layer))
            drafts = [draft for place in places for draft in _drafts(place)]
            if self.reader:
                drafts = revise(layer, places, drafts, self.reader)
            layer.facts = _finish(layer, drafts)


def _places(layer: Layers) -> Iterator[Place]:
    """The sentences, each with the times told so far in its paragraph."""
    told, last = None, 0
    for number, sentence in enumerate(layer.sentences):
        if "\n" in layer.tokens.text[last : sentence.start]:
            told = None
        last = sentence.end
        view = clause(layer, sentence)
        told = Told(view, told)
        yield Place(number, view, told)


def _drafts(place: Place) -> Iterator[Draft]:
    """What the grammar finds in a sentence."""
    view = place.view
    found = frames(view, candidates(view)) if view.figures or view.times else []
    edges = _edges(view, found)
    place.told.settle(found, edges)
    said = None
    for n, frame in enumerate(found):
        span = indicator(view, frame, said) or (said.span if said else anything(view, frame))
        if span is None:
            continue
        said = Said(span, frame.last())
        bounds = edges[n], edges[n + 1]
        made = fact(view, frame, span, place.number, bounds, place.told.of(frame, bounds))
        if made is not None:
            yield Draft(made, place, edges[n], frame.slots)


def _finish(layer: Layers, drafts: Sequence[Draft]) -> list[Fact]:
    references, tokens = References(layer), layer.tokens
    for draft in drafts:
        made, place, edge, figure = draft.fact, draft.place, draft.edge, draft.figure
        i, j = tokens.covering(made.indicator["start"], made.indicator["end"])
        made.subject = references.subject(place.view, (i, j), edge, figure.i, draft.whose)
        made.attribution = references.attribution(figure.start)
    out = _once([draft.fact for draft in drafts])
    in_full(references, out)
    for n, made in enumerate(out, 1):
        made.id = f"f{n}"
    return out


def _edges(view: Clause, found: list[Frame]) -> list[int]:
    """Where the words of each frame begin (and, last, where they end): at the first joint behind the figure before."""
    edges = [view.first]
    for frame in found[1:]:
        a, b = frame.gap[0], max(frame.edge, frame.gap[0])
        edges.append(next((k for k in range(a, b) if view.joint(k)), b))
    return [*edges, view.last]


def _once(facts: list[Fact]) -> list[Fact]:
    """Drop a count or amount that the text states again about the same thing."""
    seen: dict[tuple, list[Fact]] = {}
    out = []
    for made in facts:
        v = made.to
        if made.kind == "level" and v and any(_same(made, other) for other in seen.get(_key(v), ())):
            continue
        for _, v in values(made):
            seen.setdefault(_key(v), []).append(made)
        out.append(made)
    return out


def _key(v: Value) -> tuple:
    return v.value, v.min, v.max, v.unit


def _same(a: Fact, b: Fact) -> bool:
    """Two sentences state one count or amount; a percentage or an index that comes again is mostly another one's."""
    if a.sentence == b.sentence:
        return False
    x, y = set(a.indicator["text"].split()), set(b.indicator["text"].split())
    if len(x & y) * 2 >= min(len(x), len(y)):
        return True
    return a.sentence - b.sentence <= AGAIN and a.to.unit not in (None, *DELTA_UNITS)


@Language.factory("khabar_facts")
def create(nlp, name, reader: bool = True):
    """Registered as `khabar_facts`."""
    return Facts(reader)
