"""khabar_linking: mentions to entities with identifiers, names and members."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language

from pipeline.entities.words import AL, words
from pipeline.layers import Entity, Layers
from pipeline.linking import english
from pipeline.linking.cluster import Cluster, clusters
from pipeline.linking.context import Context, context, key
from pipeline.linking.groups import members
from pipeline.linking.kb import KnowledgeBase, form, load
from pipeline.stage import Stage

# A body of one of these kinds that the article names without a country belongs to the country the article is about.
_OF_A_COUNTRY = frozenset(("government", "ministry", "party", "university"))
_ABROAD = frozenset(("International", "World"))  # words in the names of bodies that are no country's
_KNOWN = 500_000  # people: a city that a body is named after, with nothing else about its country
_NICKNAMED = frozenset(("club", "country", "city", "continent", "team_competition"))  # kinds whose things have them
_PLACES = frozenset(("city", "region", "facility", "port"))


class Linking(Stage):
    """Clusters a document's mentions into `layer.entities` and links them.

    Parameters
    ----------
    kb : CSV files of the user's own entries, which win over the shipped ones.
    """

    def __init__(self, kb: Sequence[str] = ()):
        self.kb = load(tuple(kb))

    def annotate(self, batch: Sequence[Layers]) -> None:
        for layer in batch:
            where = context(layer, self.kb)
            found = clusters(layer.mentions, self.kb, where)
            layer.entities = [entity(c, n, self.kb, where) for n, c in enumerate(found, 1)]
            owner = {m.i: (e, m.j) for e in layer.entities for m in e.mentions}
            for e, c in zip(layer.entities, found, strict=True):
                for m in e.mentions:
                    m.entry = c.entry
                if e.label == "GROUP":
                    e.members = members(e, c.entry.members if c.entry else (), layer, owner)


def entity(cluster: Cluster, number: int, kb: KnowledgeBase, where: Context) -> Entity:
    entry = cluster.entry
    proper = _proper(cluster)
    fullest = max(proper, key=lambda m: (m.j - m.i, len(m.text) + len(m.proclitic), -m.start))
    name = fullest.text
    if fullest.proclitic.endswith("\u0644") and key(fullest).startswith("\u0627\u0644") and name.startswith("\u0644"):
        name = "\u0627" + name
    kind = next((m.kind for m in cluster.mentions if m.kind), None)
    subtype = entry.kind if entry and entry.kind else kind
    if cluster.label == "PER":
        subtype = "person"
    name_en = entry.name_en or None if entry else None
    if kind == "port" and subtype in (None, "city", "port"):
        subtype = "port"
        if name_en and not name_en.startswith("Port of"):
            name_en = f"Port of {name_en}"
    iso = entry.iso or None if entry else _country(cluster, kind, kb, where)
    if entry is None:
        longest = max(cluster.names, key=lambda n: (n.count(" "), len(n)))
        if cluster.label == "PER":
            name_en = english.person(longest, where.main, kb)
        elif cluster.label in ("ORG", "LOC"):
            name_en = english.body(longest, iso or "", kb)
    ids = {
        "iso3166": iso if cluster.label != "PER" else None,
        "geonames": entry.geonames or None if entry else None,
        "wikidata": entry.wikidata or None if entry else None,
    }
    return Entity(f"e{number}", cluster.label, name, cluster.mentions, subtype, name_en, ids)


def _proper(cluster: Cluster) -> list:
    """The mentions that are no nickname: of a club or place called by its own name too, those that share a word with
    it (`ريال مدريد`, not `النادي الملكي`, the royal club).
    """
    entry = cluster.entry
    if entry is None or entry.kind not in _NICKNAMED:
        return cluster.mentions
    own = {part.removeprefix(AL) for part in form(entry.name).split(" ")}
    named = [m for m in cluster.mentions if own & {part.removeprefix(AL) for part in key(m).split(" ")}]
    return named or cluster.mentions


def _country(cluster: Cluster, kind: str | None, kb: KnowledgeBase, where: Context) -> str | None:
    """The country of something that is not in the base: the one in its name, else, for a public body, the article's."""
    for name in cluster.names:
        parts = name.split(" ")
        for part in parts[1:]:  # of two countries the first is the home: `الحجرة التونسية الألمانية`
            if part.startswith(AL) and (iso := kb.nisba.get(part)):
                return iso
        for k in range(1, len(parts)):
            for entry in kb.entries(" ".join(parts[k:])):
                likely = entry.kind == "country" or where.named.get(entry.iso) or entry.iso == where.home
                if entry.label == "LOC" and entry.iso and (likely or entry.population > _KNOWN):
                    return entry.iso
    abroad = any(words().terms.get(part) in _ABROAD for name in cluster.names for part in name.split(" "))
    if cluster.label == "ORG" and not abroad:
        head = next((words().heads.get(n.split(" ")[0]) for n in cluster.names), None)
        if (head.kind if head else kind) in _OF_A_COUNTRY:
            return where.main or None
    if cluster.label == "LOC" and kind in _PLACES:
        return where.main or None
    return None


@Language.factory("khabar_linking", default_config={"kb": []})
def create(nlp, name, kb):
    return Linking(kb)
