"""Admin of notices and road closures, and the inlines of what the dashboard of a program shows."""

from django.contrib import admin

from flights.models import LiveStream, Notice, RoadClosure
from spacedb.catalogue.admin import ResourceAdmin, ResourceInline


@admin.register(Notice)
class NoticeAdmin(ResourceAdmin):
    list_display = ("type", "date", "program", "url")
    list_filter = ("type",)
    search_fields = ("type__name", "url")
    date_hierarchy = "date"
    ordering = ("-date", "-id")


@admin.register(RoadClosure)
class RoadClosureAdmin(ResourceAdmin):
    list_display = ("title", "status", "window_start", "window_end", "program")
    list_filter = ("status",)
    search_fields = ("title",)
    date_hierarchy = "window_start"
    ordering = ("-window_start", "-id")


class NoticeInline(ResourceInline):
    model = Notice


class RoadClosureInline(ResourceInline):
    model = RoadClosure


class LiveStreamInline(ResourceInline):
    model = LiveStream


DASHBOARD_INLINES = (NoticeInline, RoadClosureInline, LiveStreamInline)
