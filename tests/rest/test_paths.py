"""Other paths of the same resources: prefixes, format suffixes and repeated slashes."""

import json
from typing import Any, cast

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from spacedb.caching.paths import MAX_LENGTH, canonical_path, with_canonical_path
from spacedb.rest.versions import versions
from spacedb.wsgi import application
from tests.caching.wsgi import Server

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("small"), pytest.mark.vendor_neutral]

LAUNCHES = "/2.2.0/launch/"
SAME = [
    "/api/2.2.0/launch/",
    "/api/ll/2.2.0/launch/",
    "//2.2.0/launch/",
    "/2.2.0//launch/",
    "///api//ll//2.2.0///launch//",
    "/2.2.0/launch.json",
    "/2.2.0/launch.json/",
    "/2.2.0/launch/.json",
    "/api/2.2.0/launch.json",
]
UNCHANGED = [
    "/",
    "/docs/",
    "/2.2.0/launch/",
    "/2.2.0/launch",
    "/2.2.0/launch/a.b/",
    "/2.2.0/launch/upcoming.xml",
    "/2.2.0/launch/upcoming.jsonp",
    "/api/",
    "/api/docs/",
    "/api/launch/",
    "/ll/2.2.0/launch/",
    "/apix/2.2.0/",
    "//admin//",
    "/static/a.json",
    "/health.json",
    "",
    f"//2.2.0/{'x' * MAX_LENGTH}",
]


@pytest.fixture
def client() -> Client:
    """A client of the application with canonical paths, as in `spacedb.wsgi`."""
    client: Any = Client()
    handler = client.handler
    client.handler = lambda environ: handler(with_canonical_path(environ))
    return cast("Client", client)


def get(client: Client, path: str, query: str = "") -> Any:
    """Like `client.get()`, which would take `//2.2.0/` for the name of a host."""
    return client.generic("GET", "/", PATH_INFO=path, QUERY_STRING=query)


@pytest.mark.parametrize("path", SAME)
def test_the_response_is_that_of_the_canonical_path(client: Client, path: str) -> None:
    """Its URLs too. It is no redirect, as many apps do not follow them."""
    expected, response = client.get(LAUNCHES, {"limit": 1}), get(client, path, "limit=1")
    assert response.status_code == 200
    assert response.content == expected.content
    assert response.headers == expected.headers
    assert response.json()["next"] == "http://testserver/2.2.0/launch/?limit=1&offset=1"


@pytest.mark.parametrize("path", UNCHANGED)
def test_other_paths_are_unchanged(path: str) -> None:
    assert canonical_path(path) == (path, "")


@pytest.mark.parametrize("number", versions())
def test_format_suffixes(client: Client, number: str) -> None:
    name = "launches" if number == "2.3.0" else "launch"
    for suffix, content_type in ((".json", "application/json"), (".api", "text/html; charset=utf-8")):
        for accept in ("*/*", "text/html", "application/json"):
            response = client.get(f"/{number}/{name}/upcoming{suffix}", headers={"accept": accept})
            assert (response.status_code, response["content-type"]) == (200, content_type)
    [launch] = client.get(f"/{number}/{name}/?limit=1").json()["results"]
    detail = client.get(f"/{number}/{name}/{launch['id']}.json")
    assert detail.json()["url"] == f"http://testserver/{number}/{name}/{launch['id']}/"
    assert json.loads(client.get(f"/{number}.json").content).keys() == versions()[number].endpoints.keys()


def test_the_suffix_decides_for_browsers(client: Client) -> None:
    page = client.get("/2.2.0/launch/upcoming.api", headers={"accept": "application/json"})
    assert page["content-type"] == "text/html; charset=utf-8"
    assert "/2.2.0/launch/upcoming/" in page.text
    assert "upcoming.api" not in page.text


def test_unknown_suffixes_and_ids_are_not_found(client: Client) -> None:
    for path in ("/2.2.0/launch/upcoming.xml", "/2.2.0/launch/nothing.json", "/2.2.0/nothing.json"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [path for path in SAME if not path.startswith("//")])
def test_the_response_cache_has_one_entry_for_all_paths(path: str, persistent_connection: None) -> None:
    server = Server()
    assert server.get(LAUNCHES).status == 200
    cached = server.get(path)
    assert (server.generated, cached.status) == (1, 200)


def test_the_wsgi_application_has_canonical_paths() -> None:
    server = Server()
    page = server.get("/api/2.2.0/launch.json?limit=1", application=application)
    assert json.loads(page.body)["next"] == "http://testserver/2.2.0/launch/?limit=1&offset=1"


def test_a_suffix_is_cached_for_its_format(persistent_connection: None) -> None:
    server = Server()
    page = {"accept": "text/html"}
    assert server.get("/2.2.0/launch.json", **page).headers["content-type"] == "application/json"
    assert server.get(LAUNCHES, **page).headers["content-type"].startswith("text/html")
    assert server.get("/2.2.0/launch.api").headers["content-type"].startswith("text/html")


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(
    path=st.lists(st.sampled_from(["/", "//", "api", "ll", "2.2.0", "launch", ".json", ".api", "\n", "é"])).map("".join)
)
def test_canonical_paths_are_canonical(path: str) -> None:
    canonical = canonical_path(path).path
    assert canonical_path(canonical).path == canonical


# --- Paths that are not served ----------------------------------------------------------------------------------------


def test_versions_that_are_not_served_are_named(client: Client) -> None:
    served = ", ".join(versions())
    for path in ("/2.4.0/", "/2.4.0/launches/", "/api/1.4.0/launch/"):
        response = client.get(path)
        assert response.status_code == 404
        number = "2.4.0" if "2.4.0" in path else "1.4.0"
        assert response.json() == {"detail": f"Version {number} is not served by spacedb. It serves {served}."}


@pytest.mark.parametrize("path", ["/2.3.0/nothing/", "/2.3.0/eventsx/", "/nothing/", "/2.3/", "/2.2.0/launch/x/"])
def test_other_paths_are_not_found(client: Client, path: str) -> None:
    assert client.get(path).json() == {"detail": "Not found."}


def test_every_path_of_the_official_document_is_served(reference: Any) -> None:
    official = json.loads((reference / "live" / "openapi-2.3.0.json").read_text())["paths"]
    names = {path.removeprefix("/2.3.0/").removesuffix("{id}/").strip("/") for path in official}
    assert names - versions()["2.3.0"].endpoints.keys() == set()
