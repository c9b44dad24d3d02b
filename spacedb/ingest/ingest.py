"""Ingest: the only way for documents into the database. All documents of one call are written, or none."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.db import DataError, IntegrityError, transaction
from typing_extensions import override

from spacedb.catalogue.models import Resource, UUIDResource, is_placeholder_id
from spacedb.catalogue.write_lock import write_transaction
from spacedb.ingest.documents import ParsedObject, batches
from spacedb.ingest.errors import DocumentError, NotAResponseError
from spacedb.ingest.formats import documents_in, read_file
from spacedb.ingest.reading import DocumentReader
from spacedb.ingest.records import RecordSet
from spacedb.ingest.writing import Writer

STANDARD_INPUT = Path("-")


@dataclass(frozen=True)
class IngestWarning:
    """A value that is invalid or could not be stored, or a key that no serializer has.

    `document` is the name of the document, `path` the place in it.
    """

    document: str
    path: str
    reason: str
    is_unknown_key: bool = False

    @override
    def __str__(self) -> str:
        return ": ".join(filter(None, (self.document, self.path, self.reason)))


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
        _, unreadable = _read(batch, strict=True)
        if unreadable:
            raise unreadable[0]


def _ingest(inputs: Iterable[_Input], *, dry_run: bool, overwrite: bool, strict: bool) -> IngestSummary:
    writer, unknown_keys, summary = Writer(overwrite=overwrite), set[str](), IngestSummary()
    refused, has_read = list[tuple[str, str]](), False
    with write_transaction():
        for each in inputs:
            try:
                for record_set, batch in _read_batches(each, strict=strict):
                    if not refused:
                        summary.warnings += _new_warnings(each.name, record_set, unknown_keys)
                        summary.warnings += _write(writer, record_set, each.name, () if strict else batch)
                has_read = True
            except NotAResponseError as error:
                (summary.skipped if each.is_optional else refused).append((each.name, str(error)))
            except (DocumentError, OSError) as error:
                reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
                refused.append((each.name, reason))
        if refused or (summary.skipped and not has_read):
            raise IngestError(refused or summary.skipped)
        if dry_run:
            transaction.set_rollback(True)
    models = sorted((str(model._meta.verbose_name_plural), model) for model, pks in writer.touched.items() if pks)
    for name, model in models:
        summary.models[name] = len(writer.created[model]), len(writer.updated[model]), writer.unchanged(model)
        if writer.older[model]:
            summary.older[name] = len(writer.older[model])
    for model, pks in writer.deleted.items():
        # Placeholders are merged, and objects without ids are replaced.
        count = sum(not is_placeholder_id(pk) for pk in pks - writer.touched[model])
        if count and issubclass(model, Resource | UUIDResource):
            summary.deleted[str(model._meta.verbose_name_plural)] = count
    return summary


def _read_batches(each: _Input, *, strict: bool) -> Iterator[tuple[RecordSet, Sequence[ParsedObject | DocumentError]]]:
    """Read documents batch by batch, so that only one batch is in memory. Objects that cannot be read are left out.

    Raises `DocumentError` if none can be read. Raises `NotAResponseError` only before anything was yielded, so that
    nothing of a skipped file was written.
    """
    has_objects, pending = each.may_be_unreadable, list[DocumentError]()
    for batch in batches(each.load()):
        reader, unreadable = _read(batch, strict=strict)
        pending += unreadable
        has_objects = has_objects or len(unreadable) < len(batch)
        if has_objects:
            for error in pending:
                reader.refuse(DocumentError(error.reason, error.path))
            pending = []
            yield reader.finish(), batch
    if pending:
        raise pending[0]


def _read(
    parsed_objects: Iterable[ParsedObject | DocumentError], *, strict: bool
) -> tuple[DocumentReader, list[DocumentError]]:
    """A reader that has read the objects, and the errors of those that cannot be read."""
    reader, unreadable = DocumentReader(strict=strict), list[DocumentError]()
    for parsed in parsed_objects:
        try:
            if isinstance(parsed, DocumentError):
                raise parsed
            reader.read(parsed)
        except DocumentError as error:
            unreadable.append(error)
    return reader, unreadable


def _new_warnings(name: str, record_set: RecordSet, unknown_keys: set[str]) -> Iterator[IngestWarning]:
    for key, path in sorted(record_set.unknown_keys.items()):
        if key not in unknown_keys:
            unknown_keys.add(key)
            yield IngestWarning(name, path, f"Unknown key of {key.partition('.')[0]}. Not stored.", is_unknown_key=True)
    for path, reason in dict.fromkeys(record_set.warnings):
        yield IngestWarning(name, path, reason)


def _write(
    writer: Writer, record_set: RecordSet, name: str, parsed_objects: Sequence[ParsedObject | DocumentError]
) -> Iterator[IngestWarning]:
    """Write a document. If the database refuses it, write its objects one by one, and leave out those that it refuses.

    Raises `DocumentError` instead if `parsed_objects` is empty.
    """
    try:
        _write_atomically(writer, record_set)
    except DocumentError:
        single_objects = [parsed for parsed in parsed_objects if isinstance(parsed, ParsedObject)]
        if not single_objects:
            raise
        for parsed in single_objects:
            reader, _ = _read([parsed], strict=False)
            try:
                _write_atomically(writer, reader.finish())
            except DocumentError as refused:
                yield IngestWarning(name, parsed.path, f"{refused.reason} Not stored.")


def _write_atomically(writer: Writer, record_set: RecordSet) -> None:
    attempt = Writer(overwrite=writer.overwrite)
    try:
        with transaction.atomic():
            attempt.write(record_set)
    except (IntegrityError, DataError) as error:
        raise DocumentError(f"The document contradicts itself or the stored data: {error}".strip()) from error
    writer.add(attempt)
