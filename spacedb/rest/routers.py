"""The URLs of one API version."""

from typing import Any

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import APIRootView, DefaultRouter

from spacedb.rest.readonly import ReadOnly
from spacedb.rest.versions import Version
from spacedb.rest.viewsets import ReadOnlyViewSet


class VersionRootView(ReadOnly, APIRootView):
    """The endpoints of this version of the API."""

    name = "Launch Library"


class _Router(DefaultRouter):
    """Gives each view the version that it belongs to."""

    APIRootView = VersionRootView
    include_format_suffixes = False

    def __init__(self, version: Version) -> None:
        super().__init__()
        self.version = version
        self.root_view_name = f"{version.number}-root"
        self.routes = [route._replace(initkwargs={**route.initkwargs, "version": version}) for route in self.routes]

    def get_api_root_view(self, api_urls: Any = None) -> Any:
        """In alphabetical order."""
        names = {prefix: f"{basename}-list" for prefix, _, basename in sorted(self.registry)}
        return self.APIRootView.as_view(api_root_dict=names)


def version_urls(version: Version) -> list[URLPattern | URLResolver]:
    """For each endpoint its list and its detail, and a root that lists the endpoints."""
    router: Any = _Router(version)
    urls: list[URLPattern | URLResolver] = []
    # Longer paths first: `launches/upcoming/` is not the launch with the id "upcoming".
    for name in sorted(version.endpoints, key=lambda name: -name.count("/")):
        view: Any = version.endpoints[name]
        router.register(name, view, basename=f"{version.number}-{name}")
        if issubclass(view, ReadOnlyViewSet):
            for suffix, mode in version.modes.suffixes(view.modes).items():
                kwargs = {"version": version, "path_mode": mode, "suffix": "List", "detail": False}
                urls.append(
                    path(
                        f"{name}/{suffix}", view.as_view({"get": "list"}, **kwargs, basename=f"{version.number}-{name}")
                    )
                )
    return [*urls, *router.urls]
