"""The base of every endpoint: a list and a detail, read-only, in the modes that the view declares."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, TypeAlias

import markdown
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import mark_safe
from rest_framework.exceptions import NotFound
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.viewsets import GenericViewSet
from typing_extensions import override

from spacedb.caching.conditional import conditional
from spacedb.caching.fragments import FragmentCache
from spacedb.catalogue.models import exclude_placeholders
from spacedb.rendering.loading import load, load_related
from spacedb.rendering.render import renderer
from spacedb.rest.filters import FilterBackend, FilterSet
from spacedb.rest.formats.base import FormatRenderer
from spacedb.rest.formats.calendar import CalendarRenderer
from spacedb.rest.formats.csv import CSVRenderer
from spacedb.rest.formats.declarations import Calendar, Position
from spacedb.rest.formats.geojson import GeoJSONRenderer
from spacedb.rest.modes import ModeStyle
from spacedb.rest.ordering import OrderingFilter
from spacedb.rest.pagination import Pagination
from spacedb.rest.readonly import ReadOnly
from spacedb.rest.renderers import JSONRenderer
from spacedb.rest.search import SearchFilter
from spacedb.rest.versions import versions
from spacedb.revision.current import CurrentRevision
from spacedb.serializers.base import SerializerClass, model_of
from spacedb.serializers.context import RenderContext
from spacedb.serializers.describe import FieldSpec, describe
from spacedb.serializers.fields import DetailURLField

FORMATS: Sequence[type[FormatRenderer]] = (CSVRenderer, CalendarRenderer, GeoJSONRenderer)
"""The formats besides JSON and HTML."""

ViewSetClass: TypeAlias = "type[ReadOnlyViewSet]"


class ResourceViewSet(ReadOnly, GenericViewSet[Any]):
    """The base of endpoints that represent stored objects.

    A view declares its `queryset`, the serializer of each of its `modes`, the fields to filter, search and order by,
    and an example of each for the help text.
    """

    queryset: QuerySet[Any]
    """All objects of the resource."""
    filterset_class: type[FilterSet]
    """The filters of the list; not set if it has none."""

    modes: ClassVar[Mapping[str, SerializerClass]]
    """The serializer of each mode. An unknown mode is the default mode."""
    default_mode: ClassVar[str] = "normal"
    detail_mode: ClassVar[str] = "detailed"

    listed: ClassVar[Q] = Q()
    """The condition for an object to be in lists. Details show all objects."""

    resource_name: ClassVar[str] = ""
    """The name of the resource in the OpenAPI document, if it is not that of the model."""

    filter_example: ClassVar[str] = ""
    """A query string that filters, such as `in_space=true`."""
    main_filters: ClassVar[Sequence[str] | None] = None
    """The filters that pages show first, by their names without the lookup (`net` for `net__gte`). If None, pages
    choose. Names that the filter set of a derived version does not have are ignored."""
    facets: ClassVar[Sequence[str] | None] = None
    """The filters whose most frequent values pages count: booleans and to-one relations. If None, pages choose. Names
    that a derived version does not have, or filters by a method, are ignored."""
    search_fields: ClassVar[Sequence[str]] = ()
    search_example: ClassVar[str] = ""
    """A value of `search`; likewise `ordering_example`, a value of `ordering`."""
    ordering_fields: ClassVar[Sequence[str] | None] = None
    """If None, lists can be ordered by any field of the requested representation, which the help text does not say."""
    ordering_example: ClassVar[str] = ""
    ordering: ClassVar[Sequence[str]] = ()
    """The default order. Objects that it leaves equal are ordered by id."""

    columns: ClassVar[Sequence[str]] = ()
    """The columns of the table on the page of the list, beside the name: paths in the JSON, such as `status.name`.

    A mode shows those that its representation has. Without any, the page chooses columns by their values.
    """

    title_paths: ClassVar[Sequence[str]] = ()
    """Paths of the title of an object on pages, the best one first, if the object has no name of its own."""

    aliases: ClassVar[Mapping[str, str]] = {}
    """Parts of upstream's names of search and ordering fields, each with its lookup in our models."""

    is_cacheable: ClassVar[bool] = True
    """The response cache may store responses of this view."""

    path_mode: str = ""
    """The mode that the path selects, in versions that select modes by the path; the router sets it."""

    fragments: FragmentCache
    """The fragment cache at the revision of the request's snapshot; `conditional` sets it."""
    revision: CurrentRevision | None
    """The revision of the request's snapshot, None while migrations run; `conditional` sets it."""

    pagination_class: type[Pagination] | None = None
    filter_backends: Sequence[Any] = ()

    @classmethod
    def renderers_of(cls, is_detail: bool) -> tuple[type[BaseRenderer], ...]:
        """The renderers of the list, or of the detail. The first one is the default."""
        return _default_renderers()

    @property
    @override
    def renderer_classes(self) -> Sequence[type[BaseRenderer]]:  # type: ignore[override]
        return self.renderers_of(bool(self.detail))

    @classmethod
    def filter_names(cls) -> list[str]:
        """The query parameters that filter."""
        filterset = getattr(cls, "filterset_class", None)
        return list(filterset.get_filters()) if filterset else []

    @classmethod
    def lookup_of(cls, name: str) -> str:
        """The lookup in our models of a search or ordering field, by upstream's name."""
        for upstream, own in cls.aliases.items():
            name = name.replace(upstream, own)
        return name

    @classmethod
    def serializer_for(cls, mode: str) -> SerializerClass:
        return cls.modes.get(mode, cls.modes[cls.default_mode])

    @override
    def get_queryset(self) -> QuerySet[Any]:
        queryset = exclude_placeholders(super().get_queryset())
        return queryset if self.detail else queryset.filter(self.listed)

    @override
    def get_serializer_class(self) -> SerializerClass:
        """A detail is always in `detail_mode`; a list is in the mode that the request selects."""
        if self.detail:
            return self.serializer_for(self.detail_mode)
        return self.serializer_for(self.mode_style.requested(self.request, self.path_mode))

    def valid_until(self, now: dt.datetime) -> dt.datetime | None:
        """For responses that depend on the current time: the time until which they do not change."""
        return None

    @override
    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Finalize a response once: `conditional` does it within the snapshot, before DRF would."""
        if getattr(response, "is_rendered", False):
            return response
        if isinstance(response, Response) and isinstance(
            getattr(request, "accepted_renderer", None), FormatRenderer
        ):  # an error, or the response to OPTIONS
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        return super().finalize_response(request, response, *args, **kwargs)

    def render_context(self) -> RenderContext:
        is_format = isinstance(self.request.accepted_renderer, FormatRenderer)
        # Other endpoints may not have the same format.
        format_parameter = "" if is_format else self.request.query_params.get("format")
        return RenderContext(
            origin=self.request.build_absolute_uri("/").rstrip("/"),
            url_suffix=f"?format={format_parameter}" if format_parameter else "",
        )

    @property
    def mode_style(self) -> ModeStyle:
        """How URLs select a mode in the version that the view belongs to."""
        return self.version.mode_style

    def help_text(self, host: str, path: str) -> str:
        """The help text in Markdown, in the style of the version. `path` is that of the endpoint's list."""
        return self.version.help_text(self, host, path)

    @override
    def get_view_description(self, html: bool = False) -> str:
        host = self.request.build_absolute_uri("/").rstrip("/")
        text = self.help_text(host, reverse(f"{self.basename}-list"))
        return mark_safe(markdown.markdown(text)) if html else text


