"""Admin of space stations and docking locations."""

from django.contrib import admin

from flights.admin.dockings import DockingLocationInline
from flights.admin.recounting import RecountAdmin
from flights.models import DockingLocation, SpaceStation
from spacedb.catalogue.admin import ResourceAdmin
from spacedb.catalogue.rules import in_order
from spacedb.common.admin import totals_fieldset


@admin.register(SpaceStation)
class SpaceStationAdmin(RecountAdmin):
    list_display = ("name", "status", "type", "orbit", "founded", "deorbited")
    list_filter = ("status", "type", ("owners", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "owners__name", "owners__abbrev")
    date_hierarchy = "founded"
    rules = (in_order("founded", "deorbited"),)
    inlines = (DockingLocationInline,)
    fieldsets = (
        (None, {"fields": ("name", "status", "type", "orbit", "owners", "founded", "deorbited")}),
        ("About", {"fields": ("description", "image")}),
        ("Size", {"fields": ("height", "width", "mass", "volume")}),
        totals_fieldset("onboard_crew", "docked_vehicles"),
    )


@admin.register(DockingLocation)
class DockingLocationAdmin(ResourceAdmin):
    list_display = ("name", "spacestation", "spacecraft", "payload")
    list_filter = (
        ("spacestation", admin.RelatedOnlyFieldListFilter),
        ("spacecraft", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("name", "spacestation__name", "spacecraft__name", "payload__name")
