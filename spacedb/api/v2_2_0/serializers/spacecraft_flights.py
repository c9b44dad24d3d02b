"""Serializers of spacecraft flights in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.landings import Landing
from spacedb.api.v2_2_0.serializers.launches import LaunchSerializerCommon
from spacedb.api.v2_2_0.serializers.spacecraft import Spacecraft
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField


class SpacecraftFlight(Serializer):
    url = DetailURLField("2.2.0/spacecraft/flight")
    spacecraft = Spacecraft()
    launch = LaunchSerializerCommon()
    landing = Landing()

    class Meta:
        model = models.SpacecraftFlight
        fields: tuple[str, ...] = field_names("id url destination mission_end spacecraft launch landing")
