"""Serializers of landings with the vehicle that landed in Launch Library 2.3.0."""

from spacedb.api.v2_3_0.serializers.first_stages import FirstStageMini, FirstStageNormal
from spacedb.api.v2_3_0.serializers.landings import Landing
from spacedb.api.v2_3_0.serializers.launches import LaunchNormal
from spacedb.api.v2_3_0.serializers.payload_flights import PayloadFlightMini, PayloadFlightNormal
from spacedb.api.v2_3_0.serializers.payload_flights_detailed import PayloadFlightDetailed
from spacedb.api.v2_3_0.serializers.spacecraft_flights import SpacecraftFlightMini, SpacecraftFlightNormal
from spacedb.api.v2_3_0.serializers.spacecraft_flights_detailed import SpacecraftFlightDetailed
from spacedb.serializers.base import exclude_fields
from spacedb.serializers.fields import ResponseModeField


class SpacecraftFlightMiniSerializerNoLanding(SpacecraftFlightMini):
    class Meta(SpacecraftFlightMini.Meta):
        fields = exclude_fields(SpacecraftFlightMini.Meta.fields, "landing")


class PayloadFlightMiniSerializerNoLanding(PayloadFlightMini):
    class Meta(PayloadFlightMini.Meta):
        fields = exclude_fields(PayloadFlightMini.Meta.fields, "landing")


class FirstStageNormalSerializerNoLanding(FirstStageNormal):
    class Meta(FirstStageNormal.Meta):
        fields = exclude_fields(FirstStageNormal.Meta.fields, "landing")


class SpacecraftFlightNormalSerializerNoLanding(SpacecraftFlightNormal):
    class Meta(SpacecraftFlightNormal.Meta):
        fields = exclude_fields(SpacecraftFlightNormal.Meta.fields, "landing")


class PayloadFlightNormalSerializerNoLanding(PayloadFlightNormal):
    class Meta(PayloadFlightNormal.Meta):
        fields = exclude_fields(PayloadFlightNormal.Meta.fields, "landing")


class FirstStageDetailedSerializerNoLanding(FirstStageNormalSerializerNoLanding):
    previous_flight = LaunchNormal()


class SpacecraftFlightDetailedSerializerNoLanding(SpacecraftFlightDetailed):
    class Meta(SpacecraftFlightDetailed.Meta):
        fields = exclude_fields(SpacecraftFlightDetailed.Meta.fields, "landing")


class PayloadFlightDetailedSerializerNoLanding(PayloadFlightDetailed):
    class Meta(PayloadFlightDetailed.Meta):
        fields = exclude_fields(PayloadFlightDetailed.Meta.fields, "landing")


ENDPOINT_FIELDS = (*Landing.Meta.fields, "response_mode", "firststage", "spacecraftflight", "payloadflight")


class LandingEndpointList(Landing):
    response_mode = ResponseModeField("list")
    firststage = FirstStageMini()
    spacecraftflight = SpacecraftFlightMiniSerializerNoLanding()
    payloadflight = PayloadFlightMiniSerializerNoLanding()

    class Meta(Landing.Meta):
        fields = ENDPOINT_FIELDS


class LandingEndpointNormal(Landing):
    response_mode = ResponseModeField("normal")
    firststage = FirstStageNormalSerializerNoLanding()
    spacecraftflight = SpacecraftFlightNormalSerializerNoLanding()
    payloadflight = PayloadFlightNormalSerializerNoLanding()

    class Meta(Landing.Meta):
        fields = ENDPOINT_FIELDS


class LandingEndpointDetailed(Landing):
    response_mode = ResponseModeField("detailed")
    firststage = FirstStageDetailedSerializerNoLanding()
    spacecraftflight = SpacecraftFlightDetailedSerializerNoLanding()
    payloadflight = PayloadFlightDetailedSerializerNoLanding()

    class Meta(Landing.Meta):
        fields = ENDPOINT_FIELDS
