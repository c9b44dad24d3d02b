from django.apps import AppConfig
from django.db.backends.signals import connection_created


class ApiConfig(AppConfig):
    name = "spacedb.api"
    label = "api"

    def ready(self) -> None:
        from spacedb.api import lookups, throttling

        for scope in ("anon", "user"):  # a rate that cannot be read is told at the start, not to the first client
            throttling.rate_of(scope)
        lookups.register()
        connection_created.connect(lookups.register_unicode_upper, dispatch_uid="unicode_upper")
