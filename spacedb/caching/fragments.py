"""What stands as long as the data do not change: the JSON of objects, and how many objects a list has.

It is kept in this process, for every thread, under the revision that it was read with; so nothing is ever taken back,
and what nobody asks for any more makes room for what is asked for.
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
from spacedb.revision.current import CurrentRevision
from spacedb.serializers.base import SerializerClass, model_of
from spacedb.serializers.context import RenderContext

Fragment: TypeAlias = orjson.Fragment
"""JSON that is ready."""

STORE = LRU(settings.OBJECT_CACHE_SIZE * 1024 * 1024)


class FragmentCache:
    """What is kept of the data that are read in one snapshot, of that revision."""

    def __init__(self, label: CurrentRevision | None) -> None:
        self.token = label and label.token
        """None if the revision is unknown: then nothing is kept."""

    def count(self, queryset: QuerySet[Any]) -> int:
        """How many objects there are."""
        if self.token is None:
            return queryset.count()
        try:
            query = queryset.order_by().query.get_compiler(queryset.db).as_sql()
        except EmptyResultSet:
            return 0
        key = self.token, repr(query)
        [found] = STORE.get([key])
        if found is None:
            found = queryset.count()
            STORE.add([(key, found, len(key[1]))])
        return int(found)

    def fragments(self, form: SerializerClass, ids: Sequence[Any], answer: RenderContext) -> list[Fragment]:
        """The JSON of these objects in this form, in this order."""
        scope = self.token, form, answer.base, answer.suffix
        keys = [(scope, pk) for pk in ids]
        found = dict(zip(ids, STORE.get(keys) if self.token else [], strict=False))
        missing = [pk for pk in ids if found.get(pk) is None]
        if missing:
            dump = renderer(form)
            made = {
                one.pk: orjson.dumps(dump(one, answer), default=str)
                for one in load(model_of(form)._base_manager.filter(pk__in=missing), form)
            }
            if self.token:
                STORE.add(((scope, pk), body, len(body)) for pk, body in made.items())
            found |= made
        return [Fragment(found[pk]) for pk in ids]
