"""Ingesting documents: accepted and rejected documents, merges of placeholders, and transactions."""

import copy
import json
import re
from typing import Any

import pytest
from django.test import Client

from agencies.models import Agency
from flights.models import AstronautFlight, InfoURL, Launch, Mission, MissionType, Orbit, Program, SpacecraftFlight
from spacecraft.models import Spacecraft, SpacecraftConfigFamily
from spacedb.common.models import Country, Image, ImageVariant
from spacedb.ingest.ingest import IngestError, ingest
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db

CREWED = json.loads((ROOT / "fixtures" / "spacecraft_flight_358.json").read_text())
PAGE = json.loads((ROOT / "fixtures" / "spacecraft.json").read_text())


def crewed() -> Any:
    return copy.deepcopy(CREWED)


def agency(pk: int = 44, **more: Any) -> dict[str, Any]:
    url = f"https://ll.thespacedevs.com/2.3.0/agencies/{pk}/"
    return {"id": pk, "url": url, "name": "NASA", "abbrev": "NASA", "type": {"id": 1, "name": "Government"}} | more


# --- Accepted documents -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        PAGE,
        PAGE["results"],
        {"request": "/2.3.0/spacecraft/", "host": "https://ll.thespacedevs.com", "status": 200, "body": PAGE},
    ],
    ids=["page", "bare list", "capture"],
)
def test_shapes_of_lists(document: Any) -> None:
    ingest([("spacecraft", document)])
    assert Spacecraft.objects.count() == 38


def test_objects_without_a_url_are_identified_by_their_page_or_their_keys() -> None:
    family = {"response_mode": "list", "id": 6, "name": "Dragon"}
    listing = "https://ll.thespacedevs.com/2.3.0/spacecraft_configuration_families/?limit=1&mode=list&offset=1"
    ingest([("page", {"count": 2, "next": listing, "previous": None, "results": [family]})])
    normal = {"description": "", "manufacturer": None, "parent": None, "maiden_flight": None}
    ingest([("single", family | normal | {"response_mode": "normal", "id": 7})])
    assert list(SpacecraftConfigFamily.objects.values_list("pk", flat=True)) == [6, 7]


def test_unknown_keys_are_ignored_and_reported() -> None:
    summary = ingest([("agency", agency(mascot="Snoopy"))])
    assert Agency.objects.get().name == "NASA"
    assert [str(warning) for warning in summary.warnings] == ["agency: mascot: Unknown key of AgencyMini. Not stored."]


# --- Present and missing keys -----------------------------------------------------------------------------------------


def test_missing_keys_erase_nothing() -> None:
    ingest([("detailed", crewed())])
    ingest([("mini", agency(63, name="Roscosmos"))])
    stored = Agency.objects.get(pk=63)
    assert stored.name == "Roscosmos"
    assert stored.founding_year == 1992
    assert [country.alpha_3_code for country in stored.country.all()] == ["RUS"]


def test_null_and_empty_lists_erase() -> None:
    ingest([("detailed", crewed())])
    again = crewed() | {"landing": None, "launch_crew": []}
    again["launch"]["program"] = []
    ingest([("changed", again)])
    flight = SpacecraftFlight.objects.get()
    assert flight.landing is None
    assert [member.phase for member in flight.crew.all()] == ["landing"]
    assert Launch.objects.get().program.count() == 0
    assert Program.objects.count() == 1


def test_lists_are_served_in_the_order_of_the_document() -> None:
    programs = [{"id": pk, "name": f"Program {pk}", "url": f"https://x/2.3.0/programs/{pk}/"} for pk in (3, 1, 2)]
    for order in ((0, 1, 2), (2, 0, 1)):
        document = crewed()
        document["launch"]["program"] = [programs[n] for n in order]
        ingest([("flight", document)])
        served = Client().get("/2.3.0/spacecraft_flights/358/").json()["launch"]["program"]
        assert [program["id"] for program in served] == [programs[n]["id"] for n in order]


