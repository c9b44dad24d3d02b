"""The parts of collections that incremental runs read."""

from collections.abc import Iterator
from typing import Any

import pytest

from spacedb.mirror.collections import VERSION_NUMBER, collections
from spacedb.mirror.parts import Part, volatile_parts
from spacedb.rest.versions import versions

pytestmark = pytest.mark.vendor_neutral


def parts() -> Iterator[Part]:
    yield from volatile_parts(collections())
    for collection in collections():
        if collection.has_changes:
            yield Part(collection, "changes", {"last_updated__gte": "2026-01-01T00:00:00Z"}, ordering="last_updated")


def test_launches_and_events_have_changes() -> None:
    assert {collection.name for collection in collections() if collection.has_changes} == {"launches", "events"}


@pytest.mark.parametrize("part", [*parts()], ids=lambda part: f"{part.collection.name} {part.name}")
def test_endpoint_has_the_filters_and_the_order(part: Part) -> None:
    view: Any = versions()[VERSION_NUMBER].endpoints[f"{part.collection.name}{part.suffix}"]
    assert part.filters.keys() <= set(view.filter_names())
    assert view.ordering_fields is None or not part.ordering or part.ordering.lstrip("-") in view.ordering_fields


def test_request_paths() -> None:
    paths = {(part.collection.name, part.name): part.request_path(0) for part in parts()}
    assert paths["spacecraft_flights", "in_space"] == (
        "spacecraft_flights/?limit=100&mode=detailed&ordering=-mission_end"
    )
    assert paths["launches", "upcoming"] == "launches/upcoming/?limit=100&mode=detailed&ordering=net"
    assert paths["astronauts", "in_space"] == "astronauts/?limit=100&mode=detailed&ordering=id&in_space=true"
