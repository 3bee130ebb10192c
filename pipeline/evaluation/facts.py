"""Score numeric facts, by kind and by rule, and say why the misses are missed.

python -m pipeline.evaluation.facts GOLD [--set NAME] [--grammar] [--errors CAUSE] [--gold-quantities] [--gold-names]

GOLD (perhaps .gz) holds one JSON object a line: id, text, date and facts, whose figures are values, or only their
words, which are then read and have no unit to compare; `set` is what --set chooses by. The first letters of an id are
its topic. A predicted fact is right at a level where it agrees with a gold fact on it and on all levels before: values,
units, direction, indicator (half of the words shared), full (times).
With --gold-quantities the stage is given the figures of the gold facts instead of those that the pipeline finds, with
--gold-names the annotated names; --grammar leaves the reader out. --precision and --calibration print what confidence
is made of: the first of the grammar alone, the second with the reader, on text that it has not learned from.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from pipeline.language.fold import fold
from pipeline.layers import Entity, Layers, Mention, Quantity

ROLES = ("from", "to", "delta")
WORD = re.compile(r"\w+")
ARTICLE = "\u0627\u0644"


def _numbers(v: dict | None) -> tuple | None:
    if not v:
        return None
    return (v["value"],) if v.get("value") is not None else (v.get("min"), v.get("max"))


def _near(a: tuple | None, b: tuple | None) -> bool:
    """The same numbers, within half a percent."""
    if a is None or b is None or len(a) != len(b):
        return a is b
    return all(
        x is y or None not in (x, y) and abs(x - y) <= 0.005 * max(abs(x), abs(y)) for x, y in zip(a, b, strict=True)
    )


def _values(g: dict, p: dict) -> bool:
    return all(_near(_numbers(g.get(r)), _numbers(p.get(r))) for r in ROLES)


def _units(g: dict, p: dict) -> bool:
    return all(not g.get(r) or "unit" not in g[r] or g[r]["unit"] == (p.get(r) or {}).get("unit") for r in ROLES)


def _direction(g: dict, p: dict) -> bool:
    return (g["kind"], g.get("direction")) == (p["kind"], p.get("direction"))


def _words(text: str) -> Counter[str]:
    return Counter(w.removeprefix(ARTICLE) for w in WORD.findall(fold(text)))


def agrees(gold: str, said: str) -> bool:
    """Whether two indicators share half of their words."""
    a, b = _words(gold), _words(said)
    return 4 * (a & b).total() >= a.total() + b.total()


def _indicator(g: dict, p: dict) -> bool:
    return agrees(g["indicator"], p["indicator"]["text"])


def _times(g: dict, p: dict) -> bool:
    """A time that the gold gives as Arabic words is not asked for."""
    keys = ("time_from", "time_to")
    return all(not re.match(r"\d|FY", g.get(k) or "") or p.get(k) == g[k] for k in keys)


LEVELS: dict[str, Callable[[dict, dict], bool]] = {
    "values": _values,
    "units": _units,
    "direction": _direction,
    "indicator": _indicator,
    "full": _times,
}


@dataclass(slots=True)
class Document:
    text: str
    gold: list[dict]
    found: list[dict]
    topic: str = ""
    times: list[str] = field(default_factory=list)  # those read in it, as facts give them


def pairs(gold: list[dict], found: list[dict], level: str) -> dict[int, int]:
    """The largest one-to-one matching up to `level`: index of the predicted fact to that of the gold fact."""
    names = list(LEVELS)
    tests = [LEVELS[name] for name in names[: names.index(level) + 1]]
    taken: dict[int, int] = {}

    def place(i: int, seen: set[int]) -> bool:
        for j, p in enumerate(found):
            if j not in seen and all(test(gold[i], p) for test in tests):
                seen.add(j)
                if j not in taken or place(taken[j], seen):
                    taken[j] = i
                    return True
        return False

    for i in range(len(gold)):
        place(i, set())
    return taken


def furthest(gold: list[dict], found: list[dict]) -> dict[int, tuple[int, str]]:
    """Index of a predicted fact to that of the gold fact with which it agrees furthest, and the level they reach."""
    best: dict[int, tuple[int, str]] = {}
    for name in reversed(LEVELS):
        missed = [i for i in range(len(gold)) if i not in {i for i, _ in best.values()}]
        free = [j for j in range(len(found)) if j not in best]
        agreed = pairs([gold[i] for i in missed], [found[j] for j in free], name)
        best |= {free[j]: (missed[i], name) for j, i in agreed.items()}
    return best


def causes(document: Document) -> Iterator[tuple[str, dict]]:
    """(cause, fact) for each gold fact that is missed and each predicted one that is wrong."""
    gold, found = document.gold, document.found
    best, names = furthest(gold, found), list(LEVELS)
    for i, reached in best.values():
        if reached != names[-1]:
            yield f"{names[names.index(reached) + 1]} wrong", gold[i]
    said = [_numbers(p[r]) for p in found for r in ROLES if p.get(r)]
    for g in (g for i, g in enumerate(gold) if i not in {i for i, _ in best.values()}):
        ours = [any(_near(_numbers(g[r]), n) for n in said) for r in ROLES if g.get(r)]
        yield "missed: " + ("grouped otherwise" if all(ours) else "figures left out"), g
    said = [_numbers(g[r]) for g in gold for r in ROLES if g.get(r)]
    for j, p in enumerate(found):
        if j not in best:
            theirs = [any(_near(_numbers(p[r]), n) for n in said) for r in ROLES if p.get(r)]
            yield "false: " + ("grouped otherwise" if all(theirs) else "no value of a fact"), p


def gold_quantities(layer: Layers, facts: list[dict]) -> list[Quantity]:
    """The figures that annotated facts use, as quantities of the text."""
    tokens, out = layer.tokens, {}
    for v, bound in ((f[r], f.get("bound")) for f in facts for r in ROLES if f.get(r)):
        start = -1
        while (start := tokens.text.find(v["text"], start + 1)) >= 0:
            end = start + len(v["text"])
            i, j = bisect_right(tokens.starts, start) - 1, bisect_left(tokens.starts, end)
            if start not in out and not tokens.text[start - 1 : start].isdigit() and i >= 0:
                numbers = {key: v.get(key) for key in ("value", "min", "max")}
                q = Quantity(start, end, v["text"], i, j, "measure", **numbers, unit=v.get("unit"), core=(start, end))
                q.id, q.bound = f"q{start}", bound or "exact"
                out[start] = q
                break
    found = sorted(out.values(), key=lambda q: q.start)
    return [q for n, q in enumerate(found) if n == 0 or q.i >= found[n - 1].j]


def gold_names(layer: Layers, names: list[dict]) -> None:
    """Put the annotated names, which are listed in the order of the text, in place of those that were found."""
    tokens, at, entities = layer.tokens, 0, {}
    layer.mentions, layer.entities = [], []
    for name in names:
        start = tokens.text.find(name["text"], at)
        if start < 0:
            continue
        at = start + len(name["text"])
        mention = Mention(start, at, name["text"], *tokens.covering(start, at), name["label"])
        if name["text"] not in entities:
            entities[name["text"]] = Entity(f"e{len(entities) + 1}", name["label"], name["text"], [])
            layer.entities.append(entities[name["text"]])
        entities[name["text"]].mentions.append(mention)
        layer.mentions.append(mention)


def read(path: str, part: str | None = None, given: frozenset[str] = frozenset(), reader=True) -> Iterator[Document]:
    """The documents of a gold file (of one `part`) with the pipeline's facts.

    `given`: the layers whose place the gold takes, "quantities" or "names"; without the `reader`, the grammar alone.
    """
    import pipeline
    from pipeline.article import Article
    from pipeline.facts.stage import Facts
    from pipeline.facts.when import iso, usable
    from pipeline.layers import layers

    nlp = pipeline.load()
    facts = nlp.get_pipe("khabar_facts") if reader else Facts(reader=False)
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, filter(str.strip, lines)):
            if part and row.get("set") != part:
                continue
            doc = nlp.tokenizer.make(
                Article(row["id"], row["text"], row.get("title"), row.get("date"), row.get("source"))
            )
            for fact in row["facts"]:
                fact |= {r: _value(nlp, fact[r]) for r in ROLES if isinstance(fact.get(r), str)}
            for name, stage in nlp.pipeline:
                if "quantities" in given and name == "khabar_facts":
                    layers(doc).quantities = gold_quantities(layers(doc), row["facts"])
                (facts if name == "khabar_facts" else stage)(doc)
                if "names" in given and name == "khabar_linking":
                    gold_names(layers(doc), row["entities"])
            topic = re.match(r"(?:[A-Z]+-)?[A-Za-z]*", row["id"])[0]
            times = [iso(t) for t in layers(doc).times if usable(t)]
            yield Document(row["text"], row["facts"], records(layers(doc)), topic, times)


def _value(nlp, words: str) -> dict:
    """The value that the words of a figure say: "5 % to 6 %" is one range, and a part of something is in percent."""
    from pipeline.layers import layers

    doc = nlp.make_doc(words)
    for name in ("khabar_sentences", "khabar_numerals", "khabar_quantities"):
        nlp.get_pipe(name)(doc)
    said = [q for q in layers(doc).quantities if q.value is not None or q.min is not None]
    if not said:
        return {"text": words}
    first, last = said[0], said[-1]
    if first is not last and last.unit and None not in (first.value, last.value) and first.unit in (None, last.unit):
        return {"text": words, "value": None, "min": first.value, "max": last.value}
    value = first.value
    if first.dimension == "fraction" and not first.unit and value is not None:
        value = round(100 * value, 2)
    return {"text": words, "value": value, "min": first.min, "max": first.max}


def records(layer: Layers) -> list[dict]:
    from pipeline.records import Fact

    return [Fact.model_validate(fact).model_dump() for fact in layer.facts]


def report(documents: list[Document]) -> Iterator[str]:
    """The lines of the report."""
    gold, found = sum(len(d.gold) for d in documents), sum(len(d.found) for d in documents)
    yield f"documents {len(documents)}  gold facts {gold}  predicted {found}"
    for level in LEVELS:
        right = sum(len(pairs(d.gold, d.found, level)) for d in documents)
        p, r, f1 = 100 * right / max(1, found), 100 * right / max(1, gold), 200 * right / max(1, gold + found)
        yield f"{level:10} P {p:5.1f}  R {r:5.1f}  F1 {f1:5.1f}"
    for what, key in (("kind", "kind"), ("rule", "rule")):
        n, good, full = Counter(), Counter(), Counter()
        for d in documents:
            n.update(p[key] for p in d.found)
            good.update(d.found[j][key] for j in pairs(d.gold, d.found, "direction"))
            full.update(d.found[j][key] for j in pairs(d.gold, d.found, "full"))
        yield f"\nby {what}: facts, right up to the direction, right in full"
        for name, count in n.most_common():
            yield f"{name:32} {count:5} {100 * good[name] / count:5.1f} {100 * full[name] / count:5.1f}"
    yield "\nby topic: gold facts, F1 of values, up to the direction, indicator, full"
    for topic, among in sorted(_topics(documents).items(), key=lambda item: -len(item[1])):
        gold, found = sum(len(d.gold) for d in among), sum(len(d.found) for d in among)
        right = [
            sum(len(pairs(d.gold, d.found, n)) for d in among) for n in ("values", "direction", "indicator", "full")
        ]
        yield f"{topic:20} {gold:5} " + " ".join(f"{200 * n / max(1, gold + found):5.1f}" for n in right)
    yield from _reliability(documents)
    yield "\nby cause"
    for name, count in Counter(cause for d in documents for cause, _ in causes(d)).most_common():
        yield f"{name:32} {count:5}"


def _reliability(documents: list[Document]) -> Iterator[str]:
    said: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for d in documents:
        good = _right(d)
        for j, p in enumerate(d.found):
            said[int(10 * p["confidence"])].append((p["confidence"], j in good))
    n, off = sum(map(len, said.values())), 0.0
    yield "\nreliability: confidence, facts, mean confidence, right up to the direction"
    for low, told in sorted(said.items()):
        mean, right = (sum(x) / len(told) for x in zip(*told, strict=True))
        off += len(told) / n * abs(mean - right)
        yield f"{low / 10:.1f}-{low / 10 + 0.1:.1f} {len(told):5} {mean:.2f} {right:.2f}"
    yield f"expected calibration error {off:.3f}"


def fields(documents: list[Document]) -> Iterator[str]:
    """The other fields of the facts that are right up to the direction, each against the gold's own."""
    yield "\nwith values, units and direction right, field: gold has it and we right, wrong, nothing; only we have it"
    for name in ("indicator", "time_from", "time_to", "status", "bound", "subject", "attribution"):
        counts = Counter(
            _told(d, d.gold[i], d.found[j], name)
            for d in documents
            for j, (i, level) in furthest(d.gold, d.found).items()
            if level not in ("values", "units") and (name == "indicator" or name in d.gold[i])
        )
        shown = " ".join(f"{counts[k]:5}" for k in ("right", "wrong", "missed", "extra"))
        yield f"{name:12} {shown}   " + ", ".join(f"{k} {n}" for k, n in counts.most_common() if " " in k)


