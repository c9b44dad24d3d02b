"""What all fleets share: short lists, countries, a world, the programme that the whole catalogue is."""

from agencies.models import AgencyType
from flights.models import (
    AstronautRole,
    AstronautStatus,
    AstronautType,
    CelestialBody,
    CelestialBodyType,
    LandingType,
    LaunchStatus,
    MissionType,
    NetPrecision,
    Orbit,
    Program,
    ProgramType,
    SpaceStationStatus,
    SpaceStationType,
)
from flights.synthetic.rows import FIRST, SyntheticRows
from flights.totals import Status
from spacecraft.models import SpacecraftConfigType, SpacecraftStatus
from spacedb.common.models import Country, Image, ImageLicense, ImageVariant, ImageVariantType

GO = 1
STATUSES = {
    GO: ("Go for Launch", "Go", "Nothing stands against a launch at the time that is told."),
    Status.SUCCESS: ("Launch Successful", "Success", "All aboard reached the orbit that was meant for it."),
    Status.FAILURE: ("Launch Failure", "Failure", "Nothing aboard reached an orbit where it could work."),
    Status.IN_FLIGHT: ("Launch in Flight", "In Flight", "The rocket has left its pad."),
    Status.PARTIAL_FAILURE: ("Launch was a Partial Failure", "Partial Failure", "The orbit was not the one meant."),
}
"""By upstream's ids, for by them totals are counted."""

VARIANTS_EVERY = 8
"""One image in so many has variants."""


class Common:
    """The objects that are there once, made where they are missing."""

    def __init__(self, rows: SyntheticRows, name: str, seed: int) -> None:
        self.rows = rows
        self.host = f"https://{seed}.synthetic.example"
        entry = rows.entry
        self.statuses = {pk: self._launch_status(pk) for pk in STATUSES}
        self.precision = entry(NetPrecision, name="Synthetic Second", abbrev="SYN")
        self.agency_types = [entry(AgencyType, name=f"Synthetic {one}") for one in ("Government", "Company", "Union")]
        self.craft_statuses = {
            one: entry(SpacecraftStatus, name=f"Synthetic {one}") for one in ("Active", "Retired", "Lost", "Planned")
        }
        self.config_types = [
            entry(SpacecraftConfigType, name=f"Synthetic {one}") for one in ("Capsule", "Cargo Ship", "Spaceplane")
        ]
        self.landing_types = [
            entry(LandingType, name=f"Synthetic {one}", abbrev=one[:4].upper())
            for one in ("Parachutes", "Runway", "Splashdown")
        ]
        self.mission_types = [entry(MissionType, name=f"Synthetic {one}") for one in ("Resupply", "Crew", "Test")]
        self.astronaut_types = [entry(AstronautType, name=f"Synthetic {one}") for one in ("Government", "Private")]
        self.astronaut_status = entry(AstronautStatus, name="Synthetic Active")
        self.roles = [
            entry(AstronautRole, role=f"Synthetic {one}", priority=priority)
            for priority, one in enumerate(("Commander", "Pilot", "Engineer"))
        ]
        self.station_status = entry(SpaceStationStatus, name="Synthetic Active")
        self.station_type = entry(SpaceStationType, name="Synthetic Government")
        # QM to QZ, XA to XZ and their like are left by ISO 3166-1 to whoever needs codes of one's own.
        self.countries = [
            entry(Country, name=f"Synthetic Land {letter}", alpha_2_code=f"X{letter}", alpha_3_code=f"XX{letter}")
            for letter in "ABCDEFGH"
        ]
        self.licenses = [
            entry(
                ImageLicense, name=f"Synthetic Licence {n}", priority=n, link=f"https://synthetic.example/licence/{n}"
            )
            for n in range(3)
        ]
        self.variant_type = entry(ImageVariantType, name="Synthetic Banner")
        self.world = entry(
            CelestialBody,
            name="Synthetic World",
            type=entry(CelestialBodyType, name="Synthetic Planet"),
            diameter=12_000_000.0,
            mass=5e24,
            gravity=9.5,
        )
        self.orbits = [
            entry(Orbit, name=f"Synthetic {one} Orbit", abbrev=f"S{one[0]}O", celestial_body=self.world)
            for one in ("Low", "Polar", "High")
        ]
        self.program = rows.add(
            Program,
            name=name,
            description=f"All launches of the synthetic catalogue that the seed {seed} gives. None of them took place.",
            start_date=FIRST,
            type=entry(ProgramType, name="Synthetic Spaceflight"),
            image=self.image("program", 0),
        )

    def _launch_status(self, pk: int) -> LaunchStatus:
        name, abbrev, description = STATUSES[pk]
        values = {"name": name, "abbrev": abbrev, "description": description}
        return LaunchStatus.objects.get_or_create(pk=pk, defaults=values)[0]

    def image(self, of: str, number: int) -> Image:
        address = f"{self.host}/images/{of}_{number}"
        image = self.rows.add(
            Image,
            name=f"Synthetic picture: {of.replace('_', ' ')} {number}",
            image_url=f"{address}_image_20260101000000.jpg",
            thumbnail_url=f"{address}_255x255_thumbnail_20260101000000.jpg",
            credit=f"Synthetic Photographer {number % 40}" if number % 3 else None,
            license=self.licenses[number % len(self.licenses)],
            single_use=number % 2 == 0,
        )
        if number % VARIANTS_EVERY == 0:
            banner = f"{address}_banner_20260101000000.jpg"
            self.rows.add(ImageVariant, image=image, type=self.variant_type, image_url=banner)
        return image
