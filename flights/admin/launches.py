"""Admin of launches, with their timelines and links."""

from django.contrib import admin

from flights.admin.flights import FlightsOnLaunchInline
from flights.admin.links import LINK_INLINES
from flights.admin.payloads import PayloadsOnLaunchInline
from flights.admin.recounting import RecountAdmin
from flights.admin.stages import FirstStagesOfLaunchInline
from flights.admin.updates import UpdateInline
from flights.models import Launch, TimelineEvent, TimelineEventType
from flights.totals import FlownStatus
from spacedb.catalogue.admin import ConfigAdmin, ResourceInline
from spacedb.catalogue.rules import Rule, in_order
from spacedb.common.admin import older_versions_fieldset, totals_fieldset


def flight_ended_before(launch: Launch) -> str | None:
    """A sentence if a flight of a launch ended before its NET, unless the vehicle was lost on the pad."""
    if launch.net is None or launch.status_id == FlownStatus.FAILURE:
        return None
    flight = launch.spacecraft_flights.filter(mission_end__lt=launch.net).order_by("mission_end").first()
    if flight is None:
        return None
    return f"The flight of {flight.spacecraft} ended before ({flight.mission_end:%Y-%m-%d %H:%M:%S}). Change it first."


@admin.register(TimelineEventType)
class TimelineEventTypeAdmin(ConfigAdmin):
    search_fields = ("abbrev",)


class TimelineEventInline(ResourceInline):
    model = TimelineEvent
    ordering = ("pk",)


@admin.register(Launch)
class LaunchAdmin(RecountAdmin):
    list_display = ("name", "net", "status", "launch_service_provider", "pad", "launch_designator")
    list_filter = ("status", "webcast_live", ("launch_service_provider", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "launch_designator", "slug", "mission__name", "pad__name", "pad__location__name")
    date_hierarchy = "net"
    ordering = ("-net", "id")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "launch_designator", "launch_service_provider")}),
        ("Flight", {"fields": ("configuration", "mission", "pad", "program")}),
        ("Time", {"fields": ("net", "net_precision", "window_start", "window_end", "last_updated")}),
        ("State", {"fields": ("status", "failreason", "probability", "weather_concerns", "webcast_live", "hashtag")}),
        ("About", {"fields": ("image", "infographic", "mission_patches", "flightclub_url")}),
        totals_fieldset(
            *(
                f"{scope}_launch_attempt_count{suffix}"
                for suffix in ("", "_year")
                for scope in ("orbital", "location", "pad", "agency")
            ),
            "pad_turnaround",
        ),
        older_versions_fieldset(
            "holdreason",
            "inhold",
            "tbdtime",
            "tbddate",
            "r_spacex_api_id",
            "launch_library_id",
            "list_mode_mission",
            "list_mode_mission_type",
            "list_mode_pad",
            "list_mode_location",
        ),
    )
    inlines = (
        FlightsOnLaunchInline,
        FirstStagesOfLaunchInline,
        PayloadsOnLaunchInline,
        TimelineEventInline,
        UpdateInline,
        *LINK_INLINES,
    )
    rules = (in_order("window_start", "window_end"), Rule(("net",), flight_ended_before))
