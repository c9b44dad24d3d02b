"""The mirrored collections with their source and the times of their readings, and the runs that were applied."""

import datetime as dt
from typing import ClassVar

from django.db import models
from typing_extensions import override


class MirroredCollection(models.Model):
    """A collection as of its last complete reading. It is written in the same transaction as the objects.

    An incremental run reads the changes of a collection, or a part of it that changes often, or some of its pages. Once
    all pages were read, by one run or by several, they are its complete reading.
    """

    name = models.CharField(max_length=100, unique=True, help_text="The path of the endpoint below the root.")
    source = models.CharField(max_length=500, help_text="The URL of the root of the source.")
    digest = models.CharField(
        max_length=64,
        help_text="SHA-256 of the spacedb version and the SHA-256 digests of all pages. "
        "Empty if they were applied by incremental runs.",
    )
    objects_count = models.IntegerField("objects", help_text="The number of objects read.")
    complete = models.BooleanField(default=True, help_text="Whether all objects that the source counts were read.")
    missing = models.JSONField(
        default=list,
        blank=True,
        help_text="The ids of objects of the source that are in the database and were on no page.",
    )
    not_stored = models.JSONField(
        default=list,
        blank=True,
        help_text="The ids of objects on the pages that could not be stored.",
    )
    warnings = models.JSONField(
        default=list,
        blank=True,
        help_text="Values that could not be stored as they are, each with its page and path; the first hundred.",
    )
    warnings_count = models.IntegerField("warnings", default=0, help_text="The number of all such values.")
    started_at = models.DateTimeField(help_text="When the first page was fetched. No data are older.")
    finished_at = models.DateTimeField(help_text="When the last page was fetched.")
    changed_at = models.DateTimeField(help_text="When a run last found a changed page.")
    changes_read_at = models.DateTimeField(
        null=True, help_text="When all changes since the complete reading were last read."
    )
    parts_read_at = models.JSONField(
        default=dict, blank=True, help_text="When each part that changes often was last read, by its name."
    )
    ignored_filters = models.JSONField(
        default=list, blank=True, help_text="The parts whose filters the source does not honor."
    )
    outdated_at = models.DateTimeField(
        null=True,
        help_text="When a run noticed that all pages have to be read as soon as possible: a filter is not honored, or "
        "objects are gone. Null after a reading that began later.",
    )
    reading_started_at = models.DateTimeField(
        null=True, help_text="When the first page of the complete reading in progress was fetched."
    )
    reading_pages = models.IntegerField(
        default=0, help_text="The number of pages of the complete reading in progress that were applied."
    )
    found = models.JSONField(
        default=list,
        blank=True,
        help_text="The ids of objects among the changes that were read since the complete reading in progress began.",
    )

    class Meta:
        verbose_name = "Mirrored Collection"

    @override
    def __str__(self) -> str:
        return f"{self.name} from {self.source}"

    @property
    def data_read_at(self) -> dt.datetime:
        """The time for which the stored objects are valid. Later changes may be missing."""
        return max(self.started_at, self.changes_read_at or self.started_at)


class MirrorRun(models.Model):
    """A run that was applied. It is written in the same transaction as the objects."""

    MAX_ROWS: ClassVar[int] = 100
    """The number of runs that are stored."""

    source = models.CharField(max_length=500, help_text="The URL of the root of the source.")
    is_full = models.BooleanField(help_text="Whether the run read all pages of its collections.")
    reason = models.CharField(
        max_length=200, default="", blank=True, help_text="Why it was a full run; empty for incremental runs."
    )
    started_at = models.DateTimeField(help_text="When the first page was fetched.")
    finished_at = models.DateTimeField(help_text="When the run was applied.")
    requests = models.IntegerField(help_text="The number of requests that the run sent.")
    created = models.IntegerField(help_text="The number of objects that the run created.")
    updated = models.IntegerField(help_text="The number of objects that the run updated.")
    deleted = models.IntegerField(help_text="The number of objects that the run deleted.")
    changes = models.JSONField(
        default=dict, help_text="The numbers of objects created and updated, by the plural name of their model."
    )

    class Meta:
        verbose_name = "Mirror Run"
        ordering = ("-finished_at", "-pk")

    @override
    def __str__(self) -> str:
        return f"{'full' if self.is_full else 'incremental'} run of {self.finished_at:%Y-%m-%d %H:%M}"
