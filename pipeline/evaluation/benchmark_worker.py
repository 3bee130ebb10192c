"""One thing that `khabar benchmark` measures, in a process of its own, so that its memory is its own.

python -m pipeline.evaluation.benchmark_worker JOB ROUNDS.json

JOB is one of `JOBS` with its argument behind a colon. The process warms up on round 0, and prints the names of what it
measures; for each number on standard input it runs that round and prints {name: seconds}; at the end {name: bytes of
peak memory}. "build:LAYERS:WIDTH:FOLDER" writes the peer's model instead.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter, process_time

PEER = "CAMeL Tools NERecognizer"
WHOLE = "whole pipeline"
NUMBERS = ("khabar_numerals", "khabar_times", "khabar_quantities")
VOCABULARY = 30_000  # pieces of the peer, as in the smallest Arabic BERT-base models
Run = Callable[[dict], dict[str, float]]  # a round's texts and sentences -> seconds of each thing measured


def peak() -> int:
    """The most memory that this process has held, in bytes, since it was started and not forked."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError):
        from pipeline.batch.worker import peak_memory

        return peak_memory()


def stages(names: Iterable[str] | None = None):
    """The shipped pipeline without its stages, and the configuration of each of `names` (all of them: None)."""
    from pipeline.runner import without_torch

    with without_torch():
        from spacy.util import load_config, load_model_from_config
    config = load_config(Path(__file__).parents[1] / "default.cfg")
    names = list(config["nlp"]["pipeline"] if names is None else names)
    wanted = {name: dict(config["components"][name]) for name in names}
    config["nlp"]["pipeline"], config["components"] = [], {}
    return load_model_from_config(config, auto_fill=True), wanted


def counting():
    """The pipeline of sentences, numerals, times and quantities alone."""
    nlp, wanted = stages(("khabar_sentences", *NUMBERS))
    for name, config in wanted.items():
        nlp.add_pipe(config.pop("factory"), name=name, config=config)
    return nlp


def articles(texts: list[str]) -> list:
    from pipeline.article import Article

    return [Article(id=str(k), text=text, date="2024-01-01") for k, text in enumerate(texts)]


def pipeline(memory: dict[str, int], warm_up: dict) -> Run:
    """The whole pipeline and each stage; the memory of a stage is that of the pipeline up to it."""
    from pipeline.runner import process_batch

    nlp, wanted = stages()
    docs = [nlp.tokenizer.make(article) for article in articles(warm_up["texts"])]
    memory["tokenizer"] = peak()
    for name, config in wanted.items():
        stage = nlp.add_pipe(config.pop("factory"), name=name, config=config)
        list(stage.pipe(docs))
        memory[name] = peak()

    def run(given: dict) -> dict[str, float]:
        timings: dict[str, float] = {}
        batch, start = articles(given["texts"]), perf_counter()
        process_batch(batch, nlp, timings)
        return {WHOLE: perf_counter() - start, **timings}

    return run


def numbers(memory: dict[str, int], warm_up: dict) -> Run:
    """Numerals, times and quantities together, with no stage before them but the sentences."""
    (_, split), *counted = (nlp := counting()).pipeline

    def run(given: dict) -> dict[str, float]:
        docs = [split(nlp.tokenizer.make(article)) for article in articles(given["texts"])]
        start = process_time()  # so short that what else the machine does would be most of it
        for _, stage in counted:
            list(stage.pipe(docs))
        return {"numerals, times, quantities": process_time() - start}

    return run


def tagger(memory: dict[str, int], warm_up: dict, profile: str) -> Run:
    """A profile of the tagger alone, on sentences that are split into words already; or camel:FOLDER."""
    from pipeline.entities.tagger import load

    name, _, folder = profile.partition(":")
    if folder:
        os.environ["CAMELTOOLS_DATA"] = folder
    loaded = load(profile)

    def run(given: dict) -> dict[str, float]:
        start = perf_counter()
        loaded.tag(given["sentences"])
        return {f"tagger {name}": perf_counter() - start}

    return run


def peer(memory: dict[str, int], warm_up: dict, folder: str) -> Run:
    """CAMeL Tools' recogniser on the same sentences, through its own call for many of them."""
    os.environ["CAMELTOOLS_DATA"] = folder  # its catalogue is there, so that importing it asks no network
    import torch
    from camel_tools.ner import NERecognizer

    torch.set_num_threads(1)
    recognizer = NERecognizer(folder, use_gpu=False)

    def run(given: dict) -> dict[str, float]:
        sentences = [words for document in given["sentences"] for words in document]
        start = perf_counter()
        recognizer.predict(sentences)
        return {PEER: perf_counter() - start}

    return run


def build(texts: list[str], folder: str, layers: int, width: int) -> None:
    """Write a model of random weights in the format of CAMeL Tools' recogniser.

    Its vocabulary has the words of the texts, so that they make no more pieces than those of a trained model.
    """
    import torch
    from transformers import BertConfig, BertForTokenClassification, BertTokenizer

    kinds = [f"{place}-{label}" for place in "BI" for label in ("LOC", "ORG", "PERS", "MISC")]
    words = dict.fromkeys(word for text in texts for word in text.split())
    letters = sorted({char for word in words for char in word})
    pieces = dict.fromkeys(
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters), *words]
    )
    pieces = [*list(pieces)[:VOCABULARY], *(f"[unused{k}]" for k in range(VOCABULARY - len(pieces)))]
    path = Path(folder)
    (path / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    (path / "catalogue.json").write_text('{"version": "0", "packages": {}, "components": {}}')
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(pieces),
        num_hidden_layers=layers,
        hidden_size=width,
        num_attention_heads=max(1, width // 64),
        intermediate_size=4 * width,
        id2label=dict(enumerate([*kinds, "O"])),
    )
    BertForTokenClassification(config).save_pretrained(path)
    BertTokenizer(str(path / "vocab.txt"), do_lower_case=False).save_pretrained(path)


JOBS: dict[str, Callable[..., Run]] = {"pipeline": pipeline, "numbers": numbers, "tagger": tagger, "peer": peer}


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    name, *arguments = sys.argv[1].split(":", 1)
    rounds = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    if name == "build":
        layers, width, folder = arguments[0].split(":", 2)
        build([text for given in rounds for text in given["texts"]], folder, int(layers), int(width))
        return
    from pipeline.runner import settle

    memory: dict[str, int] = {}
    warm_up = rounds[0]
    if name in ("tagger", "peer"):  # nothing is left to load after one article, and the peer is slow
        warm_up = {key: given[:1] for key, given in warm_up.items()}
    run = JOBS[name](memory, warm_up, *arguments)
    settle()
    measured = list(run(warm_up))
    print(json.dumps(measured), file=answers, flush=True)
    for line in sys.stdin:
        gc.collect()
        print(json.dumps(run(rounds[int(line)])), file=answers, flush=True)
    print(json.dumps({**dict.fromkeys(measured, peak()), **memory}), file=answers, flush=True)


if __name__ == "__main__":
    main()
