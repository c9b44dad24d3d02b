"""What a page shows of a result: a table, an object, its JSON, or the response as it is."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import orjson
from django.utils.safestring import mark_safe
from rest_framework.request import Request

from spacedb.pages import navigation
from spacedb.pages.detail import build_section
from spacedb.pages.formatting import label, title_of
from spacedb.pages.json import highlight
from spacedb.pages.links import Links, Selection, part_of
from spacedb.pages.pictures import picture_of
from spacedb.pages.tables import (
    Column,
    Table,
    build_table,
    declared_columns,
    derived_columns,
    ordering_choices,
    with_ordering,
)
from spacedb.rest.ordering import orderable_fields
from spacedb.rest.pagination import Pagination

RAW_LENGTH = 800_000
"""Characters of the text that a page shows, escaped. There is a link to all of it."""

NODES_BELOW_OBJECT, LENGTH_BELOW_OBJECT = 3_000, 150_000
"""The nodes and the length of the JSON on the page of an object, below its facts."""

ROWS_OF_PART = 500
"""The rows of a table that a page shows alone."""


class Result:
    """The result of a request, as a page shows it: its JSON, and the headers of the response in JSON."""

    def __init__(self, view: Any, request: Request, links: Links, data: Any, headers: Mapping[str, str]) -> None:
        self.view, self.request, self.headers = view, request, headers
        self.data = data
        paginator = getattr(view, "paginator", None)
        self.paginator = paginator if isinstance(paginator, Pagination) and _is_page(data) else None
        try:
            self.part = part_of(data, links.selection.path)
        except LookupError:
            self.part = data
            links = Links(links.origin, links.path, links.query, Selection(links.selection.view))
        self.links = links

    def context(self) -> dict[str, Any]:
        selection, is_list = self.links.selection, self.paginator is not None
        title, kind = self.titles()
        context = {
            "title": title,
            "kind": kind,
            "is_list": is_list,
            "selection": selection,
            "views": navigation.view_choices(self.links, is_list),
            "whole_url": self.links.here(view=selection.view) if selection.path else "",
            "part_name": " / ".join(label(key) for key in selection.path),
            "modes": navigation.mode_choices(self.view, self.request, self.links),
        }
        if self.paginator is not None and not selection.path:
            context["pages"] = navigation.page_controls(self.paginator, len(self.data["results"]), self.links)
            context |= self.ordering_context()
        match selection.view:
            case "raw":
                return context | self.raw_context()
            case "json":
                return context | {"json": highlight(self.part, self.links)}
            case _:
                return context | self.table_context()

    def titles(self) -> tuple[str, str]:
        """The title of the page: the name of the object and what it is, or the name of the list."""
        model_name = _model_name(self.view)
        if self.paginator is not None:
            return navigation.list_title(self.view), ""
        if model_name and self.view.detail and isinstance(self.data, dict):
            return title_of(self.data, self.view.title_paths) or model_name, model_name
        return self.view.get_view_name(), ""

    # --- Tables -------------------------------------------------------------------------------------------------------

    def table_context(self) -> dict[str, Any]:
        if self.links.selection.path:
            return self.part_context()
        if self.paginator is not None:
            return {"table": self.table()}
        section = build_section("Facts", self.data, self.links)
        return {
            "picture": picture_of(self.data),
            "section": section,
            "json": highlight(self.data, self.links, NODES_BELOW_OBJECT, LENGTH_BELOW_OBJECT),
        }

    def part_context(self) -> dict[str, Any]:
        """A part of the result alone."""
        name = label(self.links.selection.path[-1])
        if isinstance(self.part, dict):
            shown = highlight(self.part, self.links, NODES_BELOW_OBJECT, LENGTH_BELOW_OBJECT)
            return {"section": build_section(name, self.part, self.links), "json": shown}
        if isinstance(self.part, list) and any(isinstance(item, dict) for item in self.part):
            raw_url = self.links.part(view="raw")
            return {"table": build_table(name, self.part, self.links, limit=ROWS_OF_PART, more_url=raw_url)}
        return {"json": highlight(self.part, self.links)}

    def table(self) -> Table:
        rows = self.data["results"]
        columns = declared_columns(self.view.columns, rows) or derived_columns(rows)
        fields, current = self.ordering_fields(), self.current_ordering()
        name_column, *others = with_ordering([Column(("name",), "Name"), *columns], fields, current, self.links)
        return build_table(
            navigation.list_title(self.view),
            rows,
            self.links,
            columns=others,
            name_column=name_column,
            title_paths=self.view.title_paths,
            list_path=navigation.list_path(self.view),
        )

    def ordering_fields(self) -> Sequence[str]:
        declared = self.view.ordering_fields
        return list(orderable_fields(self.view.get_serializer_class())) if declared is None else declared

    def current_ordering(self) -> list[str]:
        """The valid fields of the request, or the default order."""
        requested = self.request.query_params.get("ordering", "").split(",")
        fields = self.ordering_fields()
        return [name for name in requested if name.removeprefix("-") in fields] or list(self.view.ordering)

    def ordering_context(self) -> dict[str, Any]:
        return {
            "ordering_choices": ordering_choices(self.ordering_fields()),
            "ordering": ",".join(self.current_ordering()),
            "ordering_hidden": self.links.hidden("ordering", "offset"),
        }

    # --- The response as it is ----------------------------------------------------------------------------------------

    def raw_context(self) -> dict[str, Any]:
        body = orjson.dumps(self.part, option=orjson.OPT_INDENT_2)
        text, length = escape(body.decode(), quote=False), RAW_LENGTH
        is_cut = len(text.encode()) > length
        if is_cut:
            shown = body[: length * len(body) // len(text.encode())].decode(errors="ignore")
            text = f"{escape(shown, quote=False)[:length]}…"
        headers = {} if self.links.selection.path else self.headers
        return {
            "raw": mark_safe(text),
            "raw_headers": headers,
            "raw_url": self.links.here(format="json", view=None),
            "raw_is_cut": is_cut,
        }


def _is_page(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("results"), list)


def _model_name(view: Any) -> str:
    """The name of the model of a view; empty if it has none."""
    queryset = getattr(view, "queryset", None)
    return navigation.lower(str(queryset.model._meta.verbose_name)) if queryset is not None else ""
