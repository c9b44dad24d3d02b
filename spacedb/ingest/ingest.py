"""The one door by which documents come in: recognised, read and written, all or nothing."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, transaction

from spacedb.ingest.documents import objects
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.reading import RecordSet
from spacedb.ingest.writing import Writer
from spacedb.revision.current import single_revision

__all__ = ["DocumentError", "IngestError", "IngestSummary", "check", "ingest", "ingest_files", "parse"]


@dataclass
class IngestSummary:
    """What an ingest did: per model (by its plural name) how many objects were created, updated, unchanged."""

    models: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    unknown_keys: list[str] = field(default_factory=list)


class IngestError(Exception):
    """Documents that were refused, each as (name, reason); nothing was written."""

    def __init__(self, refused: list[tuple[str, str]]) -> None:
        self.refused = refused
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in refused))


def ingest(documents: Iterable[tuple[str, Any]], *, dry_run: bool = False) -> IngestSummary:
    """Ingest parsed documents, each with the name that it is reported by, in one transaction.

    Raises `IngestError`, and writes nothing, if one of them does not fit.
    """
    return _ingest(((name, partial(_itself, document)) for name, document in documents), dry_run)


def ingest_files(files: Iterable[Path], *, dry_run: bool = False) -> IngestSummary:
    """Ingest files of JSON, in one transaction. Raises as `ingest` does."""
    return _ingest(((str(path), partial(_parsed, path)) for path in files), dry_run)


def check(document: Any) -> None:
    """Whether a document fits, as far as can be told without the database. Raises `DocumentError` if it does not."""
    _read(document)


def _itself(document: Any) -> Any:
    return document


def _parsed(path: Path) -> Any:
    return parse(path.read_bytes())


def parse(content: bytes) -> Any:
    """JSON in UTF-8. Raises `DocumentError` for anything else."""
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_object)
        if b"\\ud" in content.lower():  # perhaps half of a pair of surrogates, which is no character
            json.dumps(document, ensure_ascii=False).encode()
        return document
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"not JSON: {error}" if str(error) else "not JSON") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        repeated = next(name for name, _ in pairs if [other for other, _ in pairs].count(name) > 1)
        raise ValueError(f"{repeated!r} occurs twice in one object"[:200])
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


def _ingest(documents: Iterable[tuple[str, Callable[[], Any]]], dry_run: bool) -> IngestSummary:
    writer, unknown, refused = Writer(), set[str](), list[tuple[str, str]]()
    with single_revision():
        for name, document in documents:
            try:
                records = _read(document())
            except (DocumentError, OSError) as error:
                refused.append((name, str(error)))
                continue
            unknown |= records.unknown
            if not refused:
                _write(writer, records, name)
        if refused:
            raise IngestError(refused)
        if dry_run:
            transaction.set_rollback(True)
    return _summary(writer, unknown)


def _write(writer: Writer, records: RecordSet, name: str) -> None:
    try:
        writer.write(records)
    except (IntegrityError, DataError) as error:
        raise IngestError([(name, f"contradicts itself or what is there: {error}".strip())]) from error


def _read(document: Any) -> RecordSet:
    records = RecordSet()
    for told in objects(document):
        records.read(told.raw, told.form, told.path)
    records.complete()
    return records


def _summary(writer: Writer, unknown: set[str]) -> IngestSummary:
    counted = {
        str(model._meta.verbose_name_plural): (
            len(writer.created[model]),
            len(writer.updated[model]),
            writer.unchanged(model),
        )
        for model in sorted(writer.touched, key=lambda model: str(model._meta.verbose_name_plural))
        if writer.touched[model]
    }
    return IngestSummary(counted, sorted(unknown))
