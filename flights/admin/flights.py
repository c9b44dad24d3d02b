"""Admin of spacecraft flights, with their crews."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from flights.admin.dockings import FlightDockingInline
from flights.admin.recounting import RecountAdmin, recount_spacecraft
from flights.models import AstronautFlight, SpacecraftFlight
from flights.totals import FlownStatus
from spacecraft.models import Spacecraft
from spacedb.catalogue.admin import ResourceAdmin, ResourceInline
from spacedb.catalogue.rules import Rule


class FlightCrewInline(ResourceInline):
    """Crew members of a flight. The number comes from Launch Library or is assigned on saving."""

    model = AstronautFlight
    fields: ClassVar[tuple[str, ...]] = ("phase", "role", "astronaut", "number")
    readonly_fields = ("number",)
    ordering = ("pk",)


class SpacecraftFlightInline(ResourceInline):
    """Flights of a spacecraft, or on a launch."""

    model = SpacecraftFlight
    ordering = ("launch__net", "pk")
    show_change_link = True


class FlightsOfSpacecraftInline(SpacecraftFlightInline):
    fields = ("launch", "destination", "mission_end", "landing")


class FlightsOnLaunchInline(SpacecraftFlightInline):
    fields = ("spacecraft", "destination", "mission_end", "landing")


def ends_before_launch(flight: SpacecraftFlight) -> str | None:
    """A sentence if a flight ends before its launch, unless the vehicle was lost on the pad."""
    launch, end = flight.launch, flight.mission_end
    if launch is None or launch.net is None or end is None or end >= launch.net:
        return None
    if launch.status_id == FlownStatus.FAILURE:
        return None
    return f"The mission ends ({end:%Y-%m-%d %H:%M:%S}) before the NET of its launch ({launch.net:%Y-%m-%d %H:%M:%S})."


@admin.register(SpacecraftFlight)
class SpacecraftFlightAdmin(RecountAdmin):
    list_display = ("spacecraft", "launch__net", "mission_end", "launch", "destination")
    list_filter = (
        ("mission_end", admin.EmptyFieldListFilter),
        ("spacecraft__spacecraft_config", admin.RelatedOnlyFieldListFilter),
        "launch__status",
    )
    search_fields = ("spacecraft__name", "launch__name", "launch__mission__name", "destination")
    date_hierarchy = "launch__net"
    ordering = ("-launch__net", "-id")
    inlines = (FlightCrewInline, FlightDockingInline)
    rules = (Rule(("launch", "mission_end"), ends_before_launch),)
    actions = (*ResourceAdmin.actions, "recount")
    fieldsets = (
        (None, {"fields": ("spacecraft", "launch", "destination")}),
        ("End", {"fields": ("mission_end", "landing", "duration", "turn_around_time")}),
    )

    @admin.action(description="Recount the totals of their spacecraft", permissions=["change"])
    def recount(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        recount_spacecraft(self, request, Spacecraft.objects.filter(flights__in=queryset))
