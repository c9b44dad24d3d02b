"""The order of lists and of nested lists: that of a dictionary for text, the same on SQLite and PostgreSQL."""

import datetime as dt
import json
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from django.core.checks import ERROR, WARNING, Tags, run_checks
from django.db import connection
from django.test import Client

from agencies.models import Agency
from flights.models import (
    FirstStage,
    Launch,
    Launcher,
    LauncherConfig,
    LaunchStatus,
    Program,
    SpacecraftFlight,
    SpaceStation,
    SpaceStationStatus,
    Update,
)
from spacecraft.models import Spacecraft, SpacecraftConfig
from spacedb.catalogue import sorting
from spacedb.catalogue.sorting import DictionaryKey, dictionary_key
from spacedb.ingest.ingest import ingest
from spacedb.rest.ordering import orderable_fields
from tests.endpoints import data_of, endpoints, once_per_statement

pytestmark = pytest.mark.django_db

IN_ORDER = (
    "'Quoted' Works",
    "1worldspace",
    "3D Launch",
    "Ad Astra",
    "Aérospatiale",
    "Aevum",
    "ångström Aerospace",
    "Ariane-Group",
    "Ariane Works",
    "ArianeSpace",
    "ESA",
    "esa_labs",
    "Éspace",
    "Łukasiewicz",
    "Lunar",
    "Ørsted",
    "Ort",
    "zebra",
    "Zebra 2",
    "ZEBRA-3",
    "Спутник",
)
"""Names with accents, strokes, digits, punctuation, several alphabets and upper case, in the order of a dictionary."""

NOW = dt.datetime(2026, 8, 22, 8, tzinfo=dt.UTC)


def names_of(client: Client, url: str, key: str = "name") -> list[Any]:
    response = client.get(url)
    assert response.status_code == 200, response.content
    return [row[key] for row in response.json()["results"]]


@pytest.fixture
def agencies() -> None:
    Agency.objects.bulk_create(
        Agency(pk=pk, name=name, abbrev=name[:3]) for pk, name in enumerate((*IN_ORDER[1::2], *IN_ORDER[::2]), start=1)
    )


# --- Text -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("agencies")
def test_agencies_are_in_the_order_of_a_dictionary(client: Client) -> None:
    for version in ("2.3.0", "2.2.0", "2.0.0"):
        assert names_of(client, f"/{version}/agencies/?limit=100") == list(IN_ORDER)
    assert names_of(client, "/2.3.0/agencies/?limit=100&ordering=-name") == list(reversed(IN_ORDER))
    assert names_of(client, "/2.3.0/agencies/?limit=3&offset=18") == list(IN_ORDER[18:])


def test_equal_keys_are_ordered_by_id(client: Client) -> None:
    for pk, name in ((3, "Etoile"), (1, "étoile"), (2, "ETOILE")):
        Agency.objects.create(pk=pk, name=name)
    assert names_of(client, "/2.3.0/agencies/", "id") == [1, 2, 3]


@pytest.mark.usefixtures("agencies")
def test_the_database_has_the_keys_of_python() -> None:
    unusual = (
        "",
        " ",
        "\t\n",
        "ﬁne ²",
        "ǅ ǆ ĳ",
        "Ω ω Ά",
        "日本 ガ",
        "\N{ROCKET}",
        "a\N{EN DASH}b\N{HORIZONTAL ELLIPSIS}c\N{RIGHT SINGLE QUOTATION MARK}d",
        "İı ß ẞ",
        "`{|}~@[\\]^_%s%%",
    )
    Agency.objects.bulk_create(Agency(pk=1000 + n, name=name) for n, name in enumerate(unusual))
    keys = dict(Agency.objects.values_list("name", DictionaryKey("name")))
    assert keys == {name: dictionary_key(name) for name in (*IN_ORDER, *unusual)}


def test_null_has_no_key(client: Client) -> None:
    for pk, number in ((1, None), (2, "b10"), (3, "B2"), (4, "A")):
        Launcher.objects.create(pk=pk, serial_number=number)
    assert names_of(client, "/2.3.0/launchers/", "serial_number") == ["A", "b10", "B2", None]


# --- Default and nested orders ----------------------------------------------------------------------------------------


