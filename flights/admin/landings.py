"""Admin of landings and landing locations."""

from typing import Any

from django.contrib import admin

from flights.admin.recounting import RecountAdmin
from flights.models import Landing, LandingLocation
from spacedb.catalogue.admin import ResourceAdmin
from spacedb.common.admin import LANDING_TOTALS, totals_fieldset

VEHICLES = {"spacecraftflight": "spacecraft", "firststage": "launcher", "payloadflight": "payload"}
"""The relation of each kind of flight that lands, and the relation from there to the vehicle."""


@admin.register(LandingLocation)
class LandingLocationAdmin(ResourceAdmin):
    list_display = ("name", "abbrev", "active", "location", "celestial_body", "attempted_landings")
    list_filter = ("active", ("celestial_body", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "abbrev", "location__name")
    fieldsets = (
        (None, {"fields": ("name", "abbrev", "active", "location", "celestial_body", "latitude", "longitude")}),
        ("About", {"fields": ("description", "image")}),
        totals_fieldset(*LANDING_TOTALS),
    )


@admin.register(Landing)
class LandingAdmin(RecountAdmin):
    list_display = ("vehicle", "type", "landing_location", "attempt", "success", "description")
    list_filter = ("attempt", "success", "type", ("landing_location", admin.RelatedOnlyFieldListFilter))
    list_select_related = tuple(
        f"{flight}__{relation}" for flight, vehicle in VEHICLES.items() for relation in (vehicle, "launch")
    )
    search_fields = ("description", "landing_location__name", "spacecraftflight__spacecraft__name")

    @admin.display(description="flight")
    def vehicle(self, landing: Landing) -> Any:
        return next((getattr(landing, name) for name in VEHICLES if hasattr(landing, name)), landing)
