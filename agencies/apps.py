"""The Django app."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    label = "agencies"