def test_spacecraft_configurations_are_ordered_by_name(client: Client) -> None:
    for pk, name in ((1, "Soyuz"), (2, "apollo"), (3, "Énergie")):
        SpacecraftConfig.objects.create(pk=pk, name=name)
    assert names_of(client, "/2.3.0/spacecraft_configurations/") == ["apollo", "Énergie", "Soyuz"]


def test_nested_configurations_of_an_agency_are_ordered_by_name(client: Client) -> None:
    agency = Agency.objects.create(pk=44, name="N")
    for pk, name in ((4, "Saturn"), (93, "ares"), (126, "Élan")):
        LauncherConfig.objects.create(pk=pk, name=name, manufacturer=agency)
        SpacecraftConfig.objects.create(pk=pk, name=name, agency=agency)
    body = client.get("/2.3.0/agencies/44/").json()
    for key in ("launcher_list", "spacecraft_list"):
        assert [row["name"] for row in body[key]] == ["ares", "Élan", "Saturn"]


def test_updates_come_newest_first(client: Client) -> None:
    launch = Launch.objects.create(name="A | B")
    for pk, minutes in ((1, 0), (2, 5), (3, None), (4, 5), (5, 1)):
        created_on = None if minutes is None else NOW + dt.timedelta(minutes=minutes)
        Update.objects.create(pk=pk, launch=launch, created_on=created_on)
    for path in ("/2.3.0/launches/", "/2.2.0/launch/"):
        assert [row["id"] for row in client.get(f"{path}{launch.pk}/").json()["updates"]] == [3, 4, 2, 5, 1]


def test_stages_have_the_order_of_the_document(client: Client) -> None:
    launch = Launch.objects.create(name="Falcon Heavy", rocket_id=1)
    path = f"/2.3.0/launches/{launch.pk}/"
    for pk in (916, 917, 918):
        FirstStage.objects.create(pk=pk, launch=launch, launcher=Launcher.objects.create(serial_number=f"B{pk}"))
    document = data_of(client.get(path))
    stages = {row["id"]: row for row in document["rocket"]["launcher_stage"]}
    for ids in ([917, 918, 916], [918, 917, 916], [916, 917, 918]):
        document["rocket"]["launcher_stage"] = [stages[pk] for pk in ids]
        ingest([("launch", document)])
        assert [row["id"] for row in client.get(path).json()["rocket"]["launcher_stage"]] == ids


@pytest.mark.parametrize(
    ("case", "keys"),
    [("02_updates_order_220.json", ["updates"]), ("03_agency_lists_230.json", ["launcher_list", "spacecraft_list"])],
)
def test_cases(client: Client, reference: Path, case: str, keys: list[str]) -> None:
    document = json.loads((reference / "live" / "cases" / case).read_text())
    ingest([(case, document)])
    body = client.get(document["url"].removeprefix("https://ll.thespacedevs.com")).json()
    for key in keys:
        assert [row["id"] for row in body[key]] == [row["id"] for row in document[key]]


# --- Lists without ordering fields ------------------------------------------------------------------------------------

UNDECLARED = {
    path: {
        (view.queryset.model, *view.ordering, lookup)
        for serializer in view.modes.values()
        for lookup in orderable_fields(serializer).values()
    }
    for path, view in endpoints().items()
    if view.ordering_fields is None
}
"""The models and the lookups of lists that any field orders."""


def test_number_of_lists_without_ordering_fields() -> None:
    assert sum(path.startswith("/2.3.0/") for path in UNDECLARED) == 32


@pytest.mark.dataset("small")
@pytest.mark.parametrize("path", once_per_statement(UNDECLARED))
def test_any_field_orders(client: Client, path: str) -> None:
    """The examples have ascending values, or equal ones."""
    view = endpoints()[path]
    for mode, serializer in view.modes.items():
        ids = names_of(client, f"{path}?mode={mode}", "id")
        assert orderable_fields(serializer).keys() >= {"id"}
        for name in orderable_fields(serializer):
            assert sorted(names_of(client, f"{path}?mode={mode}&ordering={name}", "id")) == sorted(ids)
        assert names_of(client, f"{path}?mode={mode}&ordering=-id", "id") == ids[::-1]


