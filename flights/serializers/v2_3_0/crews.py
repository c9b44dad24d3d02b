"""Astronauts and crews in Launch Library 2.3.0."""

from agencies.serializers.v2_3_0 import AgencyMini
from flights import models
from spacedb.api.fields import DetailURL, Integer, ResponseMode
from spacedb.api.serializers import Serializer
from spacedb.common.serializers.v2_3_0 import Country, Image, SocialMediaLink


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
    url = DetailURL("2.3.0/astronauts")
    status = AstronautStatus()
    agency = AgencyMini(allow_null=True)
    image = Image(allow_null=True)

    class Meta:
        model = models.Astronaut
        fields: tuple[str, ...] = ("id", "url", "name", "status", "agency", "image")


class AstronautDetailed(AstronautNormal):
    """Nested in a crew. It says `list` of itself all the same, as the captured answers show."""

    response_mode = ResponseMode("list")
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
    id = Integer(source="number", read_only=True)
    role = AstronautRole()
    astronaut = AstronautDetailed()

    class Meta:
        model = models.AstronautFlight
        fields = ("id", "role", "astronaut")