class ReadOnlyViewSet(ResourceViewSet):
    """A resource's list and detail."""

    pagination_class = Pagination
    filter_backends = (FilterBackend, SearchFilter, OrderingFilter)

    calendar: ClassVar[Calendar | None] = None
    """How objects become entries of a calendar; None if the resource has no calendar."""
    position: ClassVar[Position | None] = None
    """Where objects are on a map; None if the resource has no coordinates."""
    list_title: ClassVar[str] = ""
    """A word before the name of the objects in the title of the list, such as `Upcoming`."""

    @classmethod
    @override
    def renderers_of(cls, is_detail: bool) -> tuple[type[BaseRenderer], ...]:
        return _renderers_of(cls, is_detail)

    def detail_url(self, pk: Any) -> str:
        """The URL of an object's detail, as representations contain it."""
        context = self.render_context()
        for spec in describe(self.serializer_for(self.detail_mode)):
            if isinstance(spec, FieldSpec) and isinstance(spec.field, DetailURLField):
                return spec.field.url(pk, context)
        return context.origin + reverse(f"{self.basename}-detail", args=[pk])

    @conditional
    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The objects that match, one page at a time."""
        queryset = self.filter_queryset(self.get_queryset())
        if isinstance(request.accepted_renderer, FormatRenderer):
            return request.accepted_renderer.list_response(self, queryset)
        paginator = self.paginator
        assert isinstance(paginator, Pagination)
        ids = paginator.page_ids(queryset, request, self.fragments)
        page = self.fragments.fragments(self.get_serializer_class(), ids, self.render_context())
        return paginator.get_paginated_response(page)

    @conditional
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One object, by its id."""
        ids = self.find_ids()
        if not ids:
            raise NotFound(f"No {self.queryset.model._meta.verbose_name} matches the given query.")
        if isinstance(request.accepted_renderer, FormatRenderer):
            return request.accepted_renderer.detail_response(self, self.get_queryset().filter(pk=ids[0]))
        [fragment] = self.fragments.fragments(self.get_serializer_class(), ids, self.render_context())
        return Response(fragment)

    def find_ids(self) -> Sequence[Any]:
        """The stored id of the object of a detail; empty if it does not exist."""
        # One comparison each: Django handles a number that no column can store in a comparison, but not in a list.
        conditions = [("pk", pk) for pk in self.get_serializer_class().stored_ids(self._pk())]
        queryset = self.get_queryset().filter(Q(("pk__in", []), *conditions, _connector=Q.OR))
        return tuple(queryset.order_by().values_list("pk", flat=True)[:1])

    def _pk(self) -> Any:
        model: type[Model] = self.get_queryset().model
        try:
            return model._meta.pk.to_python(self.kwargs["pk"])
        except ValidationError as error:
            raise NotFound from error


