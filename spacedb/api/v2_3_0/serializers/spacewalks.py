"""Serializers of spacewalks in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.astronauts import AstronautFlight
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, ResponseModeField


class SpacewalkList(Serializer):
    response_mode = ResponseModeField("list")
    url = DetailURLField("2.3.0/spacewalks")

    class Meta:
        model = models.Spacewalk
        fields: tuple[str, ...] = ("response_mode", "id", "url", "name", "start", "end", "duration", "location")


class SpacewalkNormal(SpacewalkList):
    """Nested in an astronaut. Its `response_mode` is `list` in the official OpenAPI document."""

    crew = AstronautFlight(many=True)

    class Meta(SpacewalkList.Meta):
        fields = (*SpacewalkList.Meta.fields, "crew")
