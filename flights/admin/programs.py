"""Admin of programs and mission patches."""

from django.contrib import admin

from flights.admin.notices import LiveStreamInline
from flights.models import MissionPatch, Program
from spacedb.catalogue.admin import ResourceAdmin
from spacedb.catalogue.rules import in_order


@admin.register(MissionPatch)
class MissionPatchAdmin(ResourceAdmin):
    list_display = ("name", "agency", "priority")
    list_filter = (("agency", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("name", "agency__name", "agency__abbrev")


@admin.register(Program)
class ProgramAdmin(ResourceAdmin):
    list_display = ("name", "type", "start_date", "end_date")
    list_filter = ("type", ("agencies", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "agencies__name", "agencies__abbrev")
    date_hierarchy = "start_date"
    rules = (in_order("start_date", "end_date"),)
    fieldsets = (
        (None, {"fields": ("name", "type", "agencies", "start_date", "end_date")}),
        ("About", {"fields": ("description", "image", "mission_patches", "info_url", "wiki_url")}),
        ("Dashboard", {"fields": ("vehicles", "orbiters")}),
    )
    inlines = (LiveStreamInline,)
