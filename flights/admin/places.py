"""Admin of celestial bodies, locations and pads."""

from django.contrib import admin

from flights.models import CelestialBody, Location, Pad
from spacedb.catalogue.admin import ResourceAdmin
from spacedb.common.admin import totals_fieldset


@admin.register(CelestialBody)
class CelestialBodyAdmin(ResourceAdmin):
    list_display = ("name", "type", "atmosphere", "total_attempted_launches", "total_attempted_landings")
    list_filter = ("type", "atmosphere")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "type", "description", "image", "wiki_url")}),
        ("Body", {"fields": ("diameter", "mass", "gravity", "length_of_day", "atmosphere")}),
        totals_fieldset(
            *(
                f"{outcome}_{operation}"
                for operation in ("launches", "landings")
                for outcome in ("total_attempted", "successful", "failed")
            )
        ),
    )


@admin.register(Location)
class LocationAdmin(ResourceAdmin):
    list_display = ("name", "country", "celestial_body", "active", "total_launch_count", "total_landing_count")
    list_filter = (
        "active",
        ("celestial_body", admin.RelatedOnlyFieldListFilter),
        ("country", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("name", "country__name", "country__alpha_3_code")


@admin.register(Pad)
class PadAdmin(ResourceAdmin):
    list_display = ("name", "location", "country", "active", "total_launch_count")
    list_filter = ("active", ("country", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "location__name", "country__name", "country__alpha_3_code")
    fieldsets = (
        (None, {"fields": ("name", "location", "country", "agencies", "active", "latitude", "longitude")}),
        ("About", {"fields": ("description", "image", "info_url", "wiki_url", "map_url", "map_image")}),
        totals_fieldset("total_launch_count", "orbital_launch_attempt_count", "fastest_turnaround"),
    )
