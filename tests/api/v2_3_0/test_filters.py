"""Filters and search of 2.3.0: what they find is what Python finds in the JSON of all objects."""

import json
import operator
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from django import forms
from django.test import Client

from agencies.models import Agency
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacedb.rest.filters import (
    FALSE_VALUES,
    TRUE_VALUES,
    BooleanField,
    DateTimeField,
    FilterSet,
    InFilter,
    RelatedField,
    RelatedListFilter,
)
from tests.endpoints import MAIN_ENDPOINTS, endpoints

ENDPOINTS = {path: view for path, view in endpoints().items() if path.startswith("/2.3.0/")}
AGENCIES, SPACECRAFT = "/2.3.0/agencies/", "/2.3.0/spacecraft/"

Objects: TypeAlias = "list[dict[str, Any]]"

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue")]


@pytest.fixture(scope="module")
def everything(dataset: None, django_db_blocker: Any) -> dict[str, Objects]:
    """All objects of each list, detailed, in the order of their ids."""
    client = Client()
    with django_db_blocker.unblock():
        answers = {path: client.get(f"{path}?mode=detailed&limit=100").json() for path in ENDPOINTS}
    assert all(answer["next"] is None for answer in answers.values())
    return {path: answer["results"] for path, answer in answers.items()}


def ask(client: Client, path: str, **query: Any) -> list[Any]:
    """The ids of what is found."""
    response = client.get(path, query | {"limit": 100, "mode": next(iter(ENDPOINTS[path].modes))})
    assert response.status_code == 200, response.content
    return [one["id"] for one in response.json()["results"]]


def at(one: Any, name: str) -> Any:
    """The value at `a__b`; of a related object, its id."""
    for key in name.split("__"):
        one = one[key] if one else None
    return one["id"] if isinstance(one, dict) else one


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
    """How to read in an object's JSON what this parameter filters by."""
    if (path, name) == (AGENCIES, "spacecraft"):
        return lambda one: bool(one["spacecraft_list"])
    if (path, name) == (AGENCIES, "parent__id"):  # the JSON tells its name
        ids = {one["name"]: one["id"] for one in everything[path]}
        return lambda one: ids.get(one["parent"])
    return lambda one: at(one, name)


def asked(values: list[Any], comparison: str) -> Iterator[tuple[str, Any]]:
    """What to ask for, as the query says it and as Python does."""
    for value in values:
        if isinstance(value, bool):
            yield from (
                (word, value) for known in (TRUE_VALUES if value else FALSE_VALUES) for word in (known, known.title())
            )
        elif isinstance(value, int):
            yield from ((str(near), near) for near in (value, value + 1))
        else:
            pieces = (value, value[1:4], value[-3:]) if comparison == "contains" else (value, value[:-1])
            for piece in pieces:
                yield from ((text, text) for text in (piece.strip(), piece.strip().swapcase()) if text)


