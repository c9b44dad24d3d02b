"""The compiled renderers return what the serializers of Django REST framework return."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from spacedb.rendering.loading import load
from spacedb.rendering.render import renderer
from spacedb.serializers.context import RenderContext
from tests.endpoints import endpoints, modes
from tests.examples import HOST

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("examples")]


@pytest.mark.parametrize(("path", "mode"), modes())
def test_compiled_equals_rest_framework(path: str, mode: str) -> None:
    """The compiled function also needs no query beyond those of the query plan."""
    view = endpoints()[path]
    form = view.modes[mode]
    objects = load(view.queryset.order_by("pk")[:5], form)  # type: ignore[union-attr]
    answer = RenderContext(HOST)
    with CaptureQueriesContext(connection) as queries:
        compiled = [renderer(form)(one, answer) for one in objects]
        slow = form(objects, many=True, context={"render_context": RenderContext(HOST)}).data
    assert json.dumps(compiled, default=str) == json.dumps(slow, default=str)
    assert len(queries) == 0
