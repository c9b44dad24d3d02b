"""Admin of first stages."""

from django.contrib import admin

from flights.models import FirstStage
from spacedb.catalogue.admin import ResourceAdmin


@admin.register(FirstStage)
class FirstStageAdmin(ResourceAdmin):
    list_display = ("launcher", "launch", "launch__net", "type", "launcher_flight_number", "landing")
    list_filter = ("type", "reused", ("launcher__launcher_config", admin.RelatedOnlyFieldListFilter), "launch__status")
    search_fields = ("launcher__serial_number", "launch__name")
    date_hierarchy = "launch__net"
    ordering = ("-launch__net", "-id")