def test_programs_by_several_fields(client: Client) -> None:
    for pk, name, start in ((1, "b", NOW), (2, "Á", None), (3, "c", NOW), (4, "a", NOW)):
        Program.objects.create(pk=pk, name=name, description=name * 2, start_date=start)
    path = "/2.3.0/programs/"
    assert names_of(client, f"{path}?ordering=-name", "id") == [3, 1, 2, 4]
    assert names_of(client, f"{path}?ordering=start_date,-description", "id") == [3, 1, 4, 2]
    assert names_of(client, f"{path}?ordering=-start_date", "id") == [2, 1, 3, 4]
    for ignored in ("agencies", "url", "pk", "response_mode", "planet", "image__name", "name__lower", "?", "-", ""):
        assert names_of(client, f"{path}?ordering={ignored}", "id") == [1, 2, 3, 4], ignored


def test_flights_by_values_and_related_objects(client: Client) -> None:
    craft = [Spacecraft.objects.create(pk=pk, name="x") for pk in (8, 9)]
    for pk, owner, days in ((1, 1, 2), (2, 0, 3), (3, 1, 1)):
        SpacecraftFlight.objects.create(pk=pk, spacecraft=craft[owner], mission_end=NOW + dt.timedelta(days=days))
    path = "/2.3.0/spacecraft_flights/"
    assert names_of(client, f"{path}?ordering=-mission_end", "id") == [2, 1, 3]
    assert names_of(client, f"{path}?ordering=-spacecraft,mission_end", "id") == [3, 1, 2]


def test_lists_with_ordering_fields_ignore_all_others(client: Client) -> None:
    status = SpaceStationStatus.objects.create(pk=1, name="Active")
    for pk, name in ((1, "b"), (2, "a")):
        SpaceStation.objects.create(pk=pk, name=name, description=name, status=status)
    assert names_of(client, "/2.3.0/space_stations/?ordering=description", "id") == [1, 2]
    assert names_of(client, "/2.3.0/space_stations/?ordering=name", "id") == [2, 1]


def test_config_lists(client: Client) -> None:
    for pk, name in ((1, "Success"), (2, "échec"), (3, "Hold")):
        LaunchStatus.objects.create(pk=pk, name=name, abbrev=name)
    assert names_of(client, "/2.3.0/config/launch_statuses/?ordering=name", "id") == [2, 3, 1]
    assert names_of(client, "/2.3.0/config/launch_statuses/?ordering=-abbrev", "id") == [1, 3, 2]


@pytest.mark.parametrize(
    ("encoding", "has_capitals", "expected"),
    [
        ("UTF8", True, []),
        (
            "LATIN1",
            True,
            [('The PostgreSQL database "default" has the encoding LATIN1. spacedb needs UTF8.', ERROR)],
        ),
        (
            "UTF8",
            False,
            [('Searches in the PostgreSQL database "default" distinguish é and É, because of its locale.', WARNING)],
        ),
    ],
)
def test_the_locale_of_the_database_is_checked(
    monkeypatch: pytest.MonkeyPatch, encoding: str, has_capitals: bool, expected: list[tuple[str, int]]
) -> None:
    """PostgreSQL normalizes text in UTF8 only. `migrate` and `check --database` run this check."""
    assert run_checks(tags=[Tags.database], databases=["default"]) == []
    postgresql = MagicMock(vendor="postgresql")
    postgresql.cursor().__enter__().fetchone.return_value = (encoding, has_capitals)
    monkeypatch.setattr(sorting, "connections", {"default": postgresql})
    messages = run_checks(tags=[Tags.database], databases=["default"])
    assert [(message.msg, message.level) for message in messages] == expected


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no locales")
@pytest.mark.parametrize(("locale", "expected"), [("C", ["spacedb.W001"]), ("C.UTF-8", [])])
@pytest.mark.django_db(transaction=True)
def test_locales_of_new_databases(locale: str, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    name = "spacedb_locale"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' LOCALE '{locale}' TEMPLATE template0")
        other = connection.copy()
        other.settings_dict = {**connection.settings_dict, "NAME": name}
        monkeypatch.setattr(sorting, "connections", {"default": other})
        try:
            assert [message.id for message in run_checks(tags=[Tags.database], databases=["default"])] == expected
        finally:
            other.close()
            cursor.execute(f"DROP DATABASE {name}")
