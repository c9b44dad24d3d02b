"""Endpoints of landings in Launch Library 2.2.0."""

from typing import Any

from django.db.models import Q, QuerySet
from typing_extensions import override

from flights.models import CelestialBody
from spacedb.api.v2_2_0.serializers.landings import LandingLocation
from spacedb.api.v2_2_0.serializers.landings_detailed import LandingDetailed, LandingList, LandingNormal
from spacedb.api.v2_3_0.views import landings as v2_3_0
from spacedb.rest.viewsets import config_viewset


class LandingViewSet(v2_3_0.LandingViewSet):
    """Landings of first stages and spacecraft that were launched from Earth. Others exist since version 2.3.0."""

    modes = {"normal": LandingNormal, "list": LandingList, "detailed": LandingDetailed}
    columns = ("landing_location", "landing_type", "success", "downrange_distance")
    title_paths = ("firststage.launcher.serial_number", "spacecraftflight.spacecraft.name")

    @override
    def get_queryset(self) -> QuerySet[Any]:
        not_of_payload = Q(payloadflight=None) | Q(firststage__isnull=False) | Q(spacecraftflight__isnull=False)
        from_earth = [
            CelestialBody.earth_or_unknown(f"{vehicle}__launch__pad__location__celestial_body")
            for vehicle in ("firststage", "spacecraftflight")
        ]
        return super().get_queryset().filter(not_of_payload, *from_earth)


LandingLocationViewSet = config_viewset(LandingLocation, position=v2_3_0.LANDING_LOCATION_POSITION)