def test_two_phases_may_use_the_same_crew_number() -> None:
    document = crewed()
    document["landing_crew"][0]["id"] = document["launch_crew"][0]["id"]
    ingest([("flight", document)])
    assert AstronautFlight.objects.count() == 2
    served = Client().get("/2.3.0/spacecraft_flights/358/").json()
    assert [served[phase][0]["id"] for phase in ("launch_crew", "landing_crew")] == [2993, 2993]


def test_missing_variants_of_an_image_are_deleted() -> None:
    document = crewed()
    variants = [
        {"id": pk, "type": {"id": 1, "name": "Banner"}, "image_url": f"https://example.com/{pk}"} for pk in (1, 2)
    ]
    document["landing"]["landing_location"]["image"]["variants"] = variants
    ingest([("two", document)])
    assert ImageVariant.objects.count() == 2
    document["landing"]["landing_location"]["image"]["variants"] = variants[1:]
    ingest([("one", document)])
    assert list(ImageVariant.objects.values_list("pk", flat=True)) == [2]


def test_embedded_rows_with_missing_keys_have_defaults() -> None:
    document = crewed()
    document["launch"]["mission"]["info_urls"] = [{"url": "https://example.com/1"}, {"url": "https://example.com/2"}]
    ingest([("flight", document)])
    assert list(InfoURL.objects.order_by("pk").values_list("url", "priority", "title")) == [
        ("https://example.com/1", 10, None),
        ("https://example.com/2", 10, None),
    ]
    assert ingest([("again", document)]).models["Info URLs"] == (0, 0, 2)


# --- Placeholders -----------------------------------------------------------------------------------------------------


def test_a_name_creates_a_placeholder_that_is_served_but_not_listed(client: Client) -> None:
    ingest([("part", agency(1, name="JPL", response_mode="normal", parent="NASA", country=[]))])
    parent = Agency.objects.get(name="NASA")
    assert parent.pk < 0
    assert client.get("/2.3.0/agencies/1/").json()["parent"] == "NASA"
    assert client.get("/2.3.0/agencies/").json()["count"] == 1
    assert client.get(f"/2.3.0/agencies/{parent.pk}/").status_code == 404


def test_a_placeholder_is_merged_when_a_document_contains_its_id(client: Client) -> None:
    ingest([("part", agency(1, name="JPL", parent="NASA", country=[]))])
    ingest([("other part", agency(2, name="GSFC", parent="NASA", country=[]))])
    ingest([("whole", agency(44, administrator="Administrator: somebody", parent=None))])
    assert sorted(Agency.objects.values_list("pk", "parent")) == [(1, 44), (2, 44), (44, None)]
    assert client.get("/2.3.0/agencies/44/").json()["administrator"] == "Administrator: somebody"
    assert client.get("/2.3.0/agencies/?parent__id=44").json()["count"] == 2


def test_a_name_refers_to_a_stored_object_or_to_one_in_the_same_document() -> None:
    ingest([("whole", agency(44, founding_year=1958, featured=True))])
    ingest([("part", agency(1, name="JPL", parent="NASA"))])
    ingest([("both", [agency(3, name="ESA", parent=None), agency(4, name="ESTEC", parent="ESA", country=[])])])
    ingest([("both, part first", [agency(6, name="B", parent="A", country=[]), agency(5, name="A", featured=True)])])
    assert not Agency.objects.filter(pk__lt=0).exists()
    assert dict(Agency.objects.filter(parent__isnull=False).values_list("pk", "parent")) == {1: 44, 4: 3, 6: 5}
    assert Agency.objects.get(pk=44).founding_year == 1958
    assert Agency.objects.get(pk=5).featured


def test_a_mission_type_is_identified_by_its_name() -> None:
    ingest([("flight", crewed())])
    ingest([("flight", crewed())])
    assert MissionType.objects.get().pk < 0
    MissionType.objects.create(pk=3, name="Human Exploration")
    other = crewed()
    other["launch"]["mission"]["id"] = 1
    ingest([("flight", other)])
    assert Mission.objects.get(pk=1).type_id == 3


