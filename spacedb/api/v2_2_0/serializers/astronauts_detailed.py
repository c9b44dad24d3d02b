"""Serializers of astronauts with their flights, landings and spacewalks in Launch Library 2.2.0."""

from flights.models import AstronautFlight as Crew
from spacedb.api.v2_2_0.serializers.astronauts import AstronautBase
from spacedb.api.v2_2_0.serializers.launches import LaunchSerializerCommon
from spacedb.api.v2_2_0.serializers.spacecraft_flights import SpacecraftFlight
from spacedb.api.v2_2_0.serializers.spacewalks import SpacewalkNormal
from spacedb.serializers.base import field_names


class AstronautDetailed(AstronautBase):
    """An astronaut with all flights, landings and spacewalks."""

    flights = LaunchSerializerCommon.through("crews__flight__launch", {"is_from_earth": True})
    landings = SpacecraftFlight.through("crews__flight", {"is_from_earth": True}, crews__phase=Crew.Phase.LANDING)
    spacewalks = SpacewalkNormal.through("crews__spacewalk")

    class Meta(AstronautBase.Meta):
        fields = field_names(
            "id url name status type in_space time_in_space eva_time agency age date_of_birth date_of_death "
            "nationality twitter instagram bio profile_image profile_image_thumbnail wiki flights landings "
            "flights_count landings_count spacewalks_count last_flight first_flight spacewalks"
        )
