"""The help text of an endpoint, generated from the attributes of its view.

It is the text of the endpoint's page in the browsable API, and the description of its operations in OpenAPI.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeAlias
from urllib.parse import urlencode

from spacedb.rest.modes import ModeStyle


class DocumentedView(Protocol):
    """The attributes of a view that a help text describes."""

    modes: ClassVar[Mapping[str, Any]]
    default_mode: ClassVar[str]
    filter_example: ClassVar[str]
    search_fields: ClassVar[Sequence[str]]
    search_example: ClassVar[str]
    ordering_fields: ClassVar[Sequence[str] | None]
    ordering_example: ClassVar[str]
    pagination_class: Any

    @property
    def mode_style(self) -> ModeStyle: ...
    def filter_names(self) -> list[str]: ...
    def get_queryset(self) -> Any: ...
    def get_view_name(self) -> str: ...


HelpTextStyle: TypeAlias = Callable[[DocumentedView, str, str], str]
"""Returns the help text of a view in Markdown.

The arguments are the view, the origin that serves the documentation (`https://example.org`, or an empty string) and
the absolute path of the endpoint's list.
"""


def sectioned_help_text(view: DocumentedView, host: str, path: str) -> str:
    """The style of 2.3.0: a section with a heading for each of the view's modes, filters, search and ordering."""
    filters = view.filter_names()
    root = path.strip("/").partition("/")[0]

    def example(query: str, suffix: str = "") -> str:
        return _link(f"{path}{suffix}", query, text=f"{path}{suffix}".removeprefix(f"/{root}"))

    sections: list[tuple[str, list[str]]] = []
    if mode := _other_mode(view):
        text = f"Levels of detail in the response - {_names(view.modes)}"
        style = view.mode_style
        sections.append(("Modes", [text, example(urlencode(style.query(mode)), style.suffix(mode))]))
    if filters:
        sections.append(("Filters", [f"Parameters - {_names(sorted(filters))}", example(view.filter_example)]))
    if view.search_fields:
        fields = f"Fields searched - {_names(sorted(view.search_fields))}"
        sections.append(("Search", [fields, example(f"search={view.search_example}")]))
    if view.ordering_fields:
        fields = f"Fields - {_names(sorted(view.ordering_fields))}"
        sections.append(("Ordering", [fields, example(f"ordering={view.ordering_example}")]))
    if view.pagination_class:
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
    """The style of the versions before 2.3.0: paragraphs that begin with a word in capitals."""
    objects = str(view.get_queryset().model._meta.verbose_name_plural).lower()
    listed = f"a list of all the existing {objects}"
    if view.pagination_class is None:  # a single object
        objects = listed = f"the {view.get_view_name()}"
    filters = sorted(view.filter_names())

    def example(query: str, suffix: str = "") -> str:
        return _link(f"{path}{suffix}", query)

    parts = [f"API endpoint that allows {objects} to be viewed.", f"GET: Return {listed}."]
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
    """A mode for the example; None if the view has only one mode."""
    return next((mode for mode in view.modes if mode != view.default_mode), None)


def _link(path: str, query: str, text: str | None = None) -> str:
    query = f"?{query}" if query else ""
    return f"[{path if text is None else text}{query}]({path}{query.replace(' ', '%20')})"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
