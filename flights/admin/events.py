"""Admin of events."""

from django.contrib import admin

from flights.admin.links import LINK_INLINES
from flights.admin.updates import UpdateInline
from flights.models import Event
from spacedb.catalogue.admin import ResourceAdmin


@admin.register(Event)
class EventAdmin(ResourceAdmin):
    list_display = ("name", "type", "date", "location")
    list_filter = ("type", "webcast_live", ("program", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "slug", "location", "launches__name")
    date_hierarchy = "date"
    ordering = ("-date", "id")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "type", "description", "image")}),
        ("Time", {"fields": ("date", "date_precision", "duration", "last_updated")}),
        ("Place", {"fields": ("location", "spacestations")}),
        ("Webcast", {"fields": ("webcast_live",)}),
        ("Related", {"fields": ("agencies", "launches", "expeditions", "program", "astronauts")}),
    )
    inlines = (UpdateInline, *LINK_INLINES)
