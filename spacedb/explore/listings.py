"""Lists and details of the newest API version, to which the pages have links.

The objects of a list are read with the filters and the search of its endpoint. So a page shows the same objects as the
list that it has a link to.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from rest_framework.request import Request

from spacedb.rest.versions import Version, versions
from spacedb.rest.viewsets import ReadOnlyViewSet


def newest_version() -> Version:
    return next(iter(versions().values()))


def list_url(endpoint: str, **parameters: Any) -> str:
    """The URL of the list of an endpoint, such as `launches`, with query parameters."""
    url = reverse(f"{newest_version().number}-{endpoint}-list")
    return f"{url}?{urlencode(parameters)}" if parameters else url


def detail_url(endpoint: str, pk: Any) -> str:
    """The URL of one object of an endpoint."""
    return reverse(f"{newest_version().number}-{endpoint}-detail", args=[pk])


def listed(
    endpoint: str, parameters: Mapping[str, str] | None = None, search_fields: tuple[str, ...] | None = None
) -> QuerySet[Any]:
    """The objects of the list of an endpoint, with query parameters.

    `search_fields` replaces those of the endpoint. Raises DRF's `ValidationError` if a parameter is invalid.
    """
    version = newest_version()
    view = cast("type[ReadOnlyViewSet]", version.endpoints[endpoint])(version=version, detail=False)
    if search_fields is not None:
        view.search_fields = search_fields  # type: ignore[misc]
    request = HttpRequest()
    request.method = "GET"
    request.GET = QueryDict(urlencode(parameters or {}))
    view.request = Request(request)
    return view.filter_queryset(view.get_queryset())


class ResourceList(NamedTuple):
    """The list of a resource. Statuses, types and other short lists are not resources here."""

    endpoint: str
    title: str
    view: type[ReadOnlyViewSet]

    @property
    def url(self) -> str:
        return list_url(self.endpoint)


def resources() -> Iterator[ResourceList]:
    """The resources of the newest version, in alphabetical order."""
    for endpoint, view in sorted(newest_version().endpoints.items()):
        if "/" not in endpoint and issubclass(view, ReadOnlyViewSet):
            yield ResourceList(endpoint, endpoint.replace("_", " ").capitalize(), view)


def counts() -> Mapping[str, int]:
    """The number of objects of each resource, by its endpoint. It takes one query."""
    first, *others = (
        listed(resource.endpoint)
        .order_by()
        .values(endpoint=Value(resource.endpoint))
        .annotate(count=Count("pk"))
        .values_list("endpoint", "count")
        for resource in resources()
    )
    return dict.fromkeys((resource.endpoint for resource in resources()), 0) | dict(first.union(*others, all=True))
