"""Actions on the selected objects of a change list."""

import csv
import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.duration import duration_iso_string

from spacedb.catalogue.models import name_relations
from spacedb.catalogue.spreadsheets import escape_formula
from spacedb.catalogue.write_lock import write_transaction


@admin.action(description="Export the selected %(verbose_name_plural)s as CSV", permissions=["view"])
def export_csv(page: Any, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse:
    """Return all columns of the objects. A relation has a column with ids and one with names."""
    opts = queryset.model._meta
    to_one = [field for field in opts.concrete_fields if field.is_relation]
    columns = [field for field in opts.concrete_fields if field.name != "received"]
    paths = [path for field in to_one for path in _paths(field)]
    lists = [models.Prefetch(field.name, _with_names(field.related_model)) for field in opts.many_to_many]
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{opts.model_name}.csv"'},
    )
    writer = csv.writer(response)
    relations = {field.name for field in (*to_one, *opts.many_to_many)}
    writer.writerow(
        name
        for field in (*columns, *opts.many_to_many)
        for name in ([f"{field.name}_id", field.name] if field.name in relations else [field.name])
    )
    rows = queryset.select_related(*paths) if paths else queryset
    for instance in rows.prefetch_related(*lists):
        writer.writerow(_cells(instance, columns, opts.many_to_many))
    return response


def _paths(field: Any) -> list[str]:
    return [field.name, *(f"{field.name}__{path}" for path in name_relations(field.related_model))]


def _with_names(model: Any) -> models.QuerySet[Any]:
    queryset: models.QuerySet[Any] = model._base_manager.order_by("pk")
    paths = list(name_relations(model))
    return queryset.select_related(*paths) if paths else queryset


def _cells(instance: Any, columns: Any, lists: Any) -> Iterator[str]:
    for field in columns:
        if field.is_relation:
            yield _cell(getattr(instance, field.attname))
        yield _cell(getattr(instance, field.name))
    for field in lists:
        related = getattr(instance, field.name).all()
        yield "; ".join(str(each.pk) for each in related)
        yield _cell("; ".join(map(str, related)))


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case dt.date():
            return value.isoformat()
        case dt.timedelta():
            return duration_iso_string(value)
        case _:
            return escape_formula(str(value))


@admin.action(description="Mark the selected %(verbose_name_plural)s as placeholders", permissions=["change"])
def mark_as_placeholder(page: Any, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
    _set_placeholder(page, request, queryset, value=True)


@admin.action(description="Unmark the selected %(verbose_name_plural)s as placeholders", permissions=["change"])
def unmark_as_placeholder(page: Any, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
    _set_placeholder(page, request, queryset, value=False)


def _set_placeholder(page: Any, request: HttpRequest, queryset: models.QuerySet[Any], *, value: bool) -> None:
    with write_transaction():
        others = queryset.filter(is_placeholder=not value)
        rows = list(others)
        others.update(is_placeholder=value)
        message = [{"changed": {"fields": [str(page.opts.get_field("is_placeholder").verbose_name)]}}]
        user: Any = request.user
        LogEntry.objects.log_actions(user.pk, rows, CHANGE, message)
    page.message_user(request, f"{len(rows)} of the selected objects changed.", messages.SUCCESS)
