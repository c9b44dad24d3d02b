"""Ingest: the only way for documents into the database. All documents of one call are written, or none."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, transaction
from typing_extensions import override

from spacedb.ingest.documents import ParsedObject, batches
from spacedb.ingest.errors import DocumentError, NotAResponseError
from spacedb.ingest.formats import documents_in, read_file
from spacedb.ingest.reading import DocumentReader
from spacedb.ingest.records import RecordSet
from spacedb.ingest.writing import Writer
from spacedb.revision.current import write_transaction

STANDARD_INPUT = Path("-")


@dataclass(frozen=True)
class IngestWarning:
    """A value that is invalid or could not be stored, or a key that no serializer has.

    `document` is the name of the document, `path` the place in it.
    """

    document: str
    path: str
    reason: str

    @override
    def __str__(self) -> str:
        return ": ".join(filter(None, (self.document, self.path, self.reason)))


@dataclass
class IngestSummary:
    """What an ingest did. Objects are counted by the plural name of their model."""

    models: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """How many objects were created, updated and unchanged."""
    unknown_keys: list[str] = field(default_factory=list)
    """Keys that no serializer has, as `Serializer.key`. Each has one warning, however often it occurs."""
    warnings: list[IngestWarning] = field(default_factory=list)
    older: dict[str, int] = field(default_factory=dict)
    """How many of the unchanged objects have a later `last_updated` than the documents."""
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
    load: Callable[[], list[tuple[str, Any]]]
    is_optional: bool = False


def ingest(
    documents: Iterable[tuple[str, Any]], *, dry_run: bool = False, overwrite: bool = False, strict: bool = False
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
) -> IngestSummary:
    """Ingest files in one transaction. Raises `IngestError` as `ingest` does.

    Files in `optional` are skipped if they are not a response; others are refused. The content of the path `-` is
    `standard_input`, which is read before the transaction, because waiting for it would block other writers.
    """

    def load(path: Path) -> list[tuple[str, Any]]:
        return documents_in(standard_input if path == STANDARD_INPUT else read_file(path))

    inputs = (_Input(str(path), partial(load, path), path in optional) for path in files)
    return _ingest(inputs, dry_run=dry_run, overwrite=overwrite, strict=strict)


def check(document: Any, *, strict: bool = False) -> None:
    """Check a document as far as possible without the database. Raises `DocumentError` as `ingest` would."""
    for batch in batches([("", document)]):
        _read(batch, strict=strict)


def _ingest(inputs: Iterable[_Input], *, dry_run: bool, overwrite: bool, strict: bool) -> IngestSummary:
    writer, unknown_keys, summary = Writer(overwrite=overwrite), set[str](), IngestSummary()
    refused, has_read = list[tuple[str, str]](), False
    with write_transaction():
        for each in inputs:
            try:
                read = [(_read(batch, strict=strict), batch) for batch in batches(each.load())]
                has_read = True
                if not refused:
                    for record_set, batch in read:
                        summary.warnings += _new_warnings(each.name, record_set, unknown_keys)
                        summary.warnings += _write(writer, record_set, each.name, () if strict else batch)
            except NotAResponseError as error:
                (summary.skipped if each.is_optional else refused).append((each.name, str(error)))
            except (DocumentError, OSError) as error:
                reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
                refused.append((each.name, reason))
        if refused or (summary.skipped and not has_read):
            raise IngestError(refused or summary.skipped)
        if dry_run:
            transaction.set_rollback(True)
    summary.unknown_keys = sorted(unknown_keys)
    models = sorted((str(model._meta.verbose_name_plural), model) for model, pks in writer.touched.items() if pks)
    for name, model in models:
        summary.models[name] = len(writer.created[model]), len(writer.updated[model]), writer.unchanged(model)
        if writer.older[model]:
            summary.older[name] = len(writer.older[model])
    return summary


def _read(parsed_objects: Iterable[ParsedObject | DocumentError], *, strict: bool) -> RecordSet:
    """Read objects. An item of a list that cannot be read is left out, unless there is no other one."""
    reader, unreadable, count = DocumentReader(strict=strict), list[DocumentError](), 0
    for parsed in parsed_objects:
        try:
            if isinstance(parsed, DocumentError):
                raise parsed
            reader.read(parsed)
            count += 1
        except DocumentError as error:
            unreadable.append(error)
    if unreadable and not count:
        raise unreadable[0]
    for reason in unreadable:
        reader.refuse(reason)
    return reader.finish()


def _new_warnings(name: str, record_set: RecordSet, unknown_keys: set[str]) -> Iterator[IngestWarning]:
    for key, path in sorted(record_set.unknown_keys.items()):
        if key not in unknown_keys:
            unknown_keys.add(key)
            yield IngestWarning(name, path, f"Unknown key of {key.partition('.')[0]}. Not stored.")
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
            try:
                _write_atomically(writer, _read([parsed], strict=False))
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
