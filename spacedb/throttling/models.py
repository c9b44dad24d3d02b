"""How many requests each client has made."""

from django.db import models


class Usage(models.Model):
    """The requests that a client made within its window of time, where requests are limited (`spacedb.api.throttling`).

    Times are milliseconds since 1970. Rows whose window has passed are removed as new clients come.
    """

    client = models.CharField(max_length=200, primary_key=True, help_text="anon:ADDRESS, or user:NAME.")
    moments = models.TextField(default="[]", help_text="A list of [time, number of requests], as JSON.")
    until = models.BigIntegerField(db_index=True, help_text="When the last of them will have left the window.")

    class Meta:
        verbose_name = "Usage"
        verbose_name_plural = "Usage"

    def __str__(self) -> str:
        return self.client
