"""The fragment cache: the JSON of objects, the counts of lists, and rows such as the choices of a filter.

It is shared by the threads of a process. Every key contains a revision, so nothing needs to be invalidated: entries of
an old revision are no longer looked up and are evicted. Counts and rows have the revision of all data. The JSON of an
object depends only on the tables that its serializer reads, so its key contains the revisions of these tables.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence, Set
from functools import cache, partial
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

KeyPrefix: TypeAlias = tuple[bytes, SerializerClass, str, str]
"""All that the JSON of an object depends on besides its id. The first is a digest of the revisions of its tables.

The serializer is the class itself: classes of derived versions have equal names.
"""

ROW_SIZE = 300
"""The approximate bytes of a row of a few short values."""

STORE = LRU(settings.OBJECT_CACHE_SIZE * 1024 * 1024)


class FragmentCache:
    """The fragment cache at one revision. Without a revision (while migrations run) it caches nothing."""

    def __init__(self, revision: str | None) -> None:
        self.revision = revision

    def count(self, queryset: QuerySet[Any]) -> int:
        """How many objects the queryset has."""
        return int(self._cached_result("count", queryset.order_by(), queryset.count, 0))

    def rows(self, queryset: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
        """The rows of a `values_list()` queryset. It should have few, such as the choices of a filter."""
        rows: list[tuple[Any, ...]] = self._cached_result("rows", queryset, lambda: list(queryset.all()), [])
        return rows

    def _cached_result(self, kind: str, queryset: QuerySet[Any, Any], compute: Callable[[], Any], empty: Any) -> Any:
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
        key_prefix = self._key_prefix(serializer, context)
        bodies = _cached_json(key_prefix, ids)
        if missing := [pk for pk in ids if pk not in bodies]:
            render, nested = renderer(serializer), _NestedObjects(partial(self._key_prefix, context=context), context)
            objects = load_by_id(missing, serializer, nested.find_cached)
            bodies |= _encode_and_cache(key_prefix, {instance.pk: render(instance, context) for instance in objects})
            nested.cache_rendered()
        return [Fragment(bodies[pk]) for pk in ids]

    def _key_prefix(self, serializer: SerializerClass, context: RenderContext) -> KeyPrefix | None:
        """None if nothing is cached, or if the revision of a table is unknown."""
        if self.revision is None or not STORE.limit:
            return None
        key = self.revision, "tables"
        [revisions] = STORE.get([key])
        if revisions is None:
            revisions = table_revisions()
            STORE.add([(key, revisions, ROW_SIZE * len(revisions))])
        uuids = [revisions.get(table) for table in query_plan(serializer).tables]
        if None in uuids:
            return None
        revision = blake2b("".join(uuids).encode(), digest_size=16).digest()
        return revision, serializer, context.origin, context.url_suffix


class _NestedObjects:
    """The cached JSON of objects that are nested in those of a response.

    These are the objects of shared models (see `spacedb.rendering.plan`) to which others refer: the configuration of a
    spacecraft, the agency of a launch. They are as valid as the objects of a list with the same serializer, so they
    outlive writes to tables that only the enclosing objects read.
    """

    def __init__(self, key_prefix_of: Callable[[SerializerClass], KeyPrefix | None], context: RenderContext) -> None:
        self.key_prefix_of, self.context = cache(key_prefix_of), context
        self.missing: dict[SerializerClass, set[Any]] = defaultdict(set)

    def find_cached(self, serializer: SerializerClass, ids: Set[Any]) -> Collection[Any]:
        """The ids of cached objects. Their JSON is added to the context, so they need not be loaded."""
        cached = _cached_json(self.key_prefix_of(serializer), ids)
        fragments = self.context.fragments.setdefault(serializer, {})
        fragments.update((pk, Fragment(body)) for pk, body in cached.items())
        self.missing[serializer] |= ids - cached.keys()
        return cached

    def cache_rendered(self) -> None:
        """Cache the objects that were missing. The context has what was rendered of them."""
        for serializer, ids in self.missing.items():
            if key_prefix := self.key_prefix_of(serializer):
                rendered = self.context.rendered[serializer]
                _encode_and_cache(key_prefix, {pk: rendered[pk] for pk in ids & rendered.keys()})


def _cached_json(key_prefix: KeyPrefix | None, ids: Collection[Any]) -> dict[Any, bytes]:
    """The JSON of those objects that are cached, by id; none without a prefix."""
    if not key_prefix:
        return {}
    bodies = STORE.get([(key_prefix, pk) for pk in ids])
    return {pk: body for pk, body in zip(ids, bodies, strict=True) if body is not None}


def _encode_and_cache(key_prefix: KeyPrefix | None, objects: dict[Any, Any]) -> dict[Any, bytes]:
    """Cache the JSON of rendered objects, if there is a prefix; returns it by id."""
    bodies = {pk: orjson.dumps(rendered, default=str) for pk, rendered in objects.items()}
    if key_prefix:
        STORE.add(((key_prefix, pk), body, len(body)) for pk, body in bodies.items())
    return bodies
