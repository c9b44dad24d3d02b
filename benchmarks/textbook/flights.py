"""Nested serializers of detailed spacecraft flights."""

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
from spacedb.api.v2_3_0.serializers import (
    astronauts,
    celestial_bodies,
    common,
    docking_events,
    landings,
    launcher_configurations,
    launches,
    locations,
    mission_patches,
    missions,
    pads,
    payload_flights,
    payloads,
    programs,
    space_stations,
    spacecraft_flights,
    spacecraft_flights_detailed,
)


class LaunchStatusSerializer(serializers.ModelSerializer):
    Meta = launches.LaunchStatus.Meta


class NetPrecisionSerializer(serializers.ModelSerializer):
    Meta = launches.NetPrecision.Meta


class LauncherConfigFamilyMiniSerializer(serializers.ModelSerializer):
    response_mode = Mode("list")
    Meta = launcher_configurations.LauncherConfigFamilyMini.Meta


class LauncherConfigListSerializer(serializers.ModelSerializer):
    response_mode = Mode("list")
    url = URL("launcher_configurations")
    families = LauncherConfigFamilyMiniSerializer(many=True)
    Meta = launcher_configurations.LauncherConfigList.Meta


class RocketNormalSerializer(serializers.ModelSerializer):
    id = serializers.ReadOnlyField(source="rocket_id")
    configuration = LauncherConfigListSerializer()
    Meta = launches.RocketNormal.Meta


class CelestialBodyMiniSerializer(serializers.ModelSerializer):
    response_mode = Mode("list")
    Meta = celestial_bodies.CelestialBodyMini.Meta


class OrbitSerializer(serializers.ModelSerializer):
    celestial_body = CelestialBodyMiniSerializer()
    Meta = missions.Orbit.Meta


class InfoURLSerializer(serializers.ModelSerializer):
    type = InfoURLTypeSerializer()
    language = LanguageSerializer()
    Meta = common.InfoURL.Meta


class VidURLSerializer(serializers.ModelSerializer):
    type = VidURLTypeSerializer()
    language = LanguageSerializer()
    Meta = common.VidURL.Meta


class MissionSerializer(serializers.ModelSerializer):
    type = serializers.SlugRelatedField(slug_field="name", read_only=True)
    image = ImageSerializer()
    orbit = OrbitSerializer()
    agencies = AgencyDetailedSerializer(many=True)
    info_urls = InfoURLSerializer(many=True)
    vid_urls = VidURLSerializer(many=True)
    Meta = missions.Mission.Meta


class CelestialBodyTypeSerializer(serializers.ModelSerializer):
    Meta = celestial_bodies.CelestialBodyType.Meta


class CelestialBodyDetailedSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    type = CelestialBodyTypeSerializer()
    image = ImageSerializer()
    Meta = celestial_bodies.CelestialBodyDetailed.Meta


class LocationSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    url = URL("locations")
    celestial_body = CelestialBodyDetailedSerializer()
    country = CountrySerializer()
    image = ImageSerializer()
    Meta = locations.Location.Meta


class PadSerializer(serializers.ModelSerializer):
    url = URL("pads")
    agencies = AgencyNormalSerializer(many=True)
    image = ImageSerializer()
    country = CountrySerializer()
    fastest_turnaround = Duration()
    location = LocationSerializer()
    Meta = pads.Pad.Meta


class MissionPatchSerializer(serializers.ModelSerializer):
    agency = AgencyMiniSerializer()
    response_mode = Mode("normal")
    Meta = mission_patches.MissionPatch.Meta


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
    Meta = locations.LocationSerializerNoCelestialBody.Meta


class CelestialBodyNormalSerializer(serializers.ModelSerializer):
    response_mode = Mode("normal")
    type = CelestialBodyTypeSerializer()
    image = ImageSerializer()
    Meta = celestial_bodies.CelestialBodyNormal.Meta


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
    Meta = astronauts.AstronautRole.Meta


class AstronautStatusSerializer(serializers.ModelSerializer):
    Meta = astronauts.AstronautStatus.Meta


class AstronautTypeSerializer(serializers.ModelSerializer):
    Meta = astronauts.AstronautType.Meta


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
    Meta = astronauts.AstronautDetailed.Meta


class AstronautFlightSerializer(serializers.ModelSerializer):
    id = serializers.ReadOnlyField(source="number")
    role = AstronautRoleSerializer()
    astronaut = AstronautDetailedSerializer()
    Meta = astronauts.AstronautFlight.Meta


class SpaceStationMiniSerializer(serializers.ModelSerializer):
    url = URL("space_stations")
    image = ImageSerializer()
    Meta = space_stations.SpaceStationMini.Meta


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
    Meta = docking_events.DockingLocation.Meta


class SpaceStationStatusSerializer(serializers.ModelSerializer):
    Meta = space_stations.SpaceStationStatus.Meta


class SpaceStationTypeSerializer(serializers.ModelSerializer):
    Meta = space_stations.SpaceStationType.Meta


class SpaceStationNormalSerializer(serializers.ModelSerializer):
    url = URL("space_stations")
    image = ImageSerializer()
    status = SpaceStationStatusSerializer()
    orbit = serializers.SlugRelatedField(slug_field="name", read_only=True)
    type = SpaceStationTypeSerializer()
    Meta = space_stations.SpaceStationNormal.Meta


class SpacecraftFlightNormalSerializer(serializers.ModelSerializer):
    url = URL("spacecraft_flights")
    spacecraft = SpacecraftSerializer()
    launch = LaunchNormalSerializer()
    landing = LandingSerializer()
    duration = Duration()
    turn_around_time = Duration()
    response_mode = Mode("normal")
    Meta = spacecraft_flights.SpacecraftFlightNormal.Meta


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
    Meta = payload_flights.PayloadFlightNormal.Meta


class DockingEventForChaserNormalSerializer(serializers.ModelSerializer):
    url = URL("docking_events")
    docking_location = DockingLocationSerializer()
    space_station_target = SpaceStationNormalSerializer()
    flight_vehicle_target = SpacecraftFlightNormalSerializer()
    payload_flight_target = PayloadFlightNormalSerializer()
    Meta = docking_events.DockingEventForChaserNormal.Meta


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
    Meta = spacecraft_flights_detailed.SpacecraftFlightDetailed.Meta
