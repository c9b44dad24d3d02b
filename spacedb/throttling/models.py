"""Request history of rate-limited clients."""

from django.db import models
from typing_extensions import override


class RequestHistory(models.Model):
    """The requests of a client within its rate limit window (see `spacedb.throttling.throttle`).

    All times are Unix times in milliseconds. Rows expire when all their requests have left the window; they are
    deleted when a new client appears.
    """

    client = models.CharField(
        max_length=200, primary_key=True, help_text="Scope and identifier: anon:IP_ADDRESS or user:USERNAME."
    )
    timestamps = models.TextField(default="[]", help_text="JSON list of [time, number of requests].")
    expires = models.BigIntegerField(db_index=True, help_text="Time at which the last request leaves the window.")

    class Meta:
        verbose_name = "Request History"
        verbose_name_plural = "Request Histories"

    @override
    def __str__(self) -> str:
        return self.client
