"""Compiled statements return what Django's querysets return, and are compiled once."""

from typing import Any

import pytest
from django.db import connection, models
from django.db.models.signals import post_init, pre_init
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from flights.models import Launch, SpacecraftFlight
from spacecraft.models import Spacecraft, SpacecraftConfig
from spacedb.databases import statements
from spacedb.databases.statements import Select, fetch
from spacedb.rendering.plan import nested_serializers
from spacedb.serializers.base import model_of
from tests.endpoints import resource_endpoints

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("examples")]

MODELS = sorted(
    {
        model_of(serializer)
        for view in resource_endpoints().values()
        for root in view.modes.values()
        for serializer in nested_serializers(root)
    },
    key=lambda model: model._meta.label,
)
"""The models that serializers represent."""

UNKNOWN_ID = 999


def to_one_relations(model: type[models.Model]) -> tuple[str, ...]:
    """Names of all to-one relations of a model, and of those of their models."""
    names: list[str] = []
    for field in model._meta.concrete_fields:
        if isinstance(related := field.related_model, type):
            nested = [each.name for each in related._meta.concrete_fields if each.is_relation]
            names += [field.name, *(f"{field.name}__{name}" for name in nested)]
    return tuple(names)


def content(instance: Any) -> Any:
    """The values of an object with their types, and those of the objects that it refers to."""
    if instance is None:
        return None
    state = instance._state
    values = {name: (type(value), value) for name, value in vars(instance).items() if name != "_state"}
    forward = {field.name for field in instance._meta.concrete_fields}
    related = {name: content(target) for name, target in state.fields_cache.items() if name in forward}
    return type(instance), values, related, state.db, state.adding


# --- What they return -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_objects_equal_those_of_the_queryset(model: type[models.Model]) -> None:
    select = Select(model, "pk", to_one_relations(model), order="pk")
    expected = list(select.queryset())
    assert expected
    assert [content(instance) for instance in select.fetch([instance.pk for instance in expected])] == [
        content(instance) for instance in expected
    ]


@pytest.mark.parametrize("model", MODELS)
def test_values_equal_those_of_the_queryset(model: type[models.Model]) -> None:
    columns = tuple(field.attname for field in model._meta.concrete_fields)
    select = Select(model, "pk", order="pk", values=("pk", *columns))
    expected = list(select.queryset())
    assert select.fetch([row[0] for row in expected]) == expected


@pytest.mark.dataset("sparse")
@pytest.mark.parametrize("model", MODELS)
def test_nulls_equal_those_of_the_queryset(model: type[models.Model]) -> None:
    queryset = Select(model, "pk", to_one_relations(model), order="pk").queryset()
    assert [content(instance) for instance in fetch(queryset)] == [content(instance) for instance in queryset]


def test_objects_are_selected_by_any_column() -> None:
    [flight, *_] = SpacecraftFlight.objects.order_by("pk")
    assert flight in Select(SpacecraftFlight, "launch_id").fetch([flight.launch_id])
    [launch, *_] = Launch.objects.order_by("pk")
    assert (launch.pk,) in Select(Launch, "mission_id", values=("pk",)).fetch({launch.mission_id})


def test_without_a_column_all_rows_are_selected() -> None:
    expected = list(Spacecraft.objects.order_by("pk").values_list("pk", "name"))
    assert Select(Spacecraft, order="pk", values=("pk", "name")).fetch() == expected
    assert (
        Select(Spacecraft, order="pk", values=("pk", "name"), filters=(("pk__gt", expected[0][0]),)).fetch()
        == (expected[1:])
    )


def test_filters_restrict_the_rows() -> None:
    [first, second] = Spacecraft.objects.order_by("pk").values_list("pk", "name")[:2]
    select = Select(Spacecraft, "pk", values=("pk",), filters=(("name", second[1]),))
    assert select.fetch([first[0], second[0]]) == [(second[0],)]


def test_any_number_of_ids_is_one_parameter() -> None:
    """More than SQLite allows parameters."""
    [last] = Spacecraft.objects.order_by("-pk")[:1]
    select = Select(Spacecraft, "pk", values=("pk",))
    assert select.fetch(range(last.pk, last.pk + 300_000)) == [(last.pk,)]
    assert select.fetch([]) == select.fetch([UNKNOWN_ID]) == []


def test_an_object_of_several_rows_is_one_instance() -> None:
    config = SpacecraftConfig.objects.order_by("pk")[0]
    Spacecraft.objects.update(spacecraft_config=config)
    ids = list(Spacecraft.objects.values_list("pk", flat=True))
    rows = Select(Spacecraft, "pk", ("spacecraft_config",)).fetch(ids)
    assert len(rows) == len(ids) > 1
    assert {id(row.spacecraft_config) for row in rows} == {id(rows[0].spacecraft_config)}
    assert rows[0].spacecraft_config == config


def test_each_execution_reads_the_current_rows() -> None:
    select = Select(Spacecraft, "pk")
    [before] = select.fetch([pk := Spacecraft.objects.order_by("pk")[0].pk])
    Spacecraft.objects.filter(pk=pk).update(name="new")
    [after] = select.fetch([pk])
    assert (before.name == "new", after.name == "new") == (False, True)


def test_queryset_without_rows() -> None:
    assert fetch(Spacecraft.objects.none()) == fetch(Spacecraft.objects.filter(pk=UNKNOWN_ID)) == []


# --- How they are executed --------------------------------------------------------------------------------------------


def test_a_statement_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[SQLCompiler] = []
    as_sql = SQLCompiler.as_sql

    def count_as_sql(compiler: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
        compiled.append(compiler)
        return as_sql(compiler, *args, **kwargs)

    monkeypatch.setattr(SQLCompiler, "as_sql", count_as_sql)
    statements._compiled.cache_clear()
    pk = Spacecraft.objects.order_by("pk")[0].pk
    compiled.clear()
    with CaptureQueriesContext(connection) as queries:
        for ids in ([pk], [pk, UNKNOWN_ID], []):
            Select(Spacecraft, "pk", ("spacecraft_config",)).fetch(ids)
    assert len(compiled) == 1
    assert len(queries) == 3


def test_a_statement_refers_to_no_connection_in_use() -> None:
    """Threads share statements, and each has its own connection."""
    statement = statements._compiled(Select(Launch, "pk"), connection.vendor)
    converters = [function for functions, _ in statement._converters.values() for function in functions]
    owners: list[Any] = [getattr(function, "__self__", None) for function in converters]
    connections = [owner.connection for owner in owners if hasattr(owner, "connection")]
    assert all(each is not connection and each.connection is None for each in connections)


# --- What they skip ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_models_have_no_code_that_runs_when_an_object_is_read(model: type[models.Model]) -> None:
    assert model.__init__ is models.Model.__init__
    assert model.from_db.__func__ is models.Model.from_db.__func__  # type: ignore[attr-defined]
    assert not pre_init.has_listeners(model)
    assert not post_init.has_listeners(model)
