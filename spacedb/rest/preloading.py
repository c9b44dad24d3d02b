"""Builds query plans and renderers when a process starts, so that its first requests do not wait for them."""

from django.urls import get_resolver

from spacedb.rendering.plan import query_plan
from spacedb.rendering.render import renderer
from spacedb.rest.versions import versions
from spacedb.rest.viewsets import ResourceViewSet


def preload() -> None:
    """Import the URLconf, and build the query plan and the renderer of each representation. It uses no database."""
    _ = get_resolver().reverse_dict  # with the names of all URLs, for links
    for version in versions().values():
        for view in version.endpoints.values():
            if issubclass(view, ResourceViewSet):
                for serializer in view.modes.values():
                    query_plan(serializer)
                    renderer(serializer)
