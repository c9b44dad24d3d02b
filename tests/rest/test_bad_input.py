"""Responses to invalid requests: never a 500, and always with a reason."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.models import Agency
from spacecraft.models import Spacecraft
from spacedb.rest.viewsets import ReadOnlyViewSet
from tests.endpoints import endpoints

LISTS = sorted(endpoints())
SPACECRAFT = "/2.3.0/spacecraft/"
HTML = {"accept": "text/html,application/xhtml+xml"}

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue")]


@pytest.fixture
def client() -> Client:
    """A client that receives 500 responses, instead of raising the exception."""
    return Client(raise_request_exception=False)


# --- Not found --------------------------------------------------------------------------------------------------------

UNKNOWN_PATHS = [
    "/nothing",
    "/nothing/",
    "/2.3.0/nothing/",
    "/1.0.0/",
    "/%00/",
    "/%FF%FE/",
    "/%ED%A0%80/",
    f"/{'x' * 5000}/",
    *(
        f"{path}{pk}/"
        for path in LISTS
        for pk in ("987654321", "-1", "abc", "1.5", "1/2", "%00", "%FF", "%F0%9F%9A%80", "9" * 20, "9" * 5000)
    ),
]


@pytest.mark.parametrize("path", UNKNOWN_PATHS, ids=lambda path: path[:50])
def test_unknown_path_or_id(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["content-type"]) == (404, "application/json")
    assert response.json().keys() == {"detail"}
    page = client.get(path, headers=HTML)
    assert (page.status_code, page["content-type"]) == (404, "text/html; charset=utf-8")
    assert "HTTP 404 Not Found" in page.text


# --- Values -----------------------------------------------------------------------------------------------------------

STATUSES = "1 (Active), 2 (Retired), 3 (Destroyed), 4 (Single Use), 5 (Under construction), 1001 ("
INVALID = [
    (SPACECRAFT, "status", "abc", f'"abc" is not the id of a Spacecraft Status. Accepted: {STATUSES}'),
    (SPACECRAFT, "status", "99", f'"99" is not the id of a Spacecraft Status. Accepted: {STATUSES}'),
    (SPACECRAFT, "status", "100%", f'"100%" is not the id of a Spacecraft Status. Accepted: {STATUSES}'),
    (SPACECRAFT, "status", "%(value)s", f'"%(value)s" is not the id of a Spacecraft Status. Accepted: {STATUSES}'),
    (SPACECRAFT, "spacecraft_config", "99", "Enter the id of an existing object."),
    (SPACECRAFT, "in_space", "maybe", "Enter true or false."),
    (SPACECRAFT, "is_placeholder", "2", "Enter true or false."),
    (SPACECRAFT, "name", "a\0b", "Null characters are not allowed."),
    (SPACECRAFT, "search", "a\0b", "Null characters are not allowed."),
    (SPACECRAFT, "search", "x" * 10_000, "Ensure this has at most 1000 characters."),
    (SPACECRAFT, "search", " ".join("x" * 5000), "Ensure this has at most 1000 characters."),
    (SPACECRAFT, "search", " ".join("abcdefghijklmnopqrstu"), "Ensure this has at most 20 terms."),
    ("/2.3.0/spacecraft_configurations/", "agency", "-5", '"-5" is not the id of an Agency.'),
    ("/2.3.0/spacecraft_configurations/", "human_rated", "perhaps", "Enter true or false."),
    ("/2.3.0/spacecraft_configuration_families/", "manufacturer", "1e3", '"1e3" is not the id of an Agency.'),
    ("/2.3.0/spacecraft_flights/", "spacecraft", "no", '"no" is not the id of a Spacecraft.'),
    ("/2.3.0/agencies/", "id", "abc", "Enter a whole number."),
    ("/2.3.0/agencies/", "founding_year__gte", "MCMLVIII", "Enter a whole number."),
    ("/2.3.0/agencies/", "founding_year", "1958.5", "Enter a whole number."),
    ("/2.3.0/agencies/", "founding_year", "9" * 20, "Ensure this value is less than or equal to 2147483647."),
    ("/2.3.0/agencies/", "type__id", "NaN", '"NaN" is not the id of an Agency Type.'),
    ("/2.3.0/agencies/", "parent__id", "99999", '"99999" is not the id of an Agency.'),
    ("/2.3.0/agencies/", "featured", "0.5", "Enter true or false."),
    ("/2.3.0/agencies/", "spacecraft", "Dragon", "Enter true or false."),
    ("/2.3.0/agencies/", "country_code", "USA\0", "Null characters are not allowed."),
]
OLDER_NAMES = {"agency": "manufacturer", "type__id": "agency_type", "parent__id": "parent"}
OLDER_PATHS = {
    SPACECRAFT: "spacecraft/",
    "/2.3.0/spacecraft_configurations/": "config/spacecraft/",
    "/2.3.0/spacecraft_flights/": "spacecraft/flight/",
    "/2.3.0/agencies/": "agencies/",
}
INVALID += [
    (older, name, value, reason)
    for path, name, value, reason in INVALID
    for version in ("2.2.0", "2.0.0")
    if path in OLDER_PATHS
    for older, name in [(f"/{version}/{OLDER_PATHS[path]}", OLDER_NAMES.get(name, name))]
    if name in endpoints()[older].filter_names()
]
"""The same for the older versions."""


@pytest.mark.parametrize(
    ("path", "name", "value", "reason"), INVALID, ids=[f"{r[0]}?{r[1]}={r[2][:20]!r}" for r in INVALID]
)
def test_an_invalid_value_is_an_error_of_its_parameter(
    client: Client, path: str, name: str, value: str, reason: str
) -> None:
    response = client.get(path, {name: value})
    assert response.status_code == 400
    assert response.json().keys() == {name}
    assert reason in response.json()[name][0]
    assert "HTTP 400 Bad Request" in client.get(path, {name: value}, headers=HTML).text


def test_every_invalid_value_is_an_error(client: Client) -> None:
    response = client.get(SPACECRAFT, {"status": "x", "in_space": "z"})
    assert sorted(response.json()) == ["in_space", "status"]


def test_no_accepted_ids(client: Client) -> None:
    Spacecraft.objects.all().delete()
    response = client.get("/2.3.0/spacecraft_flights/", {"spacecraft": 1})
    assert response.json() == {
        "spacecraft": ['"1" is not the id of a Spacecraft. Accepted: none, as there are no Spacecraft yet.']
    }


IGNORED = [
    # query, equivalent query
    ("limit=0", "limit=10"),
    ("limit=-1", "limit=10"),
    ("limit=abc", "limit=10"),
    ("limit=", "limit=10"),
    ("limit=1.5", "limit=10"),
    ("limit=%00", "limit=10"),
    (f"limit={'9' * 5000}", "limit=10"),
    ("limit=100000", "limit=100"),
    (f"limit={'9' * 400}", "limit=100"),
    ("offset=-1", "offset=0"),
    ("offset=abc", "offset=0"),
    ("offset=", "offset=0"),
    ("offset=%FF", "offset=0"),
    ("offset=1e1", "offset=0"),
    ("mode=verbose", ""),
    ("mode=", ""),
    ("mode=DETAILED", ""),
    ("planet=mars", ""),
    ("ordering=planet", ""),
    ("ordering=", ""),
    ("ordering=--id", ""),
    ("ordering=pk", ""),
    ("ordering=?", ""),
    ("ordering=-,,", ""),
    ("ordering=description", ""),
    ("ordering=%00", ""),
    ("search=", ""),
    ("search=%20%20", ""),
]


@pytest.mark.parametrize("path", LISTS)
def test_other_invalid_values_are_ignored(client: Client, path: str) -> None:
    expected = {query: client.get(f"{path}?{query}").json()["results"] for _, query in IGNORED}
    assert len(expected["limit=10"]) == 10 < len(expected["limit=100"])
    for query, equivalent in IGNORED:
        response = client.get(f"{path}?{query}")
        assert response.status_code == 200, query
        assert response.json()["results"] == expected[equivalent], query


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("offset", ["1000", str(2**31), str(2**63), "9" * 20, "9" * 400])
def test_an_offset_past_the_end_is_an_empty_page(client: Client, path: str, offset: str) -> None:
    page = client.get(path, {"offset": offset}).json()
    assert (page["results"], page["next"]) == ([], None)
    assert page["count"] > 0
    assert client.get(path, {"offset": offset}, headers=HTML).status_code == 200


# --- Methods ----------------------------------------------------------------------------------------------------------

PATHS = ["/2.3.0/", *LISTS, *(f"{path}1/" for path in LISTS)]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writing_is_not_allowed(client: Client, method: str) -> None:
    for path in PATHS:
        response = client.generic(method, path, b'{"name": "mine"}', "application/json")
        assert (response.status_code, response["allow"]) == (405, "GET"), path
        assert response.json() == {"detail": f'Method "{method}" not allowed.'}


def test_head_and_options_are_allowed(client: Client) -> None:
    Spacecraft.objects.create(pk=1, name="one")
    for path in ("/2.3.0/", SPACECRAFT, f"{SPACECRAFT}1/"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert dict(head.headers) == dict(get.headers)
        assert client.options(path).status_code == 200
        assert client.options(path)["allow"] == "GET"


# --- Arbitrary input --------------------------------------------------------------------------------------------------

HARD_VALUES = (
    "\0",
    "a\0b",
    "9" * 20,
    "-" + "9" * 400,
    "9" * 5000,
    "1e999999999",
    "NaN",
    "-inf",
    "٣",
    "1_0",
    "%",
    "%s%(x)s{}",
    "_",
    "\\",
    "'\"",
    "'; DROP TABLE agencies_agency; --",
    "x" * 10_000,
    " ".join("x" * 5000),
    "," * 900,
    "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}ß",
    "\N{ROCKET}\N{ZERO WIDTH JOINER}\r\n",
)
INVALID_ENCODINGS = ("%FF", "%ED%A0%80", "%C3", "%", "%zz", "%u1234", "\xff\xfe", "&&;=;&=")
"""Strings that are not percent-encoded UTF-8: invalid bytes, lone surrogates, incomplete escapes."""

VALUES = [*map(quote, HARD_VALUES), *INVALID_ENCODINGS]
OTHER_PARAMETERS = ("limit", "offset", "mode", "ordering", "search", "nothing")


def filters_of_each_type(view: type[ReadOnlyViewSet]) -> list[str]:
    """One filter of each type."""
    filterset = getattr(view, "filterset_class", None)
    filters = filterset.base_filters if filterset else {}
    return list({(type(f), f.lookup_expr, f.method): name for name, f in filters.items()}.values())


PARAMETERS = [(SPACECRAFT, name) for name in OTHER_PARAMETERS] + [
    (p, name) for p in LISTS for name in filters_of_each_type(endpoints()[p])
]


def check(client: Client, path: str, query: str, **extra: Any) -> None:
    response = client.generic("GET", path, QUERY_STRING=query, **extra)
    assert response.status_code in (200, 400, 404), (response.status_code, query[:300])
    if response["content-type"] == "application/json":
        json.loads(response.content)


@pytest.mark.parametrize(("path", "name"), PARAMETERS)
def test_hard_values(client: Client, path: str, name: str) -> None:
    for value in VALUES:
        check(client, path, f"limit=1&{name}={value}")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", ["format=xml", "format=JSON", "format=html", "format=json&format=xml", "format=%00"])
def test_unknown_format(client: Client, path: str, query: str) -> None:
    for url in (path, f"{path}1/"):
        response = client.get(f"{url}?{query}")
        assert (response.status_code, response["content-type"]) == (404, "application/json")
        assert response.json() == {"detail": "Not found."}


@pytest.mark.parametrize("path", ["/nothing/", "/2.3.0/", SPACECRAFT, f"{SPACECRAFT}1/"])
def test_too_many_parameters(client: Client, path: str) -> None:
    response = client.get(f"{path}?{'a=1&' * 1001}")
    assert (response.status_code, response["content-type"]) == (400, "application/json")
    assert response.json().keys() == {"detail"}


@pytest.mark.parametrize("accept", ["", "nonsense", "image/png", "*/*;q=x", "application/json; indent=-1", "a/b," * 99])
def test_unusual_accept_headers(client: Client, accept: str) -> None:
    response = client.get(SPACECRAFT, headers={"accept": accept})
    assert response.status_code in (200, 406)
    assert response["content-type"] == "application/json"
    json.loads(response.content)


def test_names_of_the_maximum_length(client: Client) -> None:
    Agency.objects.create(pk=1, name="ß" * 200, abbrev="x" * 255)
    for query in ({"name": "ß" * 200}, {"name__contains": "ß" * 199}, {"search": "x" * 255}, {"search": "ß" * 200}):
        assert client.get("/2.3.0/agencies/", query).json()["count"] == 1
    assert client.get("/2.3.0/agencies/", {"name": "ß" * 201}).json()["count"] == 0


WITH_SURROGATES = ("utf-8", "surrogatepass")
STRINGS = st.one_of(
    st.sampled_from(HARD_VALUES), st.text(st.characters(), max_size=20), st.integers().map(str), st.floats().map(str)
)


@st.composite
def queries(draw: st.DrawFn, path: str) -> str:
    """Query strings with existing or arbitrary parameters and values."""
    names = st.sampled_from([*endpoints()[path].filter_names(), *OTHER_PARAMETERS, "format"]) | st.text(max_size=5)
    pairs = draw(st.lists(st.tuples(names, STRINGS), max_size=5))
    query = urlencode([(name.encode(*WITH_SURROGATES), value.encode(*WITH_SURROGATES)) for name, value in pairs])
    return query + draw(st.just("") | st.text(st.characters(max_codepoint=255), max_size=20))


@pytest.mark.parametrize("path", LISTS)
@settings(max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_arbitrary_queries(client: Client, data: st.DataObject, path: str) -> None:
    check(client, path, data.draw(queries(path)), headers=data.draw(st.sampled_from([{}, HTML])))


@settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(path=st.text(st.characters(max_codepoint=255)) | st.text())
def test_arbitrary_paths(client: Client, path: str) -> None:
    for start in ("/", "/2.3.0/", SPACECRAFT):
        assert client.get(start + quote(path.encode(*WITH_SURROGATES))).status_code in (200, 301, 302, 404)
