"""Admin of notices and road closures, and the inline of live streams."""

from django.contrib import admin

from flights.models import LiveStream, Notice, RoadClosure
from spacedb.catalogue.admin import ResourceAdmin, ResourceInline
from spacedb.catalogue.rules import in_order


@admin.register(Notice)
class NoticeAdmin(ResourceAdmin):
    list_display = ("type", "date", "program", "url")
    list_filter = ("type", ("program", admin.RelatedOnlyFieldListFilter))
    search_fields = ("type__name", "url", "program__name")
    date_hierarchy = "date"
    ordering = ("-date", "-id")


@admin.register(RoadClosure)
class RoadClosureAdmin(ResourceAdmin):
    list_display = ("title", "status", "window_start", "window_end", "program")
    list_filter = ("status", ("program", admin.RelatedOnlyFieldListFilter))
    search_fields = ("title", "program__name")
    date_hierarchy = "window_start"
    rules = (in_order("window_start", "window_end"),)
    ordering = ("-window_start", "-id")


class LiveStreamInline(ResourceInline):
    model = LiveStream
    template = "admin/edit_inline/stacked.html"  # the fields do not fit into one row
