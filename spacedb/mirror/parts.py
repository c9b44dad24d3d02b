"""Parts of collections that incremental runs read: the changes of launches and events, and what changes often."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from spacedb.catalogue.models import is_upstream_id
from spacedb.mirror.collections import LAST_UPDATED, Collection
from spacedb.mirror.models import MirroredCollection

CHANGES = "changes"
"""The name of the part that contains all objects that were changed since a time."""

OVERLAP = dt.timedelta(hours=1)
"""Changes are requested again for this time before the newest stored change, because the source may be slow."""

ANCHORS = 3
"""The number of stored objects that the changes have to include."""

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """The objects of a collection that a filter or another list selects.

    `matches` checks whether the filter selects an object, so that a source that ignores the filter is noticed.
    """

    collection: Collection
    name: str
    filters: Mapping[str, str] = field(default_factory=dict)
    matches: Callable[[Row], bool] = lambda row: True
    ordering: str = ""
    suffix: str = ""
    anchors: frozenset[str] = frozenset()
    """Ids of stored objects of which at least one has to be in the part, if there are any."""
    stored: Q | None = None
    """The condition for stored objects to be in the part. If one no longer is, the collection has to be read."""

    def request_path(self, offset: int) -> str:
        return self.collection.request_path(offset, filters=self.filters, ordering=self.ordering, suffix=self.suffix)

    def objects_that_left(self, ids: Iterable[Any], missing: Iterable[Any]) -> int:
        """The number of stored objects that should be in the part, and whose ids are not among these.

        Objects that the source no longer has (`missing`), or never had, are not counted.
        """
        if self.stored is None:
            return 0
        known, stored = set(map(str, [*ids, *missing])), self.collection.model._base_manager.filter(self.stored)
        return sum(is_upstream_id(pk) and str(pk) not in known for pk in stored.values_list("pk", flat=True))

    @property
    def is_changes(self) -> bool:
        return self.name == CHANGES


def last_read_at(row: MirroredCollection, name: str) -> dt.datetime:
    """When the part of this name was last read, by itself or with the whole collection."""
    if name == CHANGES:
        return row.data_read_at
    text = row.parts_read_at.get(name)
    return max(row.started_at, dt.datetime.fromisoformat(text)) if text else row.started_at


def volatile_parts(collections: Iterable[Collection]) -> list[Part]:
    """The parts that change most often, each of which usually fits on one page.

    In descending order, those without a time come first: the flights that have not ended, and the vehicles that have
    not departed. The flights contain their spacecraft. The last ones of the page are those that ended most recently.
    """
    by_name = {collection.name: collection for collection in collections}
    parts: dict[str, dict[str, Any]] = {
        "spacecraft_flights": {"name": "in_space", "ordering": "-mission_end"},
        "docking_events": {"name": "docked", "ordering": "-departure"},
        "astronauts": {
            "name": "in_space",
            "filters": {"in_space": "true"},
            "matches": lambda row: row.get("in_space") is True,
            "stored": Q(in_space=True),
        },
        "launches": {"name": "upcoming", "suffix": "/upcoming", "ordering": "net"},
    }
    return [Part(by_name[name], **options) for name, options in parts.items() if name in by_name]


def changes_of(collection: Collection, row: MirroredCollection) -> Part:
    """The objects that were changed since the newest change that is stored, with an overlap.

    The time is that of the source, so its clock need not agree with this one. The newest stored objects have to be
    among the changes. If none of them is, the source was replaced, or does not honor the filter.
    """
    newest = _newest_objects(collection, row.missing)
    times = [time for _, time in newest]
    since = min([*times, max([*times[:1]], default=row.data_read_at) - OVERLAP, row.data_read_at - OVERLAP])
    since = since.replace(microsecond=0)

    def is_changed(document: Row) -> bool:
        text = document.get(LAST_UPDATED)
        try:
            time = parse_datetime(text) if isinstance(text, str) else None
        except ValueError:
            return False
        return time is not None and time.tzinfo is not None and time >= since

    return Part(
        collection,
        CHANGES,
        {f"{LAST_UPDATED}__gte": f"{since:%Y-%m-%dT%H:%M:%SZ}"},
        is_changed,
        ordering=LAST_UPDATED,
        anchors=frozenset(pk for pk, _ in newest),
    )


def _newest_objects(collection: Collection, missing: Sequence[Any]) -> list[tuple[str, dt.datetime]]:
    """The ids of the stored objects of the source that were changed last, and when, newest first."""
    gone, newest = set(map(str, missing)), list[tuple[str, dt.datetime]]()
    rows = collection.model._base_manager.filter(collection.listed, **{f"{LAST_UPDATED}__isnull": False})
    for pk, time in rows.order_by(f"-{LAST_UPDATED}", "pk").values_list("pk", LAST_UPDATED).iterator(chunk_size=50):
        if is_upstream_id(pk) and str(pk) not in gone:
            newest.append((str(pk), time.astimezone(dt.UTC)))
        if len(newest) == ANCHORS:
            break
    return newest
