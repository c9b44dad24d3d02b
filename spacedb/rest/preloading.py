"""Builds query plans and renderers when a process starts, so that its first requests do not wait for them."""

from django.urls import get_resolver

from spacedb.rendering.plan import query_plan
from spacedb.rendering.render import renderer
from spacedb.rest.viewsets import endpoint_serializers


def preload() -> None:
    """Import the URLconf, and build the query plan and the renderer of each representation. It uses no database."""
    _ = get_resolver().reverse_dict  # with the names of all URLs, for links
    for serializer in endpoint_serializers():
        query_plan(serializer)
        renderer(serializer)
