"""Deleting spacecraft: their flights and dockings go with them, and on those stand totals."""

from django.contrib import admin

from flights.admin.recounting import RecountOnDeleteAdmin
from spacecraft.admin import SpacecraftAdmin
from spacecraft.models import Spacecraft

admin.site.unregister(Spacecraft)


@admin.register(Spacecraft)
class RecountedSpacecraftAdmin(RecountOnDeleteAdmin, SpacecraftAdmin):
    """The pages of spacecraft. What an editor says of their totals is kept, as what a document says."""
