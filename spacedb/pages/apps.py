"""The Django app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "spacedb.pages"
    label = "pages"
