"""The URLs of one API version."""

from typing import Any

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import APIRootView, DefaultRouter
from typing_extensions import override

from spacedb.rest.readonly import ReadOnly
from spacedb.rest.versions import Version
from spacedb.rest.viewsets import ResourceViewSet


class VersionRootView(ReadOnly, APIRootView):
    """The endpoints of this version of the API."""

    name = "Launch Library"


class _Router(DefaultRouter):
    """Sets the version of each view."""

    APIRootView = VersionRootView
    include_format_suffixes = False

    def __init__(self, version: Version) -> None:
        super().__init__()
        self.version = version
        self.root_view_name = f"{version.number}-root"
        self.routes = [route._replace(initkwargs={**route.initkwargs, "version": version}) for route in self.routes]

    @override
    def get_api_root_view(self, api_urls: Any = None) -> Any:
        """The root view, with the endpoints in alphabetical order."""
        names = {prefix: f"{basename}-list" for prefix, _, basename in sorted(self.registry)}
        return self.APIRootView.as_view(api_root_dict=names, version=self.version)


def version_urls(version: Version) -> list[URLPattern | URLResolver]:
    """The routes of all endpoints of a version, and of a root view that lists them.

    An endpoint has routes for its list (or its single object) and its details, and for each path suffix that selects a
    mode of the list.
    """
    router = _Router(version)
    urls: list[URLPattern | URLResolver] = []
    # Longer paths first: `launches/upcoming/` is not the launch with the id "upcoming".
    for name in sorted(version.endpoints, key=lambda name: -name.count("/")):
        view, basename = version.endpoints[name], f"{version.number}-{name}"
        router.register(name, view, basename=basename)
        if issubclass(view, ResourceViewSet):
            kwargs = {"version": version, "basename": basename, "suffix": "List", "detail": False}
            for suffix, mode in version.mode_style.suffixes(view.modes).items():
                urls.append(path(f"{name}/{suffix}", view.as_view({"get": "list"}, path_mode=mode, **kwargs)))
    return [*urls, *router.urls]
