"""khabar: Arabic news in, structured records out.

>>> import pipeline
>>> nlp = pipeline.load()                     # a spaCy Language
>>> record = pipeline.extract("...")          # one typed Record
>>> for article in pipeline.read("news.zip"): ...
>>> frames = pipeline.frames(records)         # pandas, one frame a layer
"""

__version__ = "0.1.0"

_HOME = {
    "load": "pipeline.runner",
    "extract": "pipeline.runner",
    "process": "pipeline.runner",
    "read": "pipeline.ingest",
    "frames": "pipeline.emit.frames",
    "Article": "pipeline.article",
    "Record": "pipeline.records",
}
__all__ = [*_HOME, "__version__"]


def __getattr__(name):
    """Import a public name when it is first used, so that `import pipeline` loads nothing."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
