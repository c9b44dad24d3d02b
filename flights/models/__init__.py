"""What happened: launches, pads, crews, landings, dockings, stations, payloads, by topic."""

from flights.models.crews import Astronaut, AstronautFlight, AstronautRole, AstronautStatus, AstronautType
from flights.models.dockings import DockingEvent
from flights.models.flights import SpacecraftFlight
from flights.models.landings import Landing, LandingLocation, LandingType
from flights.models.launchers import LauncherConfig, LauncherConfigFamily, Rocket
from flights.models.launches import Launch, LaunchStatus, NetPrecision
from flights.models.missions import InfoURL, Mission, MissionType, Orbit, VidURL
from flights.models.payloads import Payload, PayloadFlight, PayloadType
from flights.models.places import CelestialBody, CelestialBodyType, Location, Pad
from flights.models.programs import MissionPatch, Program, ProgramType
from flights.models.stations import DockingLocation, SpaceStation, SpaceStationStatus, SpaceStationType

__all__ = [
    "Astronaut",
    "AstronautFlight",
    "AstronautRole",
    "AstronautStatus",
    "AstronautType",
    "CelestialBody",
    "CelestialBodyType",
    "DockingEvent",
    "DockingLocation",
    "InfoURL",
    "Landing",
    "LandingLocation",
    "LandingType",
    "Launch",
    "LaunchStatus",
    "LauncherConfig",
    "LauncherConfigFamily",
    "Location",
    "Mission",
    "MissionPatch",
    "MissionType",
    "NetPrecision",
    "Orbit",
    "Pad",
    "Payload",
    "PayloadFlight",
    "PayloadType",
    "Program",
    "ProgramType",
    "Rocket",
    "SpaceStation",
    "SpaceStationStatus",
    "SpaceStationType",
    "SpacecraftFlight",
    "VidURL",
]
