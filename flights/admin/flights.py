"""Admin of spacecraft flights, with their crews."""

from typing import ClassVar

from django.contrib import admin

from flights.admin.recounting import RecountAdmin
from flights.models import AstronautFlight, SpacecraftFlight
from spacedb.catalogue.admin import ResourceInline


class FlightCrewInline(ResourceInline):
    """Crew members of a flight. The number comes from Launch Library or is assigned on saving."""

    model = AstronautFlight
    fields: ClassVar[tuple[str, ...]] = ("phase", "role", "astronaut", "number")
    readonly_fields = ("number",)
    ordering = ("pk",)


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
    inlines = (FlightCrewInline,)
    fieldsets = (
        (None, {"fields": ("spacecraft", "launch", "destination")}),
        ("End", {"fields": ("mission_end", "landing", "duration", "turn_around_time")}),
    )
