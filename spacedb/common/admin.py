"""Admin of the models that many resources refer to, and fieldsets that several admins share."""

from typing import Any

from django.contrib import admin

from spacedb.catalogue.admin import ConfigAdmin, ResourceAdmin, ResourceInline
from spacedb.common.models import (
    ConsecutiveLaunches,
    Country,
    Image,
    ImageLicense,
    ImageVariant,
    ImageVariantType,
    InfoURLType,
    LandingTotals,
    Language,
    LaunchTotals,
    SocialMedia,
    SocialMediaLink,
    VidURLType,
)

LAUNCH_TOTALS = tuple(field.name for field in LaunchTotals._meta.fields)
LANDING_TOTALS = tuple(field.name for field in LandingTotals._meta.fields)
LAUNCH_AND_LANDING_TOTALS = tuple(field.name for field in ConsecutiveLaunches._meta.fields)

admin.site.register([ImageLicense, ImageVariantType, InfoURLType, Language, SocialMedia, VidURLType], ConfigAdmin)


def totals_fieldset(*fields: str) -> tuple[str, Any]:
    """Return a collapsed fieldset for stored totals, which come from Launch Library and are seldom edited."""
    return "Totals", {"classes": ("collapse",), "fields": fields}


def older_versions_fieldset(*fields: str) -> tuple[str, Any]:
    """Return a collapsed fieldset for fields that only API versions before 2.3.0 serve."""
    return "Older API versions", {"classes": ("collapse",), "fields": fields}


class ImageVariantInline(ResourceInline):
    model = ImageVariant


@admin.register(Image)
class ImageAdmin(ResourceAdmin):
    list_display = ("name", "credit", "license", "single_use")
    list_filter = ("license", "single_use")
    search_fields = ("name", "credit", "image_url")
    inlines = (ImageVariantInline,)


@admin.register(Country)
class CountryAdmin(ResourceAdmin):
    list_display = ("name", "alpha_2_code", "alpha_3_code", "nationality_name", "nationality_name_composed")
    search_fields = ("name", "alpha_2_code", "alpha_3_code", "nationality_name")


@admin.register(SocialMediaLink)
class SocialMediaLinkAdmin(ResourceAdmin):
    list_display = ("url", "social_media")
    list_filter = ("social_media",)
    search_fields = ("url", "social_media__name")
