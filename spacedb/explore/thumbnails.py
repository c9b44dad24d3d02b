"""The thumbnails of objects on the pages."""

from spacecraft.models import Spacecraft
from spacedb.catalogue.pictures import image_url
from spacedb.common.models import Image


def thumbnail(*images: Image | None) -> str:
    """The URL of the thumbnail of the first image that has one; empty if none has."""
    urls = (image_url(image.thumbnail_url or image.image_url) for image in images if image)
    return next(filter(None, urls), "")


def spacecraft_images(spacecraft: Spacecraft | None) -> tuple[Image | None, ...]:
    """The image of a spacecraft, and that of its configuration."""
    if spacecraft is None:
        return ()
    config = spacecraft.spacecraft_config
    return (spacecraft.image, config.image if config else None)