@pytest.mark.parametrize(("path", "name"), FILTERS)
def test_finds_what_python_finds(client: Client, everything: dict[str, Objects], path: str, name: str) -> None:
    field, _, lookup = name.rpartition("__")
    field, comparison = (field, lookup) if lookup in COMPARISONS else (name, "exact")
    read, compare = value_of(path, field, everything), COMPARISONS[comparison]
    known = {one["id"]: read(one) for one in everything[path]}
    related = ENDPOINTS[path].filterset_class.base_filters[name].field_class is RelatedField  # type: ignore[attr-defined]
    partial = 0
    values = sorted({value for value in known.values() if value is not None})
    for said, meant in asked(values[:: len(values) // 3 + 1], comparison):
        if related and meant not in known.values():
            continue
        expected = [pk for pk, value in known.items() if value is not None and compare(value, meant)]
        assert ask(client, path, **{name: said}) == expected, said
        partial += 0 < len(expected) < len(known)
    assert partial, "nothing was asked that tells some objects from others"


@pytest.mark.parametrize(("path", "name"), [*FILTERS, (AGENCIES, "country_code")])
def test_an_empty_value_filters_nothing(client: Client, everything: dict[str, Objects], path: str, name: str) -> None:
    assert len(ask(client, path, **{name: ""})) == len(everything[path])


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
        one["id"] for one in everything[AGENCIES] if countries & {country["alpha_3_code"] for country in one["country"]}
    ]
    assert bool(expected) == bool(countries)
    assert ask(client, AGENCIES, country_code=codes) == expected


@pytest.mark.parametrize("codes", [",", " ", ",,"])
def test_no_country_code_filters_nothing(client: Client, everything: dict[str, Objects], codes: str) -> None:
    """Not even agencies of countries that have no alpha-2 code."""
    assert len(ask(client, AGENCIES, country_code=codes)) == len(everything[AGENCIES])


def test_several_filters_are_anded(client: Client, everything: dict[str, Objects]) -> None:
    found = ask(client, SPACECRAFT, status=1, in_space="true", is_placeholder="false")
    expected = [
        one["id"]
        for one in everything[SPACECRAFT]
        if at(one, "status") == 1 and one["in_space"] and not one["is_placeholder"]
    ]
    assert found == expected != []


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
    """Case is respected, and a wildcard is a character like any other."""
    found = Agency.objects.filter(pk__in=ask(client, AGENCIES, **{name: text})).values_list("name", flat=True)
    assert all(any(one.startswith(start) for one in found) for start in starts)
    assert all(text in one for one in found)
    assert bool(found) == bool(starts)


@pytest.mark.parametrize(
    ("path", "model"),
    [
        (SPACECRAFT, Spacecraft),
        ("/2.3.0/spacecraft_configurations/", SpacecraftConfig),
        ("/2.3.0/spacecraft_configuration_families/", SpacecraftConfigFamily),
    ],
)
def test_name_is_exact(client: Client, path: str, model: Any) -> None:
    assert ask(client, path, name="Zebra") == list(model.objects.filter(name="Zebra").values_list("pk", flat=True))
    assert ask(client, path, name="ZEBRA") == ask(client, path, name="Zebr") == []


def test_provisional_objects_are_not_filtered_by(client: Client) -> None:
    Agency.objects.create(pk=-7, name="Known by its name alone")
    response = client.get("/2.3.0/spacecraft_configurations/", {"agency": -7})
    assert response.status_code == 400
    assert '"-7" is not the id of an Agency' in response.json()["agency"][0]


# --- Search -----------------------------------------------------------------------------------------------------------

SEARCHES = [(path, field) for path in MAIN_ENDPOINTS for field in ENDPOINTS[path].search_fields]


def matches(one: Any, fields: Any, query: str) -> bool:
    return all(any(term.upper() in (at(one, field) or "").upper() for field in fields) for term in query.split())


@pytest.mark.parametrize(("path", "field"), SEARCHES)
def test_search_finds_what_python_finds(client: Client, everything: dict[str, Objects], path: str, field: str) -> None:
    values = sorted(
        {at(one, field) for one in everything[path]} - {None, ""}, key=lambda value: (value.isascii(), value)
    )
    words = [word for value in values for word in re.findall(r"\w+", value)]
    words = words[:: len(words) // 4 + 1]
    assert len(words) > 1
    for word, other in zip(words, words[1:] + words[:1], strict=True):
        for query in (word, word.upper(), word.lower(), word[1:], f"{word} {other.swapcase()}"):
            expected = [one["id"] for one in everything[path] if matches(one, ENDPOINTS[path].search_fields, query)]
            assert ask(client, path, search=query) == expected, query


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
    """Without regard to the case of any alphabet; every term, in any order; wildcards are characters like others."""
    found = Agency.objects.filter(pk__in=ask(client, AGENCIES, search=query))
    assert {one.name for one in found} == names


# --- The contract -----------------------------------------------------------------------------------------------------

TYPES = {
    forms.CharField: "string",
    forms.DateField: "string",
    forms.FloatField: "number",
    DateTimeField: "string",
    forms.IntegerField: "integer",
    BooleanField: "boolean",
    RelatedField: "integer",
}


@pytest.fixture(scope="module")
def official(reference: Path) -> Any:
    return json.loads((reference / "openapi-2.3.0.json").read_text())["paths"]


@pytest.mark.parametrize("path", ENDPOINTS)
def test_parameters_are_the_official_ones(official: Any, path: str) -> None:
    view = ENDPOINTS[path]
    filterset = getattr(view, "filterset_class", FilterSet)
    ours = {
        name: "array" if isinstance(one, InFilter | RelatedListFilter) else TYPES[one.field_class]
        for name, one in filterset.base_filters.items()
    } | {"limit": "integer", "offset": "integer", "ordering": "string", "search": "string"}
    modes = sorted(view.modes) if len(view.modes) > 1 else []
    parameters = {one["name"]: one["schema"] for one in official[path]["get"]["parameters"]}
    assert ours | ({"mode": "string"} if modes else {}) == {name: schema["type"] for name, schema in parameters.items()}
    assert modes == parameters.get("mode", {}).get("enum", [])


@pytest.mark.parametrize("path", ENDPOINTS)
def test_search_and_ordering_fields_are_the_official_ones(official: Any, path: str) -> None:
    view, told = ENDPOINTS[path], official[path]["get"]["description"]
    for title, fields in (("Fields searched", view.search_fields), ("Fields", view.ordering_fields)):
        line = next((line for line in told.splitlines() if line.startswith(f"{title} - ")), "")
        assert sorted(fields) == re.findall(r"`(\w+)`", line)
