"""Admin of docking events."""

from typing import Any

from django.contrib import admin

from flights.admin.recounting import RecountAdmin
from flights.models import DockingEvent, DockingLocation
from spacedb.catalogue.admin import ResourceInline
from spacedb.catalogue.rules import in_order

CHASERS = ("flight_vehicle_chaser", "space_station_chaser", "payload_flight_chaser")
TARGETS = ("flight_vehicle_target", "space_station_target", "payload_flight_target")


class DockingLocationInline(ResourceInline):
    """Ports of a space station, a spacecraft configuration or a payload."""

    model = DockingLocation
    fields = ("name",)
    show_change_link = True


class DockingInline(ResourceInline):
    """Dockings of a vehicle as the chaser."""

    model = DockingEvent
    fields = ("docking", "departure", "docking_location", *TARGETS)
    ordering = ("docking", "pk")
    show_change_link = True


class FlightDockingInline(DockingInline):
    fk_name = "flight_vehicle_chaser"


class PayloadDockingInline(DockingInline):
    fk_name = "payload_flight_chaser"


@admin.register(DockingEvent)
class DockingEventAdmin(RecountAdmin):
    list_display = ("docking_location", "chaser", "target", "docking", "departure")
    list_filter = (("docking_location__spacestation", admin.RelatedOnlyFieldListFilter),)
    search_fields = (
        "docking_location__name",
        "flight_vehicle_chaser__spacecraft__name",
        "payload_flight_chaser__payload__name",
        "space_station_chaser__name",
        "space_station_target__name",
    )
    date_hierarchy = "docking"
    rules = (in_order("docking", "departure"),)
    ordering = ("-docking", "-id")
    list_select_related = tuple(
        relation.format(side)
        for side in ("chaser", "target")
        for relation in (
            "flight_vehicle_{}__spacecraft",
            "flight_vehicle_{}__launch",
            "space_station_{}",
            "payload_flight_{}__payload",
            "payload_flight_{}__launch",
        )
    )
    fieldsets = (
        (None, {"fields": ("docking_location", "docking", "departure")}),
        ("Chaser", {"fields": CHASERS, "description": "Set one field: the vehicle that docked."}),
        ("Target", {"fields": TARGETS, "description": "Set one field: the vehicle docked at."}),
    )

    @admin.display(description="chaser")
    def chaser(self, event: DockingEvent) -> Any:
        return next(filter(None, (getattr(event, name) for name in CHASERS)), None)

    @admin.display(description="target")
    def target(self, event: DockingEvent) -> Any:
        return next(filter(None, (getattr(event, name) for name in TARGETS)), None)
