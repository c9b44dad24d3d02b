"""The Django app."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created
from typing_extensions import override


class RestConfig(AppConfig):
    name = "spacedb.rest"
    label = "rest"

    @override
    def ready(self) -> None:
        from spacedb.catalogue.site import Site
        from spacedb.catalogue.sorting import check_locale
        from spacedb.rest import lookups
        from spacedb.rest.detail_urls import detail_urls

        lookups.register()
        connection_created.connect(lookups.register_functions, dispatch_uid="functions")
        register(check_locale, Tags.database)
        Site.api_urls = staticmethod(detail_urls)
