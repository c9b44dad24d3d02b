"""The names of the objects that a filter accepts: all of them for a select box, and those of given values."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.core.validators import EMPTY_VALUES
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.text import Truncator, capfirst

from spacedb.caching.fragments import FragmentCache
from spacedb.catalogue.sorting import dictionary_key
from spacedb.pages.filters.fields import NAME_FIELDS, Source
from spacedb.rest.filters import parse_id

SEARCHED_FIELDS = (*NAME_FIELDS, "abbrev")
"""The fields of an object that a part of a name may be found in."""

MAX_CHOICES = 300
"""A filter with more choices has a text field instead of a select box."""
MAX_NAMES = 20
"""The most values of a parameter whose names are shown."""
MAX_SUGGESTIONS = 8
MAX_NAME_LENGTH = 80
MAX_SEARCH_LENGTH = 100


class Choice(NamedTuple):
    """A value of a filter, and the name of the object that it stands for."""

    value: str
    name: str


def choices(fragments: FragmentCache, source: Source) -> list[Choice] | None:
    """All choices in the order of a dictionary; None if there are more than `MAX_CHOICES`."""
    found = _choices(fragments, source, source.queryset.order_by("pk")[: MAX_CHOICES + 1])
    if len(found) > MAX_CHOICES:
        return None
    found = list(dict.fromkeys(found))
    names = [choice.name for choice in found]
    repeated = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    distinct = [Choice(value, f"{name} ({value})" if name in repeated else name) for value, name in found]
    return sorted(distinct, key=lambda choice: dictionary_key(choice.name))


def names(fragments: FragmentCache, source: Source, values: Sequence[str]) -> dict[str, str]:
    """The names of these values, by value; without those that stand for no object."""
    parsed = {_parse(source, text) for text in values[:MAX_NAMES]} - {None}
    if not parsed:
        return {}
    condition = {f"{source.value_field}__in": sorted(parsed)}
    return dict(_choices(fragments, source, source.queryset.filter(**condition).order_by("pk")[:MAX_NAMES]))


def suggestions(source: Source, text: str) -> list[Choice]:
    """The first choices whose names contain the text."""
    if not text or "\x00" in text or len(text) > MAX_SEARCH_LENGTH:
        return []
    fields = {field.name for field in source.queryset.model._meta.concrete_fields}
    paths = [name for name in SEARCHED_FIELDS if name in fields] or name_paths(source.queryset.model)
    conditions = [Q(**{f"{path}__icontains": text}) for path in paths]
    found = source.queryset.filter(reduce(or_, conditions, Q(pk=None))).order_by("pk")[:MAX_SUGGESTIONS]
    return _choices(FragmentCache(None), source, found)


def _choices(fragments: FragmentCache, source: Source, queryset: QuerySet[Any]) -> list[Choice]:
    rows = fragments.rows(queryset.values_list(source.value_field, *_paths(source)))
    model = source.queryset.model
    return [Choice(str(value), _name(model, value, texts)) for value, *texts in rows if value not in EMPTY_VALUES]


def _paths(source: Source) -> tuple[str, ...]:
    """The lookups of the names. A value that is a name stands for itself."""
    return (source.value_field,) if source.value_field in NAME_FIELDS else name_paths(source.queryset.model)


def _parse(source: Source, text: str) -> Any:
    """The text as a value that the column can hold; None if it is not one."""
    if source.value_field == "pk":
        return parse_id(source.queryset.model, text)
    return None if "\x00" in text else text


def name_paths(model: Any) -> tuple[str, ...]:
    """The lookups of the fields that name an object of this model.

    An object without a name of its own is named by those that it belongs to: a flight by its spacecraft and launch.
    """
    if own := _own_names(model):
        return own
    related = [field for field in model._meta.concrete_fields if field.related_model not in (None, model)]
    return tuple(f"{field.name}__{names[0]}" for field in related if (names := _own_names(field.related_model)))[:2]


def _own_names(model: Any) -> tuple[str, ...]:
    fields = {field.name for field in model._meta.concrete_fields}
    return tuple(name for name in NAME_FIELDS if name in fields)


def _name(model: type[models.Model], value: Any, texts: Iterable[str | None]) -> str:
    present = [text for text in texts if text]
    if not present:
        return f"{capfirst(str(model._meta.verbose_name))} {value}"
    name = present[0] if _own_names(model) else ", ".join(present)
    return name if len(name) <= MAX_NAME_LENGTH else Truncator(name).chars(MAX_NAME_LENGTH)
