"""Admin of first stages."""

from typing import ClassVar

from django.contrib import admin

from flights.models import FirstStage
from spacedb.catalogue.admin import ResourceAdmin, ResourceInline


class FirstStageInline(ResourceInline):
    """First stages and boosters of a launch."""

    model = FirstStage
    fields: ClassVar[tuple[str, ...]] = ("launcher", "type", "launcher_flight_number", "reused", "landing")
    show_change_link = True


class FlightsOfLauncherInline(FirstStageInline):
    """Flights of a launcher."""

    fk_name = "launcher"
    fields = ("launch", "type", "launcher_flight_number", "reused", "landing")
    ordering = ("launch__net", "pk")


class FirstStagesOfLaunchInline(FirstStageInline):
    fk_name = "launch"


@admin.register(FirstStage)
class FirstStageAdmin(ResourceAdmin):
    list_display = ("launcher", "launch", "launch__net", "type", "launcher_flight_number", "landing")
    list_filter = ("type", "reused", ("launcher__launcher_config", admin.RelatedOnlyFieldListFilter), "launch__status")
    search_fields = ("launcher__serial_number", "launch__name")
    date_hierarchy = "launch__net"
    ordering = ("-launch__net", "-id")
