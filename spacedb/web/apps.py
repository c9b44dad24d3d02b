"""The Django app."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_login_failed
from typing_extensions import override


class WebConfig(AppConfig):
    name = "spacedb.web"
    label = "web"

    @override
    def ready(self) -> None:
        from spacedb.web.login import log_failed_login

        user_login_failed.connect(log_failed_login)
