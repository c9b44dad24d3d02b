"""The base of the renderers of formats that programs other than API clients read."""

from typing import Any, ClassVar, Protocol

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from spacedb.caching.fragments import FragmentCache
from spacedb.rest.formats.declarations import Calendar, Position
from spacedb.rest.pagination import Pagination
from spacedb.rest.versions import Version
from spacedb.revision.current import CurrentRevision
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.context import RenderContext


class FormattedView(Protocol):
    """The attributes of a view that the formats use; `ReadOnlyViewSet` has them."""

    calendar: ClassVar[Calendar | None]
    position: ClassVar[Position | None]
    list_title: ClassVar[str]
    version: Version
    fragments: FragmentCache
    revision: CurrentRevision | None
    request: Request
    basename: str
    detail: bool

    @property
    def paginator(self) -> Any: ...
    def get_serializer_class(self) -> SerializerClass: ...
    def detail_url(self, pk: Any) -> str: ...
    def render_context(self) -> RenderContext: ...


class FormatRenderer(BaseRenderer):
    """One format of the lists or the details of the views that support it.

    It generates complete responses. Errors and responses to OPTIONS are JSON, whatever format was requested.
    """

    charset: str | None = "utf-8"
    openapi_schema: ClassVar[dict[str, Any]] = {"type": "string"}
    """The schema of its responses in the OpenAPI document."""
    description: ClassVar[str]
    """Its description there."""
    disposition: ClassVar[str] = "attachment"
    """Whether browsers show a response (`inline`) or save it (`attachment`)."""
    default_limit: ClassVar[int] = Pagination.default_limit
    """The number of objects in a list without `limit`."""

    @classmethod
    def supports(cls, view: Any, is_detail: bool) -> bool:
        """Whether the list, or the detail, of a viewset class has this format."""
        raise NotImplementedError

    def list_response(self, view: FormattedView, queryset: QuerySet[Any]) -> HttpResponseBase:
        """The response with the objects of a filtered and ordered queryset."""
        raise NotImplementedError

    def detail_response(self, view: FormattedView, queryset: QuerySet[Any]) -> HttpResponseBase:
        """The response with the only object of a queryset."""
        raise NotImplementedError

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset={self.charset}" if self.charset else str(self.media_type)

    def page_ids(self, view: FormattedView, queryset: QuerySet[Any]) -> list[Any]:
        """The ids of the requested page."""
        view.paginator.default_limit = self.default_limit
        ids: list[Any] = view.paginator.page_ids(queryset, view.request, view.fragments)
        return ids

    def response(self, view: FormattedView, body: bytes, pk: Any = None) -> HttpResponse:
        return HttpResponse(body, headers=self.headers(view, pk))

    def headers(self, view: FormattedView, pk: Any = None, is_page: bool = True) -> dict[str, str]:
        """The headers of the response with a page, with all objects of a list, or with the object of this id."""
        endpoint = view.basename.removeprefix(f"{view.version.number}-").replace("/", "-")
        name = f"{endpoint}-{pk}" if pk is not None else endpoint
        headers = {
            "Content-Type": self.content_type,
            "Content-Disposition": f'{self.disposition}; filename="{name}.{self.format}"',
        }
        if pk is None and is_page and (links := page_links(view.paginator)):
            headers["Link"] = ", ".join(links)
        return headers


def page_links(paginator: Pagination) -> list[str]:
    """The values of a `Link` header (RFC 8288) with the next and the previous page."""
    urls = {"next": paginator.get_next_link(), "prev": paginator.get_previous_link()}
    return [f'<{url}>; rel="{relation}"' for relation, url in urls.items() if url]
