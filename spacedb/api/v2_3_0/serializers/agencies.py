"""Serializers of agencies in Launch Library 2.3.0."""

from agencies import models
from spacedb.api.v2_3_0.serializers.common import Country, Image, SocialMediaLink
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, NaturalKeyField, ResponseModeField


class AgencyType(Serializer):
    class Meta:
        model = models.AgencyType
        fields = ("id", "name")


class AgencyMini(Serializer):
    response_mode = ResponseModeField("list")
    url = DetailURLField("2.3.0/agencies")
    type = AgencyType()

    class Meta:
        model = models.Agency
        fields: tuple[str, ...] = ("response_mode", "id", "url", "name", "abbrev", "type")


class AgencyNormal(AgencyMini):
    response_mode = ResponseModeField("normal")
    country = Country(many=True)
    parent = NaturalKeyField(slug_field="name", allow_null=True)  # type: ignore[assignment] # Field.parent of DRF
    image = Image(allow_null=True)
    logo = Image(allow_null=True)
    social_logo = Image(allow_null=True)

    class Meta(AgencyMini.Meta):
        fields = (
            *AgencyMini.Meta.fields,
            "featured",
            "country",
            "description",
            "administrator",
            "founding_year",
            "launchers",
            "spacecraft",
            "parent",
            "image",
            "logo",
            "social_logo",
        )


class AgencyDetailed(AgencyNormal):
    """Nested in other resources. Its `response_mode` is `normal`, as in responses of Launch Library."""

    social_media_links = SocialMediaLink(many=True)

    class Meta(AgencyNormal.Meta):
        fields = (
            *AgencyNormal.Meta.fields,
            "total_launch_count",
            "consecutive_successful_launches",
            "successful_launches",
            "failed_launches",
            "pending_launches",
            "consecutive_successful_landings",
            "successful_landings",
            "failed_landings",
            "attempted_landings",
            "successful_landings_spacecraft",
            "failed_landings_spacecraft",
            "attempted_landings_spacecraft",
            "successful_landings_payload",
            "failed_landings_payload",
            "attempted_landings_payload",
            "info_url",
            "wiki_url",
            "social_media_links",
        )
