"""Export: the catalogue as documents, all of one revision."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from spacedb.export.documents import CollectionExport
from spacedb.export.errors import ExportError
from spacedb.export.folder import ExportFolder
from spacedb.revision.snapshot import snapshot

DEFAULT_ORIGIN = "https://ll.thespacedevs.com"
"""The origin of the URLs in documents. The ids are those of Launch Library, too."""

Track: TypeAlias = "Callable[[CollectionExport, Iterator[bytes]], Iterable[bytes]]"
"""Passes the documents of a collection on, and reports the progress."""


@dataclass
class ExportSummary:
    """What was exported: the revision, and the number of objects of each endpoint, in order."""

    revision: str
    counts: dict[str, int] = field(default_factory=dict)


def export_to_folder(
    collections: Sequence[CollectionExport],
    folder: ExportFolder,
    track: Track,
    *,
    is_complete: bool,
    overwrite: bool = False,
) -> ExportSummary:
    """Write the files of these collections, and replace those of an earlier export. Raises `ExportError` or `OSError`.

    If the export is complete, it also replaces the files of endpoints that no longer exist.
    """
    names = None if is_complete else [each.collection.name for each in collections]
    with _summary() as summary, folder.replacing(names, overwrite=overwrite):
        for each in collections:
            folder.write(each.number, each.collection.name, _counted(each, track, summary))
    return summary


def export_to_stream(
    collections: Sequence[CollectionExport], write: Callable[[bytes], object], track: Track
) -> ExportSummary:
    """Write the documents of these collections as JSON Lines."""
    with _summary() as summary:
        for each in collections:
            for document in _counted(each, track, summary):
                write(document + b"\n")
    return summary


@contextmanager
def _summary() -> Iterator[ExportSummary]:
    """An empty summary. Everything in the block is read from one snapshot."""
    with snapshot() as revision:
        if revision is None:
            raise ExportError("The database is being migrated. Run manage.py migrate, and then export again.")
        yield ExportSummary(str(revision.uuid))


def _counted(each: CollectionExport, track: Track, summary: ExportSummary) -> Iterator[bytes]:
    for document in track(each, each.documents()):
        summary.counts[each.collection.name] = summary.counts.get(each.collection.name, 0) + 1
        yield document
