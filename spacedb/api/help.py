"""The help text of an endpoint, made from what its view declares; the same on its page and in the OpenAPI document."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacedb.api.viewsets import ReadOnlyViewSet


def help_text(view: "ReadOnlyViewSet", host: str, path: str) -> str:
    """Markdown: the sections Modes, Filters, Search, Ordering, each where it has content, then the rest.

    `host` is where the documentation homepage is, `path` the absolute path of the endpoint's list.
    """
    modes, filters = list(view.modes), view.filter_names()
    other = next((mode for mode in modes if mode != view.default_mode), None)
    name = "/" + path.strip("/").partition("/")[2] + "/"

    def example(query: str) -> str:
        return f"[{name}?{query}]({path}?{query.replace(' ', '%20')})"

    sections: list[tuple[str, list[str]]] = []
    if other:
        sections.append(("Modes", [f"Levels of detail in the response - {_names(modes)}", example(f"mode={other}")]))
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


class Capitals:
    """The view of an older version: its help text has headings in capitals, and an example only where there is one."""

    @staticmethod
    def help_text(view: "ReadOnlyViewSet", host: str, path: str) -> str:
        meta = view.get_queryset().model._meta
        some, name = str(meta.verbose_name_plural).lower(), f"/{path.strip('/')}/"
        filters, modes = sorted(view.filter_names()), list(view.modes)

        def example(query: str) -> str:
            return f"Example - [{name}?{query}]({path}?{query.replace(' ', '%20')})"

        parts = [f"API endpoint that allows {some} to be viewed.", f"GET: Return a list of all the existing {some}."]
        if len(modes) > 1:
            other = next(mode for mode in modes if mode != view.default_mode)
            parts.append(f"MODE: {_quoted(modes)} {example(f'mode={other}')}")
        if filters:
            parts.append(f"FILTERS: Parameters - {_quoted(filters)} {example(view.filter_example)}")
        if view.search_fields:
            parts.append(f"SEARCH EXAMPLE: {example(f'search={view.search_example}').removeprefix('Example - ')}")
        if view.ordering_fields:
            parts.append(
                f"ORDERING: Fields - {_quoted(view.ordering_fields)} {example(f'ordering={view.ordering_example}')}"
            )
        return "\n\n".join(parts)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
