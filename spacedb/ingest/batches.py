"""Reads and writes the batches of documents: several together where this gives the same result as one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import DataError, IntegrityError, transaction
from typing_extensions import override

from spacedb.ingest.documents import MAX_BATCH, ParsedObject
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.reading import DocumentReader
from spacedb.ingest.records import RecordSet
from spacedb.ingest.writing import Writer


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


@dataclass(frozen=True)
class Batch:
    """Objects that were read together, with their records. `name` is that of the document."""

    name: str
    record_set: RecordSet
    parsed_objects: Sequence[ParsedObject | DocumentError]


class BatchWriter:
    """Writes batches in their order, within one transaction.

    Every write needs many queries, however few objects it has. So batches are collected up to the size of the largest
    one, as long as they do not contradict each other. `written` holds what was written. `refused` holds the names of
    refused documents, each with the reason. After the first one, nothing is written.
    """

    def __init__(self, *, overwrite: bool, strict: bool) -> None:
        self.strict = strict
        self.written = Writer(overwrite=overwrite)
        self.warnings: list[IngestWarning] = []
        self.refused: list[tuple[str, str]] = []
        self._unknown_keys: set[str] = set()
        self._batches: list[Batch] = []
        self._combined = RecordSet()
        self._object_count = 0

    def add(self, batch: Batch) -> None:
        if self._batches and not self._combined.agrees_with(batch.record_set):
            self.flush()
        self._batches.append(batch)
        self._combined.add(batch.record_set)
        self._object_count += len(batch.parsed_objects)
        if self._object_count >= MAX_BATCH:
            self.flush()

    def refuse(self, name: str, reason: str) -> None:
        self.flush()
        self.refused.append((name, reason))

    def flush(self) -> None:
        """Write the batches that were collected."""
        collected, combined = self._batches, self._combined
        self._batches, self._combined, self._object_count = [], RecordSet(), 0
        if self.refused:
            return
        is_written = len(collected) > 1 and self._write_combined(combined)
        for batch in collected:
            self.warnings += self._new_warnings(batch)
            if not is_written and not self.refused:
                self._write(batch)

    def _write_combined(self, record_set: RecordSet) -> bool:
        """Write the batches together. Return False, and write nothing, if the result could differ from that of each."""
        attempt = Writer(overwrite=self.written.overwrite)
        try:
            with transaction.atomic():
                attempt.write(record_set)
                is_valid = not attempt.has_conflicts and not any(attempt.older.values())
                transaction.set_rollback(not is_valid)
        except (IntegrityError, DataError):
            return False
        if is_valid:
            self.written.add(attempt)
        return is_valid

    def _write(self, batch: Batch) -> None:
        """Write a batch. If the database refuses it, write its objects one by one, and leave out those it refuses."""
        try:
            self._write_atomically(batch.record_set)
        except DocumentError as error:
            single_objects = [parsed for parsed in batch.parsed_objects if isinstance(parsed, ParsedObject)]
            if self.strict or not single_objects:
                self.refused.append((batch.name, str(error)))
                return
            for parsed in single_objects:
                reader, _ = read_objects([parsed], strict=False)
                try:
                    self._write_atomically(reader.finish())
                except DocumentError as refused:
                    self.warnings.append(IngestWarning(batch.name, parsed.path, f"{refused.reason} Not stored."))

    def _write_atomically(self, record_set: RecordSet) -> None:
        attempt = Writer(overwrite=self.written.overwrite)
        try:
            with transaction.atomic():
                attempt.write(record_set)
        except (IntegrityError, DataError) as error:
            raise DocumentError(f"The document contradicts itself or the stored data: {error}".strip()) from error
        self.written.add(attempt)

    def _new_warnings(self, batch: Batch) -> Iterator[IngestWarning]:
        for key, path in sorted(batch.record_set.unknown_keys.items()):
            if key not in self._unknown_keys:
                self._unknown_keys.add(key)
                reason = f"Unknown key of {key.partition('.')[0]}. Not stored."
                yield IngestWarning(batch.name, path, reason, is_unknown_key=True)
        for path, reason in dict.fromkeys(batch.record_set.warnings):
            yield IngestWarning(batch.name, path, reason)


def read_objects(
    parsed_objects: Iterable[ParsedObject | DocumentError], *, strict: bool
) -> tuple[DocumentReader, list[DocumentError]]:
    """A reader that has read the objects, and the errors of those that cannot be read."""
    reader, unreadable = DocumentReader(strict=strict), list[DocumentError]()
    for parsed in parsed_objects:
        if isinstance(parsed, DocumentError):
            unreadable.append(parsed)
            continue
        try:
            reader.read(parsed)
        except DocumentError as error:
            unreadable.append(error.copy())
    return reader, unreadable
