"""The base of every endpoint: a list and a detail, read only, in the modes that the view declares."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

import markdown
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import mark_safe
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from spacedb.caching.conditional import Validity, conditional
from spacedb.caching.fragments import FragmentCache
from spacedb.catalogue.models import exclude_placeholders
from spacedb.rest.filters import FilterBackend
from spacedb.rest.modes import ModeStyle
from spacedb.rest.ordering import OrderingFilter
from spacedb.rest.pagination import Pagination
from spacedb.rest.readonly import ReadOnly
from spacedb.rest.search import SearchFilter
from spacedb.revision.snapshot import snapshot
from spacedb.serializers.base import SerializerClass, model_of
from spacedb.serializers.context import RenderContext

ViewSetClass: TypeAlias = "type[ReadOnlyViewSet]"


class ReadOnlyViewSet(ReadOnly, GenericViewSet[Any]):
    """A resource's list and detail.

    A view declares its `queryset`, the form of each of its `modes`, what it filters, searches and orders by,
    and an example of each for the help text.
    """

    modes: ClassVar[Mapping[str, SerializerClass]]
    """The form of the objects for each value of `mode`."""
    default_mode: ClassVar[str] = "normal"
    detail_mode: ClassVar[str] = "detailed"

    resource_name: ClassVar[str] = ""
    """What the OpenAPI document calls the resource where it is not by its model's name."""
    tags: ClassVar[Sequence[str] | None] = None
    """The OpenAPI document's tags, where they are not the words of the endpoint's name."""

    filter_example: ClassVar[str] = ""
    """A query string that filters, such as `in_space=true`; so for `search_example`, `ordering_example`."""
    search_fields: ClassVar[Sequence[str]] = ()
    search_example: ClassVar[str] = ""
    ordering_fields: ClassVar[Sequence[str]] = ()
    ordering_example: ClassVar[str] = ""
    ordering: ClassVar[Sequence[str]] = ()
    """The order where a request asks for none; what is left over is by id."""

    aliases: ClassVar[Mapping[str, str]] = {}
    """Parts of upstream's names of search and ordering fields, with what leads there here."""

    is_cacheable: ClassVar[bool] = True
    """The response cache may store responses of this view."""

    path_mode: str = ""
    """The mode that the path selects, in versions that select modes by the path; the router sets it."""

    pagination_class = Pagination
    filter_backends = (FilterBackend, SearchFilter, OrderingFilter)

    @classmethod
    def filter_names(cls) -> list[str]:
        """The query parameters that filter."""
        filterset = getattr(cls, "filterset_class", None)
        return list(filterset.get_filters()) if filterset else []

    @classmethod
    def path_of(cls, name: str) -> str:
        """The way to a field that searches or orders, by upstream's name for it."""
        for theirs, ours in cls.aliases.items():
            name = name.replace(theirs, ours)
        return name

    def get_queryset(self) -> QuerySet[Any]:
        return exclude_placeholders(super().get_queryset())

    @classmethod
    def form_of(cls, mode: str) -> SerializerClass:
        return cls.modes.get(mode, cls.modes[cls.default_mode])

    def form(self) -> SerializerClass:
        """The form for this request: detail in `detail_mode`, a list in the mode that it asks for, if there is one."""
        return self.form_of(
            self.detail_mode if self.detail else self.mode_style.requested(self.request, self.path_mode)
        )

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return self.form()

    def period(self, now: dt.datetime) -> Validity | None:
        """For an answer about the present, the time during which it stays as it is at this moment."""
        return None

    @conditional
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The objects that match, a page at a time."""
        paginator = self.paginator
        assert isinstance(paginator, Pagination)
        form, answer = self.form(), self.answer()
        with snapshot() as label:
            kept = FragmentCache(label)
            ids = paginator.page_of(self.filter_queryset(self.get_queryset()), request, kept)
            return paginator.get_paginated_response(kept.fragments(form, ids, answer))

    @conditional
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One object, by its id."""
        # One by one: only of a comparison with a single number Django knows when no column can hold it.
        wanted = [("pk", pk) for pk in self.form().ids_shown_as(self._pk())]
        queryset = self.get_queryset().filter(Q(("pk__in", []), *wanted, _connector=Q.OR))
        with snapshot() as label:
            ids = queryset.order_by().values_list("pk", flat=True)[:1]
            if not (asked := list(ids)):
                raise NotFound(f"No {queryset.model._meta.verbose_name} matches the given query.")
            [found] = FragmentCache(label).fragments(self.form(), asked, self.answer())
        return Response(found)

    def answer(self) -> RenderContext:
        """What the urls in the answer start and end with."""
        asked = self.request.query_params.get("format")
        return RenderContext(self.request.build_absolute_uri("/").rstrip("/"), f"?format={asked}" if asked else "")

    def _pk(self) -> Any:
        model: type[Model] = self.get_queryset().model
        try:
            return model._meta.pk.to_python(self.kwargs["pk"])
        except ValidationError as error:
            raise NotFound from error

    @property
    def mode_style(self) -> ModeStyle:
        """How URLs select a mode in the version that the view belongs to."""
        return self.version.modes

    def help_text(self, host: str, path: str) -> str:
        """The help text in Markdown, in the style of the version; `path` is that of the endpoint's list."""
        return self.version.help_text(self, host, path)

    def get_view_description(self, html: bool = False) -> str:
        host = self.request.build_absolute_uri("/").rstrip("/")
        text = self.help_text(host, reverse(f"{self.basename}-list"))
        return mark_safe(markdown.markdown(text)) if html else text


def config_viewset(form: SerializerClass, tags: Sequence[str] | None = None) -> ViewSetClass:
    """The endpoint of a short list, such as the statuses of launches: one form, nothing to filter by."""
    known: QuerySet[Any] = model_of(form)._default_manager.all()
    for pk, shown in form.shown_as.items():  # what is shown in its place is there once
        known = known.exclude(Q(pk=pk) & Exists(model_of(form)._base_manager.filter(pk=shown["id"])))
    return type(
        f"{form.__name__}ViewSet", (ReadOnlyViewSet,), {"queryset": known, "modes": {"normal": form}, "tags": tags}
    )
