"""The Django app."""

from django.apps import AppConfig
from django.core.signals import request_started
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, post_save, pre_migrate
from typing_extensions import override


class RevisionConfig(AppConfig):
    name = "spacedb.revision"
    label = "revision"

    @override
    def ready(self) -> None:
        from spacedb.revision import connections, triggers

        connection_created.connect(connections.remember_file, dispatch_uid="remember_file")
        request_started.connect(connections.close_replaced, dispatch_uid="close_replaced")
        pre_migrate.connect(triggers.suspend, sender=self, dispatch_uid="revision")
        post_migrate.connect(triggers.install, sender=self, dispatch_uid="revision")
        for model in self.get_models():
            post_save.connect(triggers.change_loaded_revision, sender=model, dispatch_uid=model._meta.label)
