"""The fragment cache: the JSON of single objects, the counts of lists, and rows such as the choices of a filter.

It is shared by the threads of a process. Every key contains a revision, so nothing needs to be invalidated: entries of
an old revision are no longer looked up and are evicted. Counts and rows have the revision of all data. The JSON of an
object depends only on the tables that its serializer reads, so its key contains the revisions of these tables.
"""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, TypeAlias

import orjson
from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from spacedb.caching.lru import LRU
from spacedb.rendering.loading import load_by_id
from spacedb.rendering.plan import query_plan
from spacedb.rendering.render import renderer
from spacedb.revision.current import table_revisions
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.context import RenderContext

Fragment: TypeAlias = orjson.Fragment
"""Rendered JSON, which the JSON renderer inserts without parsing it."""

ROW_SIZE = 300
"""The approximate bytes of a row of a few short values."""

STORE = LRU(settings.OBJECT_CACHE_SIZE * 1024 * 1024)


class FragmentCache:
    """The fragment cache at one revision. Without a revision (while migrations run) it caches nothing."""

    def __init__(self, revision: str | None) -> None:
        self.revision = revision

    def count(self, queryset: QuerySet[Any]) -> int:
        """How many objects the queryset has."""
        return int(self._cached("count", queryset.order_by(), queryset.count, 0))

    def rows(self, queryset: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
        """The rows of a `values_list()` queryset. It should have few, such as the choices of a filter."""
        rows: list[tuple[Any, ...]] = self._cached("rows", queryset, lambda: list(queryset.all()), [])
        return rows

    def _cached(self, kind: str, queryset: QuerySet[Any, Any], compute: Callable[[], Any], empty: Any) -> Any:
        """The result of `compute`, a query for this kind of result of the queryset; `empty` if it can have no rows."""
        if self.revision is None:
            return compute()
        try:
            sql = queryset.query.get_compiler(queryset.db).as_sql()
        except EmptyResultSet:
            return empty
        key = self.revision, kind, repr(sql)
        [cached] = STORE.get([key])
        if cached is None:
            cached = compute()
            STORE.add([(key, cached, len(key[2]) + (ROW_SIZE * len(cached) if isinstance(cached, list) else 0))])
        return cached

    def fragments(self, serializer: SerializerClass, ids: Sequence[Any], context: RenderContext) -> list[Fragment]:
        """The JSON of these objects, in this order."""
        revision = self._tables_revision(serializer)
        scope = revision, serializer, context.origin, context.url_suffix
        cached = STORE.get([(scope, pk) for pk in ids]) if revision else [None] * len(ids)
        bodies = {pk: body for pk, body in zip(ids, cached, strict=True) if body is not None}
        if missing := [pk for pk in ids if pk not in bodies]:
            render = renderer(serializer)
            objects = load_by_id(missing, serializer)
            new = {instance.pk: orjson.dumps(render(instance, context), default=str) for instance in objects}
            if revision:
                STORE.add(((scope, pk), body, len(body)) for pk, body in new.items())
            bodies |= new
        return [Fragment(bodies[pk]) for pk in ids]

    def _tables_revision(self, serializer: SerializerClass) -> bytes | None:
        """A digest of the revisions of the tables that the serializer reads; None if it is unknown, or for no use."""
        if self.revision is None or not STORE.limit:
            return None
        key = self.revision, "tables"
        [revisions] = STORE.get([key])
        if revisions is None:
            revisions = table_revisions()
            STORE.add([(key, revisions, ROW_SIZE * len(revisions))])
        uuids = [revisions.get(table) for table in query_plan(serializer).tables]
        return None if None in uuids else blake2b("".join(uuids).encode(), digest_size=16).digest()
