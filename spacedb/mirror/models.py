"""The mirrored collections, with their source and the times of their runs."""

from django.db import models
from typing_extensions import override


class MirroredCollection(models.Model):
    """A collection as of its last applied run. It is written in the same transaction as the objects."""

    name = models.CharField(max_length=100, unique=True, help_text="The path of the endpoint below the root.")
    source = models.CharField(max_length=500, help_text="The URL of the root of the source.")
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of the spacedb version and the SHA-256 digests of all pages."
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

    class Meta:
        verbose_name = "Mirrored Collection"

    @override
    def __str__(self) -> str:
        return f"{self.name} from {self.source}"
