"""What was mirrored, from where, and how old it is."""

from django.db import models


class MirroredCollection(models.Model):
    """A collection as it was last read, down to the last page. Written with the data themselves."""

    name = models.CharField(max_length=100, unique=True, help_text="The endpoint, below the root.")
    source = models.CharField(max_length=500, help_text="The root that it was read from.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of our version and of the SHA-256 of all its pages.")
    objects_count = models.IntegerField("objects", help_text="How many objects there were.")
    complete = models.BooleanField(default=True, help_text="As many objects were found as the source counted.")
    missing = models.JSONField(
        default=list, blank=True, help_text="The ids of the source's objects that were here and on none of its pages."
    )
    began = models.DateTimeField(help_text="When the first page was asked for: nothing is older than this.")
    ended = models.DateTimeField(help_text="When the last page had come.")
    changed = models.DateTimeField(help_text="When a page was last found changed.")

    class Meta:
        verbose_name = "Mirrored Collection"

    def __str__(self) -> str:
        return f"{self.name} from {self.source}"
