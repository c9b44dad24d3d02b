"""Endpoints of landings in Launch Library 2.2.0."""

from typing import Any

from django.db.models import Q, QuerySet

from flights.models import CelestialBody
from spacedb.api.v2_2_0.serializers.landings_detailed import LandingDetailed, LandingList, LandingNormal
from spacedb.api.v2_3_0.views import landings as v2_3_0


class LandingViewSet(v2_3_0.LandingViewSet):
    """Without those of payloads, which came with 2.3.0, and of what was launched from other worlds."""

    modes = {"normal": LandingNormal, "list": LandingList, "detailed": LandingDetailed}

    def get_queryset(self) -> QuerySet[Any]:
        of_this_version = Q(payloadflight=None) | Q(firststage__isnull=False) | Q(spacecraftflight__isnull=False)
        from_earth = [
            CelestialBody.earth_or_unknown(f"{what}__launch__pad__location__celestial_body")
            for what in ("firststage", "spacecraftflight")
        ]
        return super().get_queryset().filter(of_this_version, *from_earth)
