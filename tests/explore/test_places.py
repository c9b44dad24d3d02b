"""The map of pads and landing locations."""

import itertools
from typing import Any

import pytest
from django.test import Client

from flights.models import CelestialBody, LandingLocation, Location, Pad
from spacedb.explore.listings import newest_version
from spacedb.explore.places import HEIGHT, WIDTH, Label, Map, Site, world_map
from tests.explore.reading import request_page, section, text_of, url_of

NUMBER = newest_version().number

pytestmark = pytest.mark.django_db


def site(latitude: float, longitude: float) -> Site:
    return Site("Site", "", latitude, longitude, "Launch site")


@pytest.mark.parametrize(
    ("latitude", "longitude", "x", "y"),
    [(90, -180, 0, 0), (-90, 180, WIDTH, HEIGHT), (0, 0, WIDTH / 2, HEIGHT / 2), (45, 90, WIDTH * 0.75, HEIGHT / 4)],
)
def test_projection(latitude: float, longitude: float, x: float, y: float) -> None:
    assert (site(latitude, longitude).x, site(latitude, longitude).y) == (x, y)


def test_coordinates() -> None:
    assert site(28.5, -80.577).coordinates == "28.50° N, 80.58° W"
    assert site(-39.26, 177.865).coordinates == "39.26° S, 177.87° E"


def test_pads_of_a_location_share_a_symbol(client: Client) -> None:
    cape = Location.objects.create(name="Cape, Florida", latitude=28.5, longitude=-80.6)
    steppe = Location.objects.create(name="Steppe")
    for number in (1, 2, 3):
        Pad.objects.create(name=f"Pad {number}", location=cape, latitude=28, longitude=-80, total_launch_count=number)
    alone = Pad.objects.create(name="Gagarin's Start", location=steppe, latitude=45.9, longitude=63.3)
    sea = Pad.objects.create(name="Platform", latitude=0, longitude=-154)
    sites = {site.name: site for site in world_map().launch_sites}
    assert sites["Cape, Florida"].pads == ["Pad 3", "Pad 2", "Pad 1"]
    assert (sites["Cape, Florida"].count, sites["Steppe"].count) == (6, 0)
    assert sites["Cape, Florida"].radius > sites["Steppe"].radius
    page = section(request_page("/explore/"), "map")
    assert client.get(url_of(page, "Cape, Florida")).json()["count"] == 3
    assert url_of(page, "Steppe") == f"/{NUMBER}/pads/{alone.pk}/"
    assert url_of(page, "Platform") == f"/{NUMBER}/pads/{sea.pk}/"
    assert "Cape, Florida: 3 pads, 28.00° N, 80.00° W" in text_of(page)


def test_landing_locations(client: Client) -> None:
    base = Location.objects.create(name="Base", latitude=34.6, longitude=-120.6)
    own = LandingLocation.objects.create(name="Own coordinates", latitude=1, longitude=2, attempted_landings=7)
    LandingLocation.objects.create(name="Those of its location", location=base)
    LandingLocation.objects.create(name="None", abbrev="N")
    result = world_map()
    assert [(one.name, one.latitude, one.count) for one in result.landing_sites] == [
        ("Own coordinates", 1, 7),
        ("Those of its location", 34.6, 0),
    ]
    assert result.without_coordinates == 1
    page = section(request_page("/explore/"), "map")
    assert url_of(page, "Own coordinates") == f"/{NUMBER}/config/landing_locations/{own.pk}/"
    assert "1 of the pads and landing locations has no coordinates" in text_of(page)


@pytest.mark.parametrize("values", [{"latitude": 91.0, "longitude": 0.0}, {"latitude": 0.0, "longitude": -180.5}, {}])
def test_places_without_valid_coordinates_are_left_out(values: dict[str, Any]) -> None:
    Pad.objects.create(name="Pad", **values)
    assert world_map().launch_sites == []
    assert world_map().without_coordinates == 1


def test_places_on_other_celestial_bodies_are_left_out() -> None:
    CelestialBody.objects.create(pk=CelestialBody.EARTH, name="Earth")
    moon = CelestialBody.objects.create(pk=2, name="Moon")
    Pad.objects.create(
        name="Pad", latitude=1, longitude=1, location=Location.objects.create(name="Base", celestial_body=moon)
    )
    LandingLocation.objects.create(name="Sea", latitude=1, longitude=1, celestial_body=moon)
    assert world_map().sites == []


def test_labels_do_not_overlap() -> None:
    for number in range(60):
        Pad.objects.create(
            name=f"Launch site with a name {number}", latitude=number % 7 * 4, longitude=170 - number // 7 * 6
        )
    sites = world_map().sites
    labels = [site.label for site in sites if site.label]
    assert len(labels) > 5
    for label, other in itertools.combinations(labels, 2):
        assert not label.box.overlaps(other.box)
    for label in labels:
        assert label.box.is_on_map
        assert not any(label.box.overlaps(site.box) for site in sites)
        assert not any(label.box.overlaps(region.centered_box) for region in Map.regions)


def test_names_of_regions_are_on_the_map() -> None:
    for region, other in itertools.combinations(Map.regions, 2):
        assert not region.centered_box.overlaps(other.centered_box)
    assert all(region.centered_box.is_on_map for region in Map.regions)


def test_overlaps() -> None:
    box = Label("abc", 100, 100).box
    assert box.overlaps(Label("abc", 110, 105).box)
    assert not box.overlaps(Label("abc", 100, 120).box)
    assert not box.overlaps(Label("abc", 140, 100).box)


@pytest.mark.dataset("synthetic")
def test_every_pad_is_at_one_site() -> None:
    result = world_map()
    assert sum(len(site.pads) for site in result.launch_sites) == Pad.objects.count() > 0
