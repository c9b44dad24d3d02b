"""Ingest: the only way for documents into the database. All documents of one call are written, or none."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, transaction

from spacedb.ingest.documents import objects
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.reading import DocumentReader
from spacedb.ingest.records import RecordSet
from spacedb.ingest.writing import Writer
from spacedb.revision.current import write_transaction


@dataclass
class IngestSummary:
    """How many objects were created, updated and unchanged, by the plural name of their model."""

    models: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    unknown_keys: list[str] = field(default_factory=list)


class IngestError(Exception):
    """Documents were refused, each with a name and a reason. Nothing was written."""

    def __init__(self, refused: list[tuple[str, str]]) -> None:
        self.refused = refused
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in refused))


def ingest(documents: Iterable[tuple[str, Any]], *, dry_run: bool = False) -> IngestSummary:
    """Ingest parsed documents, each with the name by which it is reported, in one transaction.

    Raises `IngestError`, and writes nothing, if one of them cannot be read or written.
    """
    return _ingest(((name, partial(_identity, document)) for name, document in documents), dry_run)


def ingest_files(files: Iterable[Path], *, dry_run: bool = False) -> IngestSummary:
    """Ingest JSON files in one transaction. Raises `IngestError` as `ingest` does."""
    return _ingest(((str(path), partial(_parse_file, path)) for path in files), dry_run)


def check(document: Any) -> None:
    """Check a document as far as possible without the database. Raises `DocumentError` if it cannot be read."""
    _read(document)


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


def _ingest(documents: Iterable[tuple[str, Callable[[], Any]]], dry_run: bool) -> IngestSummary:
    writer, unknown_keys, refused = Writer(), set[str](), list[tuple[str, str]]()
    with write_transaction():
        for name, load in documents:
            try:
                record_set = _read(load())
            except (DocumentError, OSError) as error:
                refused.append((name, str(error)))
                continue
            unknown_keys |= record_set.unknown_keys
            if not refused:
                _write(writer, record_set, name)
        if refused:
            raise IngestError(refused)
        if dry_run:
            transaction.set_rollback(True)
    return _summary(writer, unknown_keys)


def _read(document: Any) -> RecordSet:
    reader = DocumentReader()
    for parsed in objects(document):
        reader.read(parsed)
    return reader.finish()


def _write(writer: Writer, record_set: RecordSet, name: str) -> None:
    try:
        writer.write(record_set)
    except (IntegrityError, DataError) as error:
        reason = f"The document contradicts itself or the stored data: {error}".strip()
        raise IngestError([(name, reason)]) from error


def _summary(writer: Writer, unknown_keys: set[str]) -> IngestSummary:
    counts = {
        str(model._meta.verbose_name_plural): (
            len(writer.created[model]),
            len(writer.updated[model]),
            writer.unchanged(model),
        )
        for model in sorted(writer.touched, key=lambda model: str(model._meta.verbose_name_plural))
        if writer.touched[model]
    }
    return IngestSummary(counts, sorted(unknown_keys))