class SingleObjectViewSet(ResourceViewSet):
    """An endpoint without a list and without ids: it always returns the same object, such as a program's dashboard.

    `queryset` contains the object, and the serializers specify its id by `fixed_id`. If the object is not stored, an
    empty one is represented.
    The representation may depend on the current time, so the fragment cache does not store it.
    """

    @override
    def get_view_name(self) -> str:
        """Without the suffix that the router adds for lists."""
        return super().get_view_name().removesuffix(f" {self.suffix}")

    @conditional
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The object, in the requested mode. The router maps `list` to the URL without an id."""
        serializer = self.get_serializer_class()
        queryset = self.get_queryset()
        [instance] = load(queryset, serializer) or load_related([queryset.model(pk=serializer.fixed_id)], serializer)
        return Response(renderer(serializer)(instance, self.render_context()))


def _default_renderers() -> tuple[type[BaseRenderer], ...]:
    classes: Any = api_settings.DEFAULT_RENDERER_CLASSES  # imported, although the type hints say strings
    return tuple(classes)


@cache
def _renderers_of(view: ViewSetClass, is_detail: bool) -> tuple[type[BaseRenderer], ...]:
    formats = [renderer for renderer in FORMATS if renderer.supports(view, is_detail)]
    return (*_default_renderers(), *formats)


def config_viewset(
    serializer: SerializerClass, queryset: QuerySet[Any] | None = None, position: Position | None = None
) -> ViewSetClass:
    """An endpoint under `config/`, such as the statuses of launches: it has one mode and no filters."""
    attributes = {
        "queryset": model_of(serializer)._default_manager.all() if queryset is None else queryset,
        "modes": {"normal": serializer},
        "position": position,
    }
    return type(f"{serializer.__name__}ViewSet", (ReadOnlyViewSet,), attributes)


@cache
def endpoint_serializers() -> tuple[SerializerClass, ...]:
    """The serializers of all endpoints, modes and versions."""
    views = [view for version in versions().values() for view in version.endpoints.values()]
    modes = [view.modes for view in views if issubclass(view, ResourceViewSet)]
    return tuple(dict.fromkeys(serializer for each in modes for serializer in each.values()))
