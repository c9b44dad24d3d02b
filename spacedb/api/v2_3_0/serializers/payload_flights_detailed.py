"""Serializers of payload flights with their docking events in Launch Library 2.3.0."""

from spacedb.api.v2_3_0.serializers.docking_events import DockingEventForChaserNormal
from spacedb.api.v2_3_0.serializers.payload_flights import PayloadFlightNormal
from spacedb.api.v2_3_0.serializers.payloads import PayloadDetailed
from spacedb.serializers.fields import ResponseModeField


class PayloadFlightDetailed(PayloadFlightNormal):
    response_mode = ResponseModeField("detailed")
    payload = PayloadDetailed()
    docking_events = DockingEventForChaserNormal(many=True)

    class Meta(PayloadFlightNormal.Meta):
        fields = (*PayloadFlightNormal.Meta.fields, "docking_events")
