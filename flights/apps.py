"""The Django app."""

from django.apps import AppConfig


class FlightsConfig(AppConfig):
    name = "flights"
    label = "flights"
