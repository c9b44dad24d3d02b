"""Agencies in Launch Library 2.2.0."""

from agencies import models
from spacedb.api.fields import DetailURL, NaturalKey, NumberText
from spacedb.api.folds import Joined
from spacedb.api.serializers import Serializer, keys
from spacedb.common.serializers.v2_2_0 import CountryCode, picture


class AgencySerializerMini(Serializer):
    url = DetailURL("2.2.0/agencies")
    type = NaturalKey(slug_field="name", allow_null=True)

    class Meta:
        model = models.Agency
        fields: tuple[str, ...] = keys("id url name type")


class AgencyList(AgencySerializerMini):
    class Meta(AgencySerializerMini.Meta):
        fields = keys("id url name abbrev")


ABOUT = keys(
    "id url name featured type country_code abbrev description administrator founding_year launchers spacecraft"
)


class Agency(AgencySerializerMini):
    country_code = Joined(CountryCode, "alpha_3_code", source="country")
    founding_year = NumberText(int, allow_null=True)
    parent = NaturalKey(slug_field="name", allow_null=True)
    image_url = picture("image")
    logo_url = picture("logo")

    class Meta(AgencySerializerMini.Meta):
        fields = ABOUT + keys("parent image_url logo_url")


class AgencySerializerDetailedCommon(Agency):
    """Nested in a launch, with its record."""

    class Meta(Agency.Meta):
        fields = ABOUT + keys(
            "launch_library_url total_launch_count consecutive_successful_launches successful_launches failed_launches "
            "pending_launches consecutive_successful_landings successful_landings failed_landings attempted_landings "
            "info_url wiki_url logo_url image_url nation_url"
        )
