"""The `search` parameter finds the same objects as DRF's filter, which joins all searched tables to every object."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, Value
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from rest_framework.filters import SearchFilter as DRFSearchFilter
from rest_framework.request import Request

from flights.models import Launch, SpacecraftFlight
from spacecraft.models import Spacecraft
from spacedb.rest.search import SearchFilter
from spacedb.rest.viewsets import ReadOnlyViewSet
from tests.endpoints import endpoints
from tests.flights.histories import day

pytestmark = pytest.mark.django_db

SEARCHED = {
    (view.queryset.model, *map(view.lookup_of, view.search_fields)): (path, view)
    for path, view in sorted(endpoints().items())
    if view.search_fields
}
"""A list endpoint for each set of searched columns, with its viewset class."""

TEXTS = ("zzz", "e", "ÉTOILE", "спутник", "%", "0% ORB", "orbit,100%", "'étoile du'")
"""Searches for no object and for many, with accents, other alphabets, wildcards, several terms and quotes."""


def found(view_class: type[ReadOnlyViewSet], text: str, search: Any = SearchFilter.filter_queryset) -> list[Any]:
    """Return the ids of the objects that contain the text."""
    request = RequestFactory().get("/", {"search": text})
    view: Any = view_class(detail=False)
    queryset = search(SearchFilter(), Request(request), view.get_queryset(), view)
    return list(queryset.order_by("pk").values_list("pk", flat=True))


def texts(view: type[ReadOnlyViewSet]) -> Iterator[str]:
    """Yield searches for values of each field of the first objects that have one."""
    values: dict[Any, list[str]] = defaultdict(list)
    for name in view.search_fields:
        field = view.lookup_of(name)
        rows = view(detail=False).get_queryset().order_by("pk", field).values_list("pk", field)
        first, *others = [(pk, str(value)) for pk, value in rows if value not in (None, "")]
        for pk, value in (first, *others[:1]):
            values[pk].append(value)
        yield first[1][1:].swapcase()
        yield f'"{first[1]}"'
    for several in values.values():  # fields of the same object, and of several related objects
        yield " ".join(value.split()[-1] for value in several[:3])
        yield ",".join(f'"{value}"' for value in several[-2:])


@pytest.mark.dataset("catalogue")
@pytest.mark.usefixtures("time_before_examples")
@pytest.mark.parametrize(("path", "view"), SEARCHED.values())
def test_same_objects_as_with_joins(path: str, view: type[ReadOnlyViewSet]) -> None:
    is_found = False
    for text in (*TEXTS, *texts(view)):
        ids = found(view, text)
        assert ids == found(view, text, DRFSearchFilter.filter_queryset), text
        is_found |= bool(ids)
    assert is_found, path


def test_terms_in_related_objects() -> None:
    """One related object must contain all terms that no other field contains."""
    launch = Launch.objects.create(name="Falcon 9", net=day(0))
    for name in ("Dragon Endeavour", "Cygnus"):
        SpacecraftFlight.objects.create(launch=launch, spacecraft=Spacecraft.objects.create(name=name))
    view = endpoints()["/2.3.0/launches/"]
    for text in ("falcon", "cygnus", "falcon dragon", "endeavour dragon", "9 endeavour falcon"):
        assert found(view, text) == [launch.pk], text
    for text in ("dragon cygnus", "falcon soyuz"):
        assert found(view, text) == [], text


def test_ascii_terms_find_ascii_letters_only() -> None:
    """The capitals of a few other letters are ASCII. Both databases ignore that, as it makes them faster."""
    Spacecraft.objects.create(pk=1, name="mu\N{LATIN SMALL LETTER LONG S}eum \N{LATIN SMALL LETTER DOTLESS I}")
    Spacecraft.objects.create(pk=2, name="Museum I")
    view = endpoints()["/2.3.0/spacecraft/"]
    assert (found(view, "MUSEUM"), found(view, "i"), found(view, "EuM")) == ([2], [2], [1, 2])


def test_without_results_only_the_count_is_queried(client: Client) -> None:
    Launch.objects.create(name="Falcon 9", net=day(0))
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/2.3.0/launches/?search=soyuz").json()["results"] == []
    assert sum("LIKE" in query["sql"].upper() for query in queries) == 1


@pytest.mark.parametrize("lookup", ["name__contains", "name__icontains"])
def test_lookups_compare_columns(lookup: str) -> None:
    for pk, (name, serial_number) in enumerate((("Étoile 1", "Étoile"), ("x", "y")), 1):
        Spacecraft.objects.create(pk=pk, name=name, serial_number=serial_number)
    assert [craft.pk for craft in Spacecraft.objects.filter(**{lookup: F("serial_number")})] == [1]
    assert [craft.pk for craft in Spacecraft.objects.filter(**{lookup: Value("toile")})] == [1]
