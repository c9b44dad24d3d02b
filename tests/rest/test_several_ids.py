"""Filters by the id of a related object accept several ids, and times an offset whose `+` is not encoded."""

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from flights.models import Pad
from spacedb.rest.filters import DateTimeField, RelatedFilter
from tests.endpoints import endpoints, once_per_statement

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("small")]

FILTERS = {
    (path, name): {(view.queryset.model, type(declared), declared.field_name, declared.lookup_expr)}
    for path, view in endpoints().items()
    if (filterset := getattr(view, "filterset_class", None))
    for name, declared in filterset.base_filters.items()
    if isinstance(declared, RelatedFilter)
}
"""The model and the lookup of each filter by related objects."""
ID_FILTERS = [
    ("/2.3.0/agencies/", "id"),
    ("/2.3.0/launches/", "rocket__configuration__id"),
    ("/2.2.0/pad/", "id"),
    ("/2.2.0/launch/", "lsp__id"),
    ("/2.2.0/launch/", "rocket__configuration__id"),
    ("/2.0.0/launch/", "lsp__id"),
]


def test_number_of_filters() -> None:
    assert len(FILTERS) > 40


@pytest.mark.parametrize(("path", "name"), once_per_statement(FILTERS))
def test_several_ids_find_the_objects_of_each(path: str, name: str) -> None:
    view: Any = endpoints()[path]

    def found(query: str) -> set[Any]:
        filterset = view.filterset_class(QueryDict(query), queryset=view.queryset.all(), only=[name])
        assert filterset.is_valid(), filterset.errors
        return set(filterset.qs.values_list("pk", flat=True))

    related = view.filterset_class.base_filters[name].extra["queryset"]
    one, two = related.order_by("pk").values_list("pk", flat=True)[:2]
    of_each = found(f"{name}={one}") | found(f"{name}={two}")
    assert found(f"{name}={one},{two}") == found(f"{name}=%20{two}%20,,&{name}={one}") == of_each
    assert found(f"{name}=,") == set(view.queryset.values_list("pk", flat=True))


@pytest.mark.parametrize(("path", "name"), ID_FILTERS)
def test_several_integers_find_the_objects_of_each(client: Client, path: str, name: str) -> None:
    """Unlike for related objects, they need not be ids of objects."""

    def found(query: str) -> list[Any]:
        response = client.get(f"{path}?{query}")
        assert response.status_code == 200, response.content
        return [row["id"] for row in response.json()["results"]]

    one, two = found(f"{name}=1001"), found(f"{name}=1002")
    assert one != two
    for query in (f"{name}=1001,1002,99", f"{name}=%201002&{name}=1001"):
        assert set(found(query)) == {*one, *two}
    assert client.get(f"{path}?{name}=1001,x").json() == {name: ["Enter a whole number."]}


@pytest.mark.parametrize("query", ["agencies_ids=1001,1002&agencies_ids=", "agencies_ids=&agencies_ids=1001,1002"])
def test_objects_with_several_of_the_related_objects_are_found_once(client: Client, query: str) -> None:
    """An empty value after the ids does not hide that the filter joins a to-many relation."""
    pad = Pad.objects.get(pk=1001)
    pad.agencies.set([1001, 1002])
    page = client.get(f"/2.3.0/pads/?{query}").json()
    assert [row["id"] for row in page["results"]].count(pad.pk) == 1
    assert page["count"] == len({row["id"] for row in page["results"]})


@pytest.mark.parametrize("query", ["status=1001,1002", "status=1001&status=1002"])
def test_several_statuses(client: Client, query: str) -> None:
    page = client.get(f"/2.2.0/launch/?{query}").json()
    assert [launch["status"]["id"] for launch in page["results"]] == [1001, 1002]


@pytest.mark.parametrize("query", ["status=1001,99", "status=1001&status=99", "status=99,x"])
def test_every_id_must_exist(client: Client, query: str) -> None:
    response = client.get(f"/2.2.0/spacecraft/?{query}")
    assert response.status_code == 400
    assert response.json()["status"][0].startswith('"99" is not the id of a Spacecraft Status. Accepted: 1001 (')


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2020-01-01T00:00:00 00:00", dt.datetime(2020, 1, 1)),
        ("2020-01-01T02:00:00.500 0200", dt.datetime(2020, 1, 1, 0, 0, 0, 500_000)),
        ("2020-01-01T02:00 02:00", dt.datetime(2020, 1, 1)),
        ("2020-01-01 05:30:00 05:30", dt.datetime(2020, 1, 1)),
        ("2020-01-01 05:30:00", dt.datetime(2020, 1, 1, 5, 30)),
        ("2020-01-01 05:30", dt.datetime(2020, 1, 1, 5, 30)),
    ],
)
def test_a_space_before_the_offset_is_a_plus(text: str, utc: dt.datetime) -> None:
    assert DateTimeField().to_python(text) == utc.replace(tzinfo=dt.UTC)


@pytest.mark.vendor_neutral
def test_an_unencoded_plus_in_a_request(client: Client) -> None:
    query = "net__gte=1957-10-04T00:00:00"
    expected = client.get(f"/2.2.0/launch/?{query}Z").json()["results"]
    assert client.get(f"/2.2.0/launch/?{query}+00:00").json()["results"] == expected != []
