"""The Django app."""

from django.apps import AppConfig


class SpacecraftConfig(AppConfig):
    name = "spacecraft"
    label = "spacecraft"
