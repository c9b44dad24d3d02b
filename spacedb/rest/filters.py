"""Filters and filter sets."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db import models
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.widgets import BaseCSVWidget
from drf_spectacular.drainage import set_override

from spacedb.catalogue.models import exclude_placeholders
from spacedb.rest.ordering import spans_to_many

MAX_NAMED = 20
"""An error names every id that would have been accepted where there are no more than these."""

INT32: dict[str, Any] = {"min_value": -(2**31), "max_value": 2**31 - 1}

COMPARISONS = ("gt", "gte", "lt", "lte")
NUMBER_LOOKUPS = ("exact", *COMPARISONS)
TEXT_LOOKUPS = ("exact", "contains")
"""Lookups that go together."""

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
        super().__init__(*args, **INT32 | kwargs)

    def get_max_validator(self) -> None:
        return None


class FloatFilter(django_filters.NumberFilter):
    """A finite number."""

    field_class = forms.FloatField  # type: ignore[assignment]


class DateTimeField(django_filters.fields.IsoDateTimeField):
    """A date and time as ISO 8601 writes it, in UTC where it names no time zone; or a date: its first moment."""

    def to_python(self, value: Any) -> dt.datetime | None:
        try:
            moment: dt.datetime | None = super().to_python(value)
            return moment and moment.astimezone(dt.UTC)
        except OverflowError as error:  # the first and the last hours of all years, elsewhere
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class DateTimeFilter(django_filters.IsoDateTimeFilter):
    field_class = DateTimeField


class RelatedField(django_filters.fields.ModelChoiceField):
    """The id of an object that exists."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise self.refused(value) from error

    def refused(self, value: Any) -> forms.ValidationError:
        # As a parameter, for the value may hold a percent sign, which django-filter would take for one of its own.
        accepted = {"accepted": self._accepted(str(value)[:100])}
        return forms.ValidationError("%(accepted)s", code="invalid_choice", params=accepted)

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


class CommaSeparatedInput(BaseCSVWidget, forms.TextInput):
    """Values separated by commas, or the parameter repeated: so generated clients send lists, whatever is said."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if isinstance(data, MultiValueDict) else [data[name]] if name in data else []
        return [value.strip() for value in ",".join(given).split(",") if value.strip()]


INTEGER = forms.IntegerField(**INT32)


class RelatedListField(django_filters.fields.ModelMultipleChoiceField):
    """The ids of objects that exist."""

    def _check_values(self, value: Any) -> Any:
        assert self.queryset is not None
        numbers = {text: INTEGER.clean(text) for text in value}
        found = self.queryset.in_bulk(list(numbers.values()))
        for text, number in numbers.items():
            if number not in found:
                one: Any = RelatedField
                raise one(queryset=self.queryset).refused(text)
        return list(found.values())


class RelatedListFilter(django_filters.ModelMultipleChoiceFilter):
    """By the ids of related objects, of whom one must be among them."""

    field_class = RelatedListField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"widget": CommaSeparatedInput, "distinct": False}
        super().__init__(*args, **defaults | kwargs)


class InFilter(django_filters.BaseInFilter):
    """Several values, separated by commas, of whom one must fit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": CommaSeparatedInput} | kwargs)


class CommaSeparatedFilter(InFilter, django_filters.CharFilter):
    """Several texts."""


class CommaSeparatedIntegerFilter(InFilter, IntegerFilter):
    """Several numbers or ids."""


class CommaSeparatedNumberFilter(CommaSeparatedIntegerFilter):
    """Several ids that the OpenAPI document calls numbers, as upstream's does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_override(self, "field", {"type": "number", "description": self.extra["help_text"]})


class CommaSeparatedUUIDFilter(InFilter, django_filters.UUIDFilter):
    """The ids of several launches."""


class FilterSet(django_filters.FilterSet):
    """The base of every filter set: the same field types everywhere, and no object found twice."""

    FILTER_DEFAULTS = django_filters.FilterSet.FILTER_DEFAULTS | {
        models.BooleanField: {"filter_class": BooleanFilter},
        models.DateTimeField: {"filter_class": DateTimeFilter},
        models.FloatField: {"filter_class": FloatFilter},
        models.IntegerField: {"filter_class": IntegerFilter},
        models.ManyToManyField: {
            "filter_class": RelatedListFilter,
            "extra": lambda field: {"queryset": exclude_placeholders(field.remote_field.model._base_manager.all())},
        },
        models.ForeignKey: {
            "filter_class": RelatedFilter,
            "extra": lambda field: {"queryset": exclude_placeholders(field.remote_field.model._base_manager.all())},
        },
    }

    renames: ClassVar[Mapping[str, str]] = {}
    """Filters of the filter set that this one differs from, with the names that they have here."""
    excluded: ClassVar[Sequence[str]] = ()
    """Filters of it that are not here, each with its lookups: `age` and `age__gt`, not `agency_ids`."""
    included: ClassVar[Sequence[str]] = ()
    """The only ones that are here, where they are few."""

    @classmethod
    def get_filters(cls) -> "OrderedDict[str, django_filters.Filter]":
        found = {cls.renames.get(name, name): one for name, one in super().get_filters().items()}
        lookups = tuple(f"{name}__" for name in cls.excluded)
        kept = [name for name in (cls.included or found) if name not in cls.excluded and not name.startswith(lookups)]
        return OrderedDict((name, found[name]) for name in kept)

    @classmethod
    def filter_for_field(cls, field: Any, field_name: str, lookup_expr: str | None = None) -> Any:
        """`type__id` is filtered by as `type` is: by the id of one that exists."""
        relation = field_name.rpartition("__")[0]
        if relation and field.primary_key and lookup_expr in (None, "exact"):
            found = RelatedFilter(field_name=relation, queryset=exclude_placeholders(field.model._base_manager.all()))
            set_override(found, "field", {"type": "integer"})
            return found
        return super().filter_for_field(field, field_name, lookup_expr)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().filter_queryset(queryset)
        data: Mapping[str, Any] = self.data or {}
        paths = (one.field_name or "" for name, one in self.filters.items() if data.get(name) and one.method is None)
        if any(spans_to_many(queryset.model, path) for path in paths):
            return queryset.filter(pk__in=found.values("pk"))
        return found


class FilterBackend(DjangoFilterBackend):
    """Filters by the view's filter set; a badly typed value is a 400 keyed by the parameter."""

    filterset_base = FilterSet
