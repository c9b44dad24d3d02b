"""Admin of missions and orbits."""

from django.contrib import admin

from flights.admin.links import LINK_INLINES
from flights.models import Mission, Orbit
from spacedb.catalogue.admin import ResourceAdmin


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
    inlines = LINK_INLINES
