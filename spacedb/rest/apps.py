"""The Django app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from typing_extensions import override


class RestConfig(AppConfig):
    name = "spacedb.rest"
    label = "rest"

    @override
    def ready(self) -> None:
        from spacedb.catalogue import sorting
        from spacedb.rest import lookups

        lookups.register()
        connection_created.connect(lookups.register_unicode_upper, dispatch_uid="unicode_upper")
        connection_created.connect(sorting.register_dictionary_key, dispatch_uid="dictionary_key")
