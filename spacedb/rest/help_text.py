"""The help text of an endpoint, made from the view's declarations.

It is shown on the endpoint's page and is the description of its operations in the OpenAPI document.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeAlias
from urllib.parse import urlencode

from spacedb.rest.modes import ModeStyle


class DocumentedView(Protocol):
    """What a help text is made from; `ReadOnlyViewSet` has all of it."""

    modes: ClassVar[Mapping[str, Any]]
    default_mode: ClassVar[str]
    filter_example: ClassVar[str]
    search_fields: ClassVar[Sequence[str]]
    search_example: ClassVar[str]
    ordering_fields: ClassVar[Sequence[str]]
    ordering_example: ClassVar[str]
    pagination_class: Any

    @property
    def mode_style(self) -> ModeStyle: ...
    def filter_names(self) -> list[str]: ...
    def get_queryset(self) -> Any: ...


HelpTextStyle: TypeAlias = Callable[[DocumentedView, str, str], str]
"""Makes the help text of a view in Markdown.

It is called with the view, the host that serves the documentation (`https://example.org`, or an empty string) and the
absolute path of the endpoint's list.
"""


def sectioned_help_text(view: DocumentedView, host: str, path: str) -> str:
    """The style of 2.3.0: a section for each of modes, filters, search and ordering that the view has."""
    filters = view.filter_names()
    root = path.strip("/").partition("/")[0]

    def example(query: str, suffix: str = "") -> str:
        return _link(f"{path}{suffix}", query, text=f"{path}{suffix}".removeprefix(f"/{root}"))

    sections: list[tuple[str, list[str]]] = []
    if mode := _other_mode(view):
        described = f"Levels of detail in the response - {_names(view.modes)}"
        style = view.mode_style
        sections.append(("Modes", [described, example(urlencode(style.query(mode)), style.suffix(mode))]))
    if filters:
        sections.append(("Filters", [f"Parameters - {_names(sorted(filters))}", example(view.filter_example)]))
    if view.search_fields:
        fields = f"Fields searched - {_names(sorted(view.search_fields))}"
        sections.append(("Search", [fields, example(f"search={view.search_example}")]))
    if view.ordering_fields:
        fields = f"Fields - {_names(sorted(view.ordering_fields))}"
        sections.append(("Ordering", [fields, example(f"ordering={view.ordering_example}")]))
    number = f"Use `limit` to control the number of objects in the response (max {view.pagination_class.max_limit})"
    sections.append(("Number of results", [number, example("limit=2")]))
    parts = [f"#### {title}\n{text}\n\nExample - {link}" for title, (text, link) in sections]
    parts.append(f"#### Format\nSwitch to JSON output - {example('format=json')}")
    home = host.partition("://")[2]
    parts.append(
        f"#### Help\nFind all the FAQs and support links on the documentation homepage - [{home}/docs]({host}/docs/)"
    )
    return "\n\n".join(parts)


def plain_help_text(view: DocumentedView, host: str, path: str) -> str:
    """The style of versions before 2.3.0: a paragraph each, headed by a word in capitals."""
    some = str(view.get_queryset().model._meta.verbose_name_plural).lower()
    filters = sorted(view.filter_names())

    def example(query: str, suffix: str = "") -> str:
        return _link(f"{path}{suffix}", query)

    parts = [f"API endpoint that allows {some} to be viewed.", f"GET: Return a list of all the existing {some}."]
    if mode := _other_mode(view):
        link = example(urlencode(view.mode_style.query(mode)), view.mode_style.suffix(mode))
        parts.append(f"MODE: {_quoted(view.modes)} Example - {link}")
    if filters:
        parts.append(f"FILTERS: Parameters - {_quoted(filters)} Example - {example(view.filter_example)}")
    if view.search_fields:
        parts.append(f"SEARCH EXAMPLE: {example(f'search={view.search_example}')}")
    if view.ordering_fields:
        link = example(f"ordering={view.ordering_example}")
        parts.append(f"ORDERING: Fields - {_quoted(view.ordering_fields)} Example - {link}")
    return "\n\n".join(parts)


def _other_mode(view: DocumentedView) -> str | None:
    """A mode to show in an example; None if there is no choice."""
    return next((mode for mode in view.modes if mode != view.default_mode), None)


def _link(path: str, query: str, text: str | None = None) -> str:
    address = f"{path}?{query}" if query else path
    shown = f"{path if text is None else text}?{query}" if query else text or path
    return f"[{shown}]({address.replace(' ', '%20')})"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
