"""Ingest: the only way for documents into the database. All documents of one call are written, or none."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, transaction
from typing_extensions import override

from spacedb.ingest.documents import ParsedObject, objects
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.reading import DocumentReader
from spacedb.ingest.records import RecordSet
from spacedb.ingest.writing import Writer
from spacedb.revision.current import write_transaction


@dataclass(frozen=True)
class IngestWarning:
    """A value that could not be stored, that is invalid, or that no serializer has a key for.

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
    """How many objects were created, updated and unchanged, by the plural name of their model.

    Each unknown key, as `Serializer.key`, has one warning, however often it occurs.
    """

    models: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    unknown_keys: list[str] = field(default_factory=list)
    warnings: list[IngestWarning] = field(default_factory=list)


class IngestError(Exception):
    """Documents were refused, each with a name and a reason. Nothing was written."""

    def __init__(self, refused: list[tuple[str, str]]) -> None:
        self.refused = refused
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in refused))


def ingest(documents: Iterable[tuple[str, Any]], *, dry_run: bool = False, strict: bool = False) -> IngestSummary:
    """Ingest parsed documents, each with the name by which it is reported, in one transaction.

    Values that cannot be stored are left out and reported as warnings. Raises `IngestError`, and writes nothing, if a
    document is no response of Launch Library, or with `strict` if it contains an invalid value.
    """
    return _ingest(((name, partial(_identity, document)) for name, document in documents), dry_run, strict)


def ingest_files(files: Iterable[Path], *, dry_run: bool = False, strict: bool = False) -> IngestSummary:
    """Ingest JSON files in one transaction. Raises `IngestError` as `ingest` does."""
    return _ingest(((str(path), partial(_parse_file, path)) for path in files), dry_run, strict)


def check(document: Any, *, strict: bool = False) -> None:
    """Check a document as far as possible without the database. Raises `DocumentError` as `ingest` would."""
    _read(objects(document), strict=strict)


def parse(content: bytes) -> Any:
    """Parse JSON in UTF-8. Raises `DocumentError` for anything else."""
    try:
        document = json.loads(
            content.decode("utf-8-sig"), parse_constant=_refuse_constant, object_pairs_hook=_object_with_unique_keys
        )
        if b"\\ud" in content.lower():  # perhaps half of a surrogate pair, which is no character
            json.dumps(document, ensure_ascii=False).encode()
        return document
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"Not valid JSON: {error}" if str(error) else "Not valid JSON.") from error


def _identity(document: Any) -> Any:
    return document


def _parse_file(path: Path) -> Any:
    return parse(path.read_bytes())


def _object_with_unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    parsed = dict(pairs)
    if len(parsed) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{repeated!r} occurs twice in one object"[:200])
    return parsed


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _ingest(documents: Iterable[tuple[str, Callable[[], Any]]], dry_run: bool, strict: bool) -> IngestSummary:
    writer, unknown_keys, warnings, refused = Writer(), set[str](), list[IngestWarning](), list[tuple[str, str]]()
    with write_transaction():
        for name, load in documents:
            try:
                document = load()
                record_set = _read(objects(document), strict=strict)
                if not refused:
                    warnings += _new_warnings(name, record_set, unknown_keys)
                    warnings += _write(writer, record_set, name, [] if strict else objects(document))
            except (DocumentError, OSError) as error:
                refused.append((name, str(error)))
        if refused:
            raise IngestError(refused)
        if dry_run:
            transaction.set_rollback(True)
    return _summary(writer, unknown_keys, warnings)


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
    writer: Writer, record_set: RecordSet, name: str, parsed_objects: Iterable[ParsedObject | DocumentError]
) -> Iterator[IngestWarning]:
    """Write a document. If the database refuses it, write these objects of it one by one, and leave out the refused.

    Raises `DocumentError` if there are none.
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
    attempt = Writer()
    try:
        with transaction.atomic():
            attempt.write(record_set)
    except (IntegrityError, DataError) as error:
        raise DocumentError(f"The document contradicts itself or the stored data: {error}".strip()) from error
    writer.add(attempt)


def _summary(writer: Writer, unknown_keys: set[str], warnings: list[IngestWarning]) -> IngestSummary:
    counts = {
        str(model._meta.verbose_name_plural): (
            len(writer.created[model]),
            len(writer.updated[model]),
            writer.unchanged(model),
        )
        for model in sorted(writer.touched, key=lambda model: str(model._meta.verbose_name_plural))
        if writer.touched[model]
    }
    return IngestSummary(counts, sorted(unknown_keys), warnings)
