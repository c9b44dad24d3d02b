"""What distinguishes version 2.1.0 from those before and after it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from flights.models import Launch, LaunchStatus, Program
from spacedb.api.v2_0_0.filters import launches as filters_2_0_0
from spacedb.api.v2_1_0.filters import launches as filters_2_1_0
from spacedb.rest.versions import versions

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]


def get_json(client: Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.content
    return response.json()


def test_launches(client: Client) -> None:
    """A status has a description, as in 2.2.0. The other keys are those of 2.0.0."""
    status = LaunchStatus.objects.create(pk=8, name="To Be Confirmed", abbrev="TBC", description="Text.")
    launch = Launch.objects.create(name="Launch", slug="launch", net=datetime(2024, 5, 6, tzinfo=UTC), status=status)
    older, ours, newer = (
        get_json(client, f"/{version}/launch/{launch.pk}/") for version in ("2.0.0", "2.1.0", "2.2.0")
    )
    assert older["status"] == {"id": 8, "name": "TBC"}
    assert ours["status"] == newer["status"] | {"id": 8, "name": "To Be Confirmed", "abbrev": "TBC"}
    assert ours["url"] == f"http://testserver/2.1.0/launch/{launch.pk}/"
    assert list(ours) == list(older)


def test_filters(client: Client) -> None:
    program = Program.objects.create(pk=1, name="Program")
    for n, slug in enumerate(("one", "two"), start=1):
        Launch.objects.create(pk=UUID(int=n), name=slug, slug=slug, net=datetime(2024, 5, 6, tzinfo=UTC))
    Launch.objects.get(slug="two").program.add(program)
    for query in ("slug=two", "program=1"):
        assert [row["slug"] for row in get_json(client, f"/2.1.0/launch/?{query}")["results"]] == ["two"]
        assert get_json(client, f"/2.0.0/launch/?{query}")["count"] == 2  # no filter there
    older, ours = ({*module.LaunchFilterSet.get_filters()} for module in (filters_2_0_0, filters_2_1_0))
    assert ours - older == {"program", "slug"}
    assert older < ours
    upcoming = {*filters_2_1_0.UpcomingLaunchFilterSet.get_filters()}
    assert upcoming - ours == {"hide_recent_previous"}


def test_endpoints() -> None:
    older, ours, newer = (versions()[number].endpoints.keys() for number in ("2.0.0", "2.1.0", "2.2.0"))
    added = {name for name in ours - older if not name.startswith("config/")}
    assert added == {"dashboard/starship"}
    assert older < ours < newer
