"""The filter panel of a list: a form with the fields of all filters, and the active filters as chips."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from rest_framework.request import Request

from spacedb.caching.fragments import FragmentCache
from spacedb.pages.filters.facets import BOOLEANS, MAX_FACET_ROWS, FacetValue, facet
from spacedb.pages.filters.fields import FilterField, FilterGroup, Kind, layout
from spacedb.pages.filters.links import FilterLinks
from spacedb.pages.filters.names import MAX_NAMES, Choice, choices, names, suggestions
from spacedb.rest.filters import FALSE_VALUES, TRUE_VALUES
from spacedb.rest.search import SearchFilter
from spacedb.rest.viewsets import ReadOnlyViewSet

HIDDEN_PARAMETERS = ("mode", "limit", "ordering", "view", "format")
"""The parameters that the form sends again in hidden fields. `offset` is left out: other filters start a new list."""

MAX_OPTIONS = 1000
MAX_OPTIONS_LENGTH = 50_000
"""The most options of all select boxes of a panel, and the most characters of their names and values. Filters beyond
have a text field, so that a page stays small."""

MAX_ERRORS_WITH_SUGGESTIONS = 3

NATIVE_TYPES = {
    Kind.NUMBER: ("number", re.compile(r"-?\d+(\.\d+)?")),
    Kind.DATE: ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    Kind.TIME: ("date", re.compile(r"\d{4}-\d\d-\d\d")),
}
"""The type of `<input>` for a kind of values, and the values that it can show. Others are shown as text."""

EXACT_TIME = ("datetime-local", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?"))

CSV_HELP = ("Comma-separated", "Multiple values")
"""The first words of help texts that do not apply to a select box."""


@dataclass
class Control:
    """A field of the form in one request. `type` is `select` or a type of `<input>`."""

    name: str
    label: str
    type: str
    value: str = ""
    full_label: str = ""
    options: Sequence[Choice] = ()
    selected: str = ""
    """The name of the value, if the value stands for objects."""
    help_text: str = ""
    errors: Sequence[str] = ()
    suggestions: Sequence[tuple[str, str]] = ()
    """The names of objects that an invalid value may mean, each with the link that selects the object."""
    facet: Sequence[FacetValue] = ()

    @property
    def id(self) -> str:
        return f"filter-{self.name}"

    @property
    def described_by(self) -> str:
        """The ids of the texts that describe the field."""
        parts = {"error": self.errors, "help": self.help_text, "selected": self.selected and self.type != "select"}
        return " ".join(f"{self.id}-{part}" for part, content in parts.items() if content)


class ControlGroup(NamedTuple):
    """The fields of one name, such as the ends of a range."""

    label: str
    controls: list[Control]


class FilterSection(NamedTuple):
    title: str
    groups: list[ControlGroup]


class Chip(NamedTuple):
    """An active filter. The link removes it."""

    label: str
    value: str
    url: str
    is_error: bool


@dataclass
class _Budget:
    """How many options the select boxes of the panel may still have, and how many characters."""

    options: int = MAX_OPTIONS
    length: int = MAX_OPTIONS_LENGTH

    def take(self, found: Sequence[Choice]) -> bool:
        length = sum(len(choice.value) + len(choice.name) + len('<option value=""></option>') for choice in found)
        if len(found) > self.options or length > self.length:
            return False
        self.options -= len(found)
        self.length -= length
        return True


@dataclass
class FilterPanel:
    """The panel of a list. `errors` are the messages of a response with the status 400, by parameter."""

    view: ReadOnlyViewSet
    request: Request
    fragments: FragmentCache
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.links = FilterLinks(self.request)
        self.layout = layout(type(self.view))
        self._budget = _Budget()
        self._errors_with_suggestions = MAX_ERRORS_WITH_SUGGESTIONS

    # --- The form ---

    @cached_property
    def _groups(self) -> tuple[list[ControlGroup], list[FilterSection]]:
        main = [self._group(group) for group in self.layout.main]  # first, as they may use the whole budget
        return main, [
            FilterSection(title, [self._group(each) for each in groups]) for title, groups in self.layout.sections
        ]

    @property
    def main(self) -> list[ControlGroup]:
        """The most used filters."""
        return self._groups[0]

    @property
    def sections(self) -> list[FilterSection]:
        """All other filters."""
        return self._groups[1]

    @cached_property
    def search(self) -> Control | None:
        if not self.view.search_fields:
            return None
        return Control(
            SearchFilter.search_param,
            "Search",
            "search",
            full_label="Search",
            value=self._value(SearchFilter.search_param),
            errors=self._messages(SearchFilter.search_param),
        )

    @cached_property
    def hidden(self) -> list[tuple[str, str]]:
        """The values of `HIDDEN_PARAMETERS`."""
        return [(name, value) for name in HIDDEN_PARAMETERS if (value := self._value(name))]

    @property
    def has_times(self) -> bool:
        return any(each.kind is Kind.TIME for each in self.layout.fields())

    @property
    def is_open(self) -> bool:
        """Whether a field has an error."""
        return bool(self.errors)

    @property
    def is_more_open(self) -> bool:
        """Whether a field behind "More filters" has a value, which may be invalid."""
        return any(control.value for _, groups in self.sections for _, controls in groups for control in controls)

    def controls(self) -> Iterator[Control]:
        """All fields in their order."""
        if self.search:
            yield self.search
        for group in (*self.main, *(group for section in self.sections for group in section.groups)):
            yield from group.controls

    def controls_with_errors(self) -> list[Control]:
        return [control for control in self.controls() if control.errors]

    # --- Chips ---

    @cached_property
    def chips(self) -> list[Chip]:
        """The active filters in the order of the query."""
        fields = {each.name: each for each in self.layout.fields()}
        chips = []
        for name in () if self.links.are_long else self.links.values:
            value = self._value(name, fields.get(name))
            if name in fields and value:
                label, text = fields[name].full_label, self._text(fields[name], value)
            elif name == SearchFilter.search_param and self.search and value:
                label, text = self.search.label, value
            else:
                continue
            chips.append(Chip(label, text, self.links.remove(name), bool(self._messages(name))))
        return chips

    @property
    def clear_url(self) -> str:
        """The link to the list without filters."""
        return self.links.remove(SearchFilter.search_param, *(each.name for each in self.layout.fields()))

    # --- Parts ---

    def _group(self, group: FilterGroup) -> ControlGroup:
        is_single = len(group.fields) == 1
        return ControlGroup(
            group.fields[0].full_label if is_single else group.label,
            [self._control(each, each.full_label if is_single else each.lookup_label) for each in group.fields],
        )

    def _control(self, each: FilterField, label: str) -> Control:
        value = self._value(each.name, each)
        control = Control(
            each.name,
            label,
            "text",
            value,
            full_label=each.full_label,
            help_text=each.help_text,
            errors=self._messages(each.name),
        )
        if each.kind is Kind.RELATED:
            self._choose(control, each)
        elif each.kind is Kind.BOOLEAN:
            control.type, control.options = "select", [Choice(*item) for item in BOOLEANS.items()]
            control.selected = self._text(each, value)
        elif each.kind in NATIVE_TYPES:
            is_exact_time = each.kind is Kind.TIME and each.lookup == "exact"
            type_, pattern = EXACT_TIME if is_exact_time else NATIVE_TYPES[each.kind]
            control.type = type_ if not value or pattern.fullmatch(value) else "text"
        if each.name in self.layout.facets:
            control.facet = self._facet(each)
        return control

    def _choose(self, control: Control, each: FilterField) -> None:
        """Offer the choices of a related filter by name: all of them, or those that an invalid value may mean."""
        assert each.source
        control.selected = self._text(each, control.value) if control.value else ""
        found = choices(self.fragments, each.source)
        if found is not None and self._budget.take(found):
            control.type, control.options = "select", found
            control.help_text = "" if control.help_text.startswith(CSV_HELP) else control.help_text
        elif each.source.value_field == "pk":
            control.help_text = "An id, or a part of the name."
        if control.type != "select" and control.selected == control.value:
            control.selected = ""
        if control.errors and self._errors_with_suggestions and not self.links.are_long:
            self._errors_with_suggestions -= 1
            meant = suggestions(each.source, control.value)
            control.suggestions = [(name, self.links.replace(each.name, value)) for value, name in meant]

    def _facet(self, each: FilterField) -> Sequence[FacetValue]:
        paginator: Any = self.view.paginator
        if self.errors or self.links.are_long or not 0 < paginator.count <= MAX_FACET_ROWS:
            return []
        return facet(self.fragments, paginator.queryset, each, self._values(each), self.links)

    def _messages(self, name: str) -> Sequence[str]:
        messages = self.errors.get(name, ())
        return [messages] if isinstance(messages, str) else [str(message) for message in messages]

    def _value(self, name: str, each: FilterField | None = None) -> str:
        """The value of a parameter, read as the filter does: one that is repeated has several values, or its last."""
        values = self.links.values.get(name, [""])
        return ",".join(values) if each and each.is_multiple else values[-1]

    def _values(self, each: FilterField) -> list[str]:
        value = self._value(each.name, each)
        values = value.split(",") if each.is_multiple else [value]
        if each.kind is Kind.BOOLEAN:
            values = [_boolean(value) for value in values]
        return [value.strip() for value in values if value.strip()]

    def _text(self, each: FilterField, value: str) -> str:
        """A value as text: with the names of the objects that it stands for."""
        values = self._values(each)
        if each.kind is Kind.BOOLEAN:
            return ", ".join(BOOLEANS.get(value, value) for value in values)
        if each.source is None:
            return value
        by_value = names(self.fragments, each.source, values)
        text = ", ".join(by_value.get(value, value) for value in values[:MAX_NAMES])
        return f"{text} and {len(values) - MAX_NAMES} more" if len(values) > MAX_NAMES else text


def _boolean(value: str) -> str:
    text = value.strip().lower()
    return "true" if text in TRUE_VALUES else "false" if text in FALSE_VALUES else value
