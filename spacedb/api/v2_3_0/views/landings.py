"""Endpoints of landings in Launch Library 2.3.0."""

from flights.models import CelestialBody
from flights.models import Landing as LandingModel
from spacedb.api.v2_3_0.filters.landings import LandingFilterSet
from spacedb.api.v2_3_0.serializers.landings import LandingLocation
from spacedb.api.v2_3_0.serializers.landings_detailed import (
    LandingEndpointDetailed,
    LandingEndpointList,
    LandingEndpointNormal,
)
from spacedb.rest.formats.declarations import Position
from spacedb.rest.viewsets import ReadOnlyViewSet, config_viewset


class LandingViewSet(ReadOnlyViewSet):
    queryset = LandingModel.objects.all()
    modes = {"list": LandingEndpointList, "normal": LandingEndpointNormal, "detailed": LandingEndpointDetailed}
    columns = ("landing_location", "type", "success", "downrange_distance")
    title_paths = (
        "firststage.launcher.serial_number",
        "spacecraftflight.spacecraft.name",
        "payloadflight.payload.name",
    )
    filterset_class = LandingFilterSet
    filter_example = "spacecraft__ids=39,37"
    search_fields = (
        "firststage__launcher__launcher_config__name",
        "firststage__launcher__serial_number",
        "firststage__rocket__launch__name",
        "landing_location__abbrev",
        "landing_location__name",
        "spacecraftflight__rocket__launch__name",
        "spacecraftflight__spacecraft__name",
        "spacecraftflight__spacecraft__serial_number",
        "spacecraftflight__spacecraft__spacecraft_config__name",
    )
    search_example = "B1059"
    ordering_fields = ("downrange_distance", "id")
    ordering_example = "downrange_distance"
    aliases = {"rocket__launch": "launch"}


LANDING_LOCATION_POSITION = Position(is_on_earth=CelestialBody.earth_or_unknown("celestial_body"))

LandingLocationViewSet = config_viewset(LandingLocation, position=LANDING_LOCATION_POSITION)
