"""The Django app."""

from django.apps import AppConfig
from django_structlog.signals import bind_extra_request_metadata
from typing_extensions import override


class ThrottlingConfig(AppConfig):
    name = "spacedb.throttling"
    label = "throttling"

    @override
    def ready(self) -> None:
        from spacedb.throttling.authentication import check_unknown_tokens
        from spacedb.throttling.clients import log_client_address
        from spacedb.throttling.throttle import configured_rate

        # Validate the settings at startup instead of at the first request.
        check_unknown_tokens()
        for scope in ("anon", "user"):
            configured_rate(scope)
        bind_extra_request_metadata.connect(log_client_address)
