"""The documents of an export: every object of an endpoint, in the representation of its detail view.

Each document is a capture: the URL of the list, and one object. Ingest recognizes the endpoint by the URL, because not
every object has one of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import urlencode

import orjson
from django.db.models import QuerySet

from spacedb.mirror.collections import VERSION_NUMBER, Collection, collections, select_collections
from spacedb.rendering.loading import load
from spacedb.rendering.render import renderer
from spacedb.rest.versions import versions
from spacedb.rest.viewsets import ResourceViewSet
from spacedb.serializers.base import SerializerClass, exclude_fields, list_relation, model_of
from spacedb.serializers.context import RenderContext
from spacedb.serializers.describe import InlineSpec, NestedListSpec, NestedSpec, SlugRelatedSpec, describe

PAGE_SIZE = 100
"""The number of objects that are in memory together."""


def detail_serializer(collection: Collection) -> SerializerClass:
    view = versions()[VERSION_NUMBER].endpoints[collection.name]
    assert issubclass(view, ResourceViewSet)
    return view.serializer_for(view.detail_mode)


def sorted_collections() -> list[Collection]:
    """All collections in the order in which to ingest them.

    Those come first whose documents name no object by its natural key alone. They contain the ids of the objects that
    others name so, such as the type of a mission, and placeholders keep their ids.
    """
    return sorted(collections(), key=lambda collection: _has_slugs(detail_serializer(collection)))


@cache
def _has_slugs(serializer: SerializerClass) -> bool:
    specs = describe(serializer)
    return any(isinstance(spec, SlugRelatedSpec) for spec in specs) or any(
        _has_slugs(spec.serializer) for spec in specs if isinstance(spec, NestedSpec | NestedListSpec | InlineSpec)
    )


@dataclass(frozen=True)
class CollectionExport:
    """The export of one collection. `number` is its place in the order of ingest.

    `origin` is the beginning of the URLs in the documents, up to the version.
    """

    collection: Collection
    number: int
    origin: str
    is_indented: bool = False

    def count(self) -> int:
        """The number of documents."""
        return self._queryset().count()

    def documents(self) -> Iterator[bytes]:
        """The documents in the order of their ids, which placeholders precede. A page costs a fixed number of queries.

        Objects that the list of the endpoint leaves out are included, such as placeholders.
        """
        queryset, serializer = self._queryset().order_by("pk"), self.serializer
        render, request = renderer(serializer), self._request()
        option = orjson.OPT_INDENT_2 if self.is_indented else None
        rest = queryset
        while page := load(rest[:PAGE_SIZE], serializer):
            context = RenderContext(origin=self.origin)
            for instance in page:
                document = {"request": request, "body": render(instance, context)}
                yield orjson.dumps(document, default=str, option=option)
            if len(page) < PAGE_SIZE:
                return
            rest = queryset.filter(pk__gt=page[-1].pk)

    def _queryset(self) -> QuerySet[Any]:
        if self.collection.is_single:
            return self.collection.model._base_manager.filter(pk=self.serializer.fixed_id)
        return self.collection.model._base_manager.all()

    @property
    def serializer(self) -> SerializerClass:
        """The serializer of the documents."""
        return _stored_part(detail_serializer(self.collection))

    def _request(self) -> str:
        style, mode = versions()[VERSION_NUMBER].mode_style, self.collection.mode
        query = f"?{urlencode(style.query(mode))}" if mode else ""
        return f"{self.origin}/{VERSION_NUMBER}/{self.collection.name}/{style.suffix(mode)}{query}"


def collection_exports(names: Iterable[str], origin: str, *, is_indented: bool = False) -> list[CollectionExport]:
    """The exports of these endpoints, all if there is no name, in the order of ingest.

    Raises `UnknownEndpointError`.
    """
    selected = set(select_collections(names))
    numbered = enumerate(sorted_collections(), start=1)
    return [
        CollectionExport(collection, number, origin, is_indented)
        for number, collection in numbered
        if collection in selected
    ]


@cache
def _stored_part(serializer: SerializerClass) -> SerializerClass:
    """The serializer without the objects that its lists collect along a path from objects of other endpoints.

    The export contains those objects anyway. Ingest would link them directly, and the dashboard selects some by the
    current time.
    """
    declared: dict[str, Any] = {}
    removed: set[str] = set()
    for spec in describe(serializer):
        if isinstance(spec, NestedListSpec) and spec.through_path:
            if list_relation(model_of(serializer), spec.relation):
                declared[spec.key] = spec.serializer.filtered(**dict(spec.match))
            else:
                removed.add(spec.key)
        elif isinstance(spec, InlineSpec) and _stored_part(spec.serializer) is not spec.serializer:
            removed.add(spec.key)
    if not declared and not removed:
        return serializer
    meta = type("Meta", (serializer.Meta,), {"fields": exclude_fields(serializer.Meta.fields, *removed)})
    return cast("SerializerClass", type(serializer.__name__, (serializer,), {**declared, "Meta": meta}))
