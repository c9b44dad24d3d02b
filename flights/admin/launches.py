"""Editing launches."""

from django.contrib import admin

from flights.admin.recounting import RecountAdmin
from flights.models import Launch
from spacedb.common.admin import record


@admin.register(Launch)
class LaunchAdmin(RecountAdmin):
    list_display = ("name", "net", "status", "launch_service_provider", "pad", "launch_designator")
    list_filter = ("status", "webcast_live", ("launch_service_provider", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "launch_designator", "slug", "mission__name", "pad__name", "pad__location__name")
    date_hierarchy = "net"
    ordering = ("-net", "id")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (
            None,
            {"fields": ("name", "slug", "launch_designator", "launch_service_provider", "rocket", "mission", "pad")},
        ),
        ("Time", {"fields": ("net", "net_precision", "window_start", "window_end", "last_updated")}),
        ("State", {"fields": ("status", "failreason", "probability", "weather_concerns", "webcast_live", "hashtag")}),
        ("About", {"fields": ("image", "infographic", "program")}),
        record(
            *(
                f"{whose}_launch_attempt_count{when}"
                for when in ("", "_year")
                for whose in ("orbital", "location", "pad", "agency")
            ),
        ),
    )
