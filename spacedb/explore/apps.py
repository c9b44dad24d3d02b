"""The Django app."""

from django.apps import AppConfig


class ExploreConfig(AppConfig):
    name = "spacedb.explore"
    label = "explore"
