"""Editing launch vehicles."""

from django.contrib import admin

from flights.models import LauncherConfig, LauncherConfigFamily, Rocket
from spacedb.api.admin import ResourceAdmin
from spacedb.common.admin import LAUNCH_AND_LANDING_TOTALS, record


@admin.register(LauncherConfigFamily)
class LauncherConfigFamilyAdmin(ResourceAdmin):
    list_display = ("name", "parent", "active", "maiden_flight", "total_launch_count")
    list_filter = ("active", ("manufacturer", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "manufacturer__name", "manufacturer__abbrev")
    fieldsets = (
        (None, {"fields": ("name", "parent", "manufacturer", "active", "maiden_flight", "description")}),
        record(*LAUNCH_AND_LANDING_TOTALS),
    )


@admin.register(LauncherConfig)
class LauncherConfigAdmin(ResourceAdmin):
    list_display = ("full_name", "variant", "manufacturer", "active", "reusable", "maiden_flight")
    list_filter = ("active", "reusable", "is_placeholder", ("manufacturer", admin.RelatedOnlyFieldListFilter))
    search_fields = ("full_name", "name", "alias", "manufacturer__name", "manufacturer__abbrev")
    date_hierarchy = "maiden_flight"
    fieldsets = (
        (None, {"fields": ("name", "full_name", "variant", "alias", "families", "manufacturer", "program")}),
        ("State", {"fields": ("active", "reusable", "is_placeholder", "maiden_flight")}),
        ("About", {"fields": ("description", "image", "info_url", "wiki_url")}),
        ("Build", {"fields": ("min_stage", "max_stage", "length", "diameter", "launch_mass", "launch_cost")}),
        (
            "Performance",
            {"fields": ("to_thrust", "leo_capacity", "sso_capacity", "gto_capacity", "geo_capacity", "apogee")},
        ),
        record(*LAUNCH_AND_LANDING_TOTALS, "fastest_turnaround"),
    )


@admin.register(Rocket)
class RocketAdmin(ResourceAdmin):
    list_display = ("configuration",)
    list_filter = (("configuration", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("configuration__full_name", "configuration__name", "launches__name")
