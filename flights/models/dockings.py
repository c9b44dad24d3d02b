"""Dockings of one vehicle at another."""

from django.db import models

from flights.models.flights import SpacecraftFlight
from flights.models.payloads import PayloadFlight
from flights.models.stations import DockingLocation, SpaceStation
from spacedb.catalogue.models import Resource


class DockingEvent(Resource):
    """The chaser came to the target and docked, and left again or is still there."""

    other_keys = (("flight_vehicle_chaser_id", "docking"),)

    docking = models.DateTimeField(null=True, blank=True, db_index=True)
    departure = models.DateTimeField(null=True, blank=True, db_index=True, help_text="Empty while it is docked.")
    docking_location = models.ForeignKey(
        DockingLocation, models.PROTECT, null=True, blank=True, related_name="docking_events"
    )
    flight_vehicle_chaser = models.ForeignKey(
        SpacecraftFlight,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="docking_events",
        help_text="The chaser, if it is a spacecraft.",
    )
    space_station_chaser = models.ForeignKey(
        SpaceStation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="docking_events",
        help_text="The chaser, if it is a station.",
    )
    payload_flight_chaser = models.ForeignKey(
        PayloadFlight,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="docking_events",
        help_text="The chaser, if it is a payload.",
    )
    flight_vehicle_target = models.ForeignKey(
        SpacecraftFlight,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="dockings_received",
        help_text="The target, if it is a spacecraft.",
    )
    space_station_target = models.ForeignKey(
        SpaceStation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="dockings_received",
        help_text="The target, if it is a station.",
    )
    payload_flight_target = models.ForeignKey(
        PayloadFlight,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="dockings_received",
        help_text="The target, if it is a payload.",
    )

    class Meta:
        verbose_name = "Docking Event"

    @property
    def is_at_station(self) -> bool:
        """As far as is known: documents of versions that tell of no others do not always say at which."""
        elsewhere = self.flight_vehicle_target_id is not None or self.payload_flight_target_id is not None
        return self.space_station_target_id is not None or not elsewhere

    @property
    def is_by_spacecraft_from_earth(self) -> bool:
        return self.flight_vehicle_chaser is not None and self.flight_vehicle_chaser.is_from_earth

    @classmethod
    def at_stations(cls) -> models.Q:
        elsewhere = models.Q(flight_vehicle_target__isnull=False) | models.Q(payload_flight_target__isnull=False)
        return models.Q(space_station_target__isnull=False) | ~elsewhere

    def __str__(self) -> str:
        return f"Docking at {self.docking_location}, {self.docking}"
