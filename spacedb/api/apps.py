from django.apps import AppConfig
from django.core.signals import request_started
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, post_save, pre_migrate


class ApiConfig(AppConfig):
    name = "spacedb.api"
    label = "api"

    def ready(self) -> None:
        from spacedb.api import connections, lookups, throttling, triggers

        for scope in ("anon", "user"):  # a rate that cannot be read is told at the start, not to the first client
            throttling.rate_of(scope)
        lookups.register()
        connection_created.connect(connections.remember_file, dispatch_uid="remember_file")
        request_started.connect(connections.close_replaced, dispatch_uid="close_replaced")
        connection_created.connect(lookups.register_unicode_upper, dispatch_uid="unicode_upper")
        pre_migrate.connect(triggers.suspend, sender=self, dispatch_uid="revision")
        post_migrate.connect(triggers.install, sender=self, dispatch_uid="revision")
        post_save.connect(triggers.loaded, sender=self.get_model("Revision"), dispatch_uid="revision")
