"""GeoJSON (RFC 7946): objects on a map. The properties of a feature are the object as in JSON."""

from collections.abc import Sequence
from typing import Any, ClassVar

import orjson
from django.db.models import QuerySet
from django.http import HttpResponse
from typing_extensions import override

from spacedb.rest.formats.base import FormatRenderer, FormattedView
from spacedb.rest.formats.declarations import is_valid_position
from spacedb.rest.pagination import Pagination


class GeoJSONRenderer(FormatRenderer):
    """A `FeatureCollection` for a list, a `Feature` for a detail.

    The geometry is null for objects without coordinates, or with coordinates on another celestial body: those of
    GeoJSON are on the Earth.
    """

    media_type = "application/geo+json"
    format = "geojson"
    charset = None
    openapi_schema: ClassVar[dict[str, Any]] = {"type": "object", "additionalProperties": {}}
    description = "GeoJSON (RFC 7946). The properties of each feature are the object as in JSON."
    disposition = "inline"
    default_limit = Pagination.max_limit  # maps do not request a next page

    @classmethod
    @override
    def supports(cls, view: Any, is_detail: bool) -> bool:
        return view.position is not None

    @override
    def list_response(self, view: FormattedView, queryset: QuerySet[Any]) -> HttpResponse:
        ids = self.page_ids(view, queryset)
        collection = {
            "type": "FeatureCollection",
            "count": view.paginator.count,
            "next": view.paginator.get_next_link(),
            "previous": view.paginator.get_previous_link(),
            "features": _features(view, queryset, ids),
        }
        return self.response(view, orjson.dumps(collection, default=str))

    @override
    def detail_response(self, view: FormattedView, queryset: QuerySet[Any]) -> HttpResponse:
        pk = queryset.values_list("pk", flat=True).get()
        [feature] = _features(view, queryset, [pk])
        return self.response(view, orjson.dumps(feature, default=str), pk)


def _features(view: FormattedView, queryset: QuerySet[Any], ids: Sequence[Any]) -> list[dict[str, Any]]:
    position = view.position
    assert position
    objects = queryset.model._base_manager.filter(position.is_on_earth, pk__in=ids)
    rows = objects.values_list("pk", position.latitude, position.longitude)
    points = {
        pk: {"type": "Point", "coordinates": [longitude, latitude]}
        for pk, latitude, longitude in rows
        if is_valid_position(latitude, longitude)
    }
    properties = view.fragments.fragments(view.get_serializer_class(), ids, view.render_context())
    return [
        {"type": "Feature", "id": pk, "geometry": points.get(pk), "properties": fragment}
        for pk, fragment in zip(ids, properties, strict=True)
    ]