def _told(document: Document, gold: dict, found: dict, name: str) -> str:
    """How a field of a fact was told; a time that the gold gives as Arabic words is not asked for."""
    theirs, ours = gold.get(name), found.get(name)
    if name.startswith("time"):
        if theirs and not re.match(r"\d|FY", theirs):
            return "words"
        if theirs and theirs != ours:
            return "wrong" if ours else "missed"
    elif name in ("status", "bound"):
        return "right" if theirs == ours else "wrong"
    if not theirs or not ours:
        return "missed" if theirs else "extra" if ours else "none"
    text = ours["text"] if isinstance(ours, dict) else ours
    return "right" if agrees(theirs, text) or theirs == text else "wrong"


def _topics(documents: list[Document]) -> dict[str, list[Document]]:
    out: dict[str, list[Document]] = defaultdict(list)
    for d in documents:
        out[d.topic].append(d)
    return out


def precision(documents: list[Document]) -> Iterator[str]:
    """The lines of `data/lexicons/facts/precision.tsv`: how often a rule's facts are right up to the direction."""
    n, good = Counter(), Counter()
    for d in documents:
        n.update(p["rule"] for p in d.found)
        good.update(d.found[j]["rule"] for j in pairs(d.gold, d.found, "direction"))
    for rule in sorted(n):
        yield f"{rule}\t{(good[rule] + 1) / (n[rule] + 2):.2f}\t{n[rule]}"


