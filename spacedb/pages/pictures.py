"""The picture of an object, found in its JSON: in each version, images are in other keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spacedb.catalogue.pictures import image_url
from spacedb.pages.links import WEB_URL

IMAGE_KEYS = (
    "image",
    "feature_image",
    "profile_image",
    "image_url",
    "logo",
    "logo_url",
    "social_logo",
    "map_image",
    "flag",
)
"""Keys of an image, the best one first: its URL, or an object with URLs."""

THUMBNAIL_KEYS = ("image_thumbnail", "profile_image_thumbnail", "thumbnail_url")
"""Keys of the URL of a small version of the image."""

PICTURE_KEYS = frozenset((*IMAGE_KEYS, *THUMBNAIL_KEYS))


@dataclass(frozen=True)
class Picture:
    """An image of an object."""

    url: str
    thumbnail: str
    """The URL of a small version; that of the image if there is none."""
    name: str = ""
    credit: str = ""
    license_name: str = ""
    license_url: str = ""


def picture_of(value: Mapping[str, Any], depth: int = 1) -> Picture | None:
    """The picture of an object, or that of an object that it refers to; None if there is none."""
    for key in IMAGE_KEYS:
        if picture := _picture(value.get(key), value):
            return picture
    for key, related in value.items() if depth else ():
        if isinstance(related, dict) and key not in PICTURE_KEYS and (picture := picture_of(related, depth - 1)):
            return picture
    return None


def _picture(image: Any, owner: Mapping[str, Any]) -> Picture | None:
    if isinstance(image, dict):
        url, thumbnail = image_url(image.get("image_url")), image_url(image.get("thumbnail_url"))
        if not (url or thumbnail):
            return None
        license_ = image.get("license") or {}
        link = _text(license_.get("link"))
        return Picture(
            url=url or thumbnail,
            thumbnail=thumbnail or url,
            name=_text(image.get("name")),
            credit=_text(image.get("credit")),
            license_name=_text(license_.get("name")),
            license_url=link if WEB_URL.fullmatch(link) else "",
        )
    url = image_url(image)
    thumbnail = next(filter(None, (image_url(owner.get(key)) for key in THUMBNAIL_KEYS)), url)
    return Picture(url, thumbnail) if url else None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
