"""What a process builds when it starts."""

from spacedb.rendering.plan import query_plan
from spacedb.rendering.render import renderer
from spacedb.rest.preloading import preload
from tests.endpoints import endpoints, modes


def test_plan_and_renderer_of_each_representation() -> None:
    """They are built without a database: this test has none."""
    query_plan.cache_clear()
    renderer.cache_clear()
    preload()
    built = query_plan.cache_info().misses, renderer.cache_info().misses
    for path, mode in modes():
        query_plan(endpoints()[path].modes[mode])
        renderer(endpoints()[path].modes[mode])
    assert built == (query_plan.cache_info().misses, renderer.cache_info().misses)
