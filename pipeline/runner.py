"""Load the pipeline and run articles through it: one record for each input, in order."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from pipeline.article import Article, Rejected, is_blank
from pipeline.errors import DocumentError, KhabarError

if TYPE_CHECKING:
    from spacy.language import Language

    from pipeline.records import Record


@contextmanager
def without_torch():
    """Keep spaCy from importing torch while it loads itself.

    thinc imports torch wherever it is installed (camel-tools requires it): 2.4 s and 180 MB for nothing, since no stage
    uses it. A program that has imported torch already keeps it.
    """
    if "torch" in sys.modules or "thinc" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["torch"]


@cache
def _load(config: str) -> Language:
    with without_torch():
        from spacy.util import load_config, load_model_from_config
    nlp = load_model_from_config(load_config(config), auto_fill=True)
    nlp.max_length = 1 << 30  # spaCy's own limit is for its parser, which is not here; ours is the readers'
    return nlp


def load(config: str | Path | None = None) -> Language:
    """The pipeline as a spaCy Language: the shipped `default.cfg`, or a file like it. Loaded once a process.

    Raises KhabarError where there is no such file, or what it names cannot be loaded.
    """
    path = Path(config) if config else Path(__file__).with_name("default.cfg")
    if not path.is_file():
        raise KhabarError(f"no pipeline configuration at {path}; leave it out for the shipped one")
    try:
        return _load(str(path.resolve()))
    except KhabarError:
        raise
    except Exception as error:
        raise KhabarError(f"the pipeline {path} cannot be loaded ({error}); try `khabar doctor`") from error


def settle() -> None:
    """Spare the garbage collector the loaded pipeline, and look for garbage less often: a tenth of the time else.

    For processes that do nothing else; a program that imports the package decides for itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def process(
    inputs: Iterable[Article | Rejected],
    nlp: Language | None = None,
    batch_size: int = 32,
    timings: dict[str, float] | None = None,
) -> Iterator[Record]:
    """One record for each input, in the input's order; a failing document gives an error record and the rest goes on.

    Where `timings` is given, the seconds that each stage took are added to it. Raises TypeError for anything that is
    no article.
    """
    nlp = nlp or load()
    inputs = iter(inputs)
    while batch := list(islice(inputs, batch_size)):
        yield from process_batch(batch, nlp, timings)


def process_batch(
    batch: Sequence[Article | Rejected], nlp: Language, timings: dict[str, float] | None = None
) -> list[Record]:
    """The records of one batch, which goes through the stages together."""
    from pipeline.records import build, error_record

    failures: dict[int, DocumentError] = {}
    docs = {}
    with _timed("tokenizer", timings):
        for k, item in enumerate(batch):
            if isinstance(item, Rejected):
                continue
            if not isinstance(item, Article):
                what = type(item).__name__
                raise TypeError(
                    f"an article is wanted, as pipeline.read(path) gives it, not {what}; for one text use extract()"
                )
            try:
                if is_blank(item.text):
                    raise DocumentError("K203")
                item.text.encode()
                docs[k] = nlp.tokenizer.make(item)
            except UnicodeEncodeError:
                failures[k] = DocumentError("K207", "text")
            except Exception as error:
                failures[k] = _coded(error, "tokenizer")
    for name, stage in nlp.pipeline:
        live = {k: doc for k, doc in docs.items() if k not in failures}
        with _timed(name, timings):
            try:
                list(stage.pipe(live.values(), batch_size=len(live) or 1))
            except Exception:
                for k, doc in live.items():
                    try:
                        stage(doc)
                    except Exception as error:
                        failures[k] = _coded(error, name)
    records = []
    with _timed("records", timings):
        for k, item in enumerate(batch):
            if isinstance(item, Rejected):
                records.append(error_record(item.id, item.problem, item.document))
                continue
            if k not in failures:
                try:
                    records.append(build(docs[k], nlp))
                    continue
                except Exception as error:
                    failures[k] = _coded(error, "records")
            # A text that no UTF-8 file can hold cannot stand in its record either.
            lost = failures[k].problem.code == "K207"
            records.append(error_record(item.id, failures[k].problem, None if lost else item))
    return records


@contextmanager
def _timed(name: str, timings: dict[str, float] | None):
    start = perf_counter()
    yield
    if timings is not None:
        timings[name] = timings.get(name, 0.0) + perf_counter() - start


def _coded(error: Exception, stage: str) -> DocumentError:
    if isinstance(error, DocumentError):
        return error
    return DocumentError("K401", f"{type(error).__name__}: {error}", stage)


def extract(text: str, **fields) -> Record:
    """The record of one text; `fields` are those of `Article` (id, title, date, source, url, section).

    Fields that are no strings, such as a `datetime.date`, are taken as they print. Raises TypeError where `text` is no
    string.
    """
    if not isinstance(text, str):
        raise TypeError(f"extract() takes a text, not {type(text).__name__}; for files use pipeline.read(path)")
    fields = {name: None if value is None else str(value) for name, value in fields.items()}
    return next(process([Article(id=fields.pop("id", None) or "text", text=text, **fields)]))
