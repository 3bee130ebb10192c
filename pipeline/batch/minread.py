"""Stand-in reader until `pipeline.ingest` has `read`."""

from __future__ import annotations

import gzip
import json

from pipeline.article import Article


def read(path, fields=None):
    path = str(path)
    opener = gzip.open if path.endswith(".gz") else open
    if ".jsonl" in path:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                row = json.loads(line)
                names = ("id", "text", "title", "date", "source", "url")
                yield Article(**{k: row.get(k) for k in names}, origin=f"{path}#{number}")
    else:
        with opener(path, "rt", encoding="utf-8") as file:
            yield Article(id=path, text=file.read(), origin=path)
