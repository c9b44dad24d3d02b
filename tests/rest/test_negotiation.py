"""Content negotiation: every endpoint has its formats, JSON and HTML stay the defaults, and errors name the formats."""

import re

import pytest
from django.test import Client

from agencies.models import Agency
from spacedb.rest.openapi import document
from spacedb.rest.versions import versions
from spacedb.rest.viewsets import FORMATS
from tests.endpoints import endpoints, resource_endpoints

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]


def formats_of(path: str) -> list[str]:
    """The formats of a list, by its view."""
    return [str(renderer.format) for renderer in resource_endpoints()[path].renderers_of(is_detail=False)]


@pytest.fixture(scope="module")
def path_of_each_selection() -> list[str]:
    """One endpoint of each version for each selection of renderers, from which nothing but the request selects."""
    paths = {(path.split("/")[1], tuple(formats_of(path))): path for path in resource_endpoints()}
    assert len(paths) > 10
    return list(paths.values())


def test_every_list_has_csv_and_no_single_object_has() -> None:
    assert {path for path in resource_endpoints() if "csv" in formats_of(path)} == endpoints().keys()


def test_unknown_formats_list_the_right_ones(client: Client) -> None:
    for path in resource_endpoints():
        names = ", ".join(formats_of(path))
        response = client.get(path, {"format": "xml"})
        assert (response.status_code, response["Content-Type"]) == (404, "application/json")
        assert response.json() == {"detail": f'"xml" is not a format of this endpoint. Accepted: {names}.'}


def test_formats_of_other_endpoints_are_unknown(client: Client, path_of_each_selection: list[str]) -> None:
    for path in path_of_each_selection:
        for renderer in FORMATS:
            status = 200 if renderer.format in formats_of(path) else 404
            assert client.get(path, {"format": renderer.format}).status_code == status, (path, renderer.format)


def test_details_have_no_csv(client: Client) -> None:
    Agency.objects.create(pk=1, name="One")
    response = client.get("/2.3.0/agencies/1/?format=csv")
    assert response.status_code == 404
    assert response.json() == {"detail": '"csv" is not a format of this endpoint. Accepted: json, api.'}


@pytest.mark.parametrize("output_format", ["csv", "xml"])
def test_unknown_paths_have_no_wrong_format(client: Client, output_format: str) -> None:
    response = client.get("/2.3.0/nothing/", {"format": output_format})
    assert (response.status_code, response.json()) == (404, {"detail": "Not found."})
    response = client.get("/9.9.9/launches/", {"format": output_format})
    assert response.json()["detail"].startswith("Version 9.9.9 is not served")


def test_long_formats_are_shortened(client: Client) -> None:
    response = client.get("/2.3.0/agencies/", {"format": "x" * 1000})
    assert f'"{"x" * 50}…"' in response.json()["detail"]


@pytest.mark.parametrize("renderer", FORMATS, ids=lambda renderer: renderer.format)
def test_accept_header(client: Client, renderer: type) -> None:
    paths = [path for path in endpoints() if renderer.format in formats_of(path)]  # type: ignore[attr-defined]
    media_type = renderer.media_type  # type: ignore[attr-defined]
    for path in paths:
        response = client.get(path, headers={"accept": f"{media_type}, */*;q=0.1"})
        assert response["Content-Type"].startswith(media_type), path
        assert "Accept" in response["Vary"]
        assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json, text/csv", "application/json"),
        ("text/*", "text/html"),
        (BROWSER, "text/html"),
    ],
)
def test_defaults(client: Client, path_of_each_selection: list[str], accept: str | None, media_type: str) -> None:
    """No endpoint has another default because it has more formats."""
    for path in path_of_each_selection:
        response = client.get(path, headers={"accept": accept} if accept else {})
        assert response["Content-Type"].startswith(media_type), path


def test_unacceptable_media_types(client: Client) -> None:
    response = client.get("/2.3.0/pads/", headers={"accept": "image/png"})
    assert response.status_code == 406
    types = "application/json, text/html, text/csv, application/geo+json"
    assert response.json()["detail"].endswith(f" Available: {types}.")


@pytest.mark.parametrize("output_format", ["csv", "ics", "geojson"])
def test_errors_are_json(client: Client, output_format: str) -> None:
    urls = {
        "csv": ["/2.3.0/agencies/?type__id=x&limit=all"],
        "ics": ["/2.3.0/launches/?pad=x&limit=2", "/2.3.0/events/1/?"],
        "geojson": ["/2.3.0/pads/?location__id=x", "/2.3.0/pads/99/?"],
    }
    for url in urls[output_format]:
        response = client.get(f"{url}&format={output_format}")
        assert response.status_code == (404 if url.endswith("?") else 400)
        assert response["Content-Type"] == "application/json"
        assert response.json() == client.get(url).json()


def test_options_is_json(client: Client) -> None:
    response = client.options("/2.3.0/pads/?format=csv")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert "text/csv" in response.json()["renders"]


def test_menu_of_the_browsable_api(client: Client) -> None:
    for path in ("/2.3.0/agencies/", "/2.3.0/pads/", "/2.3.0/launches/upcoming/", "/2.3.0/dashboard/starship/"):
        page = client.get(path, {"format": "api"}).content.decode()
        assert {*re.findall(r'href="[^"]*[?;&]format=(\w+)', page)} == {*formats_of(path)}


@pytest.mark.parametrize(
    ("path", "filename"),
    [
        ("/2.3.0/launches/upcoming/?format=csv", 'attachment; filename="launches-upcoming.csv"'),
        ("/2.2.0/launch/previous/?format=ics", 'attachment; filename="launch-previous.ics"'),
        ("/2.3.0/config/landing_locations/?format=geojson", 'inline; filename="config-landing_locations.geojson"'),
    ],
)
def test_file_names(client: Client, path: str, filename: str) -> None:
    assert client.get(path)["Content-Disposition"] == filename


@pytest.mark.parametrize("number", versions())
def test_openapi_document(number: str) -> None:
    """It contains all formats of an endpoint, JSON first. Errors are JSON only."""
    for path, operations in document(number)["paths"].items():
        base = path.removesuffix("{id}/")
        if (view := resource_endpoints().get(base)) is None:
            continue
        renderers = view.renderers_of(is_detail=path != base)
        expected = [str(renderer.media_type) for renderer in renderers if renderer.format != "api"]
        for status, response in operations["get"]["responses"].items():
            assert list(response["content"]) == (expected if status == "200" else ["application/json"]), (path, status)
