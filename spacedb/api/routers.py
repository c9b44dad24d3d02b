"""The paths of one API version."""

from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import APIRootView, DefaultRouter
from rest_framework.viewsets import ViewSetMixin

from spacedb.api.pages import documentation
from spacedb.api.readonly import ReadOnly


class VersionRootView(ReadOnly, APIRootView):
    """The endpoints of this version of the API."""

    name = "Launch Library"


class _Router(DefaultRouter):
    APIRootView = VersionRootView
    include_format_suffixes = False

    def get_api_root_view(self, api_urls: Any = None) -> Any:
        """In alphabetical order."""
        names = {prefix: f"{basename}-list" for prefix, _, basename in sorted(self.registry)}
        return self.APIRootView.as_view(api_root_dict=names)


def version(number: str, endpoints: Mapping[str, type[ViewSetMixin]]) -> URLPattern | URLResolver:
    """`/{number}/` with what each endpoint has (a list and a detail), a root that lists them, and documentation."""
    router: Any = _Router()
    router.root_view_name = f"{number}-root"
    # Paths within others first: `launches/upcoming/` is not the launch called upcoming.
    for name in sorted(endpoints, key=lambda name: -name.count("/")):
        router.register(name, endpoints[name], basename=f"{number}-{name}")
    return path(f"{number}/", include([*router.urls, *documentation(number)]))
