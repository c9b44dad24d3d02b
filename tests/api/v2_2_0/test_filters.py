"""Filters of the older versions."""

from typing import Any

import pytest
from django.test import Client

from agencies.models import Agency
from flights.models import Astronaut
from spacedb.api.v2_1_0.filters.astronauts import AstronautFilterSet
from spacedb.api.v2_2_0.filters.launches import LaunchFilterSet
from spacedb.api.v2_2_0.filters.pads import PadFilterSet

pytestmark = pytest.mark.django_db


def ids(client: Client, path: str, **query: Any) -> list[Any]:
    response = client.get(path, query)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_astronauts_of_2_1_0() -> None:
    """Omitting the filter `age` does not omit those of the agency, whose names start with the same letters."""
    assert {*AstronautFilterSet.get_filters()} == {
        "agency__abbrev",
        "agency__name",
        "agency_ids",
        *(
            f"date_of_{event}{lookup}"
            for event in ("birth", "death")
            for lookup in ("", "__gt", "__gte", "__lt", "__lte")
        ),
        "has_flown",
        "name",
        "nationality",
        "status",
        "status_ids",
    }


def test_astronauts_of_an_agency(client: Client) -> None:
    for pk, name in ((1, "One"), (2, "Two")):
        agency = Agency.objects.create(pk=pk, name=name, abbrev=name[:1])
        Astronaut.objects.create(pk=pk, name="Somebody", agency=agency)
    for version in ("2.2.0", "2.0.0"):
        for query in ({"agency__name": "Two"}, {"agency__abbrev": "T"}, {"agency_ids": "2"}):
            assert ids(client, f"/{version}/astronaut/", **query) == [2]


def test_a_filter_is_left_out_with_its_lookups() -> None:
    pads = PadFilterSet.get_filters()
    assert [name for name in pads if name.startswith(("latitude", "longitude"))] == [
        "latitude",
        "longitude",
        "latitude__contains",
        "longitude__contains",
    ]
    assert not [name for name in LaunchFilterSet.get_filters() if name.startswith(("related_lsp", "net__day"))]
