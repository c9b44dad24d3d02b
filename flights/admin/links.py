"""Inlines for the links of missions, launches and events."""

from flights.models import InfoURL, VidURL
from flights.models.links import Link
from spacedb.catalogue.admin import ResourceInline
from spacedb.catalogue.rules import in_order

LINK_FIELDS = tuple(field.name for field in Link._meta.fields if field.editable)


class LinkInline(ResourceInline):
    template = "admin/edit_inline/stacked.html"  # the fields do not fit into one row


class InfoURLInline(LinkInline):
    model = InfoURL
    fields = ("type", *LINK_FIELDS)


class VidURLInline(LinkInline):
    model = VidURL
    fields = ("type", *LINK_FIELDS, "publisher", "start_time", "end_time", "live")
    rules = (in_order("start_time", "end_time"),)


LINK_INLINES = (InfoURLInline, VidURLInline)
