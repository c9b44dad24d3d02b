"""The filters of a view as fields of a form: their kinds, their labels and their groups.

Everything is derived from the filter set, so no endpoint needs a line for its form.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum, auto
from functools import cache
from itertools import groupby
from typing import Any

import django_filters
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst

from spacedb.catalogue.models import NamedResource, exclude_placeholders
from spacedb.rest.filters import InFilter, RelatedFilter, RelatedListFilter
from spacedb.rest.ordering import fields_on_path, spans_to_many
from spacedb.rest.viewsets import ResourceViewSet

NAME_FIELDS = ("full_name", "name", "title", "serial_number")
"""The fields that name an object. The first one with a value is its name."""

NOT_MAIN = 6
MAX_MAIN_GROUPS = 6
MAX_FACETS = 3
"""How many main filters and facets are chosen for a view that declares none."""


class Kind(StrEnum):
    """The kind of values of a filter, which determines the control of the form."""

    RELATED = auto()
    """Values that stand for objects, such as ids: the form has their names."""
    BOOLEAN = auto()
    DATE = auto()
    TIME = auto()
    """A date and time."""
    NUMBER = auto()
    NUMBERS = auto()
    """Comma-separated integers."""
    TEXT = auto()


@dataclass(frozen=True, eq=False)
class Source:
    """The objects whose values a filter accepts. `value_field` is the field with the value: the id, or a code."""

    queryset: models.QuerySet[Any]
    value_field: str = "pk"


@dataclass(frozen=True, eq=False)
class FilterField:
    """A filter as a field. `name` is the query parameter."""

    name: str
    lookup: str
    kind: Kind
    label: str
    """The label of the group. `full_label` includes the lookup."""
    help_text: str
    is_multiple: bool
    """Whether the parameter may contain several values, separated by commas."""
    is_direct: bool
    """Whether it filters by a field of the listed object itself."""
    source: Source | None = None
    column: str | None = None
    """The column to group by for a facet; None if the filter can have no facet."""

    @property
    def lookup_label(self) -> str:
        return _words(self.kind)[self.lookup]

    @property
    def full_label(self) -> str:
        return self.label if self.lookup == "exact" else f"{self.label} {self.lookup_label}"


@dataclass(frozen=True, eq=False)
class FilterGroup:
    """The filters with the same name but for the lookup: `net__gte` and `net__lte` are in the group `net`."""

    name: str
    fields: Sequence[FilterField]

    @property
    def label(self) -> str:
        return self.fields[0].label


@dataclass(frozen=True, eq=False)
class FilterLayout:
    """The groups of a view: the main ones, and all others by the title of their section."""

    main: Sequence[FilterGroup]
    sections: Sequence[tuple[str, Sequence[FilterGroup]]]
    facets: frozenset[str] = field(default_factory=frozenset)
    """The parameters that have a facet."""

    def fields(self) -> Iterator[FilterField]:
        """All fields, those of the main filters first."""
        for group in (*self.main, *(group for _, groups in self.sections for group in groups)):
            yield from group.fields


DATE_WORDS = {"exact": "is", "gte": "from", "lte": "until", "gt": "after", "lt": "before"}
WORDS = {
    "exact": "is",
    "gte": "at least",
    "lte": "at most",
    "gt": "more than",
    "lt": "less than",
    "contains": "contains",
    "icontains": "contains",
}
"""The label of each lookup, in the order of the form: the two ends of a range are side by side."""

RARE_LOOKUPS = ("gt", "lt")
"""The lookups that a main filter has behind "More filters"."""


def _words(kind: Kind) -> dict[str, str]:
    return WORDS | DATE_WORDS if kind in (Kind.DATE, Kind.TIME) else WORDS


@cache
def layout(view: type[ResourceViewSet]) -> FilterLayout:
    """The fields of the view's form. A view without filters has an empty layout."""
    groups = _groups(view)
    chosen = _main_groups(view, groups)
    others = [group for group in groups if group not in chosen]
    labelled = _with_distinct_labels([*chosen, *others])
    main = [_part(group, lambda each: each.lookup not in RARE_LOOKUPS) for group in labelled[: len(chosen)]]
    rest = [_part(group, lambda each: each.lookup in RARE_LOOKUPS) for group in labelled[: len(chosen)]]
    sections = _sections([*filter(None, rest), *labelled[len(chosen) :]])
    return FilterLayout([*filter(None, main)], sections, _facets(view, chosen, groups))


