"""Flights of spacecraft with their crews, landings and dockings in Launch Library 2.2.0."""

from agencies.serializers.v2_2_0 import Agency, AgencyList, AgencySerializerMini
from flights import models
from flights.models import AstronautFlight as Crew
from flights.serializers.v2_2_0.launches import LaunchSerializerCommon, Location
from flights.serializers.v2_3_0.crews import AstronautRole, AstronautStatus, AstronautType
from flights.serializers.v2_3_0.dockings import SpaceStationStatus, SpaceStationType
from flights.serializers.v2_3_0.landings import LandingType
from spacecraft.serializers.v2_2_0 import Spacecraft, SpacecraftDetailedNoFlights
from spacedb.api.fields import DetailURL, Integer, NaturalKey
from spacedb.api.folds import FirstOf, Joined
from spacedb.api.serializers import Serializer, keys, without
from spacedb.common.serializers.v2_2_0 import Nationality, SocialMediaAddress, picture, thumbnail


class LandingLocation(Serializer):
    location = Location()

    class Meta:
        model = models.LandingLocation
        fields = keys("id name abbrev description location successful_landings")


class Landing(Serializer):
    location = LandingLocation(source="landing_location")
    type = LandingType()

    class Meta:
        model = models.Landing
        fields: tuple[str, ...] = keys("id attempt success description downrange_distance location type")


def _address_on(*names: str) -> FirstOf:
    """The address of somebody's page on a social network, known by these names."""
    return FirstOf(SocialMediaAddress, "url", among=("social_media", names), source="social_media_links")


class AstronautForm(Serializer):
    """What the forms of astronauts choose from."""

    url = DetailURL("2.2.0/astronaut")
    status = AstronautStatus()
    type = AstronautType()
    agency = AgencySerializerMini(allow_null=True)
    nationality = Joined(Nationality, "nationality_name", ", ")
    twitter = _address_on("X", "Twitter")
    instagram = _address_on("Instagram")
    profile_image = picture("image")
    profile_image_thumbnail = thumbnail()

    class Meta:
        model = models.Astronaut
        fields: tuple[str, ...]


class Astronaut(AstronautForm):
    class Meta(AstronautForm.Meta):
        fields = keys("id url name status agency profile_image profile_image_thumbnail")


class AstronautDetailedSerializerNoFlights(AstronautForm):
    class Meta(AstronautForm.Meta):
        fields = keys(
            "id url name type in_space time_in_space status agency date_of_birth date_of_death nationality twitter "
            "instagram bio profile_image wiki last_flight first_flight"
        )


class AstronautNormal(AstronautForm):
    agency = Agency(allow_null=True)

    class Meta(AstronautForm.Meta):
        fields = keys(
            "id url name status type in_space time_in_space eva_time age date_of_birth date_of_death nationality bio "
            "twitter instagram wiki agency profile_image profile_image_thumbnail flights_count landings_count "
            "spacewalks_count last_flight first_flight"
        )


class AstronautList(AstronautForm):
    agency = NaturalKey(slug_field="name", allow_null=True)

    class Meta(AstronautForm.Meta):
        fields = keys("id url name status type agency nationality profile_image profile_image_thumbnail")


class AstronautFlight(Serializer):
    id = Integer(source="number", read_only=True)
    role = AstronautRole()
    astronaut = AstronautDetailedSerializerNoFlights()

    class Meta:
        model = models.AstronautFlight
        fields = keys("id role astronaut")


class AstronautFlightForExpedition(AstronautFlight):
    astronaut = Astronaut()


class SpaceStationForm(Serializer):
    """What the forms of stations choose from."""

    url = DetailURL("2.2.0/spacestation")
    status = SpaceStationStatus()
    type = SpaceStationType()
    orbit = NaturalKey(slug_field="name")
    owners = AgencyList(many=True)
    image_url = picture("image")

    class Meta:
        model = models.SpaceStation
        fields: tuple[str, ...]


class SpaceStationSerializerForDocking(SpaceStationForm):
    class Meta(SpaceStationForm.Meta):
        fields = keys("id url name")


class SpaceStationSerializerForDockingEvent(SpaceStationForm):
    class Meta(SpaceStationForm.Meta):
        fields = keys("id url name image_url")


class SpaceStationSerializerForExpedition(SpaceStationForm):
    class Meta(SpaceStationForm.Meta):
        fields = keys("id url name status orbit image_url")


class SpaceStationSerializerForCommon(SpaceStationForm):
    class Meta(SpaceStationForm.Meta):
        fields = keys("id url name status founded description orbit image_url")


class SpaceStationDetailedSerializerForExpedition(SpaceStationSerializerForCommon):
    class Meta(SpaceStationSerializerForCommon.Meta):
        fields = (*SpaceStationSerializerForCommon.Meta.fields, "owners")


class DockingLocation(Serializer):
    spacestation = SpaceStationSerializerForDocking()

    class Meta:
        model = models.DockingLocation
        fields = keys("id name spacestation")


class DockingEventSerializerForSpacecraftFlight(Serializer):
    spacestation = SpaceStationSerializerForCommon(source="space_station_target")
    docking_location = DockingLocation()

    class Meta:
        model = models.DockingEvent
        fields = keys("spacestation docking departure docking_location")


class SpacecraftFlight(Serializer):
    url = DetailURL("2.2.0/spacecraft/flight")
    spacecraft = Spacecraft()
    launch = LaunchSerializerCommon()
    landing = Landing()

    class Meta:
        model = models.SpacecraftFlight
        fields: tuple[str, ...] = keys("id url destination mission_end spacecraft launch landing")


class SpacecraftFlightDetailed(SpacecraftFlight):
    launch_crew = AstronautFlight.listed("crew", phase=Crew.Phase.LAUNCH)
    onboard_crew = AstronautFlight.listed("crew", phase=Crew.Phase.ONBOARD)
    landing_crew = AstronautFlight.listed("crew", phase=Crew.Phase.LANDING)
    spacecraft = SpacecraftDetailedNoFlights()
    docking_events = DockingEventSerializerForSpacecraftFlight.listed(is_at_station=True)

    class Meta(SpacecraftFlight.Meta):
        fields = keys(
            "id url mission_end destination launch_crew onboard_crew landing_crew spacecraft launch landing "
            "docking_events"
        )


class SpacecraftFlightDetailedSerializerForLaunch(SpacecraftFlightDetailed):
    class Meta(SpacecraftFlightDetailed.Meta):
        fields = without(SpacecraftFlightDetailed.Meta.fields, "launch")
