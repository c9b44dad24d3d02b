"""Endpoints of spacecraft flights in Launch Library 2.2.0."""

from typing import Any

from django.db.models import QuerySet
from typing_extensions import override

from flights.models import CelestialBody
from spacedb.api.v2_2_0.serializers.spacecraft_flights import SpacecraftFlight
from spacedb.api.v2_2_0.serializers.spacecraft_flights_detailed import SpacecraftFlightDetailed
from spacedb.api.v2_3_0.views import spacecraft_flights as v2_3_0


class SpacecraftFlightViewSet(v2_3_0.SpacecraftFlightViewSet):
    modes = {"normal": SpacecraftFlight, "detailed": SpacecraftFlightDetailed}

    @override
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(CelestialBody.earth_or_unknown("launch__pad__location__celestial_body"))
