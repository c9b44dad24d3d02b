"""Shapes of requests."""

import pytest

from spacedb.server.requests import request_shape

pytestmark = pytest.mark.vendor_neutral


@pytest.mark.parametrize(
    ("target", "other"),
    [
        ("/2.3.0/launches/?limit=100&mode=detailed", "/2.3.0/%6caunches/?limit=%20100&mode=detailed"),
        ("/2.3.0/launches/?limit=100&mode=detailed", "/api/ll/2.3.0//launches/?mode=detailed&limit=1_00"),
        ("/2.3.0/launches/1/?format=api", "/2.3.0/launches/2.api"),
        ("/2.3.0/launches/?search=a,b&x=1", "/2.3.0/launches/?y=2&search=c%20d"),
    ],
)
def test_the_shape_does_not_depend_on_the_spelling(target: str, other: str) -> None:
    first, second = (request_shape(f"GET {url} HTTP/1.1\r\n\r\n".encode()) for url in (target, other))
    assert first == second


@pytest.mark.parametrize(
    ("query", "accept", "is_expensive"),
    [
        ("format=csv&limit=all", "*/*", True),
        ("limit=all", "text/csv", True),
        ("limit=all", "*/*", False),
        ("limit=all&format=json", "text/csv", False),
        ("format=csv&limit=100", "*/*", False),
        ("format=csv&limit=4294967295", "*/*", False),
        ("format=ics&limit=all", "*/*", False),
    ],
)
def test_all_objects_are_expensive_until_measured(query: str, accept: str, is_expensive: bool) -> None:
    head = f"GET /2.3.0/launches/?{query} HTTP/1.1\r\nAccept: {accept}\r\n\r\n".encode()
    assert request_shape(head).may_be_expensive == is_expensive


def test_formats_have_shapes_of_their_own() -> None:
    queries = ("", "format=csv", "format=ics", "format=geojson", "format=api")
    shapes = {request_shape(f"GET /2.3.0/pads/?{query} HTTP/1.1\r\n\r\n".encode()) for query in queries}
    assert len(shapes) == len(queries)


@pytest.mark.parametrize("url", ["/2.3.0/launches/?search=a", "/search/?q=a"])
def test_searches_may_be_expensive(url: str) -> None:
    assert request_shape(f"GET {url} HTTP/1.1\r\n\r\n".encode()).may_be_expensive
    assert not request_shape(f"GET {url.removesuffix('a')} HTTP/1.1\r\n\r\n".encode()).may_be_expensive
