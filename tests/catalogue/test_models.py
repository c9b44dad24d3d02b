"""Rules for every model."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests.endpoints import endpoints

APPS = ("common", "agencies", "spacecraft", "flights")

NOT_INDEXED = {"agencies.Agency.description", "flights.Launch.name", "flights.Payload.name"}
"""Values may exceed the maximum size of an index entry in PostgreSQL, which would reject the row."""


pytestmark = pytest.mark.vendor_neutral


def tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in APPS]


def is_indexed(field: Any) -> bool:
    return bool(field.primary_key or field.db_index or field.unique) or any(
        index.fields and index.fields[0].removeprefix("-") == field.name for index in field.model._meta.indexes
    )


def fields_of(model: type[models.Model], path: str) -> list[Any]:
    """Return the fields along a lookup path such as `spacecraft_config__name`."""
    name, _, rest = path.partition("__")
    field: Any = model._meta.get_field(name)
    if field.is_relation and rest:
        return [*([field] if field.concrete and not field.many_to_many else []), *fields_of(field.related_model, rest)]
    return [field]


@pytest.mark.parametrize("path", endpoints())
def test_every_filter_and_ordering_field_is_indexed(path: str) -> None:
    view = endpoints()[path]
    model = view.queryset.model
    names = {view.lookup_of(name) for name in view.ordering_fields or ()}
    if filterset := getattr(view, "filterset_class", None):
        names |= {
            field_filter.field_name for field_filter in filterset.base_filters.values() if field_filter.method is None
        }
    columns = [
        column for name in names for column in fields_of(model, name) if column.concrete and not column.many_to_many
    ]
    assert {str(column) for column in columns if not is_indexed(column)} - NOT_INDEXED == set()


@pytest.mark.parametrize("model", tables(), ids=lambda model: model.__name__)
def test_every_model_has_a_docstring_and_names(model: type[models.Model]) -> None:
    assert not (model.__doc__ or "").startswith(f"{model.__name__}("), "The model has no docstring."
    assert model.__str__ is not models.Model.__str__
    assert str(model._meta.verbose_name)[0].isupper()
