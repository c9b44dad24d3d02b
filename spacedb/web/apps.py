"""The Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "spacedb.web"
    label = "web"
