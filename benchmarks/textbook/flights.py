"""The nested serializers of the flights of spacecraft in detail."""

from rest_framework import serializers

from benchmarks.textbook.fields import URL, Duration, Mode
from benchmarks.textbook.serializers import (
    AgencyDetailedSerializer,
    AgencyMiniSerializer,
    AgencyNormalSerializer,
    CountrySerializer,
    ImageSerializer,
    InfoURLTypeSerializer,
    LanguageSerializer,
    SocialMediaLinkSerializer,
    SpacecraftConfigNormalSerializer,
    SpacecraftDetailedSerializer,
    SpacecraftSerializer,
    VidURLTypeSerializer,
)
from flights.serializers.v2_3_0 import (
    crews,
    dockings,
    flights,
    landings,
    launchers,
    launches,
    links,
    missions,
    payloads,
    places,
    programs,
    spacecraft_flights,
)


class LaunchStatusSerializer(serializers.ModelSerializer):
    Meta = launches.LaunchStatus.Meta


class NetPrecisionSerializer(serializers.ModelSerializer):
    Meta = launches.NetPrecision.Meta


class LauncherConfigFamilyMiniSerializer(serializers.ModelSerializer):
    response_mode = Mode("list")
    Meta = launchers.LauncherConfigFamilyMini.Meta


class LauncherConfigListSerializer(serializers.ModelSerializer):
    response_mode = Mode("list")
    url = URL("launcher_configurations")
    families = LauncherConfigFamilyMiniSerializer(many=True)
    Meta = launchers.LauncherConfigList.Meta


class RocketNormalSerializer(serializers.ModelSerializer):
    id = serializers.ReadOnlyField(source="rocket_id")
    configuration = LauncherConfigListSerializer()
    Meta = launches.RocketNormal.Meta


class CelestialBodyMiniSerializer(serializers.ModelSerializer):
    response_mode = Mode("list")
    Meta = places.CelestialBodyMini.Meta


class OrbitSerializer(serializers.ModelSerializer):
    celestial_body = CelestialBodyMiniSerializer()
    Meta = missions.Orbit.Meta


class InfoURLSerializer(serializers.ModelSerializer):
    type = InfoURLTypeSerializer()
    language = LanguageSerializer()
    Meta = links.InfoURL.Meta


class VidURLSerializer(serializers.ModelSerializer):
    type = VidURLTypeSerializer()
    language = LanguageSerializer()
    Meta = links.VidURL.Meta


class MissionSerializer(serializers.ModelSerializer):
    type = serializers.SlugRelatedField(slug_field="name", read_only=True)
    image = ImageSerializer()
    orbit = OrbitSerializer()
    agencies = AgencyDetailedSerializer(many=True)
    info_urls = InfoURLSerializer(many=True)
    vid_urls = VidURLSerializer(many=True)
    Meta = missions.Mission.Meta


class CelestialBodyTypeSerializer(serializers.ModelSerializer):
    Meta = places.CelestialBodyType.Meta


class CelestialBodyDetailedSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    type = CelestialBodyTypeSerializer()
    image = ImageSerializer()
    Meta = places.CelestialBodyDetailed.Meta


class LocationSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    url = URL("locations")
    celestial_body = CelestialBodyDetailedSerializer()
    country = CountrySerializer()
    image = ImageSerializer()
    Meta = places.Location.Meta


class PadSerializer(serializers.ModelSerializer):
    url = URL("pads")
    agencies = AgencyNormalSerializer(many=True)
    image = ImageSerializer()
    country = CountrySerializer()
    fastest_turnaround = Duration()
    location = LocationSerializer()
    Meta = places.Pad.Meta


class MissionPatchSerializer(serializers.ModelSerializer):
    agency = AgencyMiniSerializer()
    response_mode = Mode("normal")
    Meta = programs.MissionPatch.Meta


class ProgramTypeSerializer(serializers.ModelSerializer):
    Meta = programs.ProgramType.Meta


class ProgramNormalSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    url = URL("programs")
    image = ImageSerializer()
    agencies = AgencyMiniSerializer(many=True)
    mission_patches = MissionPatchSerializer(many=True)
    type = ProgramTypeSerializer()
    Meta = programs.ProgramNormal.Meta


class LaunchNormalSerializer(serializers.ModelSerializer):
    url = URL("launches")
    response_mode = Mode("normal")
    status = LaunchStatusSerializer()
    net_precision = NetPrecisionSerializer()
    image = ImageSerializer()
    launch_service_provider = AgencyMiniSerializer()
    rocket = RocketNormalSerializer(source="*")
    mission = MissionSerializer()
    pad = PadSerializer()
    program = ProgramNormalSerializer(many=True)
    Meta = launches.LaunchNormal.Meta


class LocationWithoutCelestialBodySerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    url = URL("locations")
    country = CountrySerializer()
    image = ImageSerializer()
    Meta = places.LocationSerializerNoCelestialBody.Meta


class CelestialBodyNormalSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    type = CelestialBodyTypeSerializer()
    image = ImageSerializer()
    Meta = places.CelestialBodyNormal.Meta


class LandingLocationSerializer(serializers.ModelSerializer):
    location = LocationWithoutCelestialBodySerializer()
    image = ImageSerializer()
    celestial_body = CelestialBodyNormalSerializer()
    Meta = landings.LandingLocation.Meta


