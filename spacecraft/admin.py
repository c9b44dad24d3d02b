"""Admin of spacecraft, spacecraft configurations and their families."""

from typing import ClassVar

from django.contrib import admin

from spacecraft.models import (
    Spacecraft,
    SpacecraftConfig,
    SpacecraftConfigFamily,
    SpacecraftConfigType,
    SpacecraftStatus,
)
from spacedb.catalogue.admin import ConfigAdmin, ResourceAdmin
from spacedb.catalogue.rules import Rule, distinct
from spacedb.common.admin import LANDING_TOTALS, LAUNCH_TOTALS, older_versions_fieldset, totals_fieldset

admin.site.register([SpacecraftConfigType, SpacecraftStatus], ConfigAdmin)


@admin.register(SpacecraftConfigFamily)
class SpacecraftConfigFamilyAdmin(ResourceAdmin):
    list_display = ("name", "parent", "manufacturer", "maiden_flight", "total_launch_count")
    list_filter = (("manufacturer", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("name", "manufacturer__name", "manufacturer__abbrev")
    fieldsets = (
        (None, {"fields": ("name", "parent", "manufacturer", "maiden_flight", "description")}),
        totals_fieldset(*LAUNCH_TOTALS, *LANDING_TOTALS, "spacecraft_flown"),
    )


@admin.register(SpacecraftConfig)
class SpacecraftConfigAdmin(ResourceAdmin):
    list_display = ("name", "type", "agency", "in_use", "human_rated", "crew_capacity", "maiden_flight")
    list_filter = ("in_use", "human_rated", "type", ("agency", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "agency__name", "agency__abbrev", "family__name")
    date_hierarchy = "maiden_flight"
    fieldsets = (
        (None, {"fields": ("name", "type", "agency", "family", "in_use", "human_rated", "maiden_flight", "image")}),
        ("About", {"fields": ("capability", "history", "details", "wiki_link", "info_link")}),
        ("Size", {"fields": ("height", "diameter")}),
        ("Capacity", {"fields": ("crew_capacity", "payload_capacity", "payload_return_capacity", "flight_life")}),
        totals_fieldset(*LAUNCH_TOTALS, *LANDING_TOTALS, "spacecraft_flown", "fastest_turnaround"),
        older_versions_fieldset("nation_url"),
    )


@admin.register(Spacecraft)
class SpacecraftAdmin(ResourceAdmin):
    list_display = ("name", "serial_number", "spacecraft_config", "status", "in_space", "flights_count")
    list_filter = (
        "in_space",
        "is_placeholder",
        "status",
        ("spacecraft_config", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("name", "serial_number", "spacecraft_config__name")
    rules: ClassVar[tuple[Rule, ...]] = (distinct("name", "serial_number"),)
    fieldsets = (
        (None, {"fields": ("name", "serial_number", "spacecraft_config", "status", "is_placeholder", "in_space")}),
        ("About", {"fields": ("description", "image")}),
        totals_fieldset("flights_count", "mission_ends_count", "time_in_space", "time_docked", "fastest_turnaround"),
    )
