"""Values of the live service that its documentation does not allow: they are stored, and returned as received."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from agencies.models import Agency
from flights.models import Launch, LauncherConfig, Pad, Update
from spacedb.ingest.ingest import IngestError, ingest

pytestmark = pytest.mark.django_db


def differences(document: Any, served: Any, path: str = "") -> Iterator[str]:
    """The differences from a document to a response, which may have more keys. The common ones have the same order."""
    if isinstance(document, dict) and isinstance(served, dict):
        if [key for key in served if key in document] != list(document):
            yield f"{path}: the keys are {list(served)}, not {list(document)}"
        for key in document.keys() & served.keys():
            yield from differences(document[key], served[key], f"{path}.{key}".lstrip("."))
    elif isinstance(document, list) and isinstance(served, list) and len(document) == len(served):
        for number, (before, after) in enumerate(zip(document, served, strict=True)):
            yield from differences(before, after, f"{path}[{number}]")
    elif document != served and not path.endswith("url"):  # the host differs
        yield f"{path}: {served!r}, not {document!r}"


CASES = {
    "01_vid_urls_351": ["vid_urls[0].description"],
    "04_country_empty_220": [],
    "05_mission_type_empty_220": [],
    "06_launch_cost_220": ["launch_cost"],
    "07_country_slash_220": ["country_code.alpha_3_code"],
}
"""The recorded cases, each with the paths of its warnings."""


@pytest.mark.parametrize("name", CASES)
def test_recorded_cases_are_returned_as_received(client: Client, reference: Path, name: str) -> None:
    document = json.loads((reference / "live" / "cases" / f"{name}.json").read_text())
    summary = ingest([(name, document)])
    assert [warning.path for warning in summary.warnings] == CASES[name]
    path = document["url"].removeprefix("https://ll.thespacedevs.com")
    assert list(differences(document, client.get(path).json())) == []
    again = ingest([(name, document)])
    assert {counts[:2] for counts in again.models.values()} == {(0, 0)}


URL = "https://ll.thespacedevs.com"


def pad(**values: Any) -> dict[str, Any]:
    return {"id": 7, "url": f"{URL}/2.2.0/pad/7/", "name": "Pad"} | values | {"map_image": None}


def agency(**values: Any) -> dict[str, Any]:
    return {"id": 7, "url": f"{URL}/2.2.0/agencies/7/", "name": "Agency", "featured": False} | values


def configuration(**values: Any) -> dict[str, Any]:
    return {"id": 7, "url": f"{URL}/2.2.0/config/launcher/7/", "name": "Rocket"} | values


TEXTS = [
    pad(latitude="31.422878000000000"),
    pad(latitude=""),
    pad(latitude=None),
    pad(latitude="near the equator"),
    pad(country_code=""),
    pad(country_code=None),
    pad(country_code="FRA/GUF"),
    pad(wiki_url="", map_url=None),
    pad(name=None),
    pad(name="ü" * 5000),
    agency(country_code="FRA, RUS"),
    agency(country_code="FRA,RUS,FRA"),
    agency(country_code="BGD,CHN,IDN,IRNMNG"),
    agency(country_code=None),
    agency(country_code=""),
    agency(type=""),
    agency(type=None),
    agency(type="x" * 5000),
    agency(founding_year="about 1998"),
    agency(abbrev="", description="y" * 50_000, launchers=None),
    configuration(launch_cost="50,000,000"),
    configuration(launch_cost="5,000,000,000"),
    configuration(launch_cost="unknown"),
    configuration(launch_cost=""),
    configuration(family=""),
    configuration(family=None),
]


@pytest.mark.parametrize("document", TEXTS, ids=lambda document: json.dumps(document)[70:130])
def test_strings_are_returned_as_received(client: Client, document: Any) -> None:
    ingest([("document", document)])
    assert list(differences(document, client.get(document["url"].removeprefix(URL)).json())) == []
    again = ingest([("document", document)])
    assert {counts[:2] for counts in again.models.values()} == {(0, 0)}


def test_a_text_is_served_until_its_column_changes(client: Client) -> None:
    def latitudes() -> list[Any]:
        return [client.get(path).json()["latitude"] for path in ("/2.2.0/pad/7/", "/2.0.0/pad/7/", "/2.3.0/pads/7/")]

    ingest([("text", pad(latitude="31.4200"))])
    assert latitudes() == ["31.4200", "31.4200", 31.42]
    number = {"id": 7, "url": f"{URL}/2.3.0/pads/7/", "name": "Pad", "active": True}
    ingest([("same number", number | {"latitude": 31.42})])
    assert latitudes() == ["31.4200", "31.4200", 31.42]
    ingest([("other number", number | {"latitude": 31.5})])
    assert latitudes() == ["31.5", "31.5", 31.5]
    ingest([("text", pad(latitude="31.4200")), ("shorter text", pad(latitude="31.42"))])
    assert latitudes() == ["31.42", "31.42", 31.42]
    assert Pad.objects.get().received is None
    Pad.objects.update(latitude=None)
    ingest([("no number", pad(latitude="unknown"))])
    assert latitudes() == ["unknown", "unknown", None]


def test_an_empty_text_is_null_where_the_representation_is_no_text(client: Client) -> None:
    ingest([("agency", agency(type=""))])
    assert client.get("/2.2.0/agencies/7/").json()["type"] == ""
    assert client.get("/2.3.0/agencies/7/").json()["type"] is None


def test_a_long_name_is_found_by_its_beginning(client: Client) -> None:
    """PostgreSQL cannot index long texts, so the column contains the beginning."""
    ingest([("pad", pad(name="".join(chr(0x4E00 + n) for n in range(5000))))])
    assert len(Pad.objects.get().name.encode()) <= 2600
    assert client.get(f"/2.3.0/pads/?name__contains={chr(0x4E05)}").json()["count"] == 1
    ingest([("longer", pad(name="z" * 100_000, map_url="https://example.com/" + "y" * 3000))])
    served = client.get("/2.3.0/pads/7/").json()
    assert (len(served["name"]), len(served["map_url"])) == (100_000, 3020)
    ingest([("short", pad(name="Short"))])
    assert client.get("/2.3.0/pads/7/").json()["name"] == "Short"


LAUNCH_ID = "11111111-1111-4111-8111-111111111111"


def launch(**values: Any) -> dict[str, Any]:
    url = f"{URL}/2.3.0/launches/{LAUNCH_ID}/"
    return {"id": LAUNCH_ID, "url": url, "name": "A | B", "slug": "a-b", "response_mode": "detailed"} | values


@pytest.mark.parametrize(
    ("value", "warning", "stored"),
    [
        ({"probability": "80"}, 'probability: A valid integer is required. Got "80". Stored as 80.', 80),
        ({"probability": 80.0}, "probability: A valid integer is required. Got 80.0. Stored as it is.", 80),
        ({"probability": "high"}, 'probability: A valid integer is required. Got "high". Not stored.', None),
        ({"probability": ""}, 'probability: A valid integer is required. Got "". Stored as null.', None),
        ({"probability": 2**31}, "probability: Ensure this value is between", None),
        ({"webcast_live": None}, "webcast_live: This value may not be null. Not stored.", False),
        ({"net": "soon"}, "net: Datetime has wrong format.", None),
        ({"slug": "not a slug!"}, 'slug: Enter a valid "slug"', "not a slug!"),
        ({"hashtag": 5}, 'hashtag: Not a valid string. Got 5. Stored as "5".', "5"),
        ({"hashtag": "a\x00b"}, "hashtag: Null characters are not allowed.", None),
        ({"updates": None}, "updates: Expected a list, got null. Not stored.", None),
        ({"mission": "Crew-1"}, "mission: Expected an object. Not stored.", None),
        ({"response_mode": "huge"}, 'response_mode: Expected one of list, normal, detailed, got "huge".', None),
        ({"program": [{"name": "No id"}]}, "program[0]: The object has no id. Not stored.", None),
    ],
    ids=str,
)
def test_what_cannot_be_stored_is_reported(value: dict[str, Any], warning: str, stored: Any) -> None:
    with pytest.raises(IngestError):
        ingest([("launch", launch(**value))], strict=True)
    assert not Launch.objects.exists()
    [reported] = ingest([("launch", launch(**value))]).warnings
    assert str(reported).startswith(f"launch: {warning}")
    created = Launch.objects.get()
    assert (created.name, created.slug) == ("A | B", value.get("slug", "a-b"))
    [name] = value
    if stored is not None:
        assert getattr(created, name) == stored


@pytest.mark.parametrize(
    "document",
    [
        agency(country_code="FRA\x00"),
        agency(country_code="FRA,RUS,\x00,FRA"),
        configuration(family="\x00Falcon"),
        configuration(launch_cost="\x00"),
        pad(latitude="1\x00"),
        pad(country_code="FR\x00"),
        agency(type="\x00"),
    ],
    ids=str,
)
def test_null_characters_are_not_stored(document: dict[str, Any]) -> None:
    """PostgreSQL refuses them in texts and in JSON. The database would refuse the whole object."""
    [warning] = ingest([("document", document)]).warnings
    assert warning.reason.endswith("Not stored.")
    stored = [values for model in (Pad, Agency, LauncherConfig) for values in model.objects.values()]
    assert r"\x00" not in repr(stored)


def test_a_null_of_a_related_object_comes_back(client: Client) -> None:
    """The column of the image is not nullable."""
    url = f"{URL}/2.2.0/astronaut/1/"
    document = {"id": 1, "url": url, "name": "A", "profile_image": f"{URL}/a.png", "profile_image_thumbnail": None}
    assert ingest([("astronaut", document)]).warnings == []
    served = client.get("/2.2.0/astronaut/1/").json()
    assert (served["profile_image"], served["profile_image_thumbnail"]) == (f"{URL}/a.png", None)
    ingest([("later", document | {"profile_image_thumbnail": f"{URL}/t.png"})])
    assert client.get("/2.2.0/astronaut/1/").json()["profile_image_thumbnail"] == f"{URL}/t.png"


def test_a_list_with_an_unreadable_object_loses_no_other(client: Client) -> None:
    programs = [{"id": pk, "name": f"P{pk}", "url": f"{URL}/2.3.0/programs/{pk}/"} for pk in (1, 2)]
    ingest([("launch", launch(program=programs))])
    ingest([("launch", launch(program=[programs[0], {"id": "two"}, 5]))])
    served = client.get(f"/2.3.0/launches/{LAUNCH_ID}/").json()["program"]
    assert [program["id"] for program in served] == [1, 2]


@pytest.mark.parametrize("unreadable", [None, 5, "abc", [], {}, {"unknown": 1}])
def test_an_unreadable_part_costs_itself_alone(unreadable: Any) -> None:
    """Parts cannot exist without their owner. Of a list with an unreadable one, none is deleted."""
    pk = "11111111-1111-4111-8111-111111111111"
    launch: dict[str, Any] = {"id": pk, "url": f"/2.2.0/launch/{pk}/", "name": "A", "flightclub_url": None}
    update = {"id": 1, "comment": "One", "created_by": "P", "created_on": "2026-08-22T08:00:00Z"}
    ingest([("", launch | {"updates": [update]})])
    summary = ingest([("", launch | {"updates": [update | {"id": 2}, unreadable]})])
    assert [warning.path for warning in summary.warnings] == ["updates[1]"]
    assert set(Update.objects.values_list("pk", flat=True)) == {1, 2}


def test_an_unreadable_object_does_not_refuse_the_page() -> None:
    page = {"count": 3, "next": None, "previous": None, "results": [pad(), pad(id=None), 8, pad(id=9, url="x")]}
    paths = [warning.path for warning in ingest([("page", page)]).warnings]
    assert paths == ["results[1]", "results[2]", "results[3]"]
    assert list(Pad.objects.values_list("pk", flat=True)) == [7]
    with pytest.raises(IngestError, match=r"results\[0\]: Expected an object"):
        ingest([("page", page | {"results": [8]})])


def test_an_object_that_the_database_refuses_does_not_refuse_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are checked so that the database refuses nothing, so the test disables a check."""
    monkeypatch.setattr("spacedb.ingest.column_readers.nearest_value", lambda spec, raw: None)
    pads = [pad(id=pk, url=f"{URL}/2.2.0/pad/{pk}/", name=name) for pk, name in ((7, "A"), (8, None), (9, "B"))]
    summary = ingest([("pads", pads)])
    refused = summary.warnings[-1]
    assert refused.path == "[1]"
    assert refused.reason.startswith("The document contradicts itself or the stored data: ")
    assert list(Pad.objects.order_by("pk").values_list("pk", flat=True)) == [7, 9]
    assert summary.models["Pads"] == (2, 0, 0)


