"""The Django app."""

from django.apps import AppConfig
from typing_extensions import override


class ThrottlingConfig(AppConfig):
    name = "spacedb.throttling"
    label = "throttling"

    @override
    def ready(self) -> None:
        from spacedb.throttling.throttle import configured_rate

        # Validate the settings at startup instead of at the first request.
        for scope in ("anon", "user"):
            configured_rate(scope)
