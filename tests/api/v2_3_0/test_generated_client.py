"""A typed client, generated from the unchanged official OpenAPI document, works with this server over HTTP."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.core.servers.basehttp import WSGIRequestHandler
from pytest_django.live_server_helper import LiveServer
from rest_framework.authtoken.models import Token

from spacedb.catalogue.sorting import dictionary_key
from tests.generated_client import generate_client
from tests.official import NULLS, Official

PACKAGE = "launch_library"

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("reference"), pytest.mark.vendor_neutral]

MODELS = {
    "agencies": {"list": "AgencyMini", "normal": "AgencyNormal", "detailed": "AgencyEndpointDetailed"},
    "spacecraft": {"normal": "SpacecraftNormal", "detailed": "SpacecraftEndpointDetailed"},
    "spacecraft_configurations": {"normal": "SpacecraftConfigNormal", "detailed": "SpacecraftConfigDetailed"},
    "spacecraft_configuration_families": {
        "list": "SpacecraftConfigFamilyMini",
        "normal": "SpacecraftConfigFamilyNormal",
        "detailed": "SpacecraftConfigFamilyEndpointDetailed",
    },
    "spacecraft_flights": {"normal": "SpacecraftFlightNormal", "detailed": "SpacecraftFlightDetailed"},
}

# Not nullable in the document, but null in recorded responses. The client raises TypeError for such a null.
UNEXPECTED_NULLS = {"Landing*.landing_location", "LandingLocation.location"}

# Tests therefore list the flights of a New Shepard capsule, which have no such nulls.
CAPSULE, CAPSULES = 453, 21
LISTED = {"spacecraft_flights": {"spacecraft": CAPSULE}}


class Endpoint:
    """An endpoint, called with the generated client."""

    def __init__(self, name: str, client: Any) -> None:
        self.name = name
        self.client = client
        self.list = partial(import_module(f"{PACKAGE}.api.{name}.{name}_list").sync, client=client)
        self.detail = partial(import_module(f"{PACKAGE}.api.{name}.{name}_retrieve").sync, client=client)

    def get_json(self, **query: Any) -> Any:
        """Return the JSON of the list."""
        return self.client.get_httpx_client().get(f"/2.3.0/{self.name}/", params=query).json()

    def url(self, **query: int) -> str:
        """Return the URL of a page as in `next` and `previous`."""
        parameters = sorted((name, value) for name, value in (LISTED.get(self.name, {}) | query).items() if value)
        return f"{self.client._base_url}/2.3.0/{self.name}/?{urlencode(parameters)}"

    def page(self, **query: Any) -> Any:
        """Return a page. The results are of the model class of their `response_mode`.

        The generator does not support discriminators. Its client uses the first class that matches, and stores all
        other keys in `additional_properties`. No key is lost, so the results can be converted.
        """
        page = self.list(**LISTED.get(self.name, {}) | query)
        page.results = [self.model(row.response_mode).from_dict(row.to_dict()) for row in page.results]
        return page

    def ids(self, **query: Any) -> list[int]:
        return [row.id for row in self.page(**{"limit": 100} | query).results]

    def model(self, mode: str) -> Any:
        return getattr(import_module(f"{PACKAGE}.models"), MODELS[self.name][mode])

    def mode(self, name: str) -> Any:
        return getattr(import_module(f"{PACKAGE}.models"), self.name.title().replace("_", "") + "ListMode")(name)

    def everything(self, **query: Any) -> list[Any]:
        """Return all objects of the list, in the most detailed mode that the client can parse."""
        mode = self.mode("normal" if self.name == "spacecraft" else "detailed")
        return list(self.page(mode=mode, limit=100, **query).results)


@pytest.fixture(scope="session")
def generated(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Generate the package of the client without warnings from the unchanged document."""
    directory = tmp_path_factory.mktemp("client")
    generate_client(reference / "live" / "openapi-2.3.0.json", directory, PACKAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(directory)
        yield


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """Start a server in a thread. It shares the connection of the tests, so it reads the data of their transaction."""
    with pytest.MonkeyPatch.context() as patch:
        # Otherwise the kernel holds each body back until the client has acknowledged the headers, for 40 milliseconds.
        patch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
        server = LiveServer("localhost")
        yield server
        server.stop()


@pytest.fixture
def client(generated: None, server: LiveServer) -> Any:
    """Return the generated client, with a token as the document requires. The server has all recorded responses."""
    token = Token.objects.create(user=User.objects.create_user("client"))
    generated_client = import_module(PACKAGE).AuthenticatedClient(
        base_url=server.url, token=token.key, prefix="Token", raise_on_unexpected_status=True
    )
    with generated_client:
        yield generated_client


def test_list(client: Any) -> None:
    for name, models in MODELS.items():
        endpoint = Endpoint(name, client)
        query = {"spacecraft_config": CAPSULES} if name == "spacecraft" else {}
        default = endpoint.page(limit=100, **query)
        assert default.count == len(default.results) > 2, name
        assert {type(row).__name__ for row in default.results} == {models["normal"]}
        for mode, model in models.items():
            page = endpoint.page(mode=endpoint.mode(mode), limit=100, **query)
            assert [row.id for row in page.results] == [row.id for row in default.results], name
            assert {type(row).__name__ for row in page.results} == {model}


def test_detail(client: Any, reference: Path) -> None:
    """The client parses every detail page, unless it contains a null that the document does not allow."""
    official = Official(reference, NULLS)
    for name, models in MODELS.items():
        endpoint = Endpoint(name, client)
        outcomes = Counter[str]()
        for document in endpoint.get_json(limit=100, mode="detailed")["results"]:
            official.nulls_seen.clear()
            assert official.errors(f"/2.3.0/{name}/{{id}}/", document) == []
            if official.nulls_seen & UNEXPECTED_NULLS:
                with pytest.raises(TypeError, match="'NoneType' object is not iterable"):
                    endpoint.detail(document["id"])
                outcomes["failed"] += 1
            else:
                parsed = endpoint.detail(document["id"])
                assert type(parsed).__name__ == models["detailed"]
                assert json.loads(json.dumps(parsed.to_dict()).replace("+00:00", "Z")) == document
                outcomes["parsed"] += 1
        assert outcomes["parsed"] >= 8, (name, outcomes)
        assert bool(outcomes["failed"]) == (name in ("spacecraft", "spacecraft_flights")), (name, outcomes)


def test_an_unexpected_null_fails_the_page(client: Any) -> None:
    """The client then tries the other model class of the list, which requires a missing key."""
    pages = Endpoint("spacecraft_flights", client).list
    assert [row.id for row in pages(offset=1, limit=2).results] == [574, 581]
    with pytest.raises(KeyError):
        pages(offset=1, limit=3)


def test_typed(client: Any) -> None:
    """Nested objects have typed attributes."""
    flight = Endpoint("spacecraft_flights", client).detail(902)
    assert flight.spacecraft.name == "RSS First Step"
    assert flight.spacecraft.spacecraft_config.agency.country[0].alpha_3_code == "USA"
    assert flight.landing.landing_location.location.name
    assert flight.launch.net < flight.mission_end == datetime(2026, 1, 22, 16, 35, 47, tzinfo=UTC)
    assert isinstance(flight.launch.id, UUID)
    assert Endpoint("spacecraft", client).detail(36).flights == []


Predicate = Callable[[Any], bool]

FILTERS: list[tuple[str, dict[str, Any], Predicate]] = [
    ("agencies", {"id": 44}, lambda row: row.id == 44),
    ("agencies", {"name": "SpaceX"}, lambda row: row.name == "SpaceX"),
    ("agencies", {"name_contains": "Space"}, lambda row: "Space" in row.name),
    ("agencies", {"abbrev": "NASA"}, lambda row: row.abbrev == "NASA"),
    ("agencies", {"abbrev_contains": "SA"}, lambda row: "SA" in row.abbrev),
    ("agencies", {"featured": True}, lambda row: row.featured),
    ("agencies", {"featured": False}, lambda row: not row.featured),
    ("agencies", {"founding_year": 1958}, lambda row: row.founding_year == 1958),
    ("agencies", {"founding_year_gt": 1958}, lambda row: (row.founding_year or 0) > 1958),
    ("agencies", {"founding_year_gte": 1958}, lambda row: (row.founding_year or 0) >= 1958),
    ("agencies", {"founding_year_lt": 1990}, lambda row: (row.founding_year or 9999) < 1990),
    ("agencies", {"founding_year_lte": 1990}, lambda row: (row.founding_year or 9999) <= 1990),
    ("agencies", {"total_launch_count_gte": 99}, lambda row: (row.total_launch_count or 0) >= 99),
    ("agencies", {"successful_landings_gt": 38}, lambda row: (row.successful_landings or 0) > 38),
    ("agencies", {"type_id": 3}, lambda row: row.type_.id == 3),
    ("agencies", {"spacecraft": True}, lambda row: row.spacecraft_list),
    ("agencies", {"country_code": ["IND"]}, lambda row: "IND" in codes(row)),
    ("agencies", {"country_code": ["IND", "RUS"]}, lambda row: not codes(row).isdisjoint({"IND", "RUS"})),
    ("spacecraft", {"name": "RSS H.G. Wells"}, lambda row: row.name == "RSS H.G. Wells"),
    ("spacecraft", {"in_space": True}, lambda row: row.in_space),
    ("spacecraft", {"is_placeholder": True}, lambda row: row.is_placeholder),
    ("spacecraft", {"status": 3}, lambda row: row.status.id == 3),
    ("spacecraft", {"spacecraft_config": 6}, lambda row: row.spacecraft_config.id == 6),
    ("spacecraft", {"in_space": True, "status": 4}, lambda row: row.in_space and row.status.id == 4),
    ("spacecraft_configurations", {"name": "Gaganyaan"}, lambda row: row.name == "Gaganyaan"),
    ("spacecraft_configurations", {"agency": 121}, lambda row: row.agency.id == 121),
    ("spacecraft_configurations", {"in_use": False}, lambda row: not row.in_use),
    ("spacecraft_configurations", {"human_rated": True}, lambda row: row.human_rated),
    ("spacecraft_configuration_families", {"name": "Cygnus"}, lambda row: row.name == "Cygnus"),
    ("spacecraft_configuration_families", {"manufacturer": 121}, lambda row: row.manufacturer.id == 121),
]

SEARCHES: list[tuple[str, str, Predicate]] = [
    ("agencies", "spacex", lambda row: row.name == "SpaceX"),
    ("spacecraft", "dragon", lambda row: "Dragon" in row.name + row.spacecraft_config.name),
    ("spacecraft", "crew freedom", lambda row: row.name == "Crew Dragon Freedom"),
    ("spacecraft_configurations", "spx", lambda row: row.agency.abbrev == "SpX"),
    ("spacecraft_configuration_families", "northrop", lambda row: "Northrop" in row.manufacturer.name),
    ("spacecraft_flights", "has no search fields", lambda row: True),
]

ORDERINGS = [
    ("agencies", "name"),
    ("agencies", "total_launch_count"),
    ("spacecraft", "flights_count"),
    ("spacecraft", "mission_ends_count"),
    ("spacecraft", "id"),
    ("spacecraft_configurations", "name"),
    ("spacecraft_configuration_families", "name"),
]


def sort_key(value: Any) -> Any:
    return dictionary_key(value) if isinstance(value, str) else value


def codes(agency: Any) -> set[str]:
    return {country.alpha_3_code for country in agency.country}


def test_filters(client: Any) -> None:
    for name, query, matches in FILTERS:
        endpoint = Endpoint(name, client)
        everything = endpoint.everything()
        expected = [row.id for row in everything if matches(row)]
        assert endpoint.ids(**query) == expected, (name, query)
        assert 0 < len(expected) < len(everything), (name, query)


def test_filter_of_flights(client: Any) -> None:
    flights = Endpoint("spacecraft_flights", client)
    page = flights.page(spacecraft=CAPSULE, mode=flights.mode("detailed"))
    assert [(row.id, row.spacecraft.id) for row in page.results] == [(n, CAPSULE) for n in (890, 897, 902)]
    assert flights.ids(spacecraft=276) == [893]
    assert flights.page(spacecraft=36).count == 0


def test_search(client: Any) -> None:
    for name, term, matches in SEARCHES:
        endpoint = Endpoint(name, client)
        expected = [row.id for row in endpoint.everything() if matches(row)]
        assert endpoint.ids(search=term) == expected != [], (name, term)


def test_ordering(client: Any) -> None:
    """Nulls are last in ascending order and first in descending order. Text is ordered as in a dictionary."""
    for name, field in ORDERINGS:
        everything = Endpoint(name, client).everything
        ascending, descending = (
            [sort_key(getattr(row, field)) for row in everything(ordering=by)] for by in (field, f"-{field}")
        )
        assert ascending == sorted(ascending, key=lambda value: (value is None, value)), (name, field)
        assert descending == ascending[::-1] != ascending
    flights = Endpoint("spacecraft_flights", client)
    assert flights.ids(ordering="-id") == flights.ids()[::-1]  # it names no ordering fields, so any field orders


def test_paging(client: Any) -> None:
    """Pages by `limit` and `offset` contain every object once, and the URLs of the next and the previous page."""
    for name in MODELS:
        endpoint = Endpoint(name, client)
        expected = endpoint.ids()
        limit = len(expected) // 3 + 1
        ids: list[int] = []
        for offset in range(0, len(expected), limit):
            page = endpoint.page(limit=limit, offset=offset)
            assert page.count == len(expected)
            after = offset + limit
            assert page.next_ == (endpoint.url(limit=limit, offset=after) if after < len(expected) else None)
            assert page.previous == (endpoint.url(limit=limit, offset=offset - limit) if offset else None)
            ids += [row.id for row in page.results]
        assert ids == expected
        beyond = endpoint.page(offset=1000)
        assert (beyond.count, beyond.results, beyond.next_) == (len(expected), [], None)
        assert len(endpoint.page().results) == min(10, len(expected))


def test_errors(client: Any) -> None:
    """The document does not describe errors, so the client raises an exception with the status."""
    unexpected = import_module(f"{PACKAGE}.errors").UnexpectedStatus
    with pytest.raises(unexpected, match="404"):
        Endpoint("spacecraft", client).detail(0)
    with pytest.raises(unexpected, match="400"):
        Endpoint("spacecraft", client).page(status=0)
