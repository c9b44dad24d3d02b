"""A client generated from the official OpenAPI document, as it comes, uses this server: typed, over HTTP."""

import json
import subprocess
import sys
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
from pytest_django.live_server_helper import LiveServer
from rest_framework.authtoken.models import Token

from tests.official import NULLS, Official

PACKAGE = "launch_library"

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("reference"), pytest.mark.vendor_neutral]

FORMS = {
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

# The document promises these objects, real answers have null, and the client makes an object of null: a TypeError.
CHOKES_ON = {"Landing*.landing_location", "LandingLocation.location"}

# So where flights are listed, it is those of New Shepard, which lands at home.
CAPSULE, CAPSULES = 453, 21
LISTED = {"spacecraft_flights": {"spacecraft": CAPSULE}}


class Endpoint:
    """An endpoint through the generated client, as its user would call it."""

    def __init__(self, name: str, client: Any) -> None:
        tag = "agencies" if name == "agencies" else "spacecraft"
        self.name = name
        self.client = client
        self.list = partial(import_module(f"{PACKAGE}.api.{tag}.{name}_list").sync, client=client)
        self.detail = partial(import_module(f"{PACKAGE}.api.{tag}.{name}_retrieve").sync, client=client)

    def told(self, **query: Any) -> Any:
        """What the list says, as it says it."""
        return self.client.get_httpx_client().get(f"/2.3.0/{self.name}/", params=query).json()

    def url(self, **query: int) -> str:
        """A page's address, as other pages tell it."""
        told = sorted((name, value) for name, value in (LISTED.get(self.name, {}) | query).items() if value)
        return f"{self.client._base_url}/2.3.0/{self.name}/?{urlencode(told)}"

    def page(self, **query: Any) -> Any:
        """A page; its results in the form that each one's `response_mode` says.

        The generator does not know discriminators: it takes the first of the forms that fits, and keeps the rest of
        the keys as `additional_properties`. No key is lost, so the right form is had from there.
        """
        page = self.list(**LISTED.get(self.name, {}) | query)
        page.results = [self.form(one.response_mode).from_dict(one.to_dict()) for one in page.results]
        return page

    def ids(self, **query: Any) -> list[int]:
        return [one.id for one in self.page(**{"limit": 100} | query).results]

    def form(self, mode: str) -> Any:
        return getattr(import_module(f"{PACKAGE}.models"), FORMS[self.name][mode])

    def mode(self, name: str) -> Any:
        return getattr(import_module(f"{PACKAGE}.models"), self.name.title().replace("_", "") + "ListMode")(name)

    def everything(self, **query: Any) -> list[Any]:
        """What the list has, with the most that the client can read of it."""
        mode = self.mode("normal" if self.name == "spacecraft" else "detailed")
        return list(self.page(mode=mode, limit=100, **query).results)


@pytest.fixture(scope="session")
def generated(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A package, generated without a warning from the unchanged document."""
    directory = tmp_path_factory.mktemp("client")
    config = directory / "config.json"
    config.write_text('{"post_hooks": []}')  # none of its own formatting
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta=none", "--fail-on-warning"]
    files = (f"--path={reference / 'openapi-2.3.0.json'}", f"--config={config}", f"--output-path={directory / PACKAGE}")
    done = subprocess.run([*command, *files], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(directory)
        yield


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """A server in a thread that shares the connection of the tests, and so sees what is in their transaction."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def client(generated: None, server: LiveServer) -> Any:
    """The generated client, with a token as the document asks for, and a server with all the real answers."""
    token = Token.objects.create(user=User.objects.create_user("client"))
    made = import_module(PACKAGE).AuthenticatedClient(
        base_url=server.url, token=token.key, prefix="Token", raise_on_unexpected_status=True
    )
    with made:
        yield made


def test_list(client: Any) -> None:
    for name, forms in FORMS.items():
        endpoint = Endpoint(name, client)
        query = {"spacecraft_config": CAPSULES} if name == "spacecraft" else {}
        default = endpoint.page(limit=100, **query)
        assert default.count == len(default.results) > 2, name
        assert {type(one).__name__ for one in default.results} == {forms["normal"]}
        for mode, form in forms.items():
            page = endpoint.page(mode=endpoint.mode(mode), limit=100, **query)
            assert [one.id for one in page.results] == [one.id for one in default.results], name
            assert {type(one).__name__ for one in page.results} == {form}


def test_detail(client: Any, reference: Path) -> None:
    """Every object comes as it was told in a list; unless it holds a null that the document forbids: then none can."""
    official = Official(reference, NULLS)
    for name, forms in FORMS.items():
        endpoint = Endpoint(name, client)
        outcomes = Counter[str]()
        for told in endpoint.told(limit=100, mode="detailed")["results"]:
            official.nulls_seen.clear()
            assert official.errors(f"/2.3.0/{name}/{{id}}/", told) == []
            if official.nulls_seen & CHOKES_ON:
                with pytest.raises(TypeError, match="'NoneType' object is not iterable"):
                    endpoint.detail(told["id"])
                outcomes["choked"] += 1
            else:
                read = endpoint.detail(told["id"])
                assert type(read).__name__ == forms["detailed"]
                assert json.loads(json.dumps(read.to_dict()).replace("+00:00", "Z")) == told
                outcomes["read"] += 1
        assert outcomes["read"] >= 8, (name, outcomes)
        assert bool(outcomes["choked"]) == (name in ("spacecraft", "spacecraft_flights")), (name, outcomes)


def test_one_such_null_spoils_a_page(client: Any) -> None:
    """The client then tries the list's other form, and misses a key of that."""
    pages = Endpoint("spacecraft_flights", client).list
    assert [one.id for one in pages(offset=1, limit=2).results] == [574, 581]
    with pytest.raises(KeyError):
        pages(offset=1, limit=3)


def test_typed(client: Any) -> None:
    """Attributes all the way down."""
    flight = Endpoint("spacecraft_flights", client).detail(902)
    assert flight.spacecraft.name == "RSS First Step"
    assert flight.spacecraft.spacecraft_config.agency.country[0].alpha_3_code == "USA"
    assert flight.landing.landing_location.location.name
    assert flight.launch.net < flight.mission_end == datetime(2026, 1, 22, 16, 35, 47, tzinfo=UTC)
    assert isinstance(flight.launch.id, UUID)
    assert Endpoint("spacecraft", client).detail(36).flights == []


Fits = Callable[[Any], bool]

FILTERS: list[tuple[str, dict[str, Any], Fits]] = [
    ("agencies", {"id": 44}, lambda one: one.id == 44),
    ("agencies", {"name": "SpaceX"}, lambda one: one.name == "SpaceX"),
    ("agencies", {"name_contains": "Space"}, lambda one: "Space" in one.name),
    ("agencies", {"abbrev": "NASA"}, lambda one: one.abbrev == "NASA"),
    ("agencies", {"abbrev_contains": "SA"}, lambda one: "SA" in one.abbrev),
    ("agencies", {"featured": True}, lambda one: one.featured),
    ("agencies", {"featured": False}, lambda one: not one.featured),
    ("agencies", {"founding_year": 1958}, lambda one: one.founding_year == 1958),
    ("agencies", {"founding_year_gt": 1958}, lambda one: (one.founding_year or 0) > 1958),
    ("agencies", {"founding_year_gte": 1958}, lambda one: (one.founding_year or 0) >= 1958),
    ("agencies", {"founding_year_lt": 1990}, lambda one: (one.founding_year or 9999) < 1990),
    ("agencies", {"founding_year_lte": 1990}, lambda one: (one.founding_year or 9999) <= 1990),
    ("agencies", {"total_launch_count_gte": 99}, lambda one: (one.total_launch_count or 0) >= 99),
    ("agencies", {"successful_landings_gt": 38}, lambda one: (one.successful_landings or 0) > 38),
    ("agencies", {"type_id": 3}, lambda one: one.type_.id == 3),
    ("agencies", {"spacecraft": True}, lambda one: one.spacecraft_list),
    ("agencies", {"country_code": ["IND"]}, lambda one: "IND" in codes(one)),
    ("agencies", {"country_code": ["IND", "RUS"]}, lambda one: not codes(one).isdisjoint({"IND", "RUS"})),
    ("spacecraft", {"name": "RSS H.G. Wells"}, lambda one: one.name == "RSS H.G. Wells"),
    ("spacecraft", {"in_space": True}, lambda one: one.in_space),
    ("spacecraft", {"is_placeholder": True}, lambda one: one.is_placeholder),
    ("spacecraft", {"status": 3}, lambda one: one.status.id == 3),
    ("spacecraft", {"spacecraft_config": 6}, lambda one: one.spacecraft_config.id == 6),
    ("spacecraft", {"in_space": True, "status": 4}, lambda one: one.in_space and one.status.id == 4),
    ("spacecraft_configurations", {"name": "Gaganyaan"}, lambda one: one.name == "Gaganyaan"),
    ("spacecraft_configurations", {"agency": 121}, lambda one: one.agency.id == 121),
    ("spacecraft_configurations", {"in_use": False}, lambda one: not one.in_use),
    ("spacecraft_configurations", {"human_rated": True}, lambda one: one.human_rated),
    ("spacecraft_configuration_families", {"name": "Cygnus"}, lambda one: one.name == "Cygnus"),
    ("spacecraft_configuration_families", {"manufacturer": 121}, lambda one: one.manufacturer.id == 121),
]

SEARCHES: list[tuple[str, str, Fits]] = [
    ("agencies", "spacex", lambda one: one.name == "SpaceX"),
    ("spacecraft", "dragon", lambda one: "Dragon" in one.name + one.spacecraft_config.name),
    ("spacecraft", "crew freedom", lambda one: one.name == "Crew Dragon Freedom"),
    ("spacecraft_configurations", "spx", lambda one: one.agency.abbrev == "SpX"),
    ("spacecraft_configuration_families", "northrop", lambda one: "Northrop" in one.manufacturer.name),
    ("spacecraft_flights", "searches nothing there", lambda one: True),
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


def codes(agency: Any) -> set[str]:
    return {country.alpha_3_code for country in agency.country}


def test_filters(client: Any) -> None:
    for name, query, fits in FILTERS:
        endpoint = Endpoint(name, client)
        everything = endpoint.everything()
        fitting = [one.id for one in everything if fits(one)]
        assert endpoint.ids(**query) == fitting, (name, query)
        assert 0 < len(fitting) < len(everything), (name, query)


def test_filter_of_flights(client: Any) -> None:
    flights = Endpoint("spacecraft_flights", client)
    found = flights.page(spacecraft=CAPSULE, mode=flights.mode("detailed"))
    assert [(one.id, one.spacecraft.id) for one in found.results] == [(n, CAPSULE) for n in (890, 897, 902)]
    assert flights.ids(spacecraft=276) == [893]
    assert flights.page(spacecraft=36).count == 0


def test_search(client: Any) -> None:
    for name, term, fits in SEARCHES:
        endpoint = Endpoint(name, client)
        found = endpoint.ids(search=term)
        assert found == [one.id for one in endpoint.everything() if fits(one)] != [], (name, term)


def test_ordering(client: Any) -> None:
    """Nulls are last in ascending order and first in descending order."""
    for name, field in ORDERINGS:
        everything = Endpoint(name, client).everything
        rising, falling = ([getattr(one, field) for one in everything(ordering=by)] for by in (field, f"-{field}"))
        assert rising == sorted(rising, key=lambda value: (value is None, value)), (name, field)
        assert falling == rising[::-1] != rising
    flights = Endpoint("spacecraft_flights", client)
    assert flights.ids(ordering="-id") == flights.ids()  # it has nothing to order by


def test_paging(client: Any) -> None:
    """Page by page by `limit` and `offset`, `next` and `previous` telling where the others are."""
    for name in FORMS:
        endpoint = Endpoint(name, client)
        expected = endpoint.ids()
        limit = len(expected) // 3 + 1
        found: list[int] = []
        for offset in range(0, len(expected), limit):
            page = endpoint.page(limit=limit, offset=offset)
            assert page.count == len(expected)
            after = offset + limit
            assert page.next_ == (endpoint.url(limit=limit, offset=after) if after < len(expected) else None)
            assert page.previous == (endpoint.url(limit=limit, offset=offset - limit) if offset else None)
            found += [one.id for one in page.results]
        assert found == expected
        beyond = endpoint.page(offset=1000)
        assert (beyond.count, beyond.results, beyond.next_) == (len(expected), [], None)
        assert len(endpoint.page().results) == min(10, len(expected))


def test_errors(client: Any) -> None:
    """What the document does not describe, the client says by the status."""
    unexpected = import_module(f"{PACKAGE}.errors").UnexpectedStatus
    with pytest.raises(unexpected, match="404"):
        Endpoint("spacecraft", client).detail(0)
    with pytest.raises(unexpected, match="400"):
        Endpoint("spacecraft", client).page(status=0)
