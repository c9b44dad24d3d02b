"""Base classes of filters and filter sets."""

import datetime as dt
import re
from collections import OrderedDict
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.validators import EMPTY_VALUES
from django.db import models
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from django_filters.widgets import BaseCSVWidget
from drf_spectacular.drainage import set_override
from rest_framework.views import APIView
from typing_extensions import override

from spacedb.catalogue.models import exclude_placeholders
from spacedb.rest.ordering import spans_to_many

MAX_LISTED_IDS = 20
"""The error for an invalid id lists the accepted ids if there are at most this many."""

INT32: dict[str, Any] = {"min_value": -(2**31), "max_value": 2**31 - 1}
"""The range of an integer column."""

COMPARISONS = ("gt", "gte", "lt", "lte")
NUMBER_LOOKUPS = ("exact", *COMPARISONS)
TEXT_LOOKUPS = ("exact", "contains")

TRUE_VALUES = ("true", "1", "yes", "y", "t")
"""The values of boolean filters that mean true, in any case."""
FALSE_VALUES = ("false", "0", "no", "n", "f")
"""The values of boolean filters that mean false, in any case."""


class BooleanField(forms.Field):
    """One of `TRUE_VALUES` or `FALSE_VALUES`; None if empty."""

    @override
    def to_python(self, value: Any) -> bool | None:
        text = str(value).strip().lower() if value is not None else ""
        if text in TRUE_VALUES or text in FALSE_VALUES:
            return text in TRUE_VALUES
        if not text:
            return None
        raise forms.ValidationError("Enter true or false.", code="invalid")


class BooleanFilter(django_filters.BooleanFilter):
    field_class = BooleanField  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": forms.TextInput} | kwargs)  # django-filter's ignores invalid values


class HideRecentFilter(BooleanFilter):
    """True hides objects that are still listed as upcoming although their time, in `field_name`, has passed."""

    @override
    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs.filter(**{f"{self.field_name}__gte": timezone.now()}) if value else qs


class IntegerFilter(django_filters.NumberFilter):
    """Filters by an integer of 32 bits."""

    field_class = forms.IntegerField  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **INT32 | kwargs)

    @override
    def get_max_validator(self) -> None:
        return None


class FloatFilter(django_filters.NumberFilter):
    """Filters by a finite number."""

    field_class = forms.FloatField  # type: ignore[assignment]


UNENCODED_PLUS = re.compile(r"(:\d\d(?:\.\d+)?) (\d\d:?\d\d)$")
"""The end of `2020-01-01T00:00:00 00:00`: clients send a `+` before the offset, which means a space in a URL."""


class DateTimeField(django_filters.fields.IsoDateTimeField):
    """An ISO 8601 date and time, in UTC unless it has a time zone. A date means 00:00 UTC."""

    @override
    def to_python(self, value: Any) -> dt.datetime | None:
        try:
            text = UNENCODED_PLUS.sub(r"\1+\2", value) if isinstance(value, str) else value
            moment: dt.datetime | None = super().to_python(text)
            return moment and moment.astimezone(dt.UTC)
        except OverflowError as error:  # the year is below 1 or above 9999 in UTC
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class DateTimeFilter(django_filters.IsoDateTimeFilter):
    field_class = DateTimeField


INTEGER_FIELD = forms.IntegerField(**INT32)
UUID_FIELD = forms.UUIDField()


class RelatedField(django_filters.fields.ModelMultipleChoiceField):
    """The ids of existing objects."""

    def __init__(self, *args: Any, empty_label: str | None = None, **kwargs: Any) -> None:
        """`empty_label` has no effect: `ModelChoiceFilter` passes it for select boxes."""
        super().__init__(*args, **kwargs)

    def objects_by_id(self, ids: Iterable[Any]) -> dict[Any, Any]:
        """The objects that have one of these ids."""
        assert self.queryset is not None
        return self.queryset.in_bulk(list(ids))

    def _check_values(self, value: Any) -> Any:
        assert self.queryset is not None
        ids = {text: parse_id(self.queryset.model, text) for text in value}
        objects = self.objects_by_id(pk for pk in ids.values() if pk is not None)
        for text, pk in ids.items():
            if pk not in objects:
                raise invalid_id_error(self.queryset, text)
        return list(objects.values())


