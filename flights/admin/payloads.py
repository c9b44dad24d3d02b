"""Admin of payloads and payload flights."""

from django.contrib import admin

from flights.admin.dockings import DockingLocationInline, PayloadDockingInline
from flights.admin.recounting import RecountAdmin
from flights.models import Payload, PayloadFlight
from spacedb.catalogue.admin import ResourceInline


class PayloadFlightInline(ResourceInline):
    """Flights of a payload, or payloads on a launch."""

    model = PayloadFlight
    show_change_link = True


class FlightsOfPayloadInline(PayloadFlightInline):
    fields = ("launch", "amount", "destination", "landing")


class PayloadsOnLaunchInline(PayloadFlightInline):
    fields = ("payload", "amount", "destination", "landing")


@admin.register(Payload)
class PayloadAdmin(RecountAdmin):
    list_display = ("name", "type", "manufacturer", "operator", "mass")
    list_filter = ("type", ("operator", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "manufacturer__name", "operator__name", "operator__abbrev")
    inlines = (FlightsOfPayloadInline, DockingLocationInline)


@admin.register(PayloadFlight)
class PayloadFlightAdmin(RecountAdmin):
    list_display = ("payload", "amount", "launch__net", "launch", "destination")
    list_filter = (("payload__type", admin.RelatedOnlyFieldListFilter), "launch__status")
    search_fields = ("payload__name", "launch__name", "destination")
    inlines = (PayloadDockingInline,)
    date_hierarchy = "launch__net"
    ordering = ("-launch__net", "-id")
