"""The Django apps of the admin: its templates and styles, and Django's own with `spacedb.catalogue.site`."""

from django.apps import AppConfig
from django.contrib.admin import apps


class CatalogueConfig(AppConfig):
    name = "spacedb.catalogue"
    label = "catalogue"


class AdminConfig(apps.AdminConfig):
    default_site = "spacedb.catalogue.site.Site"
