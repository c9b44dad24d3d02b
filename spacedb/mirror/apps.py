"""The Django app."""

from django.apps import AppConfig


class MirrorConfig(AppConfig):
    name = "spacedb.mirror"
    label = "mirror"
