"""One sentence as the fact grammar sees it: analysed words, figures, time spans, and what stands before a figure."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace

from pipeline.facts.lexicon import BEH, KAF, LAM, NOON, WAW, Word, finite, word
from pipeline.language.clitics import split
from pipeline.layers import Layers, Quantity, Sentence, Time

STOPS = frozenset(".,;:!?()[]{}|\u060c\u061b\u061f\u2026\u2013\u2014-")
COMMAS = frozenset(",\u060c")
QUOTES = frozenset("\"'\u00ab\u00bb\u201c\u201d")
LOOK_THROUGH = frozenset(("approx", "carrier", "compare"))
FAQAD = "\u0641\u0642\u062f"  # "for indeed" before a verb, "lost" elsewhere
REACH = 60  # tokens that the grammar looks back from a figure, so that a sentence of any length is read in linear time


@dataclass(slots=True)
class Clause:
    """A sentence's view. `words[k]` is token `first + k`; all positions in this module are token indexes."""

    layer: Layers
    first: int
    last: int
    words: list[Word]
    figures: list[Quantity]
    times: list[Time]
    timed: set[int] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    spent: set[int] = field(default_factory=set)  # tokens of ages and lengths, which have used their verb
    pending: int | None = None  # a verb of movement whose figure has not come yet

    def __getitem__(self, k: int) -> Word:
        return self.words[k - self.first]

    def stop(self, k: int) -> bool:
        return self[k].norm in STOPS

    def joint(self, k: int) -> bool:
        """Whether what is said may turn to something else at token `k`."""
        w = self[k]
        return self.stop(k) or w.cue in ("break", "then") or k not in self.timed and split(w.norm)[0][:1] == WAW

    def content(self, k: int) -> bool:
        """Whether token `k` is a plain word: no punctuation, function word, trigger, figure or part of a time."""
        w = self[k]
        return (
            (not w.cue or w.cue == "person")
            and not (w.trigger and (w.trigger.verbal or w.trigger.sense in ("light", "close")))
            and k not in self.timed
            and k not in self.taken
            and len(w.norm) > 1
        )

    def verb(self, k: int) -> bool:
        """Whether token `k` is a finite verb: one of the grammar's own, or what looks like one."""
        w = self[k]
        if k in self.timed:
            return False
        if w.trigger is not None or w.cue:
            return bool(w.trigger and w.trigger.verbal)
        return k not in self.named and finite(w.norm)

    def level(self, k: int) -> bool:
        """Whether token `k` is a verb or participle that only gives a value: "reached", "amounting to"."""
        t = self[k].trigger
        return t is not None and t.sense == "level" and (t.verbal or t.participle)

    def reported(self, k: int) -> bool:
        """The "that" at token `k` opens what somebody says: it follows a verb of saying and his name, not a modal."""
        following = self[min(k + 1, self.last - 1)]
        if len(following.norm) < 3 or self[k].norm.endswith(NOON) and following.trigger is not None:
            return False  # letters of a name; "is expected that it rises"
        return not any(self[p].cue == "forecast" for p in range(max(self.first, k - 2), k))

    def event(self, k: int) -> bool:
        t = self[k].trigger
        return t is not None and t.sense == "event" and t.verbal


def clause(layer: Layers, sentence: Sentence) -> Clause:
    """The view of one sentence."""
    norms = layer.tokens.norms
    lo = bisect_left(layer.quantities, sentence.i, key=lambda q: q.i)
    hi = bisect_left(layer.quantities, sentence.j, key=lambda q: q.i)
    figures = layer.quantities[lo:hi]
    lo = bisect_left(layer.times, sentence.i, key=lambda t: t.i)
    hi = bisect_left(layer.times, sentence.j, key=lambda t: t.i)
    times = layer.times[lo:hi]
    out = Clause(layer, sentence.i, sentence.j, [word(n) for n in norms[sentence.i : sentence.j]], figures, times)
    for t in times:
        out.timed.update(range(t.i, t.j))
    for q in figures:
        out.taken.update(range(q.i, q.j))
        if q.unit == "year":
            out.spent.update(range(q.i, q.j))
    lo = bisect_left(layer.mentions, sentence.i, key=lambda m: m.i)
    hi = bisect_left(layer.mentions, sentence.j, key=lambda m: m.i)
    for m in layer.mentions[lo:hi]:
        out.named.update(range(m.i, m.j))
    for k in range(out.first, out.last - 1):
        if out[k].norm == FAQAD and not _lost(out, k + 1):
            out.words[k - out.first] = replace(out[k], trigger=None, cue="filler")
    return out


def _lost(view: Clause, k: int) -> bool:
    """What follows `faqad` at token `k` makes it the verb "lost": somebody, an amount, no verb."""
    w = view[k]
    if view.verb(k) or finite(w.norm):
        return False
    near = any(p in view.taken for p in range(k, min(view.last, k + 4)))
    return near or w.definite or k in view.named or k in view.timed or bool(w.cue)


@dataclass(slots=True)
class Lead:
    """What stands right before a figure: the deciding particle, and where the words looked through begin."""

    role: str  # to, from, off, by, on, against or ''
    edge: int  # first token of the particles and words looked through


def lead(view: Clause, figure: Quantity, floor: int) -> Lead:
    """Read leftwards from `figure`, through approximators and carriers, to the particle that gives it its role."""
    k = figure.i
    start = view.layer.tokens.starts[k]
    if figure.start > start and k < view.last:
        role = {BEH: "by", LAM: "to"}.get(view[k].norm.lstrip("\u0648\u0641")[:1], "")
        if role:
            return Lead(role, k)
    k -= 1
    floor = max(floor, figure.i - 8)
    bracket = None
    while k >= floor:
        w = view[k]
        if w.cue in LOOK_THROUGH or w.cue == "bound" and view[k + 1].cue in ("off", "on"):
            if w.prep == BEH:
                return Lead("by", k)
            if w.prep == LAM:
                return Lead("to", k)
            if w.prep == KAF:
                break
            k -= 1
        elif (
            w.cue in ("from", "off", "on")
            and k > floor
            and view[k - 1].cue in ("compare", "approx", "bound")
            and not w.conj
        ):
            k -= 1  # "more than", "close to"
        elif (view.level(k) or w.cue == "to" and view.level(k - 1)) and _size(view, k, floor):
            k -= 1  # "to a level that reaches"
        elif w.cue == "by" or w.norm in (BEH, WAW + BEH):
            return Lead("by", k)
        elif w.norm == LAM:
            return Lead("to", k)
        elif w.cue == "from" and figure.value is None:
            k -= 1  # "from 6 to 8 %" is the range's own
        elif w.cue in ("to", "from", "off", "on", "against"):
            return Lead(w.cue, k)
        elif w.norm in COMMAS and k == figure.i - 1 and view.layer.tokens.ends[k] == figure.start:
            k -= 1  # a comma that stands for the decimal mark of nothing: "to ,23"
        elif w.norm in QUOTES or k in view.timed and view.level(k - 1):
            k -= 1
        elif w.norm in "([" and k == figure.i - 1:
            bracket, k = k, k - 1
        else:
            break
    return Lead("", k + 1 if bracket is None else bracket + 1)


def _size(view: Clause, k: int, floor: int) -> bool:
    """A level verb at or before `k` that only gives the size of a carrier noun right before it."""
    while k > floor and (view.level(k) or view[k].cue == "to"):
        k -= 1
    return view[k].cue == "carrier"
