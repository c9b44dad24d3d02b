"""Admin of astronauts and their roles."""

from django.contrib import admin

from flights.models import Astronaut, AstronautRole
from spacedb.catalogue.admin import ConfigAdmin, ResourceAdmin
from spacedb.catalogue.rules import in_order
from spacedb.common.admin import totals_fieldset


@admin.register(AstronautRole)
class AstronautRoleAdmin(ConfigAdmin):
    search_fields = ("role",)


@admin.register(Astronaut)
class AstronautAdmin(ResourceAdmin):
    list_display = ("name", "status", "type", "agency", "in_space", "date_of_birth", "last_flight")
    list_filter = ("in_space", "status", "type", ("nationality", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "agency__name", "agency__abbrev", "nationality__nationality_name")
    date_hierarchy = "first_flight"
    rules = (in_order("date_of_birth", "date_of_death"), in_order("first_flight", "last_flight"))
    fieldsets = (
        (None, {"fields": ("name", "status", "type", "agency", "nationality", "in_space")}),
        ("About", {"fields": ("date_of_birth", "date_of_death", "age", "bio", "image", "wiki", "social_media_links")}),
        totals_fieldset(
            "first_flight",
            "last_flight",
            "flights_count",
            "landings_count",
            "spacewalks_count",
            "time_in_space",
            "eva_time",
        ),
    )
