"""Admin of updates."""

from django.contrib import admin

from flights.models import Update
from spacedb.catalogue.admin import ResourceAdmin


@admin.register(Update)
class UpdateAdmin(ResourceAdmin):
    list_display = ("created_on", "launch", "event", "program", "created_by", "comment")
    search_fields = ("comment", "created_by", "launch__name", "event__name", "program__name")
    date_hierarchy = "created_on"
    ordering = ("-created_on", "-id")
