"""CSV (RFC 4180) for spreadsheets: one row per object, one column per value.

The columns are those of the serializer, so they are the same on every page, also on an empty one.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from io import StringIO
from itertools import islice
from typing import Any, TypeAlias

import orjson
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from typing_extensions import override

from spacedb.catalogue.spreadsheets import escape_formula
from spacedb.databases.deadline import check_time_limit
from spacedb.rendering.loading import load_by_id
from spacedb.rendering.render import renderer
from spacedb.rest.formats.base import FormatRenderer, FormattedView
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import FieldSpec, InlineSpec, NestedListSpec, NestedSpec, Spec, describe
from spacedb.serializers.fields import DetailURLField, ResponseModeField
from spacedb.serializers.reductions import FirstReduction

ALL = "all"
"""The value of `limit` that requests all objects."""

BATCH = 200
"""Number of objects that are loaded and rendered at once."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel reads UTF-8 as another encoding."""

LIST_SEPARATOR = "; "

PATH_SEPARATOR = "__"
"""Between the keys of nested objects, as in the names of filters."""

LABELS = ("name", "serial_number", "abbrev", "comment", "url", "image_url")
"""Keys that represent an object of a list in a cell, by preference."""

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)

Row: TypeAlias = dict[str, Any] | None
Cell: TypeAlias = str | int | float | None
Memo: TypeAlias = dict[tuple[int, int], list[Cell]]
"""Cells of nested objects of a batch. The keys are the identities of a function and of a dictionary, which both exist
until the batch is written."""
AddCells: TypeAlias = Callable[[Any, list[Cell], Memo], None]


class CSVRenderer(FormatRenderer):
    """A table of the objects in the requested mode. With `limit=all` it contains all of them.

    Objects are loaded and rendered in batches, so that the memory does not depend on their number.
    """

    media_type = "text/csv"
    format = "csv"
    description = "A table with a header, for spreadsheets. `limit=all` requests all objects."

    @classmethod
    @override
    def supports(cls, view: Any, is_detail: bool) -> bool:
        return not is_detail

    @override
    def list_response(self, view: FormattedView, queryset: QuerySet[Any]) -> StreamingHttpResponse:
        ids: Iterable[Any]
        if view.request.query_params.get("limit") == ALL:
            offset = view.paginator.get_offset(view.request)
            ids = queryset.values_list("pk", flat=True)[offset:].iterator(chunk_size=BATCH * 10)
            headers = self.headers(view, is_page=False)
        else:
            ids = self.page_ids(view, queryset)
            headers = self.headers(view)
        return StreamingHttpResponse(_table(view, ids), headers=headers)


def _table(view: FormattedView, ids: Iterable[Any]) -> Iterator[bytes]:
    """The encoded lines of the table, in pieces."""
    serializer = view.get_serializer_class()
    render, add_cells = renderer(serializer), _cells(serializer)
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(columns(serializer))
    remaining = iter(ids)
    while batch := list(islice(remaining, BATCH)):
        check_time_limit()
        context = view.render_context()
        memo: Memo = {}
        rows = {instance.pk: render(instance, context) for instance in load_by_id(batch, serializer)}
        for pk in batch:
            cells: list[Cell] = []
            add_cells(rows[pk], cells, memo)
            writer.writerow(cells)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


@cache
def columns(serializer: SerializerClass) -> tuple[str, ...]:
    """The names of the columns: keys, joined by two underscores for nested objects."""
    names: list[str] = []
    for spec in _represented(serializer):
        if nested := _nested_serializer(spec):
            names += [f"{spec.key}{PATH_SEPARATOR}{name}" for name in columns(nested)]
        else:
            names.append(spec.key)
    return tuple(names)


@cache
def _cells(serializer: SerializerClass) -> AddCells:
    """A function that appends the cells of a rendered object, which may be null, to a list."""
    parts: list[tuple[str, AddCells]] = []
    for spec in _represented(serializer):
        if isinstance(spec, NestedSpec):
            parts.append((spec.key, _remembered(_cells(spec.serializer))))
        elif nested := _nested_serializer(spec):
            parts.append((spec.key, _cells(nested)))
        elif isinstance(spec, NestedListSpec) and spec.reduction is None:
            parts.append((spec.key, _list_cell(_label(spec.serializer))))
        else:
            parts.append((spec.key, _append_cell))

    def append(row: Row, cells: list[Cell], memo: Memo) -> None:
        row = row or {}
        for key, append_part in parts:
            append_part(row.get(key), cells, memo)

    return append


def _remembered(append_new: AddCells) -> AddCells:
    """The function, which reads an object once to which many others refer: it is rendered as the same dictionary."""

    def append(row: Row, cells: list[Cell], memo: Memo) -> None:
        key = id(append_new), id(row)
        known = memo.get(key)
        if known is None:
            known = memo[key] = []
            append_new(row, known, memo)
        cells += known

    return append


def _represented(serializer: SerializerClass) -> Iterator[Spec | InlineSpec]:
    """The keys of a serializer that have columns: all but `response_mode`, which is constant."""
    for spec in describe(serializer):
        if not (isinstance(spec, FieldSpec) and isinstance(spec.field, ResponseModeField)):
            yield spec


def _nested_serializer(spec: Spec | InlineSpec) -> "SerializerClass | None":
    """The serializer of a nested object; None for single values and lists."""
    match spec:
        case NestedSpec() | InlineSpec() | NestedListSpec(reduction=FirstReduction()):
            return spec.serializer
        case _:
            return None


def _append_cell(value: Any, cells: list[Cell], memo: Memo) -> None:
    cells.append(cell(value))


def cell(value: Any) -> Cell:
    """A value as a cell. Numbers remain numbers; text that a spreadsheet may execute gets an apostrophe."""
    if isinstance(value, str):
        return value if NUMBER.fullmatch(value) else escape_formula(value)
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case list() if all(isinstance(item, str) for item in value):
            return cell(LIST_SEPARATOR.join(value))
        case list() | dict():
            return orjson.dumps(value, default=str).decode()
        case _:
            return cell(str(value))


def _list_cell(path: Sequence[str]) -> AddCells:
    """A function that appends a cell with the labels of the objects of a list."""

    def append(rows: list[Row] | None, cells: list[Cell], memo: Memo) -> None:
        labels = [label for row in rows or () if (label := _at(row, path)) not in (None, "")]
        cells.append(cell(LIST_SEPARATOR.join(map(str, labels))))

    return append


def _at(row: Any, path: Sequence[str]) -> Any:
    for key in path:
        if row is None:
            break
        row = row[key]
    return row


@cache
def _label(serializer: SerializerClass) -> tuple[str, ...]:
    """The path of keys to the value that represents an object in a list.

    It is a name or the like, or that of the first nested object that has one, or else the id.
    """
    specs = {spec.key: spec for spec in describe(serializer)}
    for key in LABELS:
        spec = specs.get(key)
        if isinstance(spec, FieldSpec) and not isinstance(spec.field, DetailURLField):
            return (key,)
    for spec in specs.values():
        if (nested := _nested_serializer(spec)) and (path := _label(nested))[-1] in LABELS:
            return (spec.key, *path)
    return ("id",) if "id" in specs else (next(iter(specs)),)
