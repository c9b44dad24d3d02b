"""Docking events."""

from django.db import models
from typing_extensions import override

from flights.models.flights import SpacecraftFlight
from flights.models.payloads import PayloadFlight
from flights.models.stations import DockingLocation, SpaceStation
from spacedb.catalogue.models import Resource


class DockingEvent(Resource):
    """The docking of a vehicle (the chaser) at a space station or another vehicle (the target)."""

    named_by = ("docking_location",)
    other_keys = (("flight_vehicle_chaser_id", "docking"),)

    docking = models.DateTimeField(null=True, blank=True, db_index=True)
    departure = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="Time of undocking; null while docked."
    )
    docking_location = models.ForeignKey(
        DockingLocation, models.PROTECT, null=True, blank=True, related_name="docking_events"
    )
    flight_vehicle_chaser = models.ForeignKey(
        SpacecraftFlight,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="docking_events",
        help_text="Spacecraft flight that docked, if the chaser is a spacecraft.",
    )
    space_station_chaser = models.ForeignKey(
        SpaceStation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="docking_events",
        help_text="Space station that docked, if the chaser is a station.",
    )
    payload_flight_chaser = models.ForeignKey(
        PayloadFlight,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="docking_events",
        help_text="Payload flight that docked, if the chaser is a payload.",
    )
    flight_vehicle_target = models.ForeignKey(
        SpacecraftFlight,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="dockings_received",
        help_text="Spacecraft flight docked at, if the target is a spacecraft.",
    )
    space_station_target = models.ForeignKey(
        SpaceStation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="dockings_received",
        help_text="Space station docked at, if the target is a station.",
    )
    payload_flight_target = models.ForeignKey(
        PayloadFlight,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="dockings_received",
        help_text="Payload flight docked at, if the target is a payload.",
    )

    class Meta:
        verbose_name = "Docking Event"

    @property
    def is_at_station(self) -> bool:
        """Whether the target is a space station, or unknown.

        Versions before 2.3.0 have no other targets, and their documents may omit the station.
        """
        elsewhere = self.flight_vehicle_target_id is not None or self.payload_flight_target_id is not None
        return self.space_station_target_id is not None or not elsewhere

    @property
    def is_by_spacecraft_from_earth(self) -> bool:
        """Whether the chaser is a spacecraft that was launched from the Earth."""
        return self.flight_vehicle_chaser is not None and self.flight_vehicle_chaser.is_from_earth

    @classmethod
    def at_stations(cls) -> models.Q:
        """Return the condition of `is_at_station` for querysets."""
        elsewhere = models.Q(flight_vehicle_target__isnull=False) | models.Q(payload_flight_target__isnull=False)
        return models.Q(space_station_target__isnull=False) | ~elsewhere

    @override
    def __str__(self) -> str:
        return f"Docking at {self.docking_location}, {self.docking}"
