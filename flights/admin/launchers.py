"""Admin of launcher families, launcher configurations and launchers."""

from django.contrib import admin

from flights.admin.stages import FlightsOfLauncherInline
from flights.models import Launcher, LauncherConfig, LauncherConfigFamily
from spacedb.catalogue.admin import ResourceAdmin
from spacedb.catalogue.rules import distinct, in_order
from spacedb.common.admin import LAUNCH_AND_LANDING_TOTALS, older_versions_fieldset, totals_fieldset


@admin.register(LauncherConfigFamily)
class LauncherConfigFamilyAdmin(ResourceAdmin):
    list_display = ("name", "parent", "active", "maiden_flight", "total_launch_count")
    list_filter = ("active", ("manufacturer", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "manufacturer__name", "manufacturer__abbrev")
    fieldsets = (
        (None, {"fields": ("name", "parent", "manufacturer", "active", "maiden_flight", "description")}),
        totals_fieldset(*LAUNCH_AND_LANDING_TOTALS),
    )


@admin.register(LauncherConfig)
class LauncherConfigAdmin(ResourceAdmin):
    list_display = ("full_name", "variant", "manufacturer", "active", "reusable", "maiden_flight")
    list_filter = ("active", "reusable", "is_placeholder", ("manufacturer", admin.RelatedOnlyFieldListFilter))
    search_fields = ("full_name", "name", "alias", "manufacturer__name", "manufacturer__abbrev")
    date_hierarchy = "maiden_flight"
    rules = (in_order("min_stage", "max_stage"),)
    fieldsets = (
        (None, {"fields": ("name", "full_name", "variant", "alias", "families", "manufacturer", "program")}),
        ("State", {"fields": ("active", "reusable", "is_placeholder", "maiden_flight")}),
        ("About", {"fields": ("description", "image", "info_url", "wiki_url")}),
        ("Build", {"fields": ("min_stage", "max_stage", "length", "diameter", "launch_mass", "launch_cost")}),
        (
            "Performance",
            {"fields": ("to_thrust", "leo_capacity", "sso_capacity", "gto_capacity", "geo_capacity", "apogee")},
        ),
        totals_fieldset(*LAUNCH_AND_LANDING_TOTALS, "fastest_turnaround"),
        older_versions_fieldset("vehicle_range", "launch_library_id"),
    )


@admin.register(Launcher)
class LauncherAdmin(ResourceAdmin):
    list_display = ("serial_number", "launcher_config", "status", "flight_proven", "flights", "last_launch_date")
    list_filter = (
        "flight_proven",
        "is_placeholder",
        "status",
        ("launcher_config", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("serial_number", "launcher_config__full_name", "launcher_config__name")
    rules = (in_order("first_launch_date", "last_launch_date"), distinct("serial_number", "launcher_config"))
    inlines = (FlightsOfLauncherInline,)
    fieldsets = (
        (None, {"fields": ("serial_number", "launcher_config", "status", "flight_proven", "is_placeholder")}),
        ("About", {"fields": ("details", "image")}),
        totals_fieldset(
            "flights",
            "first_launch_date",
            "last_launch_date",
            "attempted_landings",
            "successful_landings",
            "fastest_turnaround",
        ),
    )
