"""The revision of the data, and that of each table."""

import uuid

from django.db import models
from django.utils import timezone
from typing_extensions import override


def new_uuid() -> str:
    return uuid.uuid4().hex


class Revision(models.Model):
    """The state of the data, a table with one row. Triggers write it with every write (`spacedb.revision.triggers`)."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    uuid = models.CharField(
        max_length=32,
        default=new_uuid,
        help_text="Random, so that no two states share a revision, not even after a backup was restored.",
    )
    modified = models.DateTimeField(default=timezone.now, help_text="The time of the last write.")

    class Meta:
        verbose_name = "Revision"
        verbose_name_plural = "Revision"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_revision")]

    @override
    def __str__(self) -> str:
        return f"Revision {self.uuid}"


class TableRevision(models.Model):
    """The revision of one table of the catalogue. The same triggers change it."""

    name = models.CharField(max_length=63, primary_key=True, help_text="The name of the table.")
    uuid = models.CharField(max_length=32, default=new_uuid, help_text="Random, as that of the revision.")

    class Meta:
        verbose_name = "Table revision"

    @override
    def __str__(self) -> str:
        return f"{self.name} {self.uuid}"
