"""Ingest: the only way for documents into the database. All documents of one call are written, or none."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.db import transaction

from spacedb.catalogue.models import Resource, UUIDResource, is_placeholder_id
from spacedb.catalogue.write_lock import write_transaction
from spacedb.ingest.batches import Batch, BatchWriter, IngestWarning, read_objects
from spacedb.ingest.documents import batches
from spacedb.ingest.errors import DocumentError, NotAResponseError
from spacedb.ingest.formats import documents_in, read_file
from spacedb.ingest.garbage_collector import paused_garbage_collector

STANDARD_INPUT = Path("-")


@dataclass
class IngestSummary:
    """What an ingest did. Objects are counted by the plural name of their model."""

    models: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """How many objects were created, updated and unchanged."""
    warnings: list[IngestWarning] = field(default_factory=list)
    """Each unknown key of a serializer has one, however often it occurs."""
    older: dict[str, int] = field(default_factory=dict)
    """How many of the unchanged objects have a later `last_updated` than the documents."""
    deleted: dict[str, int] = field(default_factory=dict)
    """How many parts were deleted, because the documents of their owners do not contain them."""
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """The files that are not a response, each with the reason."""


class IngestError(Exception):
    """Documents were refused, each with a name and a reason. Nothing was written."""

    def __init__(self, refused: list[tuple[str, str]]) -> None:
        self.refused = refused
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in refused))


@dataclass(frozen=True)
class _Input:
    """Documents that are read together, with their paths. Optional ones are skipped if they are not a response."""

    name: str
    load: Callable[[], Iterable[tuple[str, object]]]
    is_optional: bool = False
    may_be_unreadable: bool = False
    """Whether the documents are accepted even if none of their objects can be read."""


def ingest(
    documents: Iterable[tuple[str, object]], *, dry_run: bool = False, overwrite: bool = False, strict: bool = False
) -> IngestSummary:
    """Ingest parsed documents, each with the name by which it is reported, in one transaction.

    Values that cannot be stored are left out and reported as warnings. A launch with an earlier `last_updated` than the
    stored one is not written, unless `overwrite` is True. Raises `IngestError`, and writes nothing, if a document is
    not a response of Launch Library, or with `strict` if it contains an invalid value.
    """
    inputs = (_Input(name, partial(list, [("", document)])) for name, document in documents)
    return _ingest(inputs, dry_run=dry_run, overwrite=overwrite, strict=strict)


def ingest_files(
    files: Iterable[Path],
    *,
    optional: Container[Path] = (),
    standard_input: bytes = b"",
    dry_run: bool = False,
    overwrite: bool = False,
    strict: bool = False,
    are_pages: bool = False,
) -> IngestSummary:
    """Ingest files in one transaction. Raises `IngestError` as `ingest` does.

    Files in `optional` are skipped if they are not a response; others are refused. If the files are certainly pages
    (`are_pages`), none is refused because none of its objects can be read. The content of the path `-` is
    `standard_input`, which is read before the transaction, because waiting for it would block other writers.
    """

    def load(path: Path) -> Iterable[tuple[str, object]]:
        return documents_in(standard_input if path == STANDARD_INPUT else read_file(path))

    inputs = (_Input(str(path), partial(load, path), path in optional, are_pages) for path in files)
    return _ingest(inputs, dry_run=dry_run, overwrite=overwrite, strict=strict)


def check(document: object) -> None:
    """Check a document as far as possible without the database. Raises `DocumentError` as strict ingest would."""
    for batch in batches([("", document)]):
        _, unreadable = read_objects(batch, strict=True)
        if unreadable:
            raise unreadable[0]


def _ingest(inputs: Iterable[_Input], *, dry_run: bool, overwrite: bool, strict: bool) -> IngestSummary:
    writer, summary = BatchWriter(overwrite=overwrite, strict=strict), IngestSummary()
    has_read = False
    with write_transaction(), paused_garbage_collector():
        for each in inputs:
            try:
                for batch in _read_batches(each, strict=strict):
                    writer.add(batch)
                has_read = True
            except NotAResponseError as error:
                if each.is_optional:
                    summary.skipped.append((each.name, str(error)))
                else:
                    writer.refuse(each.name, str(error))
            except (DocumentError, OSError) as error:
                writer.refuse(each.name, (error.strerror if isinstance(error, OSError) else None) or str(error))
        writer.flush()
        if writer.refused or (summary.skipped and not has_read):
            raise IngestError(writer.refused or summary.skipped)
        if dry_run:
            transaction.set_rollback(True)
    summary.warnings = writer.warnings
    written = writer.written
    models = sorted((str(model._meta.verbose_name_plural), model) for model, pks in written.touched.items() if pks)
    for name, model in models:
        summary.models[name] = len(written.created[model]), len(written.updated[model]), written.unchanged(model)
        if written.older[model]:
            summary.older[name] = len(written.older[model])
    for model, pks in written.deleted.items():
        # Placeholders are merged, and objects without ids are replaced.
        count = sum(not is_placeholder_id(pk) for pk in pks - written.touched[model])
        if count and issubclass(model, Resource | UUIDResource):
            summary.deleted[str(model._meta.verbose_name_plural)] = count
    return summary


def _read_batches(each: _Input, *, strict: bool) -> Iterator[Batch]:
    """Read documents batch by batch, so that only one batch is in memory. Objects that cannot be read are left out.

    Raises `DocumentError` if none can be read. Raises `NotAResponseError` only before anything was yielded, so that
    nothing of a skipped file was written.
    """
    has_objects, pending = each.may_be_unreadable, list[DocumentError]()
    for parsed_objects in batches(each.load()):
        reader, unreadable = read_objects(parsed_objects, strict=strict)
        pending += unreadable
        has_objects = has_objects or len(unreadable) < len(parsed_objects)
        if has_objects:
            for error in pending:
                reader.context.refuse(DocumentError(error.reason, error.path))
            pending = []
            yield Batch(each.name, reader.finish(), parsed_objects)
    if pending:
        raise pending[0].copy()
