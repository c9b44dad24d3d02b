"""Serializers of agencies in Launch Library 2.2.0."""

from agencies import models
from agencies.models import Agency as AgencyModel
from spacedb.api.v2_2_0.serializers.common import CountryCode, image_url_field
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField, NaturalKeyField, NumericStringField
from spacedb.serializers.reductions import JoinReduction


class AgencySerializerMini(Serializer):
    url = DetailURLField("2.2.0/agencies")
    type = NaturalKeyField(slug_field="name", allow_null=True)

    class Meta:
        model = models.Agency
        fields: tuple[str, ...] = field_names("id url name type")


class AgencyList(AgencySerializerMini):
    class Meta(AgencySerializerMini.Meta):
        fields = field_names("id url name abbrev")


BASE_FIELDS = field_names(
    "id url name featured type country_code abbrev description administrator founding_year launchers spacecraft"
)


class Agency(AgencySerializerMini):
    country_code = JoinReduction(CountryCode, "alpha_3_code", source="country")
    founding_year = NumericStringField(int, allow_null=True)
    parent = NaturalKeyField(slug_field="name", allow_null=True)
    image_url = image_url_field("image")
    logo_url = image_url_field("logo")

    class Meta(AgencySerializerMini.Meta):
        fields = BASE_FIELDS + field_names("parent image_url logo_url")


class AgencySerializerDetailedCommon(Agency):
    """Nested in a launch, with the totals of its launches and landings."""

    class Meta(Agency.Meta):
        fields = BASE_FIELDS + field_names(
            "launch_library_url total_launch_count consecutive_successful_launches successful_launches failed_launches "
            "pending_launches consecutive_successful_landings successful_landings failed_landings attempted_landings "
            "info_url wiki_url logo_url image_url nation_url"
        )


class AgencyId(Serializer):
    class Meta:
        model = AgencyModel
        fields = ("id",)
