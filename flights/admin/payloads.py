"""Admin of payloads and payload flights."""

from django.contrib import admin

from flights.admin.recounting import RecountAdmin
from flights.models import Payload, PayloadFlight


@admin.register(Payload)
class PayloadAdmin(RecountAdmin):
    list_display = ("name", "type", "manufacturer", "operator", "mass")
    list_filter = ("type", ("operator", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "manufacturer__name", "operator__name", "operator__abbrev")


@admin.register(PayloadFlight)
class PayloadFlightAdmin(RecountAdmin):
    list_display = ("payload", "amount", "launch__net", "launch", "destination")
    list_filter = (("payload__type", admin.RelatedOnlyFieldListFilter), "launch__status")
    search_fields = ("payload__name", "launch__name", "destination")
    date_hierarchy = "launch__net"
    ordering = ("-launch__net", "-id")
