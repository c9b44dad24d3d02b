"""The paths of one API version."""

from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import APIRootView, DefaultRouter
from rest_framework.viewsets import ViewSetMixin

from spacedb.api.pages import documentation


class VersionRootView(APIRootView):
    """The endpoints of this version of the API."""

    name = "Launch Library"
    http_method_names = ["get", "head", "options"]

    @property
    def allowed_methods(self) -> list[str]:
        return ["GET"]


class _Router(DefaultRouter):
    APIRootView = VersionRootView
    include_format_suffixes = False


def version(number: str, endpoints: Mapping[str, type[ViewSetMixin]]) -> URLPattern | URLResolver:
    """`/{number}/` with what each endpoint has (a list and a detail), a root that lists them, and documentation."""
    router: Any = _Router()
    router.root_view_name = f"{number}-root"
    for name, viewset in endpoints.items():
        router.register(name, viewset, basename=f"{number}-{name}")
    return path(f"{number}/", include([*router.urls, *documentation(number)]))
