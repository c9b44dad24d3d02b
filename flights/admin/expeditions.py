"""Admin of expeditions and spacewalks, with their crews."""

from django.contrib import admin

from flights.admin.flights import FlightCrewInline
from flights.models import Expedition, Spacewalk
from spacedb.catalogue.admin import ResourceAdmin
from spacedb.catalogue.rules import in_order


class CrewInline(FlightCrewInline):
    fields = ("role", "astronaut", "number")


@admin.register(Expedition)
class ExpeditionAdmin(ResourceAdmin):
    list_display = ("name", "spacestation", "start", "end")
    list_filter = (("spacestation", admin.RelatedOnlyFieldListFilter), ("end", admin.EmptyFieldListFilter))
    search_fields = ("name", "spacestation__name", "crew__astronaut__name")
    date_hierarchy = "start"
    rules = (in_order("start", "end"),)
    ordering = ("-start", "-id")
    inlines = (CrewInline,)


@admin.register(Spacewalk)
class SpacewalkAdmin(ResourceAdmin):
    list_display = ("name", "start", "duration", "spacestation", "location")
    list_filter = (
        ("spacestation", admin.RelatedOnlyFieldListFilter),
        ("program", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("name", "location", "crew__astronaut__name")
    date_hierarchy = "start"
    rules = (in_order("start", "end"),)
    ordering = ("-start", "-id")
    inlines = (CrewInline,)
