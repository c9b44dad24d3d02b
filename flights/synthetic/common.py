"""Objects that all fleets share: statuses, types, countries, a celestial body, and the program of the catalogue."""

from agencies.models import AgencyType
from flights.models import (
    AstronautRole,
    AstronautStatus,
    AstronautType,
    CelestialBody,
    CelestialBodyType,
    EventType,
    LandingType,
    LauncherStatus,
    LaunchStatus,
    MissionType,
    NetPrecision,
    NoticeType,
    Orbit,
    Program,
    ProgramType,
    RoadClosureStatus,
    SpaceStationStatus,
    SpaceStationType,
)
from flights.synthetic.rows import START_TIME, SyntheticRows
from flights.totals import FlownStatus
from spacecraft.models import SpacecraftConfigType, SpacecraftStatus
from spacedb.common.models import (
    Country,
    Image,
    ImageLicense,
    ImageVariant,
    ImageVariantType,
    InfoURLType,
    Language,
    VidURLType,
)

EVENT_TYPES = ("Docking", "Berthing", "Press Event", "Static Fire")
GO = 1
STATUSES = {
    GO: ("Go for Launch", "Go", "The launch is confirmed for the given time."),
    FlownStatus.SUCCESS: ("Launch Successful", "Success", "All payloads reached their planned orbits."),
    FlownStatus.FAILURE: ("Launch Failure", "Failure", "No payload reached a usable orbit."),
    FlownStatus.IN_FLIGHT: ("Launch in Flight", "In Flight", "The rocket has left its pad."),
    FlownStatus.PARTIAL_FAILURE: (
        "Launch was a Partial Failure",
        "Partial Failure",
        "The orbit was not the planned one.",
    ),
}
"""Name, abbreviation and description by id. The ids are those of Launch Library, as totals depend on them."""

IMAGES_PER_VARIANT = 8
"""Every eighth image has a variant."""


class SharedObjects:
    """Creates the shared objects, except for those that the database already contains."""

    def __init__(self, rows: SyntheticRows, name: str, seed: int) -> None:
        self.rows = rows
        self.host = f"https://{seed}.synthetic.example"
        get_or_create = rows.get_or_create
        self.statuses = {pk: self._launch_status(pk) for pk in STATUSES}
        self.precision = get_or_create(NetPrecision, name="Synthetic Second", abbrev="SYN")
        self.agency_types = [
            get_or_create(AgencyType, name=f"Synthetic {name}") for name in ("Government", "Company", "Union")
        ]
        self.craft_statuses = {
            name: get_or_create(SpacecraftStatus, name=f"Synthetic {name}")
            for name in ("Active", "Retired", "Lost", "Planned")
        }
        self.config_types = [
            get_or_create(SpacecraftConfigType, name=f"Synthetic {name}")
            for name in ("Capsule", "Cargo Ship", "Spaceplane")
        ]
        self.landing_types = [
            get_or_create(LandingType, name=f"Synthetic {name}", abbrev=name[:4].upper())
            for name in ("Parachutes", "Runway", "Splashdown")
        ]
        self.mission_types = [
            get_or_create(MissionType, name=f"Synthetic {name}") for name in ("Resupply", "Crew", "Test")
        ]
        self.astronaut_types = [
            get_or_create(AstronautType, name=f"Synthetic {name}") for name in ("Government", "Private")
        ]
        self.astronaut_status = get_or_create(AstronautStatus, name="Synthetic Active")
        self.roles = [
            get_or_create(AstronautRole, role=f"Synthetic {name}", priority=priority)
            for priority, name in enumerate(("Commander", "Pilot", "Engineer"))
        ]
        self.station_status = get_or_create(SpaceStationStatus, name="Synthetic Active")
        self.station_type = get_or_create(SpaceStationType, name="Synthetic Government")
        self.event_types = {name: get_or_create(EventType, name=f"Synthetic {name}") for name in EVENT_TYPES}
        self.notice_types = [get_or_create(NoticeType, name=f"Synthetic Notice to {name}") for name in ("Air", "Sea")]
        self.closure_status = get_or_create(RoadClosureStatus, name="Synthetic Scheduled")
        self.launcher_status = get_or_create(LauncherStatus, name="Synthetic Active")
        self.info_url_type = get_or_create(InfoURLType, name="Synthetic Official Page")
        self.vid_url_type = get_or_create(VidURLType, name="Synthetic Webcast")
        # ISO 639 leaves the codes qaa to qtz to its users.
        self.language = get_or_create(Language, name="Synthetic Language", code="qaa")
        # ISO 3166-1 leaves the codes XA to XZ to its users.
        self.countries = [
            get_or_create(
                Country, name=f"Synthetic Land {letter}", alpha_2_code=f"X{letter}", alpha_3_code=f"XX{letter}"
            )
            for letter in "ABCDEFGH"
        ]
        self.licenses = [
            get_or_create(
                ImageLicense, name=f"Synthetic License {n}", priority=n, link=f"https://synthetic.example/license/{n}"
            )
            for n in range(3)
        ]
        self.variant_type = get_or_create(ImageVariantType, name="Synthetic Banner")
        self.world = get_or_create(
            CelestialBody,
            name="Synthetic World",
            type=get_or_create(CelestialBodyType, name="Synthetic Planet"),
            diameter=12_000_000.0,
            mass=5e24,
            gravity=9.5,
        )
        self.orbits = [
            get_or_create(Orbit, name=f"Synthetic {name} Orbit", abbrev=f"S{name[0]}O", celestial_body=self.world)
            for name in ("Low", "Polar", "High")
        ]
        self.program = rows.add(
            Program,
            name=name,
            description=f"All launches of the synthetic catalogue with seed {seed}. None of them took place.",
            start_date=START_TIME,
            type=get_or_create(ProgramType, name="Synthetic Spaceflight"),
            image=self.image("program", 0),
        )

    def _launch_status(self, pk: int) -> LaunchStatus:
        name, abbrev, description = STATUSES[pk]
        values = {"name": name, "abbrev": abbrev, "description": description}
        return LaunchStatus.objects.get_or_create(pk=pk, defaults=values)[0]

    def image(self, subject: str, number: int) -> Image:
        base_url = f"{self.host}/images/{subject}_{number}"
        image = self.rows.add(
            Image,
            name=f"Synthetic image: {subject.replace('_', ' ')} {number}",
            image_url=f"{base_url}_image_20260101000000.jpg",
            thumbnail_url=f"{base_url}_255x255_thumbnail_20260101000000.jpg",
            credit=f"Synthetic Photographer {number % 40}" if number % 3 else None,
            license=self.licenses[number % len(self.licenses)],
            single_use=number % 2 == 0,
        )
        if number % IMAGES_PER_VARIANT == 0:
            banner = f"{base_url}_banner_20260101000000.jpg"
            self.rows.add(ImageVariant, image=image, type=self.variant_type, image_url=banner)
        return image
