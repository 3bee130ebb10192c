"""Speed and memory of the pipeline, its stages and the taggers, beside CAMeL Tools' recogniser, on the same text.

Each is a process of its own with one thread. Rounds go through all of them, in another order and on other articles each
time, so that what else the machine does, and words met before, favour none.
"""

from __future__ import annotations

import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean, stdev

from pipeline.errors import KhabarError

# Student's t for 95 %, two-sided, by degrees of freedom from 1: https://www.itl.nist.gov/div898/handbook/eda/section3/eda3672.htm
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
PARTS = ("pipeline", "numbers", "taggers")
MAX_ROUNDS = len(_T) + 1
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_NETWORK = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


@dataclass(slots=True)
class Measured:
    """One line of the result. A mean comes with the half width of its 95 % confidence interval.

    Attributes
    ----------
    speed : words a second; words are what white space separates.
    memory : bytes, the peak of the process.
    ratio : how many times as fast as the peer, by round; of taggers only.
    """

    name: str
    speed: tuple[float, float] | None = None
    memory: int = 0
    ratio: tuple[float, float] | None = None
    seconds: list[float] = field(default_factory=list)
    error: str = ""


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Mean and half width of its 95 % confidence interval."""
    return mean(values), _T[len(values) - 2] * stdev(values) / len(values) ** 0.5


def deal(texts: Sequence[str], sizes: Sequence[int]) -> list[list[str]]:
    """Rounds of so many words: articles from a shuffled deck that is shuffled again when it is used up."""
    order, deck, rounds = random.Random(0), [], []
    for size in sizes:
        now: list[str] = []
        while size > 0:
            if not deck:
                deck = order.sample(list(texts), len(texts))
            text = deck.pop()
            ends = [found.end() for found in re.finditer(r"\S+", text)]
            now.append(text[: ends[min(size, len(ends)) - 1]])
            size -= len(ends)
        rounds.append(now)
    return rounds


class Worker:
    """A process that measures one thing: `pipeline.evaluation.benchmark_worker`. The stack ends it."""

    def __init__(self, job: str, rounds: Path, stack: ExitStack):
        log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self.log = stack.enter_context(log)
        self.process = start(job, rounds, self.log)
        stack.callback(self.close)
        self.names: list[str] = self.answer()

    def answer(self):
        """What the process says next. RuntimeError where it has died, with its last words."""
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.log.seek(0)
            raise RuntimeError((self.log.read().strip().split("\n") or [""])[-1] or f"exit {self.process.returncode}")
        return json.loads(line)

    def run(self, number: int) -> dict[str, float]:
        """Seconds of each thing that it measures, in one round."""
        try:
            self.process.stdin.write(f"{number}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # its last words are what counts
        return self.answer()

    def end(self) -> dict[str, int]:
        """Its peak memory in bytes, after the last round."""
        self.process.stdin.close()
        return self.answer()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def start(job: str, rounds: Path, log) -> subprocess.Popen:
    env = {**os.environ, **dict.fromkeys(_THREADS, "1"), **dict.fromkeys(_NETWORK, "1"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "pipeline.evaluation.benchmark_worker", job, str(rounds)]
    return subprocess.Popen(
        command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, encoding="utf-8", bufsize=1
    )


def benchmark(
    texts: Sequence[str],
    words: int = 1000,
    rounds: int = 5,
    only: str = "",
    peer: tuple[int, int] = (12, 768),
    say: Callable[[str], None] = lambda line: None,
) -> dict:
    """Measure everything on the same rounds of text.

    Parameters
    ----------
    texts : articles.
    words : words a round, and of the warm-up before the rounds.
    only : one of `PARTS`, or empty for all of them.
    peer : layers and width of the peer; a BERT-base has 12 and 768.
    say : told what is being done.

    Returns
    -------
    What was measured on what, as plain data; `measured` holds a `Measured` for each line.
    """
    from pipeline.entities.tagger import meta
    from pipeline.evaluation.benchmark_worker import PEER

    texts = [text for text in texts if text.split()]
    if not texts:
        raise KhabarError("there is no text to measure on")
    if only and only not in PARTS:
        raise KhabarError(f"--only {only} is not known; use {', '.join(PARTS)}")
    if not 2 <= rounds <= MAX_ROUNDS:
        raise KhabarError(f"rounds must be 2 to {MAX_ROUNDS}, not {rounds}")
    before = machine()
    dealt = deal(texts, [words] * (rounds + 1))
    lines: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        given = Path(folder) / "rounds.json"
        given.write_text(json.dumps([{"texts": r, "sentences": _sentences(r)} for r in dealt]), encoding="utf-8")
        say("starting")
        jobs = {name: name for name in ("pipeline", "numbers") if only in ("", name)}
        if only in ("", "taggers"):
            jobs |= {f"tagger {profile}": f"tagger:{profile}" for profile in meta()["profiles"]}
            model = _build(peer, given, Path(folder) / "peer")
            jobs |= {"tagger camel": f"tagger:camel:{model}", PEER: f"peer:{model}"}
        workers: dict[str, Worker] = {}
        for name, job in jobs.items():
            say(f"starting {name}")
            try:
                workers[name] = Worker(job, given, stack)
                lines |= {line: Measured(line) for line in workers[name].names}
            except RuntimeError as error:
                lines[name] = Measured(name, error=str(error))
        for number in range(1, rounds + 1):
            for name in random.Random(number).sample(list(workers), len(workers)):
                say(f"round {number} of {rounds}: {name}")
                try:
                    for line, seconds in workers[name].run(number).items():
                        lines[line].seconds.append(seconds)
                except RuntimeError as error:
                    for line in workers.pop(name).names:
                        lines[line] = Measured(line, error=str(error))
        for worker in workers.values():
            for line, memory in worker.end().items():
                lines[line].memory = memory
    base = lines[PEER].seconds if PEER in lines else []
    for line in lines.values():
        if line.seconds:
            line.speed = interval([words / seconds for seconds in line.seconds])
        if line.name.startswith("tagger ") and line.seconds and base:
            line.ratio = interval([theirs / ours for theirs, ours in zip(base, line.seconds, strict=True)])
    return {
        "machine": before,
        "words": words,
        "rounds": rounds,
        "articles": len(texts),
        "peer": {"layers": peer[0], "width": peer[1]},
        "measured": [asdict(line) for line in lines.values()],
    }


def _build(peer: tuple[int, int], given: Path, folder: Path) -> Path:
    folder.mkdir()
    with tempfile.TemporaryFile() as log:  # where it fails, the peer's own process says why
        start(f"build:{peer[0]}:{peer[1]}:{folder}", given, log).communicate()
    return folder


def _sentences(texts: list[str]) -> list[list[list[str]]]:
    """The words of each sentence of each text, as the pipeline's tokenizer and sentence splitter find them."""
    from pipeline.evaluation.benchmark_worker import articles, stages
    from pipeline.language.sentences import split
    from pipeline.layers import layers

    nlp, _ = stages(())
    found = [layers(nlp.tokenizer.make(article)).tokens for article in articles(texts)]
    return [[[tokens.raw(k) for k in range(s.i, s.j)] for s in split(tokens)] for tokens in found]


def machine() -> dict:
    """What it is measured on; a load above 0 means that something else is running."""
    from pipeline import __version__

    try:
        cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        cpu = None
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    python = platform.python_version()
    name = cpu[1] if cpu else platform.processor()
    return {"khabar": __version__, "python": python, "cpu": name, "cores": os.cpu_count(), "load": load}
