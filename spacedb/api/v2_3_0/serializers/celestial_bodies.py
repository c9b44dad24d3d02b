"""Serializers of celestial bodies in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.common import Image
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DjangoDurationField, ResponseModeField


class CelestialBodyType(Serializer):
    class Meta:
        model = models.CelestialBodyType
        fields = ("id", "name")


class CelestialBodyMini(Serializer):
    response_mode = ResponseModeField("list")

    class Meta:
        model = models.CelestialBody
        fields: tuple[str, ...] = ("response_mode", "id", "name")


class CelestialBodyNormal(CelestialBodyMini):
    response_mode = ResponseModeField("normal")
    type = CelestialBodyType()
    length_of_day = DjangoDurationField(allow_null=True, required=False)
    image = Image()

    class Meta(CelestialBodyMini.Meta):
        fields = (
            *CelestialBodyMini.Meta.fields,
            "type",
            "diameter",
            "mass",
            "gravity",
            "length_of_day",
            "atmosphere",
            "image",
            "description",
            "wiki_url",
        )


class CelestialBodyDetailed(CelestialBodyNormal):
    """Nested in a location. Its `response_mode` is `normal`, as in Launch Library."""

    class Meta(CelestialBodyNormal.Meta):
        fields = (
            *CelestialBodyNormal.Meta.fields,
            "total_attempted_launches",
            "successful_launches",
            "failed_launches",
            "total_attempted_landings",
            "successful_landings",
            "failed_landings",
        )
