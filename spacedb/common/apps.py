"""The Django app."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "spacedb.common"
    label = "common"
