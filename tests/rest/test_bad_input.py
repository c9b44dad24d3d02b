"""Invalid requests never cause a response with the status 500, and errors contain the reason."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.models import Agency
from spacecraft.models import Spacecraft
from spacedb.rest.filters import COMPARISONS
from spacedb.rest.viewsets import ReadOnlyViewSet
from tests.endpoints import declared_endpoints, endpoints

LISTS = sorted(declared_endpoints())
SPACECRAFT = "/2.3.0/spacecraft/"
HTML = {"accept": "text/html,application/xhtml+xml"}

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue")]


@pytest.fixture
def client() -> Client:
    """Return a client that returns responses with the status 500 instead of raising the exception."""
    return Client(raise_request_exception=False)


def shape(path: str) -> tuple[object, ...]:
    """Return what determines how a list handles these parameters: lists of the same shape run the same code."""
    view = endpoints()[path]
    version = path.split("/")[1]
    return version, len(view.modes) > 1, bool(view.ordering_fields), bool(view.search_fields), bool(view.filter_names())


LIST_OF_EACH_SHAPE = sorted({shape(path): path for path in LISTS}.values())


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
]
UNKNOWN_IDS = ("987654321", "-1", "abc", "1.5", "1/2", "%00", "%FF", "%F0%9F%9A%80", "9" * 20, "9" * 5000)


def check_not_found(client: Client, url: str) -> None:
    response = client.get(url)
    assert (response.status_code, response["content-type"]) == (404, "application/json"), url[:100]
    assert response.json().keys() == {"detail"}


def check_page_not_found(client: Client, url: str) -> None:
    page = client.get(url, headers=HTML)
    assert (page.status_code, page["content-type"]) == (404, "text/html; charset=utf-8"), url[:100]
    assert "HTTP 404 Not Found" in page.text


@pytest.mark.parametrize("path", UNKNOWN_PATHS, ids=lambda path: path[:50])
def test_unknown_path(client: Client, path: str) -> None:
    check_not_found(client, path)
    check_page_not_found(client, path)


@pytest.mark.parametrize("path", LIST_OF_EACH_SHAPE)
def test_unknown_id(client: Client, path: str) -> None:
    for pk in UNKNOWN_IDS:
        check_not_found(client, f"{path}{pk}/")
    check_page_not_found(client, f"{path}{UNKNOWN_IDS[0]}/")


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("pk", UNKNOWN_IDS, ids=lambda pk: pk[:20])
def test_page_of_an_unknown_id(client: Client, pk: str) -> None:
    check_page_not_found(client, f"{SPACECRAFT}{pk}/")


# --- Values -----------------------------------------------------------------------------------------------------------

STATUSES = "1 (Active), 2 (Retired), 3 (Destroyed), 4 (Single Use), 5 (Under construction), 1001 ("
REJECTED = [
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
REJECTED += [
    (older, name, value, reason)
    for path, name, value, reason in REJECTED
    for version in ("2.2.0", "2.1.0", "2.0.0")
    if path in OLDER_PATHS
    for older, name in [(f"/{version}/{OLDER_PATHS[path]}", OLDER_NAMES.get(name, name))]
    if name in endpoints()[older].filter_names()
]
"""Includes the same filters of the older versions, with their names."""


@pytest.mark.parametrize(
    ("path", "name", "value", "reason"),
    [
        pytest.param(
            *each,
            id=f"{path}?{name}={value[:20]!r}",
            marks=[] if path in OLDER_PATHS else pytest.mark.vendor_neutral,  # older versions run the same SQL
        )
        for each in REJECTED
        for path, name, value, _ in [each]
    ],
)
def test_errors_name_the_parameter_and_the_accepted_values(
    client: Client, path: str, name: str, value: str, reason: str
) -> None:
    response = client.get(path, {name: value})
    assert response.status_code == 400
    assert response.json().keys() == {name}
    assert reason in response.json()[name][0]
    assert "HTTP 400 Bad Request" in client.get(path, {name: value}, headers=HTML).text


def test_errors_name_every_invalid_parameter(client: Client) -> None:
    response = client.get(SPACECRAFT, {"status": "x", "in_space": "z"})
    assert sorted(response.json()) == ["in_space", "status"]


def test_error_without_accepted_values(client: Client) -> None:
    Spacecraft.objects.all().delete()
    response = client.get("/2.3.0/spacecraft_flights/", {"spacecraft": 1})
    assert response.json() == {"spacecraft": ['"1" is not the id of a Spacecraft. There are no Spacecraft yet.']}


IGNORED = [
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
    ("ordering=description__length", ""),
    ("ordering=%00", ""),
    ("search=", ""),
    ("search=%20%20", ""),
]


ALL_IGNORED = "limit=abc&offset=-1&mode=verbose&planet=mars&ordering=-,,&search=%20"


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", LIST_OF_EACH_SHAPE)
def test_invalid_parameters_are_ignored(client: Client, path: str) -> None:
    expected = {equivalent: client.get(f"{path}?{equivalent}").json()["results"] for _, equivalent in IGNORED}
    assert len(expected["limit=10"]) == 10 < len(expected["limit=100"])
    for query, equivalent in IGNORED:
        response = client.get(f"{path}?{query}")
        assert response.status_code == 200, query
        assert response.json()["results"] == expected[equivalent], query


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", LISTS)
def test_every_list_ignores_invalid_parameters(client: Client, path: str) -> None:
    response = client.get(f"{path}?{ALL_IGNORED}")
    assert response.status_code == 200
    assert response.json()["results"] == client.get(path).json()["results"]


@pytest.mark.parametrize("path", LIST_OF_EACH_SHAPE)
def test_an_offset_past_the_end_is_an_empty_page(client: Client, path: str) -> None:
    for offset in ("1000", str(2**31), str(2**63), "9" * 20, "9" * 400):
        page = client.get(path, {"offset": offset}).json()
        assert (page["results"], page["next"]) == ([], None)
        assert page["count"] > 0
    assert client.get(path, {"offset": "9" * 20}, headers=HTML).status_code == 200


# --- Methods ----------------------------------------------------------------------------------------------------------

PATHS = ["/2.3.0/", *LISTS, *(f"{path}1/" for path in LISTS)]


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_unsafe_methods_are_not_allowed(client: Client, method: str) -> None:
    for path in PATHS:
        response = client.generic(method, path, b'{"name": "mine"}', "application/json")
        assert (response.status_code, response["allow"]) == (405, "GET"), path
        assert response.json() == {"detail": f'Method "{method}" not allowed.'}


def test_head_and_options_are_allowed(client: Client) -> None:
    Spacecraft.objects.create(pk=1, name="one")
    for path in ("/2.3.0/", SPACECRAFT, f"{SPACECRAFT}1/"):
        head, response = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert dict(head.headers) == dict(response.headers)
        assert client.options(path).status_code == 200
        assert client.options(path)["allow"] == "GET"


# --- Arbitrary input --------------------------------------------------------------------------------------------------

UNUSUAL_VALUES = (
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
"""Query strings that are not the encoding of any string: invalid UTF-8, lone surrogates, incomplete escapes."""

COMMON_PARAMETERS = ("limit", "offset", "mode", "ordering", "search", "nothing")


def kinds(path: str) -> dict[tuple[object, ...], tuple[str, str]]:
    """Return one filter of each kind. Filters of a kind run the same code and compare columns of the same type."""
    view = endpoints()[path]
    filterset = getattr(view, "filterset_class", None)
    return {
        (
            type(declared),
            declared.field_class,
            "gt" if declared.lookup_expr in COMPARISONS else declared.lookup_expr,
            column_type(view, declared.field_name),
            code_of(filterset, declared),
        ): (path, name)
        for name, declared in (filterset.base_filters if filterset else {}).items()
    }


def column_type(view: type[ReadOnlyViewSet], path: str) -> str:
    model: Any = view.queryset.model
    field: Any = None
    for name in path.split("__") if path else ():
        try:
            field = model._meta.get_field(name)
        except (AttributeError, FieldDoesNotExist):  # a lookup such as `year`, or an annotation
            return f"{type(field).__name__} {name}"
        model = field.related_model
    return type(field).__name__


def code_of(filterset: Any, declared: Any) -> object:
    """Return the code of the method of a filter, if it has a method. Closures of one function share their code."""
    method = getattr(filterset, declared.method, None) if isinstance(declared.method, str) else declared.method
    return getattr(method, "__code__", method)


KINDS = {kind: parameter for path in LISTS for kind, parameter in kinds(path).items()}
PARAMETERS = [(SPACECRAFT, name) for name in COMMON_PARAMETERS] + sorted(KINDS.values())
"""A parameter of each kind, and an endpoint that has it."""


def test_number_of_kinds_of_filters() -> None:
    assert len(KINDS) > 40


def check(client: Client, path: str, query: str, **more: Any) -> None:
    response = client.generic("GET", path, QUERY_STRING=query, **more)
    assert response.status_code in (200, 400, 404), (response.status_code, query[:300])
    if response["content-type"] == "application/json":
        json.loads(response.content)


@pytest.mark.parametrize(("path", "name"), PARAMETERS)
def test_unusual_values(client: Client, path: str, name: str) -> None:
    """What is decoded is text: a replacement character, or an escape that is none."""
    encodings = INVALID_ENCODINGS if name in COMMON_PARAMETERS else INVALID_ENCODINGS[:1]
    for value in (*map(quote, UNUSUAL_VALUES), *encodings):
        check(client, path, f"limit=1&{name}={value}")


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", LIST_OF_EACH_SHAPE)
def test_unknown_format(client: Client, path: str) -> None:
    for query in ("format=xml", "format=JSON", "format=html", "format=json&format=xml", "format=%00"):
        for url in (path, f"{path}1/"):
            response = client.get(f"{url}?{query}")
            assert (response.status_code, response["content-type"]) == (404, "application/json")
            assert " is not a format of this endpoint. Accepted: json, api" in response.json()["detail"]


@pytest.mark.parametrize("path", ["/2.3.0/", SPACECRAFT, f"{SPACECRAFT}1/"])
def test_too_many_parameters(client: Client, path: str) -> None:
    response = client.get(f"{path}?{'a=1&' * 1001}")
    assert (response.status_code, response["content-type"]) == (400, "application/json")
    assert response.json().keys() == {"detail"}


@pytest.mark.vendor_neutral
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


ENCODING = ("utf-8", "surrogatepass")
TEXTS = st.one_of(
    st.sampled_from(UNUSUAL_VALUES), st.text(st.characters(), max_size=20), st.integers().map(str), st.floats().map(str)
)


@st.composite
def queries(draw: st.DrawFn, path: str) -> str:
    """Draw a query string of existing or arbitrary parameters with arbitrary values."""
    names = st.sampled_from([*endpoints()[path].filter_names(), *COMMON_PARAMETERS, "format"]) | st.text(max_size=5)
    pairs = draw(st.lists(st.tuples(names, TEXTS), max_size=5))
    encoded = urlencode([(name.encode(*ENCODING), value.encode(*ENCODING)) for name, value in pairs])
    return encoded + draw(st.just("") | st.text(st.characters(max_codepoint=255), max_size=20))


@pytest.mark.parametrize("path", LIST_OF_EACH_SHAPE)
@settings(max_examples=5, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_arbitrary_queries(client: Client, data: st.DataObject, path: str) -> None:
    check(client, path, data.draw(queries(path)), headers=data.draw(st.sampled_from([{}, {}, {}, HTML])))


@pytest.mark.vendor_neutral
@settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(path=st.text(st.characters(max_codepoint=255)) | st.text())
def test_arbitrary_paths(client: Client, path: str) -> None:
    for start in ("/", "/2.3.0/", SPACECRAFT):
        assert client.get(start + quote(path.encode(*ENCODING))).status_code in (200, 301, 302, 404)
