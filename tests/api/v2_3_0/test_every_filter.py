"""Every filter of the official OpenAPI document selects some objects and not all: none is ignored."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from flights.models import Astronaut, AstronautType, Event, Launch, Mission, Orbit, Spacewalk
from scripts.schema_diff import FACTS
from spacedb.api.v2_3_0.filters.astronauts import NOT_HUMAN
from spacedb.api.v2_3_0.filters.launches import SUBORBITAL
from spacedb.rest.filters import BooleanFilter, InFilter
from spacedb.rest.viewsets import ReadOnlyViewSet
from tests.api.test_filters import to_parameter
from tests.endpoints import endpoints
from tests.examples import DAY, FIRST_MOMENT

NOT_FILTERS = {"limit", "mode", "offset", "ordering", "search"}

FILTERS = {
    path: [
        name
        for key in parameters
        for kind, _, name in [key.partition(" ")]
        if kind == "query" and name not in NOT_FILTERS
    ]
    for block, parameters in json.loads(FACTS.read_text()).items()
    for path in [block.removeprefix("GET ")]
    if path in endpoints()
}
"""The filters in the official document, by the path of the list."""

VALUES_OF = {
    "country_code": "country__alpha_3_code",
    "lsp__name": "launch_service_provider__name",
    "manufacturer__country_code": "manufacturer__country__alpha_3_code",
    "nationality": "nationality__nationality_name",
    "related_lsp__id": "launch_service_provider__id",
    "related_lsp__name": "launch_service_provider__name",
}
"""Lookups of the values that filters with a method accept."""

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue"), pytest.mark.vendor_neutral]


def candidates(view: type[ReadOnlyViewSet], name: str) -> Iterator[str]:
    """Yield values of a filter: from the middle of the stored values outwards, or both booleans."""
    declared: Any = view.filterset_class.base_filters[name]
    if isinstance(declared, BooleanFilter):
        yield from ("true", "false")
        return
    field = VALUES_OF.get(name, declared.field_name)
    stored = set(view().get_queryset().order_by().values_list(field, flat=True)) - {None, ""}
    values = sorted(stored, key=lambda value: (str(type(value)), value))
    middle = len(values) // 2
    for value in (*values[middle:], *reversed(values[:middle])):
        text = to_parameter(value)
        yield text.partition(",")[0] if isinstance(declared, InFilter) else text


def count(client: Client, path: str, **query: str) -> int:
    mode = "list" if "list" in endpoints()[path].modes else ""
    response = client.get(path, query | {"limit": "1", "mode": mode})
    assert response.status_code == 200, (query, response.content)
    return int(response.json()["count"])


@pytest.fixture
def rare_rows() -> None:
    """Rows that the dataset lacks: an animal, a suborbital launch, and a spacewalk of another year."""
    Astronaut.objects.create(name="Laika", type=AstronautType.objects.create(name=NOT_HUMAN))
    mission = Mission.objects.create(name="Up and down", orbit=Orbit.objects.create(name=SUBORBITAL))
    Launch.objects.create(name="Suborbital", net=FIRST_MOMENT, mission=mission)
    Spacewalk.objects.create(name="Later", start=FIRST_MOMENT.replace(year=1984, month=2))


@pytest.mark.usefixtures("rare_rows")
@pytest.mark.parametrize("path", [path for path, names in FILTERS.items() if names])
def test_every_filter_selects(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if path.endswith("/upcoming/"):  # all examples are upcoming, and one is recent
        monkeypatch.setattr(timezone, "now", lambda: FIRST_MOMENT)
        Launch.objects.create(name="Recent", net=FIRST_MOMENT - DAY / 2)
        Event.objects.create(name="Recent", date=FIRST_MOMENT - DAY / 2)
    everything = count(client, path)
    ignored = {
        name
        for name in FILTERS[path]
        if not any(
            0 < count(client, path, **{name: value}) < everything for value in candidates(endpoints()[path], name)
        )
    }
    assert ignored == set()


def test_number_of_filters() -> None:
    assert sum(map(len, FILTERS.values())) > 450
