"""The search page: the search of the API, over several kinds of objects."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from flights.models import Astronaut, Launch, SpacecraftFlight, SpaceStation
from spacecraft.models import Spacecraft, SpacecraftConfig
from spacedb.common.models import Image
from spacedb.explore.listings import newest_version
from spacedb.explore.searching import KINDS, LIMIT, search
from tests.explore.reading import HTML, request_page, text_of, url_of
from tests.flights.histories import create_spacecraft, day, flown

NUMBER = newest_version().number

pytestmark = pytest.mark.django_db


def found(text: str) -> dict[str, list[str]]:
    """The names of the results, by the title of their kind."""
    return {results.title: [result.name for result in results.results] for results in search(text)}


@pytest.fixture
def objects() -> None:
    """One object of each kind whose name contains "Nova"."""
    image = Image.objects.create(image_url="https://example.com/nova.jpg", thumbnail_url="https://example.com/nova.png")
    config = SpacecraftConfig.objects.create(name="Capsule", image=image)
    create_spacecraft(flown(0, 1), name="Nova", serial_number="N-1", spacecraft_config=config, in_space=True)
    Launch.objects.update(name="Rocket | Nova", net=day(0))
    Astronaut.objects.create(name="Nova Kim", image=image)
    SpaceStation.objects.create(name="Nova Station")
    Agency.objects.create(name="Nova Agency", abbrev="NA", founding_year=1999)


@pytest.mark.usefixtures("objects")
def test_results_are_grouped_by_kind() -> None:
    assert found("nova") == {
        "Spacecraft": ["Nova"],
        "Flights of spacecraft": ["Nova"],
        "Astronauts": ["Nova Kim"],
        "Space stations": ["Nova Station"],
        "Launches": ["Rocket | Nova"],
        "Agencies": ["Nova Agency"],
    }
    page = request_page("/search/?q=nova")
    text = text_of(page)
    assert "Nova Capsule · N-1 · in space" in text
    assert "Nova 1 Jan 2020 · Rocket | Nova" in text
    assert "Nova Agency NA · founded in 1999" in text
    pk = Agency.objects.get().pk
    assert url_of(page, "Nova Agency") == f"/{NUMBER}/agencies/{pk}/"
    assert page.count('src="https://example.com/nova.png"') == 3  # spacecraft, its flight, astronaut
    assert 'value="nova"' in page


@pytest.mark.usefixtures("objects")
@pytest.mark.parametrize("text", ["NOVA kim", "kim nova", '"nova kim"'])
def test_each_word_must_occur(text: str) -> None:
    assert found(text) == {"Astronauts": ["Nova Kim"]}


@pytest.mark.dataset("catalogue")
@pytest.mark.parametrize("text", ["étoile", "Étoile", "спутник", "100%", "_under", "O'Brien", "zebra", "日本"])
def test_results_are_those_of_the_list(client: Client, text: str) -> None:
    """Accents, case and wildcards as in the `search` parameter."""
    names = found(text)
    for kind in KINDS:
        if kind.search_fields is None:
            page = client.get(f"/{NUMBER}/{kind.endpoint}/", {"search": text, "limit": "100"}).json()
            expected = {row["name"] for row in page["results"]}
            results = names.get(kind.title, [])
            assert set(results) <= expected
            assert len(results) == min(page["count"], LIMIT)
    assert names["Agencies"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.endpoint)
def test_more_results_than_the_limit(kind: Any) -> None:
    for number in range(LIMIT + 1):
        if kind.endpoint == "spacecraft_flights":
            SpacecraftFlight.objects.create(spacecraft=Spacecraft.objects.create(name=f"Many {number}"))
        else:
            values = {"net": day(number)} if kind.endpoint == "launches" else {}
            kind_model(kind).objects.create(name=f"Many {number}", **values)
    results = kind.search("many")
    assert len(results.results) == LIMIT
    assert results.is_cut
    page = request_page("/search/?q=many")
    if kind.search_fields is None:
        assert url_of(page, f"All results in {kind.title.lower()}") == f"/{NUMBER}/{kind.endpoint}/?search=many"
    else:
        assert "There are more. Add words to find them." in text_of(page)


def kind_model(kind: Any) -> Any:
    return newest_version().endpoints[kind.endpoint].queryset.model  # type: ignore[attr-defined]


def test_newest_launches_come_first() -> None:
    for number in range(3):
        Launch.objects.create(name=f"Launch {number}", net=day(number))
    assert found("launch")["Launches"] == ["Launch 2", "Launch 1", "Launch 0"]


@pytest.mark.parametrize("query", ["", "   "])
def test_without_words_nothing_is_searched(query: str) -> None:
    Agency.objects.create(name="Agency")
    with CaptureQueriesContext(connection) as queries:
        page = request_page(f"/search/?q={query}")
    assert len(queries) == 1  # the revision
    assert "Agency" not in text_of(page)
    assert "Enter one or more words" in text_of(page)


def test_nothing_found() -> None:
    assert "Nothing contains all of these words: <b>" in text_of(request_page("/search/?q=%3Cb%3E"))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("%00", "Null characters are not allowed."),
        ("x" * 1001, "Ensure this has at most 1000 characters."),
        ("+".join(map(str, range(100, 121))), "Ensure this has at most 20 terms."),
    ],
)
def test_invalid_queries(query: str, message: str) -> None:
    assert message in text_of(request_page(f"/search/?q={query}", status=400))


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=a&q=b", 'q="', "q='--", "q=%F0%9F%9A%80", "search=x", "q=%ed%a0%80"])
def test_odd_queries(query: str) -> None:
    assert Client(headers=HTML).get(f"/search/?{query}").status_code == 200


def test_images_of_other_schemes_are_left_out() -> None:
    for number, url in enumerate(("javascript:alert(1)", "http://example.com/a.png", "")):
        image = Image.objects.create(image_url=url)
        Astronaut.objects.create(name=f"Ada {number}", image=image)
    assert "<img" not in request_page("/search/?q=ada")
