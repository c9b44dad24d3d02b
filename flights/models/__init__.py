"""Models of launches, flights, crews, landings, dockings, space stations and payloads, one module per topic."""

from flights.models.crews import Astronaut, AstronautFlight, AstronautRole, AstronautStatus, AstronautType
from flights.models.dockings import DockingEvent
from flights.models.events import Event, EventType
from flights.models.expeditions import Expedition, Spacewalk
from flights.models.flights import SpacecraftFlight
from flights.models.landings import Landing, LandingLocation, LandingType
from flights.models.launchers import Launcher, LauncherConfig, LauncherConfigFamily, LauncherStatus
from flights.models.launches import Launch, LaunchStatus, NetPrecision, TimelineEvent, TimelineEventType
from flights.models.links import InfoURL, VidURL
from flights.models.missions import Mission, MissionType, Orbit
from flights.models.notices import LiveStream, Notice, NoticeType, RoadClosure, RoadClosureStatus
from flights.models.payloads import Payload, PayloadFlight, PayloadType
from flights.models.places import CelestialBody, CelestialBodyType, Location, Pad
from flights.models.programs import MissionPatch, Program, ProgramType
from flights.models.stages import FirstStage, FirstStageType
from flights.models.stations import DockingLocation, SpaceStation, SpaceStationStatus, SpaceStationType
from flights.models.updates import Update

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
    "Event",
    "EventType",
    "Expedition",
    "FirstStage",
    "FirstStageType",
    "InfoURL",
    "Landing",
    "LandingLocation",
    "LandingType",
    "Launch",
    "LaunchStatus",
    "Launcher",
    "LauncherConfig",
    "LauncherConfigFamily",
    "LauncherStatus",
    "LiveStream",
    "Location",
    "Mission",
    "MissionPatch",
    "MissionType",
    "NetPrecision",
    "Notice",
    "NoticeType",
    "Orbit",
    "Pad",
    "Payload",
    "PayloadFlight",
    "PayloadType",
    "Program",
    "ProgramType",
    "RoadClosure",
    "RoadClosureStatus",
    "SpaceStation",
    "SpaceStationStatus",
    "SpaceStationType",
    "SpacecraftFlight",
    "Spacewalk",
    "TimelineEvent",
    "TimelineEventType",
    "Update",
    "VidURL",
]
