"""Filters and search of 2.3.0 select the same objects as Python selects from the JSON of all objects."""

import json
import operator
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from django import forms
from django.test import Client
from django_filters import Filter

from agencies.models import Agency
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacedb.catalogue.models import UUIDResource
from spacedb.rest.filters import (
    FALSE_VALUES,
    TRUE_VALUES,
    BooleanField,
    DateTimeField,
    FilterSet,
    IdFilter,
    InFilter,
    RelatedField,
    RelatedFilter,
    RelatedListFilter,
)
from tests.endpoints import MAIN_ENDPOINTS, endpoints

ENDPOINTS = {path: view for path, view in endpoints().items() if path.startswith("/2.3.0/")}
AGENCIES, SPACECRAFT = "/2.3.0/agencies/", "/2.3.0/spacecraft/"

Objects: TypeAlias = "list[dict[str, Any]]"

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue")]


@pytest.fixture(scope="module")
def everything(dataset: None, django_db_blocker: Any) -> dict[str, Objects]:
    """Return all objects of each list by path, detailed, in the default order."""
    client = Client()
    with django_db_blocker.unblock():
        return {path: get_all(client, path, mode="detailed") for path in ENDPOINTS}


def get_ids(client: Client, path: str, **query: Any) -> list[Any]:
    """Return the ids of the listed objects."""
    return [row["id"] for row in get_all(client, path, mode=next(iter(ENDPOINTS[path].modes)), **query)]


def get_all(client: Client, path: str, **query: Any) -> Objects:
    """Return the listed objects of all pages."""
    objects: Objects = []
    while True:
        response = client.get(path, query | {"limit": 100, "offset": len(objects)})
        assert response.status_code == 200, response.content
        page = response.json()
        objects += page["results"]
        if page["next"] is None:
            return objects


def value_at(row: Any, path: str) -> Any:
    """Return the value at a path such as `a__b`, or the id of a related object."""
    value = row
    for key in path.split("__"):
        value = value[key] if value else None
    return value["id"] if isinstance(value, dict) else value


# --- Filters ----------------------------------------------------------------------------------------------------------

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "contains": operator.contains,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}

FILTERS = [(path, name) for path in MAIN_ENDPOINTS for name in ENDPOINTS[path].filter_names() if name != "country_code"]


def value_of(path: str, name: str, everything: dict[str, Objects]) -> Callable[[Any], Any]:
    """Return a function that reads the value of a filter from the JSON of an object."""
    if (path, name) == (AGENCIES, "spacecraft"):
        return lambda row: bool(row["spacecraft_list"])
    if (path, name) == (AGENCIES, "parent__id"):  # the JSON contains the name
        ids = {row["name"]: row["id"] for row in everything[path]}
        return lambda row: ids.get(row["parent"])
    return lambda row: value_at(row, name)


def parameters(values: list[Any], comparison: str) -> Iterator[tuple[str, Any]]:
    """Yield query parameters, and the Python values that they mean."""
    for value in values:
        if isinstance(value, bool):
            yield from (
                (word, value)
                for accepted in (TRUE_VALUES if value else FALSE_VALUES)
                for word in (accepted, accepted.title())
            )
        elif isinstance(value, int):
            yield from ((str(near), near) for near in (value, value + 1))
        else:
            pieces = (value, value[1:4], value[-3:]) if comparison == "contains" else (value, value[:-1])
            for piece in pieces:
                yield from ((text, text) for text in (piece.strip(), piece.strip().swapcase()) if text)