def test_placeholders_in_lists_are_merged() -> None:
    """Older versions contain only the codes of countries. Two references to one country are merged."""
    placeholder = Country.objects.create(pk=-1, alpha_3_code="RUS")
    ingest([("flight", crewed())])
    assert not Country.objects.filter(pk=placeholder.pk).exists()

    Country.objects.create(pk=-1, alpha_3_code="KAZ")
    Agency.objects.get(pk=63).country.add(-1)
    again = crewed()
    again["launch"]["pad"]["country"]["id"] = 44
    ingest([("flight", again)])
    assert not Country.objects.filter(pk__lt=0).exists()


def test_references_to_a_placeholder_image_are_updated() -> None:
    image = CREWED["spacecraft"]["image"]
    ingest([("without id", agency(1, image={"image_url": image["image_url"]}, country=[]))])
    assert (Agency.objects.get().image_id or 0) < 0
    ingest([("detailed", crewed())])
    assert Agency.objects.get(pk=1).image_id == image["id"]
    assert not Image.objects.filter(pk__lt=0).exists()


def test_a_placeholder_language_is_merged() -> None:
    document = crewed()
    url = {"url": "https://example.com/", "language": {"name": "Russian"}}
    document["launch"]["mission"]["info_urls"] = [url]
    ingest([("without id", document)])
    url["language"] = {"id": 2, "name": "Russian", "code": "ru"}
    document["launch"]["mission"]["vid_urls"] = [url]
    ingest([("with id", document)])
    assert [link.language_id for link in InfoURL.objects.all()] == [2]


def test_negative_ids_of_another_server_are_not_used() -> None:
    ingest([("part", agency(1, name="JPL", parent="NASA", country=[]))])
    ingest([("served elsewhere", agency(-1, name="ESA"))])
    assert Agency.objects.get(pk=1).parent.name == "NASA"  # type: ignore[union-attr]
    with pytest.raises(IngestError, match="The id -1 is that of a placeholder"):
        ingest([("flight", changed("id", -1))])


def test_references_to_a_country_by_id_and_by_code_are_merged() -> None:
    countries = [{"id": 5, "name": "Russia", "alpha_3_code": "RUS"}, {"alpha_3_code": "RUS"}]
    ingest([("agency", agency(63, country=countries))])
    assert list(Agency.objects.get().country.values_list("pk", flat=True)) == [5]


# --- Rejected documents -----------------------------------------------------------------------------------------------


def without(key: str) -> Any:
    document = crewed()
    del document[key]
    return document


def changed(path: str, value: Any) -> Any:
    document = crewed()
    *parents, last = path.split(".")
    parent = document
    for name in parents:
        parent = parent[name]
    parent[last] = value
    return document


def nested(levels: int) -> Any:
    document: Any = {}
    for _ in range(levels):
        document = {"a": document}
    return document


REJECTED = [
    ("hello", "Not a Launch Library response"),
    (42, "Not a Launch Library response"),
    ({}, "Not a Launch Library response"),
    ({"results": 3}, "results: Expected a list"),
    ({"results": [3]}, "results[0]: Expected an object"),
    ([[]], "[0]: Expected an object"),
    ({"detail": "Not stored."}, 'it looks like an error response ("Not stored.")'),
    ({"status": ["Enter a number."]}, 'it looks like an error response ({"status": ["Enter a number."]})'),
    ({"results": [{"detail": "Throttled."}]}, "results[0]: Not a Launch Library response"),
    (
        {name: f"https://ll.thespacedevs.com/2.3.0/{name}/" for name in ("agencies", "pads")},
        "it looks like the list of endpoints at the root of an API",
    ),
    ({"log": {"version": "1.2", "entries": []}}, "it looks like an HTTP archive (HAR)"),
    ({"openapi": "3.0.3", "paths": {}}, "it looks like an OpenAPI document"),
    ({"dependencies": {}, "name": "app"}, "an object with the keys dependencies, name."),
    ({"id": 1, "name": "A cat"}, "Not a Launch Library response"),
    ({"id": 1, "url": "https://example.com/cats/1/", "name": "A cat"}, "Not a response of an endpoint"),
    ({"id": 1, "url": "https://ll.thespacedevs.com/2.3.0/agencies/1/"}, "besides id and url, the object has none"),
    (
        CREWED["launch"]["pad"] | {"id": 1, "url": "https://ll.thespacedevs.com/2.3.0/astronauts/1/"},
        "the URL is that of AstronautDetailed, but the keys are those of Pad",
    ),
    (nested(200), "The object is nested more than 100 levels deep"),
    (without("id"), "has no id"),
    (changed("id", "abc"), 'id: A valid integer is required. Got "abc".'),
    (changed("id", 10**20), "id: Ensure this value is between -2147483648 and 2147483647."),
]

