"""The endpoint of landings in Launch Library 2.3.0: a landing with whatever landed, as much of it as the mode says."""

from flights.filters.landings import LandingFilterSet
from flights.models import Landing as LandingModel
from flights.serializers.v2_3_0.flights import SpacecraftFlightMini, SpacecraftFlightNormal
from flights.serializers.v2_3_0.landings import Landing
from flights.serializers.v2_3_0.launches import LaunchNormal
from flights.serializers.v2_3_0.payload_flights import PayloadFlightDetailed
from flights.serializers.v2_3_0.payloads import PayloadFlightMini, PayloadFlightNormal
from flights.serializers.v2_3_0.spacecraft_flights import SpacecraftFlightDetailed
from flights.serializers.v2_3_0.stages import FirstStageMini, FirstStageNormal
from spacedb.api.fields import ResponseMode
from spacedb.api.serializers import without
from spacedb.api.viewsets import ReadOnlyViewSet


class SpacecraftFlightMiniSerializerNoLanding(SpacecraftFlightMini):
    class Meta(SpacecraftFlightMini.Meta):
        fields = without(SpacecraftFlightMini.Meta.fields, "landing")


class PayloadFlightMiniSerializerNoLanding(PayloadFlightMini):
    class Meta(PayloadFlightMini.Meta):
        fields = without(PayloadFlightMini.Meta.fields, "landing")


class FirstStageNormalSerializerNoLanding(FirstStageNormal):
    class Meta(FirstStageNormal.Meta):
        fields = without(FirstStageNormal.Meta.fields, "landing")


class SpacecraftFlightNormalSerializerNoLanding(SpacecraftFlightNormal):
    class Meta(SpacecraftFlightNormal.Meta):
        fields = without(SpacecraftFlightNormal.Meta.fields, "landing")


class PayloadFlightNormalSerializerNoLanding(PayloadFlightNormal):
    class Meta(PayloadFlightNormal.Meta):
        fields = without(PayloadFlightNormal.Meta.fields, "landing")


class FirstStageDetailedSerializerNoLanding(FirstStageNormalSerializerNoLanding):
    previous_flight = LaunchNormal()


class SpacecraftFlightDetailedSerializerNoLanding(SpacecraftFlightDetailed):
    class Meta(SpacecraftFlightDetailed.Meta):
        fields = without(SpacecraftFlightDetailed.Meta.fields, "landing")


class PayloadFlightDetailedSerializerNoLanding(PayloadFlightDetailed):
    class Meta(PayloadFlightDetailed.Meta):
        fields = without(PayloadFlightDetailed.Meta.fields, "landing")


LANDED = (*Landing.Meta.fields, "response_mode", "firststage", "spacecraftflight", "payloadflight")


class LandingEndpointList(Landing):
    response_mode = ResponseMode("list")
    firststage = FirstStageMini()
    spacecraftflight = SpacecraftFlightMiniSerializerNoLanding()
    payloadflight = PayloadFlightMiniSerializerNoLanding()

    class Meta(Landing.Meta):
        fields = LANDED


class LandingEndpointNormal(Landing):
    response_mode = ResponseMode("normal")
    firststage = FirstStageNormalSerializerNoLanding()
    spacecraftflight = SpacecraftFlightNormalSerializerNoLanding()
    payloadflight = PayloadFlightNormalSerializerNoLanding()

    class Meta(Landing.Meta):
        fields = LANDED


class LandingEndpointDetailed(Landing):
    response_mode = ResponseMode("detailed")
    firststage = FirstStageDetailedSerializerNoLanding()
    spacecraftflight = SpacecraftFlightDetailedSerializerNoLanding()
    payloadflight = PayloadFlightDetailedSerializerNoLanding()

    class Meta(Landing.Meta):
        fields = LANDED


class LandingViewSet(ReadOnlyViewSet):
    queryset = LandingModel.objects.all()
    modes = {"list": LandingEndpointList, "normal": LandingEndpointNormal, "detailed": LandingEndpointDetailed}
    filterset_class = LandingFilterSet
    filter_example = "spacecraft__ids=39,37"
    search_fields = (
        "firststage__launcher__launcher_config__name",
        "firststage__launcher__serial_number",
        "firststage__rocket__launch__name",
        "landing_location__abbrev",
        "landing_location__name",
        "spacecraftflight__rocket__launch__name",
        "spacecraftflight__spacecraft__name",
        "spacecraftflight__spacecraft__serial_number",
        "spacecraftflight__spacecraft__spacecraft_config__name",
    )
    search_example = "B1059"
    ordering_fields = ("downrange_distance", "id")
    ordering_example = "downrange_distance"
    aliases = {"rocket__launch": "launch"}
