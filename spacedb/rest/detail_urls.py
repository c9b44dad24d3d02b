"""The URLs of an object in all versions of the API, for the links of the admin."""

from typing import Any

from django.db.models import Model
from django.urls import reverse

from spacedb.rest.versions import Version, versions
from spacedb.rest.viewsets import ReadOnlyViewSet


def detail_urls(instance: Model) -> dict[str, str]:
    """Return the path of the object in each version that serves it, by the number of the version, newest first."""
    return {
        number: reverse(f"{number}-{name}-detail", args=[instance.pk])
        for number, version in versions().items()
        if (name := _endpoint_of(version, type(instance))) and has_detail(version, name, instance.pk)
    }


def has_detail(version: Version, name: str, pk: Any) -> bool:
    """Whether an endpoint has the object: older versions do not have every object, such as launches from Mars."""
    viewset: Any = version.endpoints[name]
    view: ReadOnlyViewSet = viewset(detail=True, version=version, basename=f"{version.number}-{name}")
    view.kwargs = {"pk": pk}
    return bool(view.find_ids())


def _endpoint_of(version: Version, model: type[Model]) -> str | None:
    """The name of the endpoint of a model. Of several it is the shortest: `launches` and not `launches/upcoming`."""
    views = version.endpoints.items()
    names = (name for name, view in views if issubclass(view, ReadOnlyViewSet) and view.queryset.model is model)
    return min(names, key=len, default=None)
