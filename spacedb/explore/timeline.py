"""The timeline: the number of flown flights by family of spacecraft and year, as a grid in SVG."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count
from django.db.models.functions import ExtractYear

from flights.models import SpacecraftFlight
from flights.totals import FLOWN
from spacecraft.models import SpacecraftConfig, SpacecraftConfigFamily
from spacedb.catalogue.sorting import dictionary_key
from spacedb.explore.listings import detail_url, list_url

MAX_ROWS = 20
"""Maximum number of families; the others with the fewest flights share the last row."""
MAX_YEARS = 75
"""Maximum number of years, up to the last one with a flight."""
MAX_IDS = 100
"""Maximum length of the ids of the configurations in a link. The cells of families with more have no links."""

LABEL_WIDTH, ROW_HEIGHT, HEADER, MARGIN = 180, 22, 26, 20
GRID_WIDTH = 1000
MIN_CELL, MAX_CELL = 15, 44

LEVELS = (1, 3, 8)
"""The least number of flights of each shade."""


@dataclass
class Cell:
    """The flights of a family in a year."""

    year: int
    count: int
    url: str
    x: int
    middle: int

    @property
    def text(self) -> str:
        """The count, with at most three characters."""
        return str(self.count) if self.count < 1000 else f"{min(self.count // 1000, 99)}k"

    @property
    def level(self) -> int:
        """The shade, from 1 to 3."""
        return sum(self.count >= least for least in LEVELS)


@dataclass
class Row:
    """A family: the widest one that a configuration belongs to, or a configuration without a family."""

    name: str
    url: str
    configs: list[int]
    counts: Counter[int] = field(default_factory=Counter)
    """The number of flights by year."""
    y: int = 0
    cells: list[Cell] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def label(self) -> str:
        """The name, as long as fits."""
        return self.name if len(self.name) <= 26 else f"{self.name[:25]}…"


@dataclass
class Timeline:
    rows: list[Row]
    years: range
    total: int

    @property
    def cell(self) -> int:
        """The width of a year."""
        return max(MIN_CELL, min(MAX_CELL, GRID_WIDTH // max(len(self.years), 1)))

    @property
    def width(self) -> int:
        return LABEL_WIDTH + self.cell * len(self.years) + MARGIN

    @property
    def height(self) -> int:
        return HEADER + ROW_HEIGHT * len(self.rows)

    @property
    def ticks(self) -> list[tuple[int, int]]:
        """The years that are labelled, with their x coordinates: those that end in 0 or 5, or all if they fit."""
        return [(year, self.x(year)) for year in self.years if self.cell >= 36 or year % 5 == 0]

    def x(self, year: int) -> int:
        return LABEL_WIDTH + self.cell * (year - self.years.start)


def timeline() -> Timeline:
    """The timeline of all flown flights, with three queries."""
    by_config: dict[int | None, Counter[int]] = defaultdict(Counter)
    flown = SpacecraftFlight.objects.filter(pk__gte=0, launch__status__in=FLOWN, launch__net__isnull=False)
    counts = flown.values("spacecraft__spacecraft_config", year=ExtractYear("launch__net")).annotate(count=Count("pk"))
    for config, year, count in counts.order_by().values_list("spacecraft__spacecraft_config", "year", "count"):
        by_config[config][year] += count
    rows = _bounded(_rows(by_config))
    flight_years = {year for row in rows for year in row.counts}
    last = max(flight_years, default=0)
    first = max(min(flight_years, default=0), last - MAX_YEARS + 1)
    years = range(first, last + 1) if flight_years else range(0)
    chart = Timeline(rows, years, sum(row.total for row in rows))
    launches = list_url("launches")
    for number, row in enumerate(rows):
        row.y = HEADER + ROW_HEIGHT * number
        configs = ",".join(map(str, row.configs))
        for year, count in sorted(row.counts.items()):
            if year in years:
                url = f"{launches}?year={year}&spacecraft_config__ids={configs}" if 0 < len(configs) <= MAX_IDS else ""
                row.cells.append(Cell(year, count, url, chart.x(year), chart.x(year) + chart.cell // 2))
    return chart


def _rows(by_config: Mapping[int | None, Counter[int]]) -> list[Row]:
    """The rows, unordered. A configuration without a family has a row of its own."""
    families = _widest_families(by_config)
    rows: dict[tuple[str, int | None], Row] = {}
    names = dict(SpacecraftConfig.objects.filter(pk__in=[pk for pk in by_config if pk]).values_list("pk", "name"))
    for config, counts in by_config.items():
        if config is None:
            row = rows.setdefault(("", None), Row("Configuration unknown", "", []))
        elif family := families.get(config):
            url = detail_url("spacecraft_configuration_families", family.pk) if family.pk >= 0 else ""
            row = rows.setdefault(("family", family.pk), Row(family.name, url, []))
        else:
            url = detail_url("spacecraft_configurations", config) if config >= 0 else ""
            row = rows.setdefault(("configuration", config), Row(names[config], url, []))
        row.counts += counts
        if config is not None and config >= 0:
            row.configs.append(config)
    return list(rows.values())


def _widest_families(configs: Mapping[int | None, object]) -> dict[int, SpacecraftConfigFamily]:
    """The widest family of each configuration that has one. Documents contain every family of a configuration."""
    widest: dict[int, SpacecraftConfigFamily] = {}
    links = SpacecraftConfig.family.through.objects.filter(spacecraftconfig__in=[pk for pk in configs if pk])
    for link in links.select_related("spacecraftconfigfamily").order_by("spacecraftconfigfamily"):
        family = link.spacecraftconfigfamily
        stored = widest.get(link.spacecraftconfig_id)
        if stored is None or (stored.parent_id is not None and family.parent_id is None):
            widest[link.spacecraftconfig_id] = family
    return widest


def _bounded(rows: list[Row]) -> list[Row]:
    """At most `MAX_ROWS` rows: those with the most flights, in the order of their first flights."""
    rows.sort(key=lambda row: (-row.total, dictionary_key(row.name)))
    shown, others = rows[:MAX_ROWS], rows[MAX_ROWS:]
    shown.sort(key=lambda row: (min(row.counts), dictionary_key(row.name)))
    if others:
        combined = Row(f"{len(others)} other families", list_url("spacecraft_configuration_families"), [])
        for row in others:
            combined.counts += row.counts
        shown.append(combined)
    return shown