@pytest.mark.parametrize(("path", "name"), FILTERS)
def test_filter_selects_the_same_as_python(
    client: Client, everything: dict[str, Objects], path: str, name: str
) -> None:
    field, _, lookup = name.rpartition("__")
    field, comparison = (field, lookup) if lookup in COMPARISONS else (name, "exact")
    read, compare = value_of(path, field, everything), COMPARISONS[comparison]
    stored = {row["id"]: read(row) for row in everything[path]}
    related = ENDPOINTS[path].filterset_class.base_filters[name].field_class is RelatedField
    partial = 0
    values = sorted({value for value in stored.values() if value is not None})
    for parameter, meant in parameters(values[:: len(values) // 3 + 1], comparison):
        if related and meant not in stored.values():
            continue
        expected = [pk for pk, value in stored.items() if value is not None and compare(value, meant)]
        assert get_ids(client, path, **{name: parameter}) == expected, parameter
        partial += 0 < len(expected) < len(stored)
    assert partial, "no parameter selects some objects but not all"


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", MAIN_ENDPOINTS)
def test_an_empty_value_filters_nothing(client: Client, everything: dict[str, Objects], path: str) -> None:
    for name in ENDPOINTS[path].filter_names():
        assert client.get(path, {name: "", "limit": "1"}).json()["count"] == len(everything[path]), name


COUNTRIES = [
    ("USA", {"USA"}),
    ("US", {"USA"}),
    ("usa", {"USA"}),
    ("FRA,RU", {"FRA", "RUS"}),
    (" de , ca ,", {"DEU", "CAN"}),
    (["DEU", "CAN,RUS"], {"DEU", "CAN", "RUS"}),  # the parameter repeated
    ("XNW", {"XNW"}),
    ("XF,XNW", {"XFA", "XNW"}),
    ("XN", set()),
    ("ZZZ", set()),
]


@pytest.mark.parametrize(("codes", "countries"), COUNTRIES)
def test_country_codes(client: Client, everything: dict[str, Objects], codes: Any, countries: set[str]) -> None:
    expected = [
        row["id"] for row in everything[AGENCIES] if countries & {country["alpha_3_code"] for country in row["country"]}
    ]
    assert bool(expected) == bool(countries)
    assert get_ids(client, AGENCIES, country_code=codes) == expected


@pytest.mark.parametrize("codes", [",", " ", ",,"])
def test_no_country_code_filters_nothing(client: Client, everything: dict[str, Objects], codes: str) -> None:
    """Agencies of countries without an alpha-2 code are included."""
    assert len(get_ids(client, AGENCIES, country_code=codes)) == len(everything[AGENCIES])


def test_several_filters_are_anded(client: Client, everything: dict[str, Objects]) -> None:
    listed = get_ids(client, SPACECRAFT, status=1, in_space="true", is_placeholder="false")
    expected = [
        row["id"]
        for row in everything[SPACECRAFT]
        if value_at(row, "status") == 1 and row["in_space"] and not row["is_placeholder"]
    ]
    assert listed == expected != []


TEXTS = [
    ("name__contains", "Space", {"National Aeronautics", "European Space", "SpaceX"}),
    ("name__contains", "SPACE", set()),
    ("name__contains", "étoile", {"étoile filante"}),
    ("name__contains", "0% o", {"100% orbit"}),
    ("name__contains", "_", {"_under"}),
    ("name__contains", "\\s", {"back\\slash"}),
    ("name", "Zebra", {"Zebra"}),
    ("name", "zebr_", set()),
    ("name", "%", set()),
    ("name", "Спутник", {"Спутник"}),
]


@pytest.mark.parametrize(("name", "text", "starts"), TEXTS)
def test_texts(client: Client, name: str, text: str, starts: set[str]) -> None:
    """Comparisons are case-sensitive, and wildcards have no special meaning."""
    names = Agency.objects.filter(pk__in=get_ids(client, AGENCIES, **{name: text})).values_list("name", flat=True)
    assert all(any(other.startswith(start) for other in names) for start in starts)
    assert all(text in other for other in names)
    assert bool(names) == bool(starts)


@pytest.mark.parametrize(
    ("path", "model"),
    [
        (SPACECRAFT, Spacecraft),
        ("/2.3.0/spacecraft_configurations/", SpacecraftConfig),
        ("/2.3.0/spacecraft_configuration_families/", SpacecraftConfigFamily),
    ],
)
def test_name_is_exact(client: Client, path: str, model: Any) -> None:
    assert get_ids(client, path, name="Zebra") == list(model.objects.filter(name="Zebra").values_list("pk", flat=True))
    assert get_ids(client, path, name="ZEBRA") == get_ids(client, path, name="Zebr") == []


def test_placeholders_are_not_valid_choices(client: Client) -> None:
    Agency.objects.create(pk=-7, name="Placeholder")
    response = client.get("/2.3.0/spacecraft_configurations/", {"agency": -7})
    assert response.status_code == 400
    assert '"-7" is not the id of an Agency' in response.json()["agency"][0]


# --- Search -----------------------------------------------------------------------------------------------------------

SEARCHES = [(path, field) for path in MAIN_ENDPOINTS for field in ENDPOINTS[path].search_fields]


def matches(row: Any, fields: Any, query: str) -> bool:
    return all(any(term.upper() in (value_at(row, field) or "").upper() for field in fields) for term in query.split())


@pytest.mark.parametrize(("path", "field"), SEARCHES)
def test_search_selects_the_same_as_python(
    client: Client, everything: dict[str, Objects], path: str, field: str
) -> None:
    values = sorted(
        {value_at(row, field) for row in everything[path]} - {None, ""}, key=lambda value: (value.isascii(), value)
    )
    words = [word for value in values for word in re.findall(r"\w+", value)]
    words = words[:: len(words) // 4 + 1]
    assert len(words) > 1
    for word, other in zip(words, words[1:] + words[:1], strict=True):
        for query in (word, word.upper(), word.lower(), word[1:], f"{word} {other.swapcase()}"):
            expected = [row["id"] for row in everything[path] if matches(row, ENDPOINTS[path].search_fields, query)]
            assert get_ids(client, path, search=query) == expected, query


SEARCHED = [
    ("ÉTOILE", {"étoile filante", "ÉTOILE DU NORD"}),
    ("étoile", {"étoile filante", "ÉTOILE DU NORD"}),
    ("etoile", {"Etoile"}),
    ("спутник", {"Спутник", "спутник-2"}),
    ("СПУТНИК 2", {"спутник-2"}),
    ("本", {"日本"}),
    ("nord étoile", {"ÉTOILE DU NORD"}),
    ('"étoile du"', {"ÉTOILE DU NORD"}),
    ('"nord étoile"', set()),
    ("0% ORB", {"100% orbit"}),
    ("%", {"100% orbit"}),
    ("_", {"_under"}),
    ("\\", {"back\\slash"}),
    ("x" * 200, {"x" * 200}),
    ("zebra nothing", set()),
    ("orbit,100%", {"100% orbit"}),
]


@pytest.mark.parametrize(("query", "names"), SEARCHED)
def test_search(client: Client, query: str, names: set[str]) -> None:
    """Search is case-insensitive in any alphabet, requires every term in any order, and has no wildcards."""
    agencies = Agency.objects.filter(pk__in=get_ids(client, AGENCIES, search=query))
    assert {agency.name for agency in agencies} == names


# --- The official document --------------------------------------------------------------------------------------------

TYPES = {
    forms.CharField: "string",
    forms.DateField: "string",
    forms.FloatField: "number",
    DateTimeField: "string",
    forms.IntegerField: "integer",
    BooleanField: "boolean",
    RelatedField: "integer",
}


def type_of(declared: Filter) -> str:
    """The type of the parameter of a filter in the document."""
    if isinstance(declared, IdFilter):
        return "integer"
    if isinstance(declared, RelatedFilter) and issubclass(declared.extra["queryset"].model, UUIDResource):
        return "string"
    return "array" if isinstance(declared, InFilter | RelatedListFilter) else TYPES[declared.field_class]


@pytest.fixture(scope="module")
def official(reference: Path) -> Any:
    return json.loads((reference / "live" / "openapi-2.3.0.json").read_text())["paths"]


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", ENDPOINTS)
def test_parameters_and_search_and_ordering_fields_are_the_official_ones(official: Any, path: str) -> None:
    view = ENDPOINTS[path]
    filterset = getattr(view, "filterset_class", FilterSet)
    ours = {name: type_of(declared) for name, declared in filterset.base_filters.items()} | {
        "limit": "integer",
        "offset": "integer",
        "ordering": "string",
        "search": "string",
    }
    modes = sorted(view.modes) if len(view.modes) > 1 else []
    parameters = {parameter["name"]: parameter["schema"] for parameter in official[path]["get"]["parameters"]}
    assert ours | ({"mode": "string"} if modes else {}) == {name: schema["type"] for name, schema in parameters.items()}
    assert modes == parameters.get("mode", {}).get("enum", [])
    description = official[path]["get"]["description"]
    for title, fields in (("Fields searched", view.search_fields), ("Fields", view.ordering_fields or ())):
        line = next((line for line in description.splitlines() if line.startswith(f"{title} - ")), "")
        assert sorted(fields) == re.findall(r"`(\w+)`", line)