def _groups(view: type[ResourceViewSet]) -> list[FilterGroup]:
    """All filters of the view by their name without the lookup, in the order of the filter set."""
    filterset: Any = getattr(view, "filterset_class", None)
    groups: dict[str, list[FilterField]] = {}
    for name, filter_ in filterset.base_filters.items() if filterset else ():
        group, lookup = _split(name)
        groups.setdefault(group, []).append(_field(filterset, name, lookup, filter_))
    lookups = list(WORDS)
    return [
        FilterGroup(name, sorted(fields, key=lambda each: lookups.index(each.lookup)))
        for name, fields in groups.items()
    ]


def _split(name: str) -> tuple[str, str]:
    """The group and the lookup of a parameter."""
    group, _, lookup = name.rpartition("__")
    return (group, lookup) if group and lookup in WORDS else (name, "exact")


def _main_groups(view: type[ResourceViewSet], groups: Sequence[FilterGroup]) -> list[FilterGroup]:
    if view.main_filters is not None:
        by_name = {group.name: group for group in groups}
        return [by_name[name] for name in view.main_filters if name in by_name]
    are_few = len(groups) <= MAX_MAIN_GROUPS
    ranked = sorted((group for group in groups if are_few or _rank(group) < NOT_MAIN), key=_rank)
    return (ranked if are_few else _first_columns(ranked))[:MAX_MAIN_GROUPS]


def _facets(view: type[ResourceViewSet], main: Iterable[FilterGroup], groups: Iterable[FilterGroup]) -> frozenset[str]:
    if view.facets is None:
        fields = [each for group in main for each in group.fields if each.is_direct]
        return frozenset([each.name for each in fields if each.column][:MAX_FACETS])
    return frozenset(each.name for group in groups for each in group.fields if each.column and each.name in view.facets)


def _part(group: FilterGroup, condition: Callable[[FilterField], bool]) -> FilterGroup | None:
    fields = [each for each in group.fields if condition(each)]
    return FilterGroup(group.name, fields) if fields else None


def _with_distinct_labels(groups: Iterable[FilterGroup]) -> list[FilterGroup]:
    """The groups. If two have the same label, that of the second includes its name: `Status (status__ids)`."""
    labels: set[str] = set()
    distinct = []
    for group in groups:
        label = f"{group.label} ({group.name})" if group.label in labels else group.label
        labels.add(label)
        distinct.append(FilterGroup(group.name, [replace(each, label=label) for each in group.fields]))
    return distinct


# --- Fields -----------------------------------------------------------------------------------------------------------


def _field(filterset: Any, name: str, lookup: str, filter_: Any) -> FilterField:
    model = filterset._meta.model
    path = _path(model, filter_.field_name)
    source = _source(path, filter_)
    is_list = isinstance(filter_, InFilter | RelatedFilter | RelatedListFilter)
    kind = Kind.RELATED if source else _kind(filter_)
    return FilterField(
        name,
        lookup,
        kind,
        label=capfirst(filter_.label or _label(name, path)),
        help_text=filter_.extra.get("help_text") or "",
        is_multiple=is_list or hasattr(filter_, "value_field"),
        is_direct=len(path) == 1 or (len(path) == 2 and path[-1].primary_key),
        source=source,
        column=_column(model, path, kind, filter_),
    )


def _path(model: type[models.Model], name: str) -> list[Any]:
    """The model fields of a filter; empty if a method filters and the name is not a path."""
    try:
        return fields_on_path(model, name)
    except FieldDoesNotExist:
        return []


def _source(path: Sequence[Any], filter_: Any) -> Source | None:
    if isinstance(filter_, RelatedFilter | RelatedListFilter):
        assert filter_.queryset is not None
        return Source(filter_.queryset)
    if not path or filter_.lookup_expr not in ("exact", "in"):
        return None
    last = path[-1]
    value_field = getattr(filter_, "value_field", None)
    if value_field or isinstance(filter_, InFilter | django_filters.NumberFilter):
        model = last.related_model or (last.model if last.primary_key and len(path) > 1 else None)
        return Source(exclude_placeholders(model._base_manager.all()), value_field or "pk") if model else None
    if isinstance(filter_, django_filters.CharFilter) and len(path) > 1 and last.name in NAME_FIELDS:
        return None if filter_.method else Source(last.model._base_manager.all(), last.name)
    return None


