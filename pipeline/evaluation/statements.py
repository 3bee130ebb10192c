"""Score who said what against annotated articles, and list what is missed, invented or given to somebody else.

python -m pipeline.evaluation.statements GOLD [--set NAME] [--show]

GOLD holds one JSON object an article and line: id, text, statements (speaker, speaker_name, verb, content) and, where a
speaker has several names, names (name to its other names). A statement is found where the words of what was said agree
(F1 of words 0.6 or more), each gold statement with one of ours; its speaker is right where the name or the words for it
share half of their words with the speaker's words, or with a name of the entity that we link.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.language.fold import fold

if TYPE_CHECKING:
    from pipeline.layers import Layers

_WORD = re.compile(r"\w+")
_ARTICLE = "\u0627\u0644"
SAME, NAMED = 0.6, 0.5
FORMS = ("full name", "short name", "title or noun", "no subject")


@dataclass(frozen=True)
class Said:
    """A statement: what was said, and every name or description of who said it."""

    content: str
    speakers: tuple[str, ...]
    verb: str = ""
    words: str | None = ""  # those of its own sentence for the speaker, None where the verb alone carries it


def overlap(a: str, b: str) -> float:
    """F1 of the words of two texts, article and spelling variants apart."""
    x, y = (Counter(w.removeprefix(_ARTICLE) for w in _WORD.findall(fold(text))) for text in (a, b))
    return 2 * sum((x & y).values()) / max(1, sum(x.values()) + sum(y.values()))


def same_speaker(a: Said, b: Said) -> bool:
    return any(overlap(x, y) >= NAMED for x in a.speakers for y in b.speakers)


def form(said: Said) -> str:
    """How an annotated statement names its speaker: in full, short, by a title or noun, or not at all."""
    name = said.speakers[0]
    if said.words is None:
        return FORMS[3]
    if overlap(said.words, name) == 1:
        return FORMS[0]
    inside = set(_WORD.findall(fold(said.words))) <= set(_WORD.findall(fold(name)))
    return FORMS[1] if inside else FORMS[2]


def resolved(gold: Said, ours: Said) -> bool:
    """Is the speaker right by more than the words of the sentence itself?"""
    mine, other = (
        Said("", tuple(name for name in said.speakers if overlap(name, gold.words or "") < 1)) for said in (gold, ours)
    )
    return same_speaker(mine, other)


def pairs(gold: list[Said], ours: list[Said]) -> dict[int, int]:
    """Gold statement to ours, best first, each once; of two alike the one with the right speaker."""
    scored = sorted(
        (
            (overlap(g.content, o.content), same_speaker(g, o), -i, -j)
            for i, g in enumerate(gold)
            for j, o in enumerate(ours)
        ),
        reverse=True,
    )
    out: dict[int, int] = {}
    taken: set[int] = set()
    for score, _, i, j in scored:
        if score >= SAME and -i not in out and -j not in taken:
            out[-i] = -j
            taken.add(-j)
    return out


def annotated(article: dict) -> list[Said]:
    names = article.get("names", {})
    return [
        Said(s["content"], (s["speaker_name"], *names.get(s["speaker_name"], ())), s["verb"], s["speaker"])
        for s in article["statements"]
    ]


def found(layer: Layers) -> list[Said]:
    entities = {e.id: (e.name, *(m.text for m in e.mentions)) for e in layer.entities}
    return [
        Said(
            layer.tokens.text[s.start : s.end],
            tuple(filter(None, (s.speaker["text"], *entities.get(s.speaker["entity"], ())))),
            s.verb,
        )
        for s in layer.statements
    ]


def main() -> None:
    """The command."""
    from pipeline.article import Article
    from pipeline.layers import layers
    from pipeline.runner import load

    parser = argparse.ArgumentParser(description="Score who said what against annotated articles.")
    parser.add_argument("gold")
    parser.add_argument("--set", default="", help="only the articles of this set")
    parser.add_argument("--show", action="store_true", help="list what is wrong")
    options = parser.parse_args()
    nlp, n = load(), Counter()
    with open(options.gold, encoding="utf-8") as lines:
        articles = [a for a in map(json.loads, lines) if options.set in ("", a.get("set"))]
    for article in articles:
        doc = nlp.tokenizer.make(Article(article["id"], article["text"], article.get("title"), article.get("date")))
        for _, stage in nlp.pipeline:
            doc = stage(doc)
        gold, ours = annotated(article), found(layers(doc))
        paired = pairs(gold, ours)
        right = {i for i, j in paired.items() if same_speaker(gold[i], ours[j])}
        for i, j in paired.items():
            kind = form(gold[i])
            n[kind] += 1
            n[kind, "right"] += i in right if kind == FORMS[0] else resolved(gold[i], ours[j])
        n.update(gold=len(gold), ours=len(ours), found=len(paired), speaker=len(right))
        if options.show:
            wrong = [("missed", g) for i, g in enumerate(gold) if i not in paired]
            wrong += [("invented", o) for j, o in enumerate(ours) if j not in paired.values()]
            wrong += [("speaker", ours[paired[i]]) for i in paired if i not in right]
            for kind, s in wrong:
                print(article["id"], kind, s.verb, s.speakers[:1], s.content[:120], sep="\t")
    total = max(1, n["gold"] + n["ours"])
    print(
        f"articles {len(articles)}   statements {n['gold']}   ours {n['ours']}   "
        f"F1 {200 * n['found'] / total:.1f}   with the speaker {200 * n['speaker'] / total:.1f}"
    )
    rates = (f"{kind} {n[kind, 'right']} of {n[kind]}" for kind in FORMS)
    print("speaker right, of the statements found:", *rates, sep="   ")


if __name__ == "__main__":
    main()
