"""Admin of spacecraft and their configurations, with what the apps of lower layers cannot know: flights and ports."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from flights.admin.dockings import DockingLocationInline
from flights.admin.flights import FlightsOfSpacecraftInline
from flights.admin.recounting import RecountAdmin, recount_spacecraft
from flights.totals import FLOWN, FlownStatus
from spacecraft.admin import SpacecraftAdmin, SpacecraftConfigAdmin
from spacecraft.models import Spacecraft, SpacecraftConfig
from spacedb.catalogue.admin import ResourceAdmin
from spacedb.catalogue.rules import Rule

admin.site.unregister([Spacecraft, SpacecraftConfig])


def has_landed(spacecraft: Spacecraft) -> str | None:
    """A sentence if a spacecraft is marked as in space, and the last of its stored flights has ended."""
    if not spacecraft.in_space or spacecraft.pk is None:
        return None
    flown = spacecraft.flights.filter(launch__status__in=FLOWN)
    if flown.filter(mission_end=None).exclude(launch__status=FlownStatus.FAILURE).exists():
        return None
    last = flown.filter(mission_end__isnull=False).order_by("mission_end").last()
    if last is None:
        return None
    return f"Its last flight ended on {last.mission_end:%Y-%m-%d %H:%M:%S}. Add the flight that it is on instead."


@admin.register(Spacecraft)
class SpacecraftWithFlightsAdmin(RecountAdmin, SpacecraftAdmin):
    """Admin of spacecraft. Totals that an editor enters are not overwritten, like those from a document."""

    inlines = (FlightsOfSpacecraftInline,)
    rules = (*SpacecraftAdmin.rules, Rule(("in_space",), has_landed))
    actions = (*ResourceAdmin.actions, "recount")

    @admin.action(description="Recount the totals of the selected spacecraft", permissions=["change"])
    def recount(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        recount_spacecraft(self, request, queryset)


@admin.register(SpacecraftConfig)
class SpacecraftConfigWithPortsAdmin(SpacecraftConfigAdmin):
    inlines = (DockingLocationInline,)
    actions = (*ResourceAdmin.actions, "recount")

    @admin.action(description="Recount the totals of their spacecraft", permissions=["change"])
    def recount(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        recount_spacecraft(self, request, Spacecraft.objects.filter(spacecraft_config__in=queryset))
