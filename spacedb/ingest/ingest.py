"""Ingest: the only way for documents into the database. All documents of one call are written, or none."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, transaction

from spacedb.ingest.documents import ParsedObject, batches
from spacedb.ingest.errors import DocumentError, NotAResponseError
from spacedb.ingest.formats import documents_in, read_file
from spacedb.ingest.reading import DocumentReader
from spacedb.ingest.records import RecordSet
from spacedb.ingest.writing import Writer
from spacedb.revision.current import write_transaction

STANDARD_INPUT = Path("-")


@dataclass
class IngestSummary:
    """How many objects were created, updated and unchanged, by the plural name of their model."""

    models: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    unknown_keys: list[str] = field(default_factory=list)
    older: dict[str, int] = field(default_factory=dict)
    """How many of the unchanged objects have a later `last_updated` than the documents."""
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """The files that are no response, each with the reason."""


class IngestError(Exception):
    """Documents were refused, each with a name and a reason. Nothing was written."""

    def __init__(self, refused: list[tuple[str, str]]) -> None:
        self.refused = refused
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in refused))


@dataclass(frozen=True)
class _Input:
    """Documents, given with their paths, that are read together. Optional ones are skipped if they are no response."""

    name: str
    load: Callable[[], list[tuple[str, Any]]]
    is_optional: bool = False


def ingest(documents: Iterable[tuple[str, Any]], *, dry_run: bool = False, overwrite: bool = False) -> IngestSummary:
    """Ingest parsed documents, each with the name by which it is reported, in one transaction.

    A launch with an earlier `last_updated` than the stored one is left alone, unless `overwrite` is True. Raises
    `IngestError`, and writes nothing, if one of the documents cannot be read or written.
    """
    return _ingest((_Input(name, partial(list, [("", document)])) for name, document in documents), dry_run, overwrite)


def ingest_files(
    files: Iterable[Path],
    *,
    optional: Container[Path] = (),
    standard_input: bytes = b"",
    dry_run: bool = False,
    overwrite: bool = False,
) -> IngestSummary:
    """Ingest files in one transaction. Raises `IngestError` as `ingest` does.

    Files in `optional` are skipped if they are no response; others are refused. The content of the path `-` is
    `standard_input`: to wait for it within the transaction would keep others from writing.
    """

    def load(path: Path) -> list[tuple[str, Any]]:
        return documents_in(standard_input if path == STANDARD_INPUT else read_file(path))

    return _ingest((_Input(str(path), partial(load, path), path in optional) for path in files), dry_run, overwrite)


def check(document: Any) -> None:
    """Check a document as far as possible without the database. Raises `DocumentError` if it cannot be read."""
    for batch in batches([("", document)]):
        _read(batch)


def _ingest(inputs: Iterable[_Input], dry_run: bool, overwrite: bool) -> IngestSummary:
    writer, unknown_keys = Writer(overwrite=overwrite), set[str]()
    refused, skipped, has_read = list[tuple[str, str]](), list[tuple[str, str]](), False
    with write_transaction():
        for each in inputs:
            try:
                record_sets = [_read(batch) for batch in batches(each.load())]
            except NotAResponseError as error:
                (skipped if each.is_optional else refused).append((each.name, str(error)))
                continue
            except (DocumentError, OSError) as error:
                reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
                refused.append((each.name, reason))
                continue
            has_read = True
            for record_set in record_sets:
                unknown_keys |= record_set.unknown_keys
                if not refused:
                    _write(writer, record_set, each.name)
        if refused or (skipped and not has_read):
            raise IngestError(refused or skipped)
        if dry_run:
            transaction.set_rollback(True)
    return _summary(writer, unknown_keys, skipped)


def _read(parsed_objects: Iterable[ParsedObject | DocumentError]) -> RecordSet:
    reader = DocumentReader()
    for parsed in parsed_objects:
        if isinstance(parsed, DocumentError):
            raise parsed
        reader.read(parsed)
    return reader.finish()


def _write(writer: Writer, record_set: RecordSet, name: str) -> None:
    try:
        writer.write(record_set)
    except (IntegrityError, DataError) as error:
        reason = f"The document contradicts itself or the stored data: {error}".strip()
        raise IngestError([(name, reason)]) from error


def _summary(writer: Writer, unknown_keys: set[str], skipped: list[tuple[str, str]]) -> IngestSummary:
    models = {str(model._meta.verbose_name_plural): model for model, pks in writer.touched.items() if pks}
    counts = {
        name: (len(writer.created[model]), len(writer.updated[model]), writer.unchanged(model))
        for name, model in sorted(models.items())
    }
    older = {name: len(writer.older[model]) for name, model in sorted(models.items()) if writer.older[model]}
    return IngestSummary(counts, sorted(unknown_keys), older, skipped)
