"""The compiled renderers return the same data as the serializers of Django REST framework."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from spacedb.rendering.loading import load
from spacedb.rendering.render import renderer
from spacedb.serializers.context import RenderContext
from tests.endpoints import declared_endpoints, endpoints
from tests.examples import HOST

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("examples"), pytest.mark.vendor_neutral]


@pytest.mark.parametrize(
    ("path", "mode"), [(path, mode) for path, view in declared_endpoints().items() for mode in view.modes]
)
def test_renderers_equal_rest_framework(path: str, mode: str) -> None:
    """The query plan loads everything, so rendering needs no query."""
    view = endpoints()[path]
    serializer = view.modes[mode]
    objects = load(view.queryset.order_by("pk")[:5], serializer)
    context = RenderContext(HOST)
    with CaptureQueriesContext(connection) as queries:
        rendered = [renderer(serializer)(obj, context) for obj in objects]
        expected = serializer(objects, many=True, context={"render_context": RenderContext(HOST)}).data
    assert json.dumps(rendered, default=str) == json.dumps(expected, default=str)
    assert len(queries) == 0
