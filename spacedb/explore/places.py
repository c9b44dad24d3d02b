"""The map: launch pads and landing locations on the Earth, in an equirectangular projection.

Pads of one location share a symbol, as they are some kilometres apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from django.db.models import F

from flights.models import CelestialBody
from spacedb.explore.listings import detail_url, list_url, listed
from spacedb.rest.formats.declarations import is_valid_position

MAX_PADS = 1000
MAX_LANDING_LOCATIONS = 200
MAX_SITES = 200
"""Maximum number of symbols of each kind."""
MAX_LABELS = 40

WIDTH, HEIGHT = 1200, 600
SCALE = WIDTH / 360
"""Pixels of a degree."""

CHARACTER, LINE = 6.9, 13
"""Width and height of a character of a label."""

REGIONS = {
    "North America": (47, -104),
    "South America": (-12, -58),
    "Europe": (52, 16),
    "Africa": (8, 20),
    "Asia": (54, 92),
    "Australia": (-25, 134),
    "Antarctica": (-78, 20),
    "Pacific Ocean": (8, -150),
    "Atlantic Ocean": (20, -40),
    "Indian Ocean": (-22, 78),
}
"""Latitude and longitude of names that help to find one's way, as the map has no coastlines."""


class Box(NamedTuple):
    """A rectangle on the map."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        is_beside = self.right <= other.left or other.right <= self.left
        return not (is_beside or self.bottom <= other.top or other.bottom <= self.top)

    @property
    def is_on_map(self) -> bool:
        return self.left >= 0 and self.right <= WIDTH


@dataclass
class Label:
    """The name of a site beside its symbol."""

    text: str
    x: float
    y: float

    @property
    def box(self) -> Box:
        return Box(self.x, self.y - LINE + 3, self.x + CHARACTER * len(self.text), self.y + 3)

    @property
    def centered_box(self) -> Box:
        """The rectangle of the text if its middle is at `x`."""
        box, half = self.box, CHARACTER * len(self.text) / 2
        return box._replace(left=box.left - half, right=box.right - half)


@dataclass
class Site:
    """A location with its pads, or a landing location."""

    name: str
    url: str
    latitude: float
    longitude: float
    kind: str
    pads: list[str] = field(default_factory=list)
    """The names of the pads."""
    count: int = 0
    """The number of launches or of attempted landings."""
    label: Label | None = None

    @property
    def x(self) -> float:
        return round((self.longitude + 180) * SCALE, 1)

    @property
    def y(self) -> float:
        return round((90 - self.latitude) * SCALE, 1)

    @property
    def radius(self) -> int:
        """The radius of the symbol: one pixel more for each doubling of the number of pads."""
        return 4 + min(len(self.pads).bit_length(), 5)

    @property
    def box(self) -> Box:
        """The rectangle of the symbol."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)

    @property
    def diamond(self) -> str:
        """The corners of the symbol of a landing location."""
        return f"{self.x},{self.y - 6} {self.x + 6},{self.y} {self.x},{self.y + 6} {self.x - 6},{self.y}"

    @property
    def coordinates(self) -> str:
        north, east = ("N" if self.latitude >= 0 else "S"), ("E" if self.longitude >= 0 else "W")
        return f"{abs(self.latitude):.2f}° {north}, {abs(self.longitude):.2f}° {east}"


class Line(NamedTuple):
    """A line of the graticule, with its label."""

    position: float
    label: str


@dataclass
class Map:
    launch_sites: list[Site]
    landing_sites: list[Site]
    without_coordinates: int
    """The number of pads and landing locations that have no coordinates."""

    width: ClassVar = WIDTH
    height: ClassVar = HEIGHT
    regions: ClassVar = [
        Label(name, (longitude + 180) * SCALE, (90 - latitude) * SCALE)
        for name, (latitude, longitude) in REGIONS.items()
    ]
    meridians: ClassVar = [
        Line((degree + 180) * SCALE, f"{abs(degree)}°{'E' if degree > 0 else 'W' if degree else ''}")
        for degree in range(-150, 180, 30)
    ]
    parallels: ClassVar = [
        Line((90 - degree) * SCALE, f"{abs(degree)}°{'N' if degree > 0 else 'S' if degree else ''}")
        for degree in range(-60, 90, 30)
    ]

    @property
    def sites(self) -> list[Site]:
        return [*self.launch_sites, *self.landing_sites]


def world_map() -> Map:
    """The map, with two queries. Sites on other celestial bodies are left out."""
    on_earth = CelestialBody.earth_or_unknown
    pads = listed("pads").filter(on_earth("location__celestial_body")).select_related("location")
    pads = pads.order_by(F("total_launch_count").desc(nulls_last=True), "pk")[:MAX_PADS]
    landing_locations = listed("config/landing_locations").filter(on_earth("celestial_body")).select_related("location")
    landing_locations = landing_locations.order_by(F("attempted_landings").desc(nulls_last=True), "pk")[
        :MAX_LANDING_LOCATIONS
    ]
    launch_sites = _launch_sites(pads)[:MAX_SITES]
    landing_sites = [site for row in landing_locations if (site := _landing_site(row))]
    _add_labels([*launch_sites, *landing_sites])
    without = sum(_coordinates(row, row.location) is None for row in (*pads, *landing_locations))
    return Map(launch_sites, landing_sites, without)


def _launch_sites(pads: Iterable[Any]) -> list[Site]:
    """The sites of pads, those with the most launches first."""
    sites: dict[tuple[str, int], Site] = {}
    for pad in pads:
        if (coordinates := _coordinates(pad, pad.location)) is None:
            continue
        key = ("location", pad.location_id) if pad.location else ("pad", pad.pk)
        name = pad.location.name if pad.location else pad.name
        site = sites.setdefault(key, Site(name, detail_url("pads", pad.pk), *coordinates, kind="Launch site"))
        site.pads.append(pad.name)
        site.count += pad.total_launch_count or 0
    for (kind, pk), site in sites.items():
        if kind == "location" and len(site.pads) > 1 and pk >= 0:
            site.url = list_url("pads", location__id=pk)
    return sorted(sites.values(), key=lambda site: -site.count)


def _landing_site(row: Any) -> Site | None:
    if (coordinates := _coordinates(row, row.location)) is None:
        return None
    url = detail_url("config/landing_locations", row.pk)
    return Site(row.name, url, *coordinates, kind="Landing location", count=row.attempted_landings or 0)


def _coordinates(*places: Any) -> tuple[float, float] | None:
    """Latitude and longitude of the first place that has valid ones."""
    for place in places:
        if place and is_valid_position(place.latitude, place.longitude):
            return place.latitude, place.longitude
    return None


def _add_labels(sites: Sequence[Site]) -> None:
    """Add labels to the first sites, on the side where they overlap neither another label nor a symbol."""
    boxes = [*(site.box for site in sites), *(region.centered_box for region in Map.regions)]
    count = 0
    for site in sites:
        text = site.name.partition(",")[0]
        for x in (site.x + site.radius + 4, site.x - site.radius - 4 - CHARACTER * len(text)):
            label = Label(text, round(x, 1), site.y + 4)
            if label.box.is_on_map and not any(label.box.overlaps(box) for box in boxes):
                site.label = label
                boxes.append(label.box)
                count += 1
                break
        if count == MAX_LABELS:
            break