def test_unknown_keys_have_one_warning_each() -> None:
    summary = ingest([("one", pad(mascot="Snoopy", crew={"id": 1})), ("two", pad(mascot="Snoopy"))])
    assert all(warning.is_unknown_key for warning in summary.warnings)
    assert [str(warning) for warning in summary.warnings] == [
        "one: crew: Unknown key of Pad. Not stored.",
        "one: mascot: Unknown key of Pad. Not stored.",
    ]


def test_null_in_place_of_a_list_is_an_empty_list(client: Client) -> None:
    """The official document allows it for the program and the astronauts of an event."""
    url = "https://ll.thespacedevs.com/2.3.0/events/5/"
    event = {"id": 5, "url": url, "response_mode": "detailed", "name": "A", "program": None, "astronauts": None}
    assert ingest([("event", event)], strict=True).warnings == []
    body = client.get("/2.3.0/events/5/").json()
    assert (body["program"], body["astronauts"]) == ([], [])


def test_a_number_is_no_id_of_a_launch() -> None:
    url = "https://ll.thespacedevs.com/2.3.0/events/5/"
    [warning] = ingest([("event", {"id": 5, "url": url, "name": "A", "launches": [{"id": 1}]})]).warnings
    assert (warning.path, warning.reason) == ("launches[0].id", "Expected a UUID. Got 1. Not stored.")
    assert not Launch.objects.exists()


def test_a_value_without_an_object_creates_none(client: Client) -> None:
    url = "https://ll.thespacedevs.com/2.2.0/event/5/"
    ingest([("event", {"id": 5, "url": url, "name": "A", "video_url": ["a"]})])
    assert client.get("/2.2.0/event/5/").json()["video_url"] is None
