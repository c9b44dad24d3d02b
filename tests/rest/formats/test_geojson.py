"""GeoJSON: valid, with the object of the JSON response as properties, and on the Earth."""

from typing import Any

import pytest
from django.test import Client
from geojson_pydantic import Feature, FeatureCollection, Point

from flights.models import CelestialBody, LandingLocation, Location, Pad
from tests.endpoints import endpoints

WITH_POSITION = sorted(path for path, view in endpoints().items() if view.position)

pytestmark = pytest.mark.django_db


def test_endpoints() -> None:
    assert WITH_POSITION == [
        "/2.0.0/location/",
        "/2.0.0/pad/",
        "/2.1.0/config/landinglocation/",
        "/2.1.0/location/",
        "/2.1.0/pad/",
        "/2.2.0/config/landinglocation/",
        "/2.2.0/location/",
        "/2.2.0/pad/",
        "/2.3.0/config/landing_locations/",
        "/2.3.0/locations/",
        "/2.3.0/pads/",
    ]


def get(client: Client, path: str, **parameters: Any) -> Any:
    response = client.get(path, {"format": "geojson", **parameters})
    assert (response.status_code, response["Content-Type"]) == (200, "application/geo+json")
    return response.json()


@pytest.mark.dataset("small")
@pytest.mark.parametrize("path", WITH_POSITION)
def test_list_and_detail(client: Client, path: str) -> None:
    for mode in endpoints()[path].modes:
        document = get(client, path, mode=mode)
        collection = FeatureCollection[Feature[Point, dict[str, Any]]].model_validate(document, strict=True)
        page = client.get(f"{path}?mode={mode}&limit=100").json()
        assert [feature.properties for feature in collection.features] == page["results"]
        assert (document["count"], document["next"], document["previous"]) == (page["count"], None, None)
        for feature, place in zip(collection.features, page["results"], strict=True):
            assert feature.id == place["id"]
            if feature.geometry and "latitude" in place:
                assert list(feature.geometry.coordinates) == [float(place["longitude"]), float(place["latitude"])]
    first = get(client, path)["features"][0]
    url = f"{path}{first['id']}/"
    detail = get(client, url)
    assert Feature[Point, dict[str, Any]].model_validate(detail, strict=True).properties == client.get(url).json()
    assert detail["geometry"] == first["geometry"]


@pytest.mark.parametrize(
    ("latitude", "longitude", "body", "point"),
    [
        (28.5, -80.25, None, [-80.25, 28.5]),
        (0, 0, 1, [0, 0]),
        (90, 180, 1, [180, 90]),
        (None, 5, 1, None),
        (5, None, 1, None),
        (90.5, 5, 1, None),
        (5, 180.5, 1, None),
        (0.67, 23.47, 2, None),
    ],
)
def test_geometry(
    client: Client, latitude: float | None, longitude: float | None, body: int | None, point: list[float] | None
) -> None:
    """It is null without coordinates, and on the Moon: GeoJSON has coordinates on the Earth."""
    for pk, name in ((1, "Earth"), (2, "Moon")):
        CelestialBody.objects.create(pk=pk, name=name)
    place = {"latitude": latitude, "longitude": longitude, "name": "Place"}
    location = Location.objects.create(pk=1, celestial_body_id=body, **place)
    Pad.objects.create(pk=1, location=location, **place)
    LandingLocation.objects.create(pk=1, celestial_body_id=body, **place)
    for path in WITH_POSITION:
        [feature] = get(client, path)["features"]
        assert feature["geometry"] == (point and {"type": "Point", "coordinates": point}), path


def test_pages(client: Client) -> None:
    """A map does not request a second page, so a page has 100 objects by default."""
    Pad.objects.bulk_create(Pad(pk=n + 1, name=f"Pad {n}") for n in range(101))
    document = get(client, "/2.3.0/pads/")
    assert (document["count"], len(document["features"])) == (101, 100)
    assert document["next"] == "http://testserver/2.3.0/pads/?format=geojson&limit=100&offset=100"
    assert len(client.get(document["next"]).json()["features"]) == 1
    assert len(get(client, "/2.3.0/pads/", limit="all")["features"]) == 100
    link = client.get("/2.3.0/pads/?format=geojson")["Link"]
    assert link == f'<{document["next"]}>; rel="next"'
