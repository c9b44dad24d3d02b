"""Filtering, searching and ordering of lists."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.db.models import F, QuerySet
from django.utils.datastructures import MultiValueDict
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter as DRFOrderingFilter
from rest_framework.filters import SearchFilter as DRFSearchFilter
from rest_framework.request import Request
from rest_framework.views import APIView

from spacedb.api.lookups import ByCodePoint
from spacedb.api.models import identified

MAX_SEARCH_LENGTH = 1000
MAX_SEARCH_TERMS = 20

MAX_NAMED = 20
"""An error names every id that would have been accepted where there are no more than these."""

YES = ("true", "1", "yes", "y", "t")
NO = ("false", "0", "no", "n", "f")


class BooleanField(forms.Field):
    """true or false, in any case, or 1 and 0; nothing else."""

    def to_python(self, value: Any) -> bool | None:
        text = str(value).strip().lower() if value is not None else ""
        if text in YES or text in NO:
            return text in YES
        if not text:
            return None
        raise forms.ValidationError("Enter true or false.", code="invalid")


class BooleanSelect(forms.Select):
    """The browsable API's choice between true, false and either."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, choices=(("", "---------"), ("true", "true"), ("false", "false")))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name)

    def format_value(self, value: Any) -> list[str]:
        return ["" if value is None else str(value).lower()]


class BooleanFilter(django_filters.BooleanFilter):
    field_class = BooleanField  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": BooleanSelect} | kwargs)


class IntegerFilter(django_filters.NumberFilter):
    """A whole number that fits the column; others are told so."""

    field_class = forms.IntegerField  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"min_value": -(2**31), "max_value": 2**31 - 1} | kwargs)

    def get_max_validator(self) -> None:
        return None


class RelatedField(django_filters.fields.ModelChoiceField):
    """The id of an object that exists."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            # As a parameter, for the value may hold a percent sign, which django-filter would take for one of its own.
            accepted = {"accepted": self._accepted(str(value)[:100])}
            raise forms.ValidationError("%(accepted)s", code="invalid_choice", params=accepted) from error

    def _accepted(self, value: str) -> str:
        assert self.queryset is not None
        resource = self.queryset.model._meta.verbose_name
        few = list(self.queryset.order_by("pk")[: MAX_NAMED + 1])
        if len(few) > MAX_NAMED:
            return f"{value} is not the id of any {resource}. Enter the id of one that exists."
        named = ", ".join(f"{one.pk} ({one})" for one in few) or "none, for there is none yet"
        return f"{value} is not the id of any {resource}. Accepted: {named}."


class RelatedFilter(django_filters.ModelChoiceFilter):
    """By the id of a related object, entered as a number."""

    field_class = RelatedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": forms.NumberInput} | kwargs)


class CommaSeparatedInput(forms.TextInput):
    """Values separated by commas, or the parameter repeated: so generated clients send lists, whatever is said."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        given = data.getlist(name) if isinstance(data, MultiValueDict) else [data[name]] if name in data else []
        return ",".join(given) if given else None


class CommaSeparated(django_filters.BaseInFilter, django_filters.CharFilter):
    """Several values, separated by commas."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": CommaSeparatedInput} | kwargs)


class FilterSet(django_filters.FilterSet):
    """The base of every filter set: the same field types everywhere."""

    FILTER_DEFAULTS = django_filters.FilterSet.FILTER_DEFAULTS | {
        models.BooleanField: {"filter_class": BooleanFilter},
        models.IntegerField: {"filter_class": IntegerFilter},
        models.ForeignKey: {
            "filter_class": RelatedFilter,
            "extra": lambda field: {"queryset": identified(field.remote_field.model._base_manager.all())},
        },
    }


class FilterBackend(DjangoFilterBackend):
    """Filters by the view's filter set; a badly typed value is a 400 keyed by the parameter."""

    filterset_base = FilterSet


class SearchFilter(DRFSearchFilter):
    """Every term must occur in one of the view's `search_fields`."""

    def get_search_terms(self, request: Request) -> list[str]:
        search = request.query_params.get(self.search_param, "")
        if "\x00" in search:
            raise ValidationError({self.search_param: ["Null characters are not allowed."]})
        if len(search) > MAX_SEARCH_LENGTH:
            raise ValidationError({self.search_param: [f"Ensure this has at most {MAX_SEARCH_LENGTH} characters."]})
        terms = list(dict.fromkeys(super().get_search_terms(request)))
        if len(terms) > MAX_SEARCH_TERMS:
            raise ValidationError({self.search_param: [f"Ensure this has at most {MAX_SEARCH_TERMS} terms."]})
        return terms


class OrderingFilter(DRFOrderingFilter):
    """By the view's `ordering_fields`; unknown ones are ignored, and what is left over is by id.

    Nulls come last in ascending order and first in descending order.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        return queryset.order_by(*ordering(queryset.model, self.get_ordering(request, queryset, view) or ()), "pk")


def ordering(model: type[models.Model], names: Sequence[str]) -> list[Any]:
    """Expressions that order by these fields (`-` before a name: descending), alike on both databases."""
    found: list[Any] = []
    for name in dict.fromkeys(names):
        path = name.removeprefix("-")
        field = _field(model, path)
        value: Any = ByCodePoint(F(path)) if isinstance(field, models.CharField | models.TextField) else F(path)
        found.append(value.desc(nulls_first=True) if name.startswith("-") else value.asc(nulls_last=True))
    return found


def _field(model: type[models.Model], path: str) -> Any:
    name, _, rest = path.partition("__")
    field: Any = model._meta.get_field(name)
    return _field(field.related_model, rest) if rest else field