def calibration(documents: list[Document]) -> tuple[float, float]:
    """What `pipeline.facts.revise.CALIBRATION` has to be, from the confidence that was said with the one in force."""
    from pipeline.facts.revise import CALIBRATION

    said = np.array([p["confidence"] for d in documents for p in d.found])
    right = np.array([j in good for d in documents for good in [_right(d)] for j in range(len(d.found))], float)
    x = np.stack([np.ones_like(said), np.log(said / (1 - said))], 1)
    weights = np.array([0.0, 1.0])
    for _ in range(20):  # Newton's method on the logarithm of the likelihood
        p = 1 / (1 + np.exp(-x @ weights))
        weights -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (p - right))
    a, b = CALIBRATION
    return float(weights[0] + weights[1] * a), float(weights[1] * b)


def _right(document: Document) -> dict[int, int]:
    return pairs(document.gold, document.found, "direction")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("path")
    parser.add_argument("--errors", metavar="CAUSE", help="print the facts of the causes that contain this word")
    parser.add_argument("--gold-quantities", action="store_true")
    parser.add_argument("--gold-names", action="store_true")
    parser.add_argument("--grammar", action="store_true", help="leave the reader out")
    parser.add_argument("--set", help="only rows of this set")
    parser.add_argument("--precision", action="store_true", help="print the rules' precision, for precision.tsv")
    parser.add_argument("--calibration", action="store_true", help="print what makes the confidence fit")
    options = parser.parse_args()
    given = frozenset(name for name in ("quantities", "names") if getattr(options, f"gold_{name}"))
    documents = list(read(options.path, options.set, given, not options.grammar))
    if options.precision:
        print(*precision(documents), sep="\n")
        return
    if options.calibration:
        print("CALIBRATION = ({:.2f}, {:.2f})".format(*calibration(documents)))
        return
    for document in documents if options.errors else ():
        for cause, fact in causes(document):
            if options.errors in cause:
                print(document.text, cause, json.dumps(fact, ensure_ascii=False), sep="\n", end="\n\n")
    print(*report(documents), *fields(documents), sep="\n")


if __name__ == "__main__":
    main()
