"""Inserted rows equal those that Django's `bulk_create` writes."""

import datetime as dt
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, models, transaction

from agencies.models import Agency
from flights.models import AstronautFlight, CelestialBody, Launch, SpacecraftFlight
from spacedb.common.models import Image
from spacedb.ingest.inserting import insert_rows
from spacedb.revision.current import current_revision
from spacedb.revision.triggers import watched_models

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("examples")]

TEXTS = [
    "",
    " ",
    "NULL",
    r"\N",
    "a\tb\nc\rd",
    r"\. \t \\",
    'O\'Brien "x"',
    "%s %(a)s {} ?",
    "日本 \u2028 🚀",
    "x" * 10_000,
]


def columns_of(model: type[models.Model]) -> list[str]:
    """The columns, without the ids that the database assigns."""
    return [field.attname for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]


def stored(model: type[models.Model]) -> list[dict[str, tuple[type, Any]]]:
    """The rows with the types of their values."""
    rows = model._base_manager.order_by("pk").values(*columns_of(model))
    return [{name: (type(value), value) for name, value in row.items()} for row in rows]


def replaced(model: type[models.Model], rows: list[dict[str, Any]], *, in_bulk: bool) -> list[Any]:
    """The rows after they have replaced all others, which is then undone."""
    with transaction.atomic():
        everything: Any = model._base_manager.all()
        everything._raw_delete(everything.db)
        if in_bulk:
            model._base_manager.bulk_create([model(**row) for row in rows])
        else:
            insert_rows(model, rows)
        result = stored(model)
        transaction.set_rollback(True)
    return result


def test_the_examples_have_rows_of_nearly_all_models() -> None:
    empty = {model for model in watched_models() if not model._base_manager.exists()}
    assert len(empty) < len(watched_models()) / 4, empty


@pytest.mark.parametrize("model", watched_models(), ids=lambda model: model._meta.label)
def test_rows_equal_those_of_bulk_create(model: type[models.Model]) -> None:
    rows = list(model._base_manager.order_by("pk").values(*columns_of(model)))
    assert replaced(model, rows, in_bulk=False) == replaced(model, rows, in_bulk=True) == stored(model)


@pytest.mark.parametrize("model", watched_models(), ids=lambda model: model._meta.label)
def test_missing_columns_have_their_defaults(model: type[models.Model]) -> None:
    """Some rows have a value where others have none."""
    rows: list[dict[str, Any]] = list(model._base_manager.order_by("pk").values(*columns_of(model)))
    optional = [
        field.attname
        for field in model._meta.concrete_fields
        if (field.has_default() or field.null) and not (field.primary_key or field.is_relation)
    ]
    for row in rows[::2]:
        for name in optional:
            row.pop(name, None)
    assert replaced(model, rows, in_bulk=False) == replaced(model, rows, in_bulk=True)


def test_all_texts() -> None:
    rows = [{"id": number, "name": text, "credit": text or None} for number, text in enumerate(TEXTS)]
    result = replaced(Image, rows, in_bulk=False)
    assert [row["name"][1] for row in result] == TEXTS
    assert result == replaced(Image, rows, in_bulk=True)


@pytest.mark.parametrize(
    "received", [None, {}, {"a": ["\\", '\t\n"é🚀']}, {"a": [None, ""]}, {"a": [1, 1.5, True, {"b": []}]}]
)
def test_all_json(received: Any) -> None:
    rows = [{"id": 1, "name": "A", "received": received}]
    [row] = replaced(Agency, rows, in_bulk=False)
    assert row["received"][1] == received
    assert [row] == replaced(Agency, rows, in_bulk=True)


@pytest.mark.parametrize(
    "length",
    [dt.timedelta(0), dt.timedelta(days=-1, microseconds=1), dt.timedelta(days=10**6), dt.timedelta(hours=23.93)],
)
def test_all_durations(length: dt.timedelta) -> None:
    rows = [{"id": 1, "name": "A", "length_of_day": length}]
    [row] = replaced(CelestialBody, rows, in_bulk=False)
    assert row["length_of_day"][1] == length


@pytest.mark.parametrize(
    "time", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00", "2026-01-01T00:00+02:00"]
)
def test_all_times(time: str) -> None:
    expected = dt.datetime.fromisoformat(time)
    [row] = Launch.objects.values(*columns_of(Launch))[:1]
    [result] = replaced(Launch, [row | {"net": expected}], in_bulk=False)
    assert result["net"][1] == expected


def test_members_of_an_enumeration() -> None:
    [row] = AstronautFlight.objects.exclude(phase="").values(*columns_of(AstronautFlight))[:1]
    phase = AstronautFlight.Phase(row["phase"])
    [result] = replaced(AstronautFlight, [row | {"phase": phase}], in_bulk=False)
    assert result["phase"] == (str, phase.value)


def test_more_rows_than_a_statement_has() -> None:
    rows = [{"id": number, "name": f"Image {number}"} for number in range(1001)]
    assert replaced(Image, rows, in_bulk=False) == replaced(Image, rows, in_bulk=True)


def test_a_column_may_be_null_in_some_rows_and_in_all() -> None:
    rows: list[dict[str, Any]] = [{"id": 1, "name": "A", "license_id": None}, {"id": 2, "name": "B", "credit": None}]
    rows += [{"id": 3, "name": "C", "received": {"name": ["C", "c"]}}]
    for part in (rows[:1], rows[:2], rows):
        assert replaced(Image, part, in_bulk=False) == replaced(Image, part, in_bulk=True)


def test_the_database_has_no_defaults() -> None:
    """They would replace null."""
    fields = [field for model in watched_models() for field in model._meta.concrete_fields]
    assert not [field for field in fields if field.db_default is not models.NOT_PROVIDED]


def test_columns_that_the_model_does_not_have_are_an_error() -> None:
    with pytest.raises(AssertionError, match="Image has no such columns"):
        insert_rows(Image, [{"id": 10**6, "name": "A"}, {"id": 10**6 + 1, "name": "A", "license": None}])


def test_no_rows() -> None:
    before = current_revision()
    insert_rows(Image, [])
    assert current_revision() == before


def test_the_revision_changes() -> None:
    before = current_revision()
    insert_rows(Image, [{"id": 10**6, "name": "A"}])
    assert current_revision() != before


def test_errors_are_those_of_django() -> None:
    [flight] = SpacecraftFlight.objects.values(*columns_of(SpacecraftFlight))[:1]
    for model, row in ((SpacecraftFlight, flight), (Agency, {"id": 10**6, "name": None})):
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_rows(model, [row])
    if connection.vendor == "postgresql":
        for invalid in ({"id": 2**40, "name": "A"}, {"id": 10**6, "name": "a\x00"}):
            with pytest.raises(DataError), transaction.atomic():
                insert_rows(Image, [invalid])
    insert_rows(Image, [{"id": 10**6, "name": "A"}])
    assert Image.objects.filter(pk=10**6).exists()
