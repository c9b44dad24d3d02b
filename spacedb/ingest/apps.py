"""The Django app."""

from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "spacedb.ingest"
    label = "ingest"
