"""Editing the links of missions, launches and events, on their pages."""

from flights.models import InfoURL, VidURL
from flights.models.links import Link
from spacedb.catalogue.admin import ResourceInline

LINK = tuple(field.name for field in Link._meta.fields)


class LinkRows(ResourceInline):
    template = "admin/edit_inline/stacked.html"  # too many fields for a line


class InfoURLRows(LinkRows):
    model = InfoURL
    fields = ("type", *LINK)


class VidURLRows(LinkRows):
    model = VidURL
    fields = ("type", *LINK, "publisher", "start_time", "end_time", "live")


LINKS = (InfoURLRows, VidURLRows)
