from django.apps import AppConfig
from django.db.backends.signals import connection_created


class RestConfig(AppConfig):
    name = "spacedb.rest"
    label = "rest"

    def ready(self) -> None:
        from spacedb.rest import lookups

        lookups.register()
        connection_created.connect(lookups.register_unicode_upper, dispatch_uid="unicode_upper")
