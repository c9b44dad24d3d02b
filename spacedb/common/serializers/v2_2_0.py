"""What Launch Library 2.2.0 tells as a text: pictures by their addresses, countries by their codes."""

from spacedb.api.fields import NaturalKey, Text
from spacedb.api.serializers import Serializer
from spacedb.common import models


def picture(source: str | None = None) -> NaturalKey:
    """The address of an image."""
    return NaturalKey(source=source, slug_field="image_url", allow_null=True)


def thumbnail() -> Text:
    """The address of the small version of the object's `image`."""
    return Text(source="image.thumbnail_url", allow_null=True, required=False)


def country_code() -> NaturalKey:
    """The ISO 3166-1 alpha-3 code of the object's one `country`."""
    return NaturalKey(source="country", slug_field="alpha_3_code", allow_null=True)


class CountryCode(Serializer):
    class Meta:
        model = models.Country
        fields = ("alpha_3_code",)


class Nationality(Serializer):
    class Meta:
        model = models.Country
        fields = ("nationality_name",)


class SocialMediaAddress(Serializer):
    social_media = NaturalKey(slug_field="name")

    class Meta:
        model = models.SocialMediaLink
        fields = ("social_media", "url")
