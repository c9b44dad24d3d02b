"""Models that many resources refer to (images, countries, links), and abstract models with shared fields."""

from spacedb.common.models.images import Image, ImageLicense, ImageVariant, ImageVariantType
from spacedb.common.models.links import InfoURLType, Language, SocialMedia, SocialMediaLink, VidURLType
from spacedb.common.models.places import Coordinates, Country
from spacedb.common.models.totals import ConsecutiveLaunches, LandingTotals, LaunchTotals

__all__ = [
    "ConsecutiveLaunches",
    "Coordinates",
    "Country",
    "Image",
    "ImageLicense",
    "ImageVariant",
    "ImageVariantType",
    "InfoURLType",
    "LandingTotals",
    "Language",
    "LaunchTotals",
    "SocialMedia",
    "SocialMediaLink",
    "VidURLType",
]
