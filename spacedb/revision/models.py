"""The revision of the data."""

import uuid

from django.db import models
from django.utils import timezone


def new_uuid() -> str:
    return uuid.uuid4().hex


def _now() -> int:
    return int(timezone.now().timestamp())


class Revision(models.Model):
    """The state of the data, as one row; the triggers that `spacedb.api.revision` installs write it."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    number = models.BigIntegerField(
        default=0,
        help_text="Rises with every statement that writes a resource; with an ingest by one. On SQLite, statements "
        "within a millisecond may count as one.",
    )
    token = models.CharField(
        max_length=32,
        default=new_uuid,
        help_text="Random: also after a backup was restored, no two states have the same.",
    )
    last_modified = models.BigIntegerField(
        default=_now,
        help_text="What HTTP calls so, in seconds since 1970. Each revision has another, so after several within a "
        "second it is ahead of the clock.",
    )
    moment = models.DateTimeField(default=timezone.now, help_text="When it was raised.")

    class Meta:
        verbose_name = "Revision"
        verbose_name_plural = "Revision"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_revision")]

    def __str__(self) -> str:
        return f"Revision {self.number}"
