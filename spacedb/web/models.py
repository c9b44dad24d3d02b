"""Login attempts."""

from django.db import models
from typing_extensions import override


class LoginAttempt(models.Model):
    """An attempt to log in that failed, or whose password is being checked: see `spacedb.web.login`."""

    address = models.CharField(max_length=100, db_index=True, help_text="The IPv4 address, or /64 network of IPv6.")
    account = models.CharField(
        max_length=64,
        help_text="The SHA-256 of the username, which has a fixed length.",
    )
    time = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "Login Attempt"

    @override
    def __str__(self) -> str:
        return f"{self.address} at {self.time}"
