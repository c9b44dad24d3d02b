"""Serializers of astronauts and crews in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.agencies import AgencyMini
from spacedb.api.v2_3_0.serializers.common import Country, Image, SocialMediaLink
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, IntegerField, ResponseModeField


class AstronautRole(Serializer):
    class Meta:
        model = models.AstronautRole
        fields = ("id", "role", "priority")


class AstronautStatus(Serializer):
    class Meta:
        model = models.AstronautStatus
        fields = ("id", "name")


class AstronautType(Serializer):
    class Meta:
        model = models.AstronautType
        fields = ("id", "name")


class AstronautNormal(Serializer):
    url = DetailURLField("2.3.0/astronauts")
    status = AstronautStatus()
    agency = AgencyMini(allow_null=True)
    image = Image(allow_null=True)

    class Meta:
        model = models.Astronaut
        fields: tuple[str, ...] = ("id", "url", "name", "status", "agency", "image")


class AstronautDetailed(AstronautNormal):
    """Nested in a crew. Its `response_mode` is `list`, as in responses of Launch Library."""

    response_mode = ResponseModeField("list")
    type = AstronautType()
    nationality = Country(many=True)
    social_media_links = SocialMediaLink(many=True)

    class Meta(AstronautNormal.Meta):
        fields = (
            *AstronautNormal.Meta.fields,
            "response_mode",
            "type",
            "in_space",
            "time_in_space",
            "eva_time",
            "age",
            "date_of_birth",
            "date_of_death",
            "nationality",
            "bio",
            "wiki",
            "last_flight",
            "first_flight",
            "social_media_links",
        )
        extra_kwargs = {"eva_time": {"allow_null": False}, "bio": {"required": True}}


class AstronautFlight(Serializer):
    id = IntegerField(source="number", read_only=True)
    role = AstronautRole()
    astronaut = AstronautDetailed()

    class Meta:
        model = models.AstronautFlight
        fields = ("id", "role", "astronaut")
