"""Editing missions, their links, and the orbits they went to."""

from django.contrib import admin

from flights.models import InfoURL, Mission, Orbit, VidURL
from spacedb.api.admin import ResourceAdmin, Rows


class LinkRows(Rows):
    template = "admin/edit_inline/stacked.html"  # too many fields for a line


class InfoURLRows(LinkRows):
    model = InfoURL


class VidURLRows(LinkRows):
    model = VidURL


@admin.register(Orbit)
class OrbitAdmin(ResourceAdmin):
    list_display = ("name", "abbrev", "celestial_body")
    list_filter = (("celestial_body", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("name", "abbrev", "celestial_body__name")


@admin.register(Mission)
class MissionAdmin(ResourceAdmin):
    list_display = ("name", "type", "orbit")
    list_filter = ("type", ("orbit", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "agencies__name", "agencies__abbrev")
    inlines = (InfoURLRows, VidURLRows)
