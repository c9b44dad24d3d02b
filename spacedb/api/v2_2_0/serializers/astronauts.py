"""Serializers of astronauts and crews in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.agencies import Agency, AgencySerializerMini
from spacedb.api.v2_2_0.serializers.common import Nationality, SocialMediaURL, image_url_field, thumbnail_url_field
from spacedb.api.v2_3_0.serializers.astronauts import AstronautRole, AstronautStatus, AstronautType
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField, IntegerField, NaturalKeyField
from spacedb.serializers.reductions import FirstValueReduction, JoinReduction


def _social_media_url_field(*names: str) -> FirstValueReduction:
    """The URL of an astronaut's page on a social network that has one of these names."""
    return FirstValueReduction(SocialMediaURL, "url", where=("social_media", names), source="social_media_links")


class AstronautBase(Serializer):
    """The fields from which the representations of astronauts select."""

    url = DetailURLField("2.2.0/astronaut")
    status = AstronautStatus()
    type = AstronautType()
    agency = AgencySerializerMini(allow_null=True)
    nationality = JoinReduction(Nationality, "nationality_name", ", ")
    twitter = _social_media_url_field("X", "Twitter")
    instagram = _social_media_url_field("Instagram")
    profile_image = image_url_field("image")
    profile_image_thumbnail = thumbnail_url_field()

    class Meta:
        model = models.Astronaut
        fields: tuple[str, ...]


class Astronaut(AstronautBase):
    class Meta(AstronautBase.Meta):
        fields = field_names("id url name status agency profile_image profile_image_thumbnail")


class AstronautDetailedSerializerNoFlights(AstronautBase):
    class Meta(AstronautBase.Meta):
        fields = field_names(
            "id url name type in_space time_in_space status agency date_of_birth date_of_death nationality twitter "
            "instagram bio profile_image wiki last_flight first_flight"
        )


class AstronautNormal(AstronautBase):
    agency = Agency(allow_null=True)

    class Meta(AstronautBase.Meta):
        fields = field_names(
            "id url name status type in_space time_in_space eva_time age date_of_birth date_of_death nationality bio "
            "twitter instagram wiki agency profile_image profile_image_thumbnail flights_count landings_count "
            "spacewalks_count last_flight first_flight"
        )


class AstronautList(AstronautBase):
    agency = NaturalKeyField(slug_field="name", allow_null=True)

    class Meta(AstronautBase.Meta):
        fields = field_names("id url name status type agency nationality profile_image profile_image_thumbnail")


class AstronautFlight(Serializer):
    id = IntegerField(source="number", read_only=True)
    role = AstronautRole()
    astronaut = AstronautDetailedSerializerNoFlights()

    class Meta:
        model = models.AstronautFlight
        fields = field_names("id role astronaut")


class AstronautFlightForExpedition(AstronautFlight):
    astronaut = Astronaut()
