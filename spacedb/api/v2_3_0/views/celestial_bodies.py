"""Endpoints of celestial bodies in Launch Library 2.3.0."""

from flights.models import CelestialBody
from spacedb.api.v2_3_0.serializers.celestial_bodies import CelestialBodyMini, CelestialBodyNormal
from spacedb.api.v2_3_0.serializers.celestial_bodies_detailed import CelestialBodyEndpointDetailed
from spacedb.rest.viewsets import ReadOnlyViewSet


class CelestialBodyViewSet(ReadOnlyViewSet):
    queryset = CelestialBody.objects.all()
    modes = {"list": CelestialBodyMini, "normal": CelestialBodyNormal, "detailed": CelestialBodyEndpointDetailed}
    columns = ("type", "diameter", "gravity", "atmosphere")
    search_fields = ("name", "type__name")
    search_example = "Mars"
    ordering_fields = ("id", "name")
    ordering_example = "-name"
