"""Admin of spacecraft that recounts totals when a spacecraft is deleted with its flights and dockings."""

from django.contrib import admin

from flights.admin.recounting import RecountOnDeleteAdmin
from spacecraft.admin import SpacecraftAdmin
from spacecraft.models import Spacecraft

admin.site.unregister(Spacecraft)


@admin.register(Spacecraft)
class RecountedSpacecraftAdmin(RecountOnDeleteAdmin, SpacecraftAdmin):
    """Admin of spacecraft. Totals that an editor enters are not overwritten, like those from a document."""
