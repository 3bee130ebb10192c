"""Helpers of the reader's tests: files built in memory, and what `read` makes of them in short form."""

from __future__ import annotations

import io
import tarfile
import zipfile

from pipeline.article import Article
from pipeline.ingest import read

NEWS = (
    "قال وزير التجارة يوم الثلاثاء إن حجم الصادرات ارتفع إلى 10 مليارات دولار في عام 2023 مقارنة بالعام السابق.\n"
    "وأضاف أن النمو مستمر في القطاعات غير النفطية، وأن الحكومة تعتزم خفض الرسوم.\n"
)


def outcome(paths, **options) -> list[tuple[str, str]]:
    """For each item its id and "ok", or the code of its problem."""
    items = list(read(paths, **options))
    assert len({item.origin for item in items}) == len(items), "origins are unique"
    for item in items:
        for text in vars_of(item):
            text.encode()  # everything handed over can be written
    return [(item.id, "ok" if isinstance(item, Article) else item.problem.code) for item in items]


def vars_of(item) -> list[str]:
    values = [getattr(item, name) for name in item.__slots__]
    return [v for v in values if isinstance(v, str)] + ([item.problem.message] if hasattr(item, "problem") else [])


def codes(paths, **options) -> list[str]:
    return [code for _, code in outcome(paths, **options)]


def only(paths, **options):
    """The single item that comes of `paths`."""
    items = list(read(paths, **options))
    assert len(items) == 1, [getattr(item, "problem", item.id) for item in items]
    return items[0]


def zipped(members: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(members: dict[str, bytes | dict], mode: str = "w") -> bytes:
    """A tar; a member given as a dict is one without content (a link, a pipe) with these attributes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(data, dict):
                for key, value in data.items():
                    setattr(info, key, value)
                archive.addfile(info)
            else:
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()
