"""The fragment cache: the JSON of single objects, and the counts of lists.

It is shared by the threads of a process. Every key contains the revision, so nothing needs to be invalidated: entries
of an old revision are no longer looked up and are evicted.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import orjson
from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from spacedb.caching.lru import LRU
from spacedb.rendering.loading import load
from spacedb.rendering.render import renderer
from spacedb.serializers.base import SerializerClass, model_of
from spacedb.serializers.context import RenderContext

Fragment: TypeAlias = orjson.Fragment
"""Rendered JSON, which the JSON renderer inserts without parsing it."""

STORE = LRU(settings.OBJECT_CACHE_SIZE * 1024 * 1024)


class FragmentCache:
    """The fragment cache at one revision. Without a revision (while migrations run) it caches nothing."""

    def __init__(self, revision: str | None) -> None:
        self.revision = revision

    def count(self, queryset: QuerySet[Any]) -> int:
        """How many objects the queryset has."""
        if self.revision is None:
            return queryset.count()
        try:
            sql = queryset.order_by().query.get_compiler(queryset.db).as_sql()
        except EmptyResultSet:
            return 0
        key = self.revision, repr(sql)
        [count] = STORE.get([key])
        if count is None:
            count = queryset.count()
            STORE.add([(key, count, len(key[1]))])
        return int(count)

    def fragments(self, serializer: SerializerClass, ids: Sequence[Any], context: RenderContext) -> list[Fragment]:
        """The JSON of these objects, in this order."""
        scope = self.revision, serializer, context.origin, context.url_suffix
        cached = STORE.get([(scope, pk) for pk in ids]) if self.revision else [None] * len(ids)
        bodies = {pk: body for pk, body in zip(ids, cached, strict=True) if body is not None}
        if missing := [pk for pk in ids if pk not in bodies]:
            render = renderer(serializer)
            objects = load(model_of(serializer)._base_manager.filter(pk__in=missing), serializer)
            new = {instance.pk: orjson.dumps(render(instance, context), default=str) for instance in objects}
            if self.revision:
                STORE.add(((scope, pk), body, len(body)) for pk, body in new.items())
            bodies |= new
        return [Fragment(bodies[pk]) for pk in ids]
