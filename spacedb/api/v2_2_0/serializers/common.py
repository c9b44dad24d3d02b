"""Serializers of images, countries and links in Launch Library 2.2.0."""

from spacedb.api.v2_3_0.serializers import common as v2_3_0
from spacedb.common.models import Country, SocialMediaLink
from spacedb.serializers.base import Serializer, exclude_fields
from spacedb.serializers.fields import NaturalKeyField, TextField

InfoURL = v2_3_0.InfoURL


class VidURL(v2_3_0.VidURL):
    class Meta(v2_3_0.VidURL.Meta):
        fields = exclude_fields(v2_3_0.VidURL.Meta.fields, "live")


class InfoURLOnly(v2_3_0.InfoURL):
    class Meta(v2_3_0.InfoURL.Meta):
        fields = ("url",)


class VidURLOnly(v2_3_0.VidURL):
    class Meta(v2_3_0.VidURL.Meta):
        fields = ("url",)


def image_url_field(source: str | None = None) -> NaturalKeyField:
    """The URL of an image."""
    return NaturalKeyField(source=source, slug_field="image_url", allow_null=True)


def thumbnail_url_field() -> TextField:
    """The URL of the thumbnail of the object's `image`."""
    return TextField(source="image.thumbnail_url", allow_null=True, required=False)


def country_code_field() -> NaturalKeyField:
    """The ISO 3166-1 alpha-3 code of the object's `country`."""
    return NaturalKeyField(source="country", slug_field="alpha_3_code", allow_null=True)


class CountryCode(Serializer):
    class Meta:
        model = Country
        fields = ("alpha_3_code",)


class Nationality(Serializer):
    class Meta:
        model = Country
        fields = ("nationality_name",)


class SocialMediaURL(Serializer):
    social_media = NaturalKeyField(slug_field="name")

    class Meta:
        model = SocialMediaLink
        fields = ("social_media", "url")