INVALID = [
    (
        changed("url", "https://ll.thespacedevs.com/2.3.0/spacecraft_flights/359/"),
        "url: The document contradicts itself",
    ),
    (changed("duration", "P106751992D"), "duration: Ensure this duration is shorter"),
    (changed("spacecraft.flights_count", True), "spacecraft.flights_count: A valid integer is required."),
    (changed("spacecraft.flights_count", -(2**31) - 1), "spacecraft.flights_count: Ensure this value is between"),
    (changed("spacecraft.name", 5), "spacecraft.name: Not a valid string."),
    (changed("spacecraft.name", None), "spacecraft.name: This value may not be null"),
    (changed("spacecraft.name", "x" * 256), "spacecraft.name: Ensure this field has no more than 255 characters."),
    (changed("spacecraft.name", "a\x00b"), "spacecraft.name: Null characters are not allowed."),
    (changed("spacecraft.in_space", "perhaps"), "spacecraft.in_space: Must be a valid boolean."),
    (changed("spacecraft.time_in_space", "5 days"), "spacecraft.time_in_space: Duration has wrong format."),
    (changed("spacecraft.time_in_space", "P1Y"), "spacecraft.time_in_space: Duration has wrong format."),
    (changed("spacecraft.spacecraft_config", [1]), "spacecraft.spacecraft_config: Expected an object"),
    (changed("launch.net", "yesterday"), "launch.net: Datetime has wrong format."),
    (changed("launch.id", "0d0acc45"), "launch.id: Must be a valid UUID."),
    (changed("launch.mission.type", {"id": 1}), "launch.mission.type: Expected a string"),
    (changed("launch.mission.type", "x" * 256), "launch.mission.type: Ensure this has at most 255 characters"),
    (changed("launch.program", {"id": 1}), "launch.program: Expected a list"),
    (changed("launch_crew", ["Gagarin"]), "launch_crew[0]: Expected an object"),
    (changed("launch.pad.latitude", float("inf")), "launch.pad.latitude: A valid number is required."),
    (changed("launch.pad.latitude", "north"), "launch.pad.latitude: A valid number is required."),
]


@pytest.mark.parametrize(("document", "reason"), REJECTED, ids=[reason[:60] for _, reason in REJECTED])
def test_rejected_with_path_and_reason(document: Any, reason: str) -> None:
    with pytest.raises(IngestError) as error:
        ingest([("good", PAGE), ("bad", document)])
    assert [name for name, _ in error.value.refused] == ["bad"]
    assert reason in error.value.refused[0][1]
    assert Spacecraft.objects.count() == 0


@pytest.mark.parametrize(("document", "reason"), INVALID, ids=[reason[:60] for _, reason in INVALID])
def test_only_invalid_values_are_left_out(document: Any, reason: str) -> None:
    with pytest.raises(IngestError, match=re.escape(f"flight: {reason}")):
        ingest([("flight", document)], strict=True)
    assert SpacecraftFlight.objects.count() == 0
    [warning] = ingest([("flight", document)]).warnings
    assert str(warning).startswith(f"flight: {reason}")
    assert str(warning).rpartition(". ")[2].startswith(("Not stored", "Stored as"))
    served = Client().get("/2.3.0/spacecraft_flights/358/").json()
    assert served["id"] == 358
    assert [(key, served[key]) for key in ("destination", "mission_end") if served[key] != CREWED[key]] == []


