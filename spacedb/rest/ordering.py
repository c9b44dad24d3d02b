"""The `ordering` parameter, with the same order on SQLite and PostgreSQL."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import models
from django.db.models import F, Func, OuterRef, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from rest_framework.filters import OrderingFilter as DRFOrderingFilter
from rest_framework.request import Request
from rest_framework.views import APIView
from typing_extensions import override

from spacedb.catalogue.sorting import DictionaryKey
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import FieldSpec, NestedSpec, SlugRelatedSpec, describe
from spacedb.serializers.fields import DetailURLField


class OrderingFilter(DRFOrderingFilter):
    """Orders by the view's `ordering_fields` and then by id. Unknown fields are ignored.

    A view that declares none can be ordered by any field of the requested representation, as with DRF's own filter.
    Nulls come last in ascending order and first in descending order.
    """

    @override
    def get_default_valid_fields(self, queryset: Any, view: Any, context: Any = None) -> list[tuple[str, str]]:
        return [(name, name) for name in orderable_fields(view.get_serializer_class())]

    @override
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        names = self.get_ordering(request, queryset, view) or ()
        return queryset.order_by(*order_by_expressions(queryset.model, [_lookup(view, name) for name in names]), "pk")


def _lookup(view: Any, name: str) -> str:
    """The lookup of an ordering field in our models, with the `-` of a descending order."""
    field = name.removeprefix("-")
    lookups = orderable_fields(view.get_serializer_class()) if view.ordering_fields is None else {}
    lookup = lookups.get(field) or view.lookup_of(field)  # the default order may have other fields
    return f"-{lookup}" if name.startswith("-") else str(lookup)


@cache
def orderable_fields(serializer: SerializerClass) -> dict[str, str]:
    """The lookup of each key that a list can be ordered by: columns, and to-one relations, which means their id."""
    lookups: dict[str, str] = {}
    for spec in describe(serializer):
        match spec:
            case FieldSpec(field=DetailURLField()) | FieldSpec(path=()):
                pass
            case FieldSpec():
                lookups[spec.key] = "__".join(spec.path)
            case NestedSpec() | SlugRelatedSpec():
                lookups[spec.key] = spec.relation
            case _:
                pass  # lists, and parts of the same object
    return lookups


def order_by_expressions(model: type[models.Model], names: Sequence[str]) -> list[OrderBy]:
    """Expressions that order by these fields, in the same way on both databases. `-` before a name is descending.

    If a name spans a to-many relation, an object is ordered by the related object that comes first.
    """
    expressions: list[OrderBy] = []
    for name in dict.fromkeys(names):
        path, descending = name.removeprefix("-"), name.startswith("-")
        fields = fields_on_path(model, path)
        is_text = isinstance(fields[-1], models.CharField | models.TextField)
        # SQLite sorts all rows if NULLS FIRST or NULLS LAST is specified for an indexed column. So it is omitted where
        # nulls cannot occur.
        is_nullable = any(field.null or field.many_to_many for field in fields)
        value: F | Func | Subquery = DictionaryKey(F(path)) if is_text else F(path)
        if spans_to_many(model, path):
            rows = model._base_manager.filter(pk=OuterRef("pk")).order_by(_directed(value, descending, is_nullable))
            value = Subquery(rows.values_list(value)[:1])
        expressions.append(_directed(value, descending, is_nullable))
    return expressions


def _directed(value: F | Func | Subquery, descending: bool, is_nullable: bool) -> OrderBy:
    if not is_nullable:
        return value.desc() if descending else value.asc()
    return value.desc(nulls_first=True) if descending else value.asc(nulls_last=True)


def spans_to_many(model: type[models.Model], path: str) -> bool:
    """Whether a lookup path follows a to-many relation."""
    return any(field.many_to_many or field.one_to_many for field in fields_on_path(model, path))


def fields_on_path(model: type[models.Model], path: str) -> list[Any]:
    """The model fields of a lookup path, without a transform or lookup at its end (`net__year`)."""
    fields: list[Any] = []
    current: Any = model
    for name in path.split("__"):
        if current is None:
            break
        fields.append(current._meta.get_field(name))
        current = fields[-1].related_model
    return fields
