"""Pictures on pages, and in the admin: of objects, of the images that they refer to, and of fields with a URL.

They are on other hosts. The content security policy of all pages (`spacedb.web.policy`) lets browsers load images by
HTTPS from any host, and nothing else. So pictures with other URLs are left out.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString

PICTURE_COLUMNS = ("thumbnail_url", "image_url")
"""Columns with the URL of the picture of an object, the smallest picture first."""

PICTURE_FIELDS = frozenset(
    {*PICTURE_COLUMNS, "feature_image", "image", "infographic", "map_image", "nation_url", "profile_image"}
)
"""Names of the fields that contain the URL of an image."""

_validate_url = URLValidator(schemes=["https"])


def picture_relations(model: Any) -> list[str]:
    """Names of the foreign keys of a model to models whose objects have a picture."""
    return [field.name for field in model._meta.fields if field.many_to_one and _columns(field.related_model)]


def has_picture(model: Any) -> bool:
    return bool(_columns(model) or picture_relations(model))


def picture_of(instance: models.Model) -> SafeString:
    """The picture of an object, or of the first image that it refers to. Empty if there is none."""
    related = (getattr(instance, name) for name in picture_relations(type(instance)))
    return next(filter(None, map(own_picture, filter(None, (instance, *related)))), SafeString())


def own_picture(instance: models.Model) -> SafeString:
    """The picture whose URL is in a column of the object. Empty if there is none."""
    return next(filter(None, (picture(getattr(instance, name)) for name in _columns(type(instance)))), SafeString())


def image_url(value: object) -> str:
    """The value if it is a URL from which browsers load an image, or an empty string."""
    try:
        _validate_url(value)
    except ValidationError:
        return ""
    return str(value)


def picture(url: str | None) -> SafeString:
    """The HTML of a small picture. Empty if browsers may not load it.

    Its alternative text is empty, as the name of the object is beside it.
    """
    if not image_url(url):
        return SafeString()
    return format_html('<img class="picture" src="{}" alt="" loading="lazy">', url)


def _columns(model: Any) -> list[str]:
    names = {field.name for field in model._meta.fields}
    return [name for name in PICTURE_COLUMNS if name in names]
