"""Crews of flights and expeditions, as the pages show them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from flights.models import AstronautFlight
from spacedb.explore.listings import detail_url
from spacedb.explore.thumbnails import thumbnail

MAX_MEMBERS = 500
"""Maximum number of crew members on a page."""


class Member(NamedTuple):
    name: str
    role: str
    url: str
    thumbnail: str


def flight_crews(flights: Collection[int]) -> Mapping[int, list[Member]]:
    """The crew aboard each flight, by the id of the flight.

    It is the crew on board in space, or the launch crew if no other is stored. It takes one query.
    """
    phases: dict[int, dict[str, list[Member]]] = defaultdict(lambda: defaultdict(list))
    aboard = AstronautFlight.objects.filter(
        flight__in=flights, phase__in=(AstronautFlight.Phase.ONBOARD, AstronautFlight.Phase.LAUNCH)
    )
    for row in _members(aboard):
        assert row.flight_id is not None
        phases[row.flight_id][row.phase].append(_member(row))
    return {
        flight: crews.get(AstronautFlight.Phase.ONBOARD) or crews[AstronautFlight.Phase.LAUNCH]
        for flight, crews in phases.items()
    }


def expedition_crews(expeditions: Collection[int]) -> Mapping[int, list[Member]]:
    """The crew of each expedition, by the id of the expedition. It takes one query."""
    crews: dict[int, list[Member]] = defaultdict(list)
    for row in _members(AstronautFlight.objects.filter(expedition__in=expeditions)):
        assert row.expedition_id is not None
        crews[row.expedition_id].append(_member(row))
    return crews


def _members(queryset: QuerySet[Any]) -> QuerySet[Any]:
    members = queryset.filter(astronaut__isnull=False).select_related("astronaut__image", "role")
    return members.order_by(F("role__priority").asc(nulls_last=True), "number", "pk")[:MAX_MEMBERS]


def _member(row: Any) -> Member:
    url = detail_url("astronauts", row.astronaut_id) if row.astronaut_id >= 0 else ""
    return Member(row.astronaut.name, row.role.role if row.role else "", url, thumbnail(row.astronaut.image))
