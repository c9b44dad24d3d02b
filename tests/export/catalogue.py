"""Exports of the test's database, and the rows in it."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models

from spacedb.export.documents import collection_exports
from spacedb.export.export import DEFAULT_ORIGIN
from spacedb.ingest.ingest import ingest_files

APPS = ("common", "agencies", "spacecraft", "flights")

OLDER_VERSIONS = {
    "agencies.Agency": {"launch_library_url", "nation_url"},
    "flights.Launch": {"holdreason", "inhold", "launch_library_id", "r_spacex_api_id", "tbddate", "tbdtime"},
    "flights.LauncherConfig": {"launch_library_id", "vehicle_range"},
    "flights.Mission": {"launch_designator", "launch_library_id"},
    "spacecraft.SpacecraftConfig": {"nation_url"},
}
"""The columns that only API versions before the newest represent. An export does not contain them."""


def export_all() -> dict[str, list[bytes]]:
    """The documents of each endpoint, in the order of ingest."""
    return {each.collection.name: list(each.documents()) for each in collection_exports([], DEFAULT_ORIGIN)}


def ingest_into_empty(path: Path, documents: dict[str, list[bytes]]) -> None:
    """Delete all objects, and ingest the documents, which have to be valid."""
    delete_all()
    file = path / "export.jsonl"
    file.write_bytes(b"\n".join(line for lines in documents.values() for line in lines))
    summary = ingest_files([file], strict=True)
    assert summary.warnings == []


def catalogue_models() -> list[type[models.Model]]:
    """The models of the catalogue, with those of many-to-many relations."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in APPS]


def delete_all() -> None:
    with connection.cursor() as cursor:
        for model in catalogue_models():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def stored_rows() -> dict[str, Counter[Any]]:
    """The rows of each table, without the columns of `OLDER_VERSIONS` and without numbers that identify no object."""
    rows: dict[str, Counter[Any]] = {}
    for model in catalogue_models():
        omitted = OLDER_VERSIONS.get(model._meta.label, set())
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if not isinstance(field, models.AutoField) and field.attname not in omitted
        ]
        rows[model._meta.label] = Counter(map(repr, model._base_manager.values_list(*names)))
    return rows
