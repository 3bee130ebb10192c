"""Members of a group of countries: those that the article lists beside its name, else those of the knowledge base."""

from __future__ import annotations

from bisect import bisect_right

from pipeline.layers import Entity, Layers

_REACH = 6  # tokens between the group's name and the list


def members(group: Entity, known: tuple[str, ...], layer: Layers, owner: dict[int, tuple[Entity, int]]) -> list[str]:
    """Ids of the countries listed next to a mention of `group`: two or more with only commas and conjunctions between.
    Where the article lists none, `known`, the ISO codes of its members in the knowledge base: by their shape it is
    plain which of the two it is.

    `owner` maps a token to the entity of the mention that begins there and to where that ends.
    """
    sentences = layer.sentences
    found: list[str] = []
    for m in group.mentions:
        at = bisect_right(sentences, m.i, key=lambda s: s.i) - 1
        if at < 0 or m.i >= sentences[at].j:
            continue
        sentence = sentences[at]
        for listed in _lists(m.i, m.j, sentence, owner, layer):
            for entity in listed:
                if (entity.ids.get("iso3166") in known or not known) and entity.id not in found:
                    found.append(entity.id)
    return found or list(known)


def _lists(i, j, sentence, owner, layer):
    """Runs of two or more countries that begin within reach after token j or end within reach before token i."""
    run: list[tuple[int, int, Entity]] = []
    for k in range(max(sentence.i, i - 60), min(sentence.j, j + 60)):
        entity, end = owner.get(k, (None, 0))
        if entity is None or entity.subtype != "country":
            continue
        if run and k - run[-1][1] <= 1 and (k == run[-1][1] or not layer.tokens.norms[k - 1].isalnum()):
            run.append((k, end, entity))
            continue
        if _beside(run, i, j):
            yield [e for _, _, e in run]
        run = [(k, end, entity)]
    if _beside(run, i, j):
        yield [e for _, _, e in run]


def _beside(run, i, j) -> bool:
    return len(run) > 1 and (0 <= run[0][0] - j <= _REACH or 0 <= i - run[-1][1] <= _REACH)
