from django.apps import AppConfig


class ThrottlingConfig(AppConfig):
    name = "spacedb.throttling"
    label = "throttling"

    def ready(self) -> None:
        from spacedb.throttling.throttle import configured_rate

        # Validate the settings at startup instead of at the first request.
        for scope in ("anon", "user"):
            configured_rate(scope)
