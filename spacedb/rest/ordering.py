"""The `ordering` parameter, with the same order on SQLite and PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, QuerySet, Subquery
from rest_framework.filters import OrderingFilter as DRFOrderingFilter
from rest_framework.request import Request
from rest_framework.views import APIView
from typing_extensions import override

from spacedb.rest.lookups import ByCodePoint


class OrderingFilter(DRFOrderingFilter):
    """Orders by the view's `ordering_fields` and then by id. Unknown fields are ignored.

    Nulls come last in ascending order and first in descending order.
    """

    @override
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        names = self.get_ordering(request, queryset, view) or ()
        return queryset.order_by(*order_by_expressions(queryset.model, [view.lookup_of(name) for name in names]), "pk")  # type: ignore[attr-defined]


def order_by_expressions(model: type[models.Model], names: Sequence[str]) -> list[Any]:
    """Expressions that order by these fields, in the same way on both databases. `-` before a name is descending.

    If a name spans a to-many relation, an object is ordered by the related object that comes first.
    """
    expressions: list[Any] = []
    for name in dict.fromkeys(names):
        path, descending = name.removeprefix("-"), name.startswith("-")
        value: Any = F(path)
        if spans_to_many(model, path):
            first = F(path).desc(nulls_last=True) if descending else F(path).asc(nulls_last=True)
            value = Subquery(model._base_manager.filter(pk=OuterRef("pk")).order_by(first).values(path)[:1])
        if isinstance(_fields(model, path)[-1], models.CharField | models.TextField):
            value = ByCodePoint(value)
        expressions.append(value.desc(nulls_first=True) if descending else value.asc(nulls_last=True))
    return expressions


def spans_to_many(model: type[models.Model], path: str) -> bool:
    """Whether a lookup path follows a to-many relation."""
    return any(field.many_to_many or field.one_to_many for field in _fields(model, path))


def _fields(model: type[models.Model], path: str) -> list[Any]:
    """The model fields of a lookup path, without a transform or lookup at its end (`net__year`)."""
    fields: list[Any] = []
    current: Any = model
    for name in path.split("__"):
        if current is None:
            break
        fields.append(current._meta.get_field(name))
        current = fields[-1].related_model
    return fields
