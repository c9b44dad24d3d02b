"""The compiled renderers return the same data as the serializers of Django REST framework."""

import json
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from spacedb.rendering.loading import load
from spacedb.rendering.render import renderer
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.context import RenderContext
from tests.endpoints import endpoints, modes_of_each_serializer, modes_of_single_objects, single_objects
from tests.examples import HOST

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("examples"), pytest.mark.vendor_neutral]


@pytest.mark.parametrize(("path", "mode"), modes_of_each_serializer())
def test_renderers_equal_rest_framework(path: str, mode: str) -> None:
    view = endpoints()[path]
    compare(view.queryset.order_by("pk")[:5], view.modes[mode])


@pytest.mark.dataset("dashboard")
@pytest.mark.parametrize(("path", "mode"), modes_of_single_objects())
def test_renderers_of_single_objects_equal_rest_framework(path: str, mode: str) -> None:
    view = single_objects()[path]
    compare(view.queryset.all(), view.modes[mode])


def compare(queryset: QuerySet[Any], serializer: SerializerClass) -> None:
    """The query plan loads everything, so rendering needs no query."""
    objects = load(queryset, serializer)
    context = RenderContext(HOST)
    with CaptureQueriesContext(connection) as queries:
        rendered = [renderer(serializer)(obj, context) for obj in objects]
        expected = serializer(objects, many=True, context={"render_context": RenderContext(HOST)}).data
    assert json.dumps(rendered, default=str) == json.dumps(expected, default=str)
    assert objects
    assert len(queries) == 0