def test_of_contradictory_values_the_first_one_is_stored() -> None:
    document = crewed()
    url = "https://ll.thespacedevs.com/2.3.0/agencies/63/"
    document["launch"]["launch_service_provider"] |= {"id": 63, "url": url, "name": "Another name"}
    with pytest.raises(IngestError, match=r"launch\.launch_service_provider\.name: The document contradicts itself"):
        ingest([("flight", document)], strict=True)
    assert Agency.objects.count() == 0
    warnings = ingest([("flight", document)]).warnings
    assert "launch.launch_service_provider.name" in {warning.path for warning in warnings}
    assert Agency.objects.get(pk=63).name == "Russian Federal Space Agency (ROSCOSMOS)"


def test_a_repeated_crew_member_has_no_id() -> None:
    document = crewed()
    document["launch_crew"] *= 2
    with pytest.raises(IngestError, match=r"flight: launch_crew\[1\]: The document contradicts itself"):
        ingest([("flight", document)], strict=True)
    [warning] = ingest([("flight", document)]).warnings
    assert warning.path == "launch_crew[1]"
    assert list(AstronautFlight.objects.filter(phase="launch").order_by("pk").values_list("number", flat=True)) == [
        document["launch_crew"][0]["id"],
        None,
    ]


def test_the_last_document_takes_precedence() -> None:
    ingest([("before", agency(name="Before")), ("after", agency(name="After"))])
    assert Agency.objects.get().name == "After"


# --- Ids and owners ---------------------------------------------------------------------------------------------------


def test_local_ids_start_at_one_billion() -> None:
    ingest([("flight", crewed())])
    first, second = Image.objects.create(image_url="https://example.com/1"), Image(image_url="https://example.com/2")
    second.save()
    assert (first.pk, second.pk) == (1_000_000_000, 1_000_000_001)


def test_a_landing_moves_to_another_flight() -> None:
    def flight(pk: int, landing: int | None) -> dict[str, Any]:
        nested = {"id": landing, "url": f"https://x/2.3.0/landings/{landing}/"}
        url = f"https://x/2.3.0/spacecraft_flights/{pk}/"
        return {"id": pk, "url": url, "destination": "LEO", "landing": landing and nested}

    ingest([("before", [flight(1, 11), flight(2, 12)])])
    summary = ingest([("swapped", [flight(1, 12), flight(2, 11)])])
    assert dict(SpacecraftFlight.objects.values_list("pk", "landing")) == {1: 12, 2: 11}
    assert summary.models["Spacecraft Flights"] == (0, 2, 0)
    ingest([("moved", flight(3, 11))])
    assert dict(SpacecraftFlight.objects.values_list("pk", "landing")) == {1: 12, 2: None, 3: 11}
    two_at_once = [flight(1, 12), flight(2, 12)]
    with pytest.raises(IngestError, match="contradicts itself"):
        ingest([("two at once", two_at_once)], strict=True)
    [warning] = ingest([("two at once", two_at_once)]).warnings
    assert warning.path == "[1].landing"
    assert dict(SpacecraftFlight.objects.values_list("pk", "landing")) == {1: 12, 2: None, 3: 11}


def test_placeholders_have_the_ids_of_the_source() -> None:
    def launch(pk: int, orbit: int, name: str) -> dict[str, Any]:
        nested = {"id": orbit, "name": name, "abbrev": name[:3], "celestial_body": None}
        mission = {"id": pk, "name": f"Mission {pk}", "orbit": nested}
        key = f"00000000-0000-4000-8000-{pk:012}"
        return {"id": key, "url": f"https://x/2.3.0/launches/{key}/", "name": f"Launch {pk}", "mission": mission}

    ingest([("first", launch(1, -7, "Low")), ("second", [launch(2, -3, "High"), launch(3, -7, "Low")])])
    assert dict(Orbit.objects.values_list("name", "pk")) == {"Low": -7, "High": -3}
    ingest([("another server's", [launch(4, -3, "Polar"), launch(5, -9, "Sun")])])
    assert dict(Orbit.objects.values_list("name", "pk")) == {"Low": -7, "High": -3, "Polar": -8, "Sun": -9}
