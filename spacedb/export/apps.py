"""The Django app."""

from django.apps import AppConfig


class ExportConfig(AppConfig):
    name = "spacedb.export"
    label = "export"
