"""Nested serializers of spacecraft and related objects.

The fields and their order are those of Launch Library 2.3.0. They are taken from the serializers of spacedb.
"""

from rest_framework import serializers

from benchmarks.textbook.fields import URL, Duration, Mode
from spacedb.api.v2_3_0.serializers import agencies, common, spacecraft, spacecraft_configurations


class ImageLicenseSerializer(serializers.ModelSerializer):
    Meta = common.ImageLicense.Meta


class ImageVariantTypeSerializer(serializers.ModelSerializer):
    Meta = common.ImageVariantType.Meta


class ImageVariantSerializer(serializers.ModelSerializer):
    type = ImageVariantTypeSerializer()
    Meta = common.ImageVariant.Meta


class ImageSerializer(serializers.ModelSerializer):
    license = ImageLicenseSerializer()
    variants = ImageVariantSerializer(many=True)
    Meta = common.Image.Meta


class SpacecraftStatusSerializer(serializers.ModelSerializer):
    Meta = spacecraft.SpacecraftStatus.Meta


class SpacecraftConfigTypeSerializer(serializers.ModelSerializer):
    Meta = spacecraft_configurations.SpacecraftConfigType.Meta


class AgencyTypeSerializer(serializers.ModelSerializer):
    Meta = agencies.AgencyType.Meta


class AgencyMiniSerializer(serializers.ModelSerializer):
    response_mode = Mode("list")
    url = URL("agencies")
    type = AgencyTypeSerializer()
    Meta = agencies.AgencyMini.Meta


class SpacecraftConfigFamilyMiniSerializer(serializers.ModelSerializer):
    response_mode = Mode("list")
    Meta = spacecraft_configurations.SpacecraftConfigFamilyMini.Meta


class SpacecraftConfigFamilyNormalSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    manufacturer = AgencyMiniSerializer()
    parent = SpacecraftConfigFamilyMiniSerializer()
    Meta = spacecraft_configurations.SpacecraftConfigFamilyNormal.Meta


class SpacecraftConfigNormalSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    url = URL("spacecraft_configurations")
    type = SpacecraftConfigTypeSerializer()
    agency = AgencyMiniSerializer()
    family = SpacecraftConfigFamilyNormalSerializer(many=True)
    image = ImageSerializer()
    Meta = spacecraft_configurations.SpacecraftConfigNormal.Meta


class SpacecraftSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    url = URL("spacecraft")
    image = ImageSerializer()
    time_in_space = Duration()
    time_docked = Duration()
    status = SpacecraftStatusSerializer()
    spacecraft_config = SpacecraftConfigNormalSerializer()
    fastest_turnaround = Duration()
    Meta = spacecraft.SpacecraftNormal.Meta


class CountrySerializer(serializers.ModelSerializer):
    Meta = common.Country.Meta


class AgencyNormalSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    url = URL("agencies")
    type = AgencyTypeSerializer()
    country = CountrySerializer(many=True)
    parent = serializers.SlugRelatedField(slug_field="name", read_only=True)
    image = ImageSerializer()
    logo = ImageSerializer()
    social_logo = ImageSerializer()
    Meta = agencies.AgencyNormal.Meta


class SpacecraftConfigFamilyDetailedSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    manufacturer = AgencyNormalSerializer()
    parent = SpacecraftConfigFamilyNormalSerializer()
    Meta = spacecraft_configurations.SpacecraftConfigFamilyDetailed.Meta


class SpacecraftConfigDetailedSerializer(serializers.ModelSerializer):
    response_mode = Mode("detailed")
    url = URL("spacecraft_configurations")
    type = SpacecraftConfigTypeSerializer()
    agency = AgencyNormalSerializer()
    family = SpacecraftConfigFamilyDetailedSerializer(many=True)
    image = ImageSerializer()
    fastest_turnaround = Duration()
    Meta = spacecraft_configurations.SpacecraftConfigDetailed.Meta


class SpacecraftDetailedSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    url = URL("spacecraft")
    image = ImageSerializer()
    time_in_space = Duration()
    time_docked = Duration()
    status = SpacecraftStatusSerializer()
    spacecraft_config = SpacecraftConfigDetailedSerializer()
    fastest_turnaround = Duration()
    Meta = spacecraft.SpacecraftDetailed.Meta


class SocialMediaSerializer(serializers.ModelSerializer):
    logo = ImageSerializer()
    Meta = common.SocialMedia.Meta


class SocialMediaLinkSerializer(serializers.ModelSerializer):
    social_media = SocialMediaSerializer()
    Meta = common.SocialMediaLink.Meta


class AgencyDetailedSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    url = URL("agencies")
    type = AgencyTypeSerializer()
    country = CountrySerializer(many=True)
    parent = serializers.SlugRelatedField(slug_field="name", read_only=True)
    image = ImageSerializer()
    logo = ImageSerializer()
    social_logo = ImageSerializer()
    social_media_links = SocialMediaLinkSerializer(many=True)
    Meta = agencies.AgencyDetailed.Meta


class InfoURLTypeSerializer(serializers.ModelSerializer):
    Meta = common.InfoURLType.Meta


class LanguageSerializer(serializers.ModelSerializer):
    Meta = common.Language.Meta


class VidURLTypeSerializer(serializers.ModelSerializer):
    Meta = common.VidURLType.Meta
