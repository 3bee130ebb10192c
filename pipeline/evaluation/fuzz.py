"""Read numbers and times in texts that nobody wrote: random mixtures of what readers know and of what breaks them.

python -m pipeline.evaluation.fuzz [--minutes 10] [--seed 0] [--text FILE] [--case N]

A text is random pieces: words of the lexicons, digits of three families with every separator, controls, marks, Latin,
and stretches of the shipped samples or of FILE. Each must be read without an exception; the text must stay as it is;
spans must be exact, in order and not overlap. Now and then a text is repeated to n, 2n and 4n words, and the time for
them may not grow faster than the length. A failure prints seed and case, which make the same text again.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import sys
from contextlib import suppress
from functools import cache
from time import monotonic, process_time
from traceback import format_exc

from pipeline.article import Article
from pipeline.errors import DocumentError
from pipeline.layers import Layers, layers
from pipeline.resources import data, lexicon

GROWTH_EVERY = 400  # cases
SIZES = (2_000, 4_000, 8_000)  # words of a text whose time is taken
FASTER = 1.6  # how much faster than its length the time may grow before it is measured again
_COLUMNS = ("form", "forms", "phrase", "plurals", "singular")
_KINDS = ("tag", "class", "kind", "bound", "reach", "dimension")  # what a lexicon's rows are told apart by
_FAMILIES = ("0123456789", "".join(map(chr, range(0x660, 0x66A))), "".join(map(chr, range(0x6F0, 0x6FA))))
_MARKS = (
    "-/.,:;'()[]{}<>=+*%$#@_\"!?&|~^"
    + "\u066a\u066b\u066c\u060c\u061b\u061f\u2013\u2014\u2212\u00bd\u00b2\u20ac\u00ab\u00bb\u2019"
)
_CONTROLS = (
    "\u200b\u200c\u200e\u200f\u202b\u202c\u2067\u2069\ufeff\u0640\u064b\u0651\u0670"
    "\x00\x1f\x85\ud7ff\ufffd\U0001f600\ufdf2\ufefb\u0300"
)
_LETTERS = (*range(0x20, 0x2FF), *range(0x600, 0x6FF))
_GAPS = (" ",) * 12 + ("", "", "", "\n", "\u00a0", "\u2009", "\u202f", "\t", "  ", ". ", "\r\n", "\u2028")
_AL = "\u0627\u0644"
_PROCLITICS = ("\u0648", "\u0641", "\u0628", "\u0644", "\u0643", _AL, "\u0648" + _AL, "\u0628" + _AL, "\u0644\u0644")
_DATES = (
    None, "2017-03-15", "31/12/2016", "2013-02-12T04:30:00", "0001-01-01", "9999-12-31", "2016-02-29", "1501-01-01", "x"
)  # fmt: skip


@cache
def vocabulary() -> list[list[str]]:
    """Every form of the lexicons of numbers and times, those of one kind together, so that rare kinds are drawn too."""
    groups: dict[tuple[str, ...], set[str]] = {}
    for folder in ("quantities", "times"):
        for path in sorted(data(f"lexicons/{folder}").glob("*.tsv")):
            for row in lexicon(f"{folder}/{path.name}"):
                forms = groups.setdefault((path.name, *(row.get(kind, "") for kind in _KINDS)), set())
                for column in _COLUMNS:
                    forms.update((row.get(column) or "").split("\t" if column in ("form", "phrase") else None))
    return [sorted(form.replace("_", " ") for form in forms) for forms in groups.values() if forms]


@cache
def prose(path: str | None = None) -> list[str]:
    """The words of a file's articles, or of the shipped samples."""
    from pipeline.ingest import read

    items = read(path or str(data("samples")))
    return [word for item in items if isinstance(item, Article) for word in item.text.split()]


def number(rng: random.Random) -> str:
    """Digits with separators, maybe grouped as somebody would, maybe not."""
    family = rng.choice(_FAMILIES)
    digits = "".join(rng.choice(family) for _ in range(rng.choice((1, 1, 2, 2, 3, 4, 4, 5, 7, 12, 45))))
    if rng.random() < 0.5:
        return digits
    parts = [digits[k : k + 3] for k in range(0, len(digits), 3)] + [rng.choice(family)]
    return rng.choice(_MARKS).join(parts)


def piece(rng: random.Random, words: list[str]) -> str:
    kind = rng.randrange(10)
    if kind < 4:
        word = rng.choice(rng.choice(vocabulary()))
        return rng.choice(_PROCLITICS) + word if rng.random() < 0.2 else word
    if kind < 6:
        return number(rng)
    if kind == 6:
        return rng.choice(_MARKS)
    if kind == 7:
        return rng.choice(_CONTROLS) if rng.random() < 0.5 else chr(rng.choice(_LETTERS))
    at = rng.randrange(len(words))
    return " ".join(words[at : at + rng.randrange(1, 30)])


