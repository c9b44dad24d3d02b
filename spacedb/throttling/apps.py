"""The Django app."""

from django.apps import AppConfig
from django_structlog.signals import bind_extra_request_metadata
from typing_extensions import override


class ThrottlingConfig(AppConfig):
    name = "spacedb.throttling"
    label = "throttling"

    @override
    def ready(self) -> None:
        from spacedb.throttling.clients import log_client_address

        bind_extra_request_metadata.connect(log_client_address)
