"""Serializers of landings with the vehicle that landed in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.first_stages import FirstStage
from spacedb.api.v2_2_0.serializers.landings import Landing, LandingLocation
from spacedb.api.v2_2_0.serializers.spacecraft_flights import SpacecraftFlight
from spacedb.api.v2_2_0.serializers.spacecraft_flights_detailed import SpacecraftFlightDetailed
from spacedb.api.v2_3_0.serializers.landings import LandingType
from spacedb.serializers.base import exclude_fields, field_names
from spacedb.serializers.fields import DetailURLField


class SpacecraftFlightNoLanding(SpacecraftFlight):
    class Meta(SpacecraftFlight.Meta):
        fields = exclude_fields(SpacecraftFlight.Meta.fields, "landing")


class SpacecraftFlightDetailedNoLanding(SpacecraftFlightDetailed):
    class Meta(SpacecraftFlightDetailed.Meta):
        fields = exclude_fields(SpacecraftFlightDetailed.Meta.fields, "landing")


class FirstStageNoLanding(FirstStage):
    class Meta(FirstStage.Meta):
        fields = exclude_fields(FirstStage.Meta.fields, "landing")


class LandingList(Landing):
    url = DetailURLField("2.2.0/landings")
    landing_type = LandingType(source="type")
    landing_location = LandingLocation()

    class Meta(Landing.Meta):
        fields = field_names("id url attempt success description downrange_distance landing_type landing_location")


class LandingNormal(LandingList):
    firststage = FirstStageNoLanding()
    spacecraftflight = SpacecraftFlightNoLanding()

    class Meta(LandingList.Meta):
        fields = (*LandingList.Meta.fields, "firststage", "spacecraftflight")


class LandingDetailed(LandingNormal):
    spacecraftflight = SpacecraftFlightDetailedNoLanding()
