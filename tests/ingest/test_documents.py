"""Recognizing the endpoint of a document, and the serializer of its objects."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from flights.models import Launch
from spacedb.api.v2_3_0.serializers.programs import ProgramNormal
from spacedb.ingest.documents import ParsedObject, batches
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.formats import documents_in
from spacedb.ingest.ingest import check, ingest
from spacedb.rest.versions import versions
from spacedb.serializers.describe import describe

HOST = "https://ll.thespacedevs.com"
PK = "11111111-1111-4111-8111-111111111111"


def launch(url: str, **more: Any) -> dict[str, Any]:
    return {"id": PK, "url": url, "slug": "a", "name": "A | B"} | more


def recognized(document: Any) -> list[str]:
    """The version and the mode of each object of a document."""
    modes = {
        serializer: f"{number} {mode}"
        for number, version in versions().items()
        for mode, serializer in getattr(version.endpoints.get("launch"), "modes", {}).items()
    }
    return [modes[parsed.serializer] for parsed in all_objects(document)]


def all_objects(document: Any) -> list[ParsedObject]:
    parsed_objects = [parsed for batch in batches([("", document)]) for parsed in batch]
    errors = [parsed for parsed in parsed_objects if isinstance(parsed, DocumentError)]
    if errors:
        raise errors[0]
    return [parsed for parsed in parsed_objects if isinstance(parsed, ParsedObject)]


@pytest.mark.vendor_neutral
def test_captures_of_the_same_request_are_read_together() -> None:
    """Captures of single objects are the items of one list, if their requests are the same and their ids are not."""

    def capture(pk: int, request: str = "/2.3.0/config/agency_types/") -> dict[str, Any]:
        return {"request": request, "body": {"id": pk, "name": f"Type {pk}"}}

    page = {"request": "/2.3.0/config/agency_types/", "body": {"results": [capture(1)["body"], capture(2)["body"]]}}
    without_request = {"body": capture(9)["body"] | {"url": "/2.3.0/config/agency_types/9/"}}
    documents = [
        *(capture(1), capture(2)),
        *(capture(1), capture(3)),
        *(capture(4, "/2.3.0/config/orbits/"), capture(5, "/2.3.0/config/orbits/")),
        capture(6),
        page,
        capture(7),
        without_request,
        *(
            capture(8)["body"] | {"url": "/2.3.0/config/orbits/8/"},
            capture(9)["body"] | {"url": "/2.3.0/config/orbits/9/"},
        ),
    ]
    for given in ([("", documents)], [(f"line {number}", each) for number, each in enumerate(documents)]):
        read = [[parsed.raw["id"] for parsed in batch if isinstance(parsed, ParsedObject)] for batch in batches(given)]
        assert read == [[1, 2], [1, 3], [4, 5], [6], [1, 2], [7], [9], [8, 9]]


# --- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    "url",
    [
        f"{HOST}/2.2.0/launch/{PK}/",
        f"{HOST}/2.2.0/launch/{PK}",
        f"{HOST}/2.2.0/launch/{PK}/?mode=list",
        f"{HOST}/2.2.0/launch/{PK}.json",
        f"{HOST}/2.2.0/launch/{PK}.json?mode=list",
        f"{HOST}//2.2.0//launch/{PK}/",
        f"{HOST}/api/2.2.0/launch/{PK}/",
        f"https://spacelaunchnow.me/api/ll/2.2.0/launch/{PK}/",
        f"https://web.archive.org/web/2021/{HOST}/2.2.0/launch/{PK}/",
        f"/2.2.0/launch/upcoming/{PK}/",
    ],
)
def test_addresses_of_an_object(url: str) -> None:
    assert recognized(launch(url)) == ["2.2.0 list"]
    check(launch(url))
    with pytest.raises(DocumentError, match="is not the URL of the object with id"):
        check(launch(url.replace(PK, PK.replace("1", "2"))))


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", ["launch/upcoming.json", "launch/upcoming/", "launch.api", "/launch/"])
def test_addresses_of_a_page(path: str) -> None:
    page = {"next": f"{HOST}/2.2.0/{path}?limit=1&offset=1", "results": [launch("")]}
    assert recognized(page) == ["2.2.0 list"]


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("key", ["next", "previous", "request"])
def test_the_url_of_a_page_takes_precedence_over_those_of_its_objects(key: str) -> None:
    results = [launch(f"{HOST}/2.2.0/launch/{PK}/", tbddate=False, inhold=False, rocket={})]
    page = {"results": results, key: f"{HOST}/2.0.0/launch/?limit=1"}
    document = {"request": page.pop("request"), "body": page} if key == "request" else page
    assert recognized(document) == ["2.0.0 normal"]
    assert recognized({"results": results}) == ["2.2.0 normal"]


@pytest.mark.vendor_neutral
def test_other_urls_of_a_page_are_ignored() -> None:
    page = {"next": "https://example.com/?page=2", "results": [launch(f"{HOST}/2.2.0/launch/{PK}/")]}
    assert recognized({"request": "/cache/launches", "body": page}) == ["2.2.0 list"]


@pytest.mark.vendor_neutral
def test_an_object_whose_url_is_null_is_recognized_by_its_keys() -> None:
    document = dict.fromkeys(spec.key for spec in describe(ProgramNormal)) | {"id": 1}
    assert [parsed.serializer for parsed in all_objects(document)] == [ProgramNormal]


@pytest.mark.vendor_neutral
def test_error_names_the_url_of_an_endpoint_that_is_not_served() -> None:
    page = {"next": f"{HOST}/2.2.0/nonsense/?limit=1", "results": [{"id": 1, "comment": ""}]}
    with pytest.raises(DocumentError, match=r"results\[0\]: Not a response of an endpoint .*/nonsense/\?limit=1"):
        all_objects(page)


# --- Shapes -----------------------------------------------------------------------------------------------------------


@pytest.mark.vendor_neutral
def test_a_list_may_contain_pages_captures_and_objects() -> None:
    one = launch(f"{HOST}/2.2.0/launch/{PK}/")
    page = {"results": [launch("")], "next": f"{HOST}/2.0.0/launch/?limit=1"}
    capture = {"source": "a file", "url": "/2.2.0/launch/", "body": [launch("")]}
    parsed = all_objects([page, capture, one])
    assert [each.path for each in parsed] == ["[0].results[0]", "[1].body[0]", "[2]"]
    assert recognized([page, capture, one]) == ["2.0.0 list", "2.2.0 list", "2.2.0 list"]


# --- Cases ------------------------------------------------------------------------------------------------------------


def case(reference: Path, name: str) -> Any:
    [path] = (reference / "live" / "cases").glob(f"{name}*.json")
    [(_, document)] = documents_in(path.read_bytes())
    return document


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("02_updates", f"/2.2.0/launch/{PK}/"),
        ("03_agency_lists", "/2.3.0/agencies/44/"),
        ("10_suffix", f"/2.2.0/launch/{PK}/"),
        ("12_api_ll", "/2.2.0/astronaut/32/"),
    ],
)
def test_recorded_case_is_ingested(name: str, path: str, reference: Path, client: Client) -> None:
    document = case(reference, name)
    assert not any(warning.is_unknown_key for warning in ingest([(name, document)]).warnings)
    served = client.get(path).json()
    values = {key: value for key, value in document.items() if key != "url" and not isinstance(value, dict | list)}
    assert {key: served[key] for key in values} == values


@pytest.mark.django_db
def test_a_page_of_2_0_0_with_urls_of_2_2_0(reference: Path, client: Client) -> None:
    document = case(reference, "09_200")
    assert recognized(document) == ["2.0.0 normal"]
    ingest([("page", document)])
    assert Launch.objects.get().launch_library_id == 1829
    served = client.get(f"/2.0.0/launch/{PK}/").json()
    assert {key: served[key] for key in ("launch_library_id", "net", "probability", "hashtag")} == {
        "launch_library_id": 1829,
        "net": "1961-01-31T20:21:19Z",
        "probability": 0,
        "hashtag": "",
    }