def text(rng: random.Random, words: list[str]) -> str:
    return "".join(piece(rng, words) + rng.choice(_GAPS) for _ in range(rng.choice((1, 2, 3, 5, 8, 13, 21, 40))))


_ISO_LENGTH = re.compile(r"P(?:[\d.]+[YMWD])*(?:T(?:[\d.]+[HMS])+)?")


def faults(layer: Layers, given: str) -> list[str]:
    """What is wrong with the spans and values of one document."""
    found = []
    for spans in (layer.quantities, layer.times):
        end = 0
        for span in spans:
            if not (end <= span.start < span.end <= len(given) and given[span.start : span.end] == span.text):
                found.append(f"span of {span}")
            end = span.end
    for q in layer.quantities:
        told = [n for n in (q.value, q.min, q.max) if n is not None]
        if not told or not all(map(math.isfinite, told)) or (q.min is not None and q.max is not None and q.min > q.max):
            found.append(f"value of {q}")
    for t in layer.times:
        if t.kind in ("duration", "set") and t.iso is not None and not _ISO_LENGTH.fullmatch(t.iso):
            found.append(f"length of {t}")
    return found


class Fuzz:
    """The pipeline of numbers and times, fed with texts of one seed."""

    def __init__(self, seed: int = 0, path: str | None = None):
        from pipeline.evaluation.benchmark_worker import counting

        self.seed, self.nlp, self.words = seed, counting(), prose(path)
        self.growth = 0.0  # the fastest growth that was measured, as a multiple of the length's

    def make(self, case: int) -> tuple[str, str | None]:
        rng = random.Random(f"{self.seed} {case}")
        return text(rng, self.words), rng.choice(_DATES)

    def read(self, given: str, date: str | None = None) -> Layers:
        doc = self.nlp.tokenizer.make(Article(id="fuzz", text=given, date=date))
        with suppress(DocumentError):  # refused with a code: no Arabic
            for _, stage in self.nlp.pipeline:
                stage(doc)
        if doc.text != given:
            raise ValueError("the text was changed")
        return layers(doc)

    def check(self, case: int) -> list[str]:
        """What is wrong with one case."""
        given, date = self.make(case)
        try:
            return faults(self.read(given, date), given)
        except Exception:  # whatever it is, it is what is looked for
            return [format_exc()]

    def seconds(self, given: str) -> float:
        """The work for a text, the better of two."""
        took = []
        for _ in range(2):
            doc = self.nlp.tokenizer.make(Article(id="fuzz", text=given, date="2017-03-15"))
            start = process_time()
            with suppress(DocumentError):
                for _, stage in self.nlp.pipeline:
                    stage(doc)
            took.append(process_time() - start)
        return min(took)

    def grows(self, case: int) -> float:
        """How much faster than its length the time of a repeated case grows; measured again where it seems to."""
        given = self.make(case)[0] + " "
        words = max(1, len(given.split()))
        best = math.inf
        for _ in range(3):
            took = [self.seconds(given * -(-size // words)) for size in SIZES]
            best = min(best, max(took[k] / took[0] * SIZES[0] / SIZES[k] for k in (1, 2)))
            if best <= FASTER:
                break
        self.growth = max(self.growth, best)
        return best

    def run(self, cases=None, minutes: float = math.inf, say=print) -> tuple[int, int]:
        """(cases read, failures)."""
        end, done, failed = monotonic() + 60 * minutes, 0, 0
        for case in cases if cases is not None else iter(range(sys.maxsize)):
            if monotonic() > end:
                break
            wrong = self.check(case)
            if case % GROWTH_EVERY == 0 and (growth := self.grows(case)) > FASTER:
                wrong.append(f"its time grows {growth:.1f} times as fast as its length")
            done, failed = done + 1, failed + bool(wrong)
            if wrong:
                say(f"seed {self.seed} case {case}: {self.make(case)}", *wrong, sep="\n")
        return done, failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--text", metavar="FILE", help="articles to take stretches of, in place of the shipped samples")
    parser.add_argument("--case", type=int, help="this case alone")
    options = parser.parse_args()
    fuzz = Fuzz(options.seed, options.text)
    done, failed = fuzz.run([options.case] if options.case is not None else None, options.minutes)
    print(f"{done:,} texts, {failed} failed; time grew at most {fuzz.growth:.2f} times as fast as length")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
