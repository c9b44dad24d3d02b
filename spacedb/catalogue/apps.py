"""The Django app of the admin, with the admin site of `spacedb.catalogue.site`."""

from django.contrib.admin import apps


class AdminConfig(apps.AdminConfig):
    default_site = "spacedb.catalogue.site.Site"
