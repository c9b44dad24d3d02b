"""Editing spacecraft: their flights and dockings go with them, and on those stand totals."""

from django.contrib import admin

from flights.admin.recounting import RecountAdmin
from spacecraft.admin import SpacecraftAdmin
from spacecraft.models import Spacecraft

admin.site.unregister(Spacecraft)


@admin.register(Spacecraft)
class RecountedSpacecraftAdmin(RecountAdmin, SpacecraftAdmin):
    """The page of a spacecraft, followed by a recount where flights or dockings went with it."""
