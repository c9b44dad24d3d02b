"""API versions whose URLs select a mode by a path suffix, `/2.4.0/launches/detailed/`; and `Version.endpoint()`."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

import spacedb.urls
from agencies.models import Agency, AgencyType
from flights.models import Launch
from spacedb.api.v2_3_0.serializers import agencies
from spacedb.api.v2_3_0.views.agencies import AgencyViewSet
from spacedb.api.v2_3_0.views.launches import LaunchViewSet, UpcomingLaunchViewSet
from spacedb.mirror import collections
from spacedb.mirror.collections import Collection
from spacedb.rest.help_text import plain_help_text
from spacedb.rest.modes import PathSuffixModes, QueryParameterModes
from spacedb.rest.openapi import Generator
from spacedb.rest.routers import version_urls
from spacedb.rest.versions import Version
from spacedb.rest.viewsets import config_viewset

VERSION = Version(
    "2.4.0",
    {
        "agencies": AgencyViewSet,
        "config/agency_types": config_viewset(agencies.AgencyType),
        "launches": LaunchViewSet,
        "launches/upcoming": UpcomingLaunchViewSet,
    },
    mode_style=PathSuffixModes(),
)
PLAIN = Version("2.4.1", {"agencies": AgencyViewSet}, mode_style=PathSuffixModes(), help_text=plain_help_text)

urlpatterns = [
    *spacedb.urls.urlpatterns,
    *(path(f"{version.number}/", include(version_urls(version))) for version in (VERSION, PLAIN)),
]

AGENCIES = "/2.4.0/agencies/"
HTML = {"accept": "text/html"}

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def stored_agencies(db: None) -> None:
    for pk in (1, 2, 3):
        Agency.objects.create(pk=pk, name=f"Agency {pk}")


def get_response_modes(client: Client, url: str) -> set[str]:
    response = client.get(url)
    assert response.status_code == 200, response.content
    return {row["response_mode"] for row in response.json()["results"]}


@pytest.mark.parametrize(
    ("suffix", "mode"), [("", "normal"), ("list/", "list"), ("normal/", "normal"), ("detailed/", "detailed")]
)
def test_the_path_selects_the_mode_of_a_list(client: Client, suffix: str, mode: str) -> None:
    assert get_response_modes(client, f"{AGENCIES}{suffix}") == {mode}
    # The query parameter of other versions has no effect.
    assert get_response_modes(client, f"{AGENCIES}{suffix}?mode=list") == {mode}


def test_an_unknown_mode_is_not_found(client: Client) -> None:
    for url in (f"{AGENCIES}verbose/", f"{AGENCIES}DETAILED/", f"{AGENCIES}1/list/", "/2.4.0/launches/verbose/"):
        assert client.get(url).status_code == 404, url


def test_details_are_always_in_the_detail_mode(client: Client) -> None:
    detail = client.get(f"{AGENCIES}1/").json()
    assert (detail["id"], detail["response_mode"]) == (1, "detailed")


def test_an_endpoint_below_another_one_has_modes_too(client: Client) -> None:
    Launch.objects.create(name="Past", net="1961-04-12T06:07:00Z")
    Launch.objects.create(name="Future", net="2961-04-12T06:07:00Z")
    for url, names in (("launches/detailed/", ["Past", "Future"]), ("launches/upcoming/detailed/", ["Future"])):
        results = client.get(f"/2.4.0/{url}").json()["results"]
        assert [(row["name"], row["response_mode"]) for row in results] == [(name, "detailed") for name in names]


def test_an_endpoint_with_one_mode(client: Client) -> None:
    AgencyType.objects.create(pk=1, name="Government")
    for suffix in ("", "normal/"):
        assert client.get(f"/2.4.0/config/agency_types/{suffix}").json()["results"] == [{"id": 1, "name": "Government"}]


def test_links_between_pages_keep_the_mode(client: Client) -> None:
    first = client.get(f"{AGENCIES}list/?limit=2&ordering=-id").json()
    assert first["next"] == f"http://testserver{AGENCIES}list/?limit=2&offset=2&ordering=-id"
    second = client.get(first["next"]).json()
    assert second["previous"] == f"http://testserver{AGENCIES}list/?limit=2&ordering=-id"
    assert [row["id"] for row in first["results"] + second["results"]] == [3, 2, 1]


def test_modes_have_different_etags(client: Client) -> None:
    assert len({client.get(f"{AGENCIES}{suffix}")["etag"] for suffix in ("", "list/", "detailed/")}) == 3


def test_the_root_view_lists_the_endpoints_without_suffixes(client: Client) -> None:
    assert client.get("/2.4.0/").json() == {name: f"http://testserver/2.4.0/{name}/" for name in VERSION.endpoints}


# --- Help texts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [AGENCIES, f"{AGENCIES}detailed/", f"{AGENCIES}1/"])
def test_help_text(client: Client, url: str) -> None:
    """The links start from the list in the default mode, on the pages of all modes and of details."""
    page = client.get(url, headers=HTML).text
    help_text = page.split('<div class="help">', 1)[1].split("</div>", 1)[0]
    links = [html.unescape(link) for link in re.findall(r'href="(/.*?)"', help_text)]
    assert links == [
        f"{AGENCIES}list/",
        f"{AGENCIES}?abbrev=NASA",
        f"{AGENCIES}?search=SpaceX",
        f"{AGENCIES}?ordering=-total_launch_count",
        f"{AGENCIES}?limit=2",
        f"{AGENCIES}?format=json",
    ]
    assert ">/agencies/list/</a>" in help_text
    assert all(client.get(link).status_code == 200 for link in links)


def test_help_text_in_the_style_of_older_versions(client: Client) -> None:
    page = client.get("/2.4.1/agencies/list/", headers=HTML).text
    assert 'Example - <a href="/2.4.1/agencies/list/">/2.4.1/agencies/list/</a>' in page


# --- OpenAPI ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def document() -> Any:
    generator: Any = Generator(api_version=VERSION.number)  # type: ignore[no-untyped-call] # drf-spectacular's
    schema = generator.get_schema(public=True)
    validate_schema(schema)  # type: ignore[no-untyped-call] # drf-spectacular's
    assert not GENERATOR_STATS
    return schema


def component(operation: Any) -> str:
    """Return the name of the component of the response of an operation."""
    reference: str = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    return reference.rpartition("/")[2]


def test_openapi_has_an_operation_for_each_mode(document: Any) -> None:
    operations = {path: item["get"] for path, item in document["paths"].items()}
    assert {path for path in operations if path.startswith(AGENCIES)} == {
        AGENCIES,
        *(f"{AGENCIES}{mode}/" for mode in AgencyViewSet.modes),
        f"{AGENCIES}{{id}}/",
    }
    assert component(operations[AGENCIES]) == "PaginatedAgencyNormalList"
    assert component(operations[f"{AGENCIES}list/"]) == "PaginatedAgencyMiniList"
    assert component(operations[f"{AGENCIES}detailed/"]) == "PaginatedAgencyEndpointDetailedList"
    assert component(operations[f"{AGENCIES}{{id}}/"]) == "AgencyEndpointDetailed"
    assert operations[f"{AGENCIES}detailed/"]["operationId"] == "agencies_detailed_list"


def test_openapi_describes_modes_like_their_endpoint(document: Any) -> None:
    operations = {path: item["get"] for path, item in document["paths"].items()}
    for list_path in (AGENCIES, "/2.4.0/launches/upcoming/"):
        operation, in_mode = operations[list_path], operations[f"{list_path}detailed/"]
        assert f"]({list_path}list/)" in operation["description"]
        for key in ("description", "parameters", "tags"):
            assert in_mode[key] == operation[key]
        assert "mode" not in {parameter["name"] for parameter in operation["parameters"]}
    assert operations["/2.4.0/config/agency_types/normal/"]["tags"] == ["config"]


# --- The mirror -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("modes", "mode", "url"),
    [
        (PathSuffixModes(), "detailed", "agencies/detailed/?limit=100&offset=200&ordering=id"),
        (PathSuffixModes(), "", "agencies/?limit=100&offset=200&ordering=id"),
        (QueryParameterModes(), "detailed", "agencies/?limit=100&mode=detailed&offset=200&ordering=id"),
        (QueryParameterModes(), "", "agencies/?limit=100&offset=200&ordering=id"),
    ],
)
def test_the_mirror_requests_the_mode(monkeypatch: pytest.MonkeyPatch, modes: Any, mode: str, url: str) -> None:
    version = Version(collections.VERSION_NUMBER, VERSION.endpoints, mode_style=modes)
    monkeypatch.setattr(collections, "versions", lambda: {version.number: version})
    assert Collection("agencies", Agency, mode, True).request_path(200) == url


# --- Version.endpoint() -----------------------------------------------------------------------------------------------

LAUNCH = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/2.4.0/agencies/", "agencies"),
        ("/2.4.0/agencies", "agencies"),
        ("2.4.0/agencies/1/", "agencies"),
        ("/2.4.0/agencies/detailed/", "agencies"),
        ("https://ll.thespacedevs.com/2.4.0/agencies/1/?format=json", "agencies"),
        ("https://ll.thespacedevs.com/api/2.4.0/agencies/", "agencies"),
        ("https://spacelaunchnow.me/api/ll/2.4.0/agencies/1/", "agencies"),
        ("https://ll.thespacedevs.com//2.4.0//launches/upcoming/", "launches/upcoming"),
        ("/2.4.0/agencies.json", "agencies"),
        ("/2.4.0/launches/upcoming.api?limit=1", "launches/upcoming"),
        (f"/2.4.0/launches/{LAUNCH}.json", "launches"),
        ("/2.4.0/config/agency_types/1/", "config/agency_types"),
        (f"/2.4.0/launches/{LAUNCH}/", "launches"),
        ("/2.4.0/launches/upcoming/?limit=1", "launches/upcoming"),
        (f"/2.4.0/launches/upcoming/{LAUNCH}/", "launches/upcoming"),
    ],
)
def test_endpoint_of_a_url(url: str, name: str) -> None:
    assert VERSION.endpoint(url) == (name, VERSION.endpoints[name])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/",
        "/2.4.0/",
        "/2.3.0/agencies/",
        "/2.4.0/astronauts/",
        "/2.4.0/config/",
        "/2.4.0/agencies/1/launches/",
        "/2.4.0/agencies/1/launches.json",
        "https://[/2.4.0/agencies/",
        "a name",
    ],
)
def test_urls_of_no_endpoint(url: str) -> None:
    assert VERSION.endpoint(url) is None