class LandingTypeSerializer(serializers.ModelSerializer):
    Meta = landings.LandingType.Meta


class LandingSerializer(serializers.ModelSerializer):
    url = URL("landings")
    landing_location = LandingLocationSerializer()
    type = LandingTypeSerializer()
    Meta = landings.Landing.Meta


class AstronautRoleSerializer(serializers.ModelSerializer):
    Meta = crews.AstronautRole.Meta


class AstronautStatusSerializer(serializers.ModelSerializer):
    Meta = crews.AstronautStatus.Meta


class AstronautTypeSerializer(serializers.ModelSerializer):
    Meta = crews.AstronautType.Meta


class AstronautDetailedSerializer(serializers.ModelSerializer):
    url = URL("astronauts")
    status = AstronautStatusSerializer()
    agency = AgencyMiniSerializer()
    image = ImageSerializer()
    response_mode = Mode("list")
    type = AstronautTypeSerializer()
    time_in_space = Duration()
    eva_time = Duration()
    nationality = CountrySerializer(many=True)
    social_media_links = SocialMediaLinkSerializer(many=True)
    Meta = crews.AstronautDetailed.Meta


class AstronautFlightSerializer(serializers.ModelSerializer):
    id = serializers.ReadOnlyField(source="number")
    role = AstronautRoleSerializer()
    astronaut = AstronautDetailedSerializer()
    Meta = crews.AstronautFlight.Meta


class SpaceStationMiniSerializer(serializers.ModelSerializer):
    url = URL("space_stations")
    image = ImageSerializer()
    Meta = dockings.SpaceStationMini.Meta


class PayloadTypeSerializer(serializers.ModelSerializer):
    Meta = payloads.PayloadType.Meta


class PayloadMiniSerializer(serializers.ModelSerializer):
    response_mode = Mode("list")
    type = PayloadTypeSerializer()
    manufacturer = AgencyMiniSerializer()
    operator = AgencyMiniSerializer()
    image = ImageSerializer()
    Meta = payloads.PayloadMini.Meta


class DockingLocationSerializer(serializers.ModelSerializer):
    spacestation = SpaceStationMiniSerializer()
    spacecraft = SpacecraftConfigNormalSerializer()
    payload = PayloadMiniSerializer()
    Meta = dockings.DockingLocation.Meta


class SpaceStationStatusSerializer(serializers.ModelSerializer):
    Meta = dockings.SpaceStationStatus.Meta


class SpaceStationTypeSerializer(serializers.ModelSerializer):
    Meta = dockings.SpaceStationType.Meta


class SpaceStationNormalSerializer(serializers.ModelSerializer):
    url = URL("space_stations")
    image = ImageSerializer()
    status = SpaceStationStatusSerializer()
    orbit = serializers.SlugRelatedField(slug_field="name", read_only=True)
    type = SpaceStationTypeSerializer()
    Meta = dockings.SpaceStationNormal.Meta


class SpacecraftFlightNormalSerializer(serializers.ModelSerializer):
    url = URL("spacecraft_flights")
    spacecraft = SpacecraftSerializer()
    launch = LaunchNormalSerializer()
    landing = LandingSerializer()
    duration = Duration()
    turn_around_time = Duration()
    response_mode = Mode("normal")
    Meta = flights.SpacecraftFlightNormal.Meta


class ProgramMiniSerializer(serializers.ModelSerializer):
    response_mode = Mode("list")
    url = URL("programs")
    image = ImageSerializer()
    Meta = programs.ProgramMini.Meta


class PayloadNormalSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    type = PayloadTypeSerializer()
    manufacturer = AgencyNormalSerializer()
    operator = AgencyNormalSerializer()
    image = ImageSerializer()
    program = ProgramMiniSerializer(many=True)
    Meta = payloads.PayloadNormal.Meta


class PayloadFlightNormalSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    url = URL("payload_flights")
    payload = PayloadNormalSerializer()
    launch = LaunchNormalSerializer()
    landing = LandingSerializer()
    Meta = payloads.PayloadFlightNormal.Meta


class DockingEventForChaserNormalSerializer(serializers.ModelSerializer):
    url = URL("docking_events")
    docking_location = DockingLocationSerializer()
    space_station_target = SpaceStationNormalSerializer()
    flight_vehicle_target = SpacecraftFlightNormalSerializer()
    payload_flight_target = PayloadFlightNormalSerializer()
    Meta = dockings.DockingEventForChaserNormal.Meta


class SpacecraftFlightSerializer(serializers.ModelSerializer):
    url = URL("spacecraft_flights")
    spacecraft = SpacecraftDetailedSerializer()
    launch = LaunchNormalSerializer()
    landing = LandingSerializer()
    duration = Duration()
    turn_around_time = Duration()
    response_mode = Mode("detailed")
    launch_crew = AstronautFlightSerializer(many=True)
    onboard_crew = AstronautFlightSerializer(many=True)
    landing_crew = AstronautFlightSerializer(many=True)
    docking_events = DockingEventForChaserNormalSerializer(many=True)
    Meta = spacecraft_flights.SpacecraftFlightDetailed.Meta