def parse_id(model: type[Model], text: str) -> Any:
    """The text as an id of the model; None if it cannot be one."""
    field = UUID_FIELD if isinstance(model._meta.pk, models.UUIDField) else INTEGER_FIELD
    try:
        return field.clean(text)
    except forms.ValidationError:
        return None


def invalid_id_error(queryset: QuerySet[Any], value: Any) -> forms.ValidationError:
    """The error for a value that is not the id of an object in the queryset.

    It lists the valid ids if there are at most `MAX_LISTED_IDS`.
    """
    opts = queryset.model._meta
    name = str(opts.verbose_name)
    objects: list[Model] = list(queryset.order_by("pk")[: MAX_LISTED_IDS + 1])
    if not objects:
        hint = f"There are no {opts.verbose_name_plural} yet."
    elif len(objects) > MAX_LISTED_IDS:
        hint = "Enter the id of an existing object."
    else:
        hint = f"Accepted: {', '.join(f'{instance.pk} ({instance})' for instance in objects)}."
    article = "an" if name[0] in "AEIOU" else "a"
    message = f'"{str(value)[:100]}" is not the id of {article} {name}. {hint}'
    # As a parameter, because the message may contain percent signs.
    return forms.ValidationError("%(message)s", code="invalid_choice", params={"message": message})


class CommaSeparatedInput(BaseCSVWidget, forms.TextInput):
    """Comma-separated values. The parameter may also be repeated, as some generated clients do."""

    @override
    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values = data.getlist(name) if isinstance(data, MultiValueDict) else [data[name]] if name in data else []
        return [value.strip() for value in ",".join(values).split(",") if value.strip()]


class RelatedFilter(django_filters.ModelChoiceFilter):
    """Filters by the id of a related object.

    Documented as one id, as in the official OpenAPI document. Several ids are accepted, because clients send
    `status=1,8`: an object matches if it has one of them.
    """

    field_class = RelatedField  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": CommaSeparatedInput} | kwargs)

    @override
    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class RelatedListFilter(django_filters.ModelMultipleChoiceFilter):
    """Filters by the ids of related objects: an object matches if it has one of them."""

    field_class = RelatedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"widget": CommaSeparatedInput, "distinct": False}
        super().__init__(*args, **defaults | kwargs)


class InFilter(django_filters.BaseInFilter):
    """Filters by comma-separated values: an object matches if it has one of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": CommaSeparatedInput} | kwargs)


class CommaSeparatedFilter(InFilter, django_filters.CharFilter):
    """Filters by comma-separated strings."""


class CommaSeparatedIntegerFilter(InFilter, IntegerFilter):
    """Filters by comma-separated integers or integer ids."""


class IdFilter(CommaSeparatedIntegerFilter):
    """Like `CommaSeparatedIntegerFilter`, documented as one integer, as in the official OpenAPI document."""


class CommaSeparatedNumberFilter(CommaSeparatedIntegerFilter):
    """Like `CommaSeparatedIntegerFilter`, documented as numbers, as in the official OpenAPI document."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_override(self, "field", {"type": "number", "description": self.extra["help_text"]})


class YearFilter(CommaSeparatedIntegerFilter):
    """Filters by comma-separated years in UTC. `field_name` is a lookup such as `net__year`.

    Each year is compared as a range of time, so that the index of the column is used, which `__in` cannot do.
    """

    @override
    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if not value:
            return qs
        years = [Q(**{str(self.field_name): year}) for year in value if dt.MINYEAR <= year <= dt.MAXYEAR]
        return qs.filter(reduce(or_, years)) if years else qs.none()


