"""Serializers of spacewalks in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.astronauts import AstronautFlight
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField


class SpacewalkList(Serializer):
    url = DetailURLField("2.2.0/spacewalks")

    class Meta:
        model = models.Spacewalk
        fields: tuple[str, ...] = field_names("id url name start end duration location")


class SpacewalkNormal(SpacewalkList):
    crew = AstronautFlight(many=True)

    class Meta(SpacewalkList.Meta):
        fields = (*SpacewalkList.Meta.fields, "crew")