def _kind(filter_: Any) -> Kind:
    match filter_:
        case django_filters.BooleanFilter():
            return Kind.BOOLEAN
        case django_filters.DateFilter():
            return Kind.DATE
        case django_filters.IsoDateTimeFilter():
            return Kind.TIME
        case django_filters.NumberFilter():
            return Kind.NUMBERS if isinstance(filter_, InFilter) else Kind.NUMBER
        case _:
            return Kind.TEXT


def _column(model: type[models.Model], path: Sequence[Any], kind: Kind, filter_: Any) -> str | None:
    """The lookup to group by, if each object has at most one value and the filter compares it."""
    if not path or filter_.method or filter_.lookup_expr not in ("exact", "in"):
        return None
    name: str = filter_.field_name
    is_value = kind is Kind.BOOLEAN and isinstance(path[-1], models.BooleanField)
    is_id = kind is Kind.RELATED and bool(path[-1].related_model or path[-1].primary_key)
    is_coded = hasattr(filter_, "value_field")
    return name if (is_value or is_id) and not is_coded and not spans_to_many(model, name) else None


def _label(name: str, path: Sequence[Any]) -> str:
    """The names of the last two fields of the path: `orbit name` for `mission__orbit__name`."""
    if len(path) > 1 and path[-1].primary_key:
        path = path[:-1]
    if not path:
        return name.replace("__", " ").replace("_", " ")
    *_, before, last = ("", *(_verbose_name(part) for part in path))
    return last if last.lower().startswith(before.lower()) else f"{before} {last}"


def _verbose_name(part: Any) -> str:
    return str(part.verbose_name) if hasattr(part, "verbose_name") else str(part.name).replace("_", " ")


# --- Order ------------------------------------------------------------------------------------------------------------


def _rank(group: FilterGroup) -> int:
    """The place of a group among the main filters of a view that declares none; `NOT_MAIN` if it is none of them."""
    first = group.fields[0]
    match first.kind:
        case Kind.RELATED if (
            first.is_direct and first.source and issubclass(first.source.queryset.model, NamedResource)
        ):
            return 0  # statuses and types
        case Kind.RELATED if first.is_direct:
            return 1
        case Kind.BOOLEAN:
            return 2
        case Kind.TEXT if group.name == "name":
            return 3
        case Kind.DATE | Kind.TIME if len(group.fields) > 1:
            return 4
        case Kind.RELATED:
            return 5
        case _:
            return NOT_MAIN


def _first_columns(groups: Iterable[FilterGroup]) -> list[FilterGroup]:
    """The groups, without those that filter by the same column as one before: `status__ids` after `status`."""
    columns: set[str] = set()
    first = []
    for group in groups:
        column = (group.fields[0].column or group.name).removesuffix("__id")
        if column not in columns:
            columns.add(column)
            first.append(group)
    return first


SECTIONS = {
    Kind.RELATED: "Related objects",
    Kind.BOOLEAN: "Yes or no",
    Kind.DATE: "Dates",
    Kind.TIME: "Dates",
    Kind.NUMBER: "Numbers",
    Kind.NUMBERS: "Numbers",
    Kind.TEXT: "Text",
}


def _sections(groups: Sequence[FilterGroup]) -> list[tuple[str, Sequence[FilterGroup]]]:
    """The groups by the first part of their names, if several share it: `pad__location`; the others by kind."""

    def prefix(group: FilterGroup) -> str:
        return group.name.partition("__")[0]

    prefixes = [prefix(group) for group in groups]
    titles = list(dict.fromkeys(SECTIONS.values()))

    def title(group: FilterGroup) -> tuple[int, str]:
        if prefixes.count(prefix(group)) > 1:
            return len(titles), capfirst(prefix(group).replace("_", " "))
        kind = SECTIONS[group.fields[0].kind]
        return titles.index(kind), kind

    return [(title[1], list(members)) for title, members in groupby(sorted(groups, key=title), key=title)]
