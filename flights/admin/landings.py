"""Admin of landings and landing locations."""

from django.contrib import admin

from flights.admin.recounting import RecountAdmin
from flights.models import Landing, LandingLocation
from spacedb.catalogue.admin import ResourceAdmin
from spacedb.common.admin import LANDING_TOTALS, totals_fieldset


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
    list_display = ("__str__", "type", "landing_location", "attempt", "success", "description")
    list_filter = ("attempt", "success", "type", ("landing_location", admin.RelatedOnlyFieldListFilter))
    search_fields = ("description", "landing_location__name", "spacecraftflight__spacecraft__name")
