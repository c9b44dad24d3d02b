"""Flights of payloads with their dockings in Launch Library 2.3.0."""

from flights.serializers.v2_3_0.dockings import DockingEventForChaserNormal
from flights.serializers.v2_3_0.payloads import PayloadDetailed, PayloadFlightNormal
from spacedb.api.fields import ResponseMode


class PayloadFlightDetailed(PayloadFlightNormal):
    response_mode = ResponseMode("detailed")
    payload = PayloadDetailed()
    docking_events = DockingEventForChaserNormal(many=True)

    class Meta(PayloadFlightNormal.Meta):
        fields = (*PayloadFlightNormal.Meta.fields, "docking_events")