class YearNumberFilter(YearFilter, CommaSeparatedNumberFilter):
    """Like `YearFilter`, documented as numbers, as in the official OpenAPI document."""


class CommaSeparatedUUIDFilter(InFilter, django_filters.UUIDFilter):
    """Filters by comma-separated UUIDs, the ids of launches."""


class FilterSet(django_filters.FilterSet):
    """The base of all filter sets. It selects a filter class by the type of the model field.

    A filter set of an older version inherits from that of the next version, and declares its differences with
    `renames`, `excluded` and `included`, which are applied in this order.
    """

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
    """New names of inherited filters, by their inherited name: `{"type__id": "agency_type"}`."""
    excluded: ClassVar[Sequence[str]] = ()
    """Filters to remove, with all their lookups: `age` removes `age` and `age__gt`, but not `agency_ids`."""
    included: ClassVar[Sequence[str]] = ()
    """If not empty, the names of all filters that this filter set has, in this order."""

    @classmethod
    @override
    def get_filters(cls) -> "OrderedDict[str, django_filters.Filter]":
        filters = {cls.renames.get(name, name): filter_ for name, filter_ in super().get_filters().items()}
        prefixes = tuple(f"{name}__" for name in cls.excluded)
        return OrderedDict(
            (name, filters[name])
            for name in cls.included or filters
            if name not in cls.excluded and not name.startswith(prefixes)
        )

    @classmethod
    @override
    def filter_for_field(cls, field: Any, field_name: str, lookup_expr: str | None = None) -> Any:
        """As in django-filter; but `type__id` gets the filter of `type`, which accepts only ids of existing objects.

        `id` gets an `IdFilter`.
        """
        relation = field_name.rpartition("__")[0]
        if not relation and isinstance(field, models.IntegerField) and field.primary_key and lookup_expr == "exact":
            return IdFilter(field_name=field_name)
        if relation and field.primary_key and lookup_expr in (None, "exact"):
            queryset = exclude_placeholders(field.model._base_manager.all())
            related_filter = RelatedFilter(field_name=relation, queryset=queryset)
            set_override(related_filter, "field", {"type": "integer"})
            return related_filter
        return super().filter_for_field(field, field_name, lookup_expr)

    def __init__(self, *args: Any, only: Container[str] | None = None, **kwargs: Any) -> None:
        """`only` restricts the filter set to filters of these names.

        django-filter copies all filters for each request, which takes milliseconds for a hundred of them.
        """
        if only is not None:
            self.base_filters = OrderedDict(
                (name, filter_) for name, filter_ in self.base_filters.items() if name in only
            )
        super().__init__(*args, **kwargs)

    @override
    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter; with a subquery if a filter joins a to-many relation, as the join would return duplicates."""
        filtered = super().filter_queryset(queryset)
        values = self.form.cleaned_data
        active = [
            filter_
            for name, filter_ in self.filters.items()
            if filter_.method is None and values.get(name) not in EMPTY_VALUES
        ]
        if any(spans_to_many(queryset.model, filter_.field_name or "") for filter_ in active):
            return queryset.filter(pk__in=filtered.values("pk"))
        return filtered


class FilterBackend(DjangoFilterBackend):
    """Filters by the filter set of the view. Invalid values cause a 400 response with errors keyed by parameter."""

    filterset_base = FilterSet

    @override
    def filter_queryset(self, request: HttpRequest, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        filterset_class: Any = self.get_filterset_class(view, queryset)
        if filterset_class is None or filterset_class.base_filters.keys().isdisjoint(request.GET):
            return queryset
        kwargs = self.get_filterset_kwargs(request, queryset, view)
        filterset: FilterSet = filterset_class(**kwargs, only=kwargs["data"])
        if not filterset.is_valid():
            error: Any = translate_validation(filterset.errors)
            raise error
        return filterset.qs
