"""The search over several kinds of objects, with the search of the API."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import F
from django.db.models.expressions import OrderBy
from django.utils.formats import date_format

from spacedb.catalogue.sorting import DictionaryKey
from spacedb.common.models import Image
from spacedb.explore.listings import detail_url, list_url, listed
from spacedb.explore.thumbnails import spacecraft_images, thumbnail

LIMIT = 8
"""Maximum number of results of each kind."""

NEWEST_FIRST = F("net").desc(nulls_last=True)
BY_NAME = DictionaryKey("name").asc()


class SearchResult(NamedTuple):
    name: str
    url: str
    detail: str
    """What distinguishes it from others of the same name: its type, its date, its status."""
    thumbnail: str


class SearchResults(NamedTuple):
    """The results of one kind."""

    title: str
    results: list[SearchResult]
    more_url: str
    """The list of all results; empty if it is not longer, or if there is no such list."""
    is_cut: bool
    """Whether there are more results."""


class SearchKind(NamedTuple):
    """A kind of objects that can be found."""

    title: str
    endpoint: str
    describe: Callable[[Any], tuple[object, ...]]
    """The parts of the detail line of an object; empty parts are left out."""
    related: tuple[str, ...]
    order: OrderBy
    images: Callable[[Any], tuple[Image | None, ...]]
    """Images of an object, the preferred one first."""
    name: Callable[[Any], str] = str
    search_fields: tuple[str, ...] | None = None
    """Instead of those of the endpoint, if it has none."""

    def search(self, text: str) -> SearchResults:
        """Search with one query."""
        queryset = listed(self.endpoint, {"search": text}, self.search_fields).select_related(*self.related)
        rows = list(queryset.order_by(self.order, "pk")[: LIMIT + 1])
        is_cut = len(rows) > LIMIT
        more_url = list_url(self.endpoint, search=text) if is_cut and self.search_fields is None else ""
        return SearchResults(self.title, [self._result(row) for row in rows[:LIMIT]], more_url, is_cut)

    def _result(self, row: Any) -> SearchResult:
        detail = " · ".join(str(part) for part in self.describe(row) if part)
        return SearchResult(self.name(row), detail_url(self.endpoint, row.pk), detail, thumbnail(*self.images(row)))


def _day(time: Any) -> str:
    return date_format(time, "j M Y") if time else ""


KINDS = (
    SearchKind(
        "Spacecraft",
        "spacecraft",
        lambda row: (row.spacecraft_config, row.serial_number, row.status, "in space" if row.in_space else ""),
        ("spacecraft_config__image", "status", "image"),
        F("flights_count").desc(nulls_last=True),
        spacecraft_images,
    ),
    SearchKind(
        "Flights of spacecraft",
        "spacecraft_flights",
        lambda row: (row.launch and _day(row.launch.net), row.launch, row.destination),
        ("spacecraft__image", "spacecraft__spacecraft_config__image", "launch"),
        F("launch__net").desc(nulls_last=True),
        lambda row: spacecraft_images(row.spacecraft),
        lambda row: row.spacecraft.name if row.spacecraft else "",
        ("spacecraft__name", "spacecraft__serial_number", "launch__name", "destination"),
    ),
    SearchKind(
        "Astronauts",
        "astronauts",
        lambda row: (row.agency, row.status, "in space" if row.in_space else ""),
        ("agency", "status", "image"),
        BY_NAME,
        lambda row: (row.image,),
    ),
    SearchKind(
        "Space stations",
        "space_stations",
        lambda row: (row.type, row.status, row.orbit, _day(row.founded)),
        ("type", "status", "orbit", "image"),
        BY_NAME,
        lambda row: (row.image,),
    ),
    SearchKind(
        "Launches",
        "launches",
        lambda row: (_day(row.net), row.status, row.pad),
        ("status", "pad", "image"),
        NEWEST_FIRST,
        lambda row: (row.image,),
    ),
    SearchKind(
        "Agencies",
        "agencies",
        lambda row: (row.abbrev, row.type, row.founding_year and f"founded in {row.founding_year}"),
        ("type", "logo", "image"),
        BY_NAME,
        lambda row: (row.logo, row.image),
    ),
)


def search(text: str) -> Iterator[SearchResults]:
    """The results of each kind that has some. It takes one query for each kind.

    Raises DRF's `ValidationError` if the text is too long.
    """
    return (results for kind in KINDS if (results := kind.search(text)).results)
