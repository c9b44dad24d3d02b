"""The compiled renderers return the same as the serializers of Django REST framework with objects that Django read."""

import re
from collections.abc import Collection
from typing import Any

import orjson
import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from spacedb.databases.statements import Select
from spacedb.rendering import loading
from spacedb.rendering.loading import load
from spacedb.rendering.plan import query_plan
from spacedb.rendering.render import renderer
from spacedb.serializers.base import SerializerClass, model_of
from spacedb.serializers.context import RenderContext
from tests.endpoints import endpoints, modes_of_each_serializer_and_version, modes_of_single_objects, single_objects
from tests.examples import HOST

pytestmark = [pytest.mark.django_db]

every_mode = pytest.mark.parametrize(("path", "mode"), modes_of_each_serializer_and_version())
every_mode_of_single_objects = pytest.mark.parametrize(("path", "mode"), modes_of_single_objects())


@pytest.mark.dataset("examples")
@every_mode
def test_renderers_equal_rest_framework(path: str, mode: str) -> None:
    view = endpoints()[path]
    compare(view.queryset.order_by("pk")[:2], view.modes[mode])


@pytest.mark.dataset("dashboard")
@every_mode_of_single_objects
def test_renderers_of_single_objects_equal_rest_framework(path: str, mode: str) -> None:
    view = single_objects()[path]
    compare(view.queryset.all(), view.modes[mode])


@pytest.mark.dataset("sparse")
@every_mode
def test_renderers_of_objects_without_optional_values(path: str, mode: str) -> None:
    view = endpoints()[path]
    compare(view.queryset.order_by("pk")[:2], view.modes[mode])


def compare(queryset: QuerySet[Any], serializer: SerializerClass) -> None:
    """The query plan loads everything, so rendering needs no query, and `tables` contains those in the queries."""
    with CaptureQueriesContext(connection) as queries:
        objects = load(queryset, serializer)
    tables = {table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert model_of(serializer)._meta.db_table in tables
    assert tables <= {*query_plan(serializer).tables}
    expected_objects = load_with_django(queryset, serializer)
    context = RenderContext(HOST)
    with CaptureQueriesContext(connection) as queries:
        rendered = [renderer(serializer)(obj, context) for obj in objects]
        expected = serializer(expected_objects, many=True, context={"render_context": RenderContext(HOST)}).data
    assert orjson.dumps(rendered, default=str) == orjson.dumps(list(expected), default=str)
    assert objects
    assert len(queries) == 0


def load_with_django(queryset: QuerySet[Any], serializer: SerializerClass) -> list[Any]:
    """The objects as Django's querysets read them, with the relations of the query plan."""

    def fetch(select: Select, ids: Collection[Any]) -> list[Any]:
        return list(select.queryset().filter(**{f"{select.column}__in": list(ids)}))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Select, "fetch", fetch)
        patch.setattr(loading, "fetch", list)
        return load(queryset, serializer)
