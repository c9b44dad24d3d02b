from django.apps import AppConfig


class ThrottlingConfig(AppConfig):
    name = "spacedb.throttling"
    label = "throttling"

    def ready(self) -> None:
        from spacedb.throttling.throttle import configured_rate

        for scope in ("anon", "user"):  # an invalid rate stops the server at its start, not at the first request
            configured_rate(scope)
