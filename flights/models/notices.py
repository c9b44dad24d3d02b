"""Notices, road closures and live streams about a program, which its dashboard shows."""

from django.db import models
from typing_extensions import override

from flights.models.programs import Program
from spacedb.catalogue import fields
from spacedb.catalogue.models import NamedResource, RepresentedModel, Resource


class NoticeType(NamedResource):
    """A notice type, such as Notice to Airmen or Notice to Mariners."""

    class Meta:
        verbose_name = "Notice Type"


class Notice(Resource):
    """An official notice, such as a Notice to Airmen, that announces an activity of a program."""

    named_by = ("type",)
    program = models.ForeignKey(Program, models.CASCADE, related_name="notices")
    type = models.ForeignKey(NoticeType, models.PROTECT, null=True, blank=True)
    date = models.DateTimeField(null=True, blank=True)
    url = fields.URLField(blank=True)

    class Meta:
        verbose_name = "Notice"
        ordering = ("date",)

    @override
    def __str__(self) -> str:
        return f"{self.type}, {self.date}"


class RoadClosureStatus(NamedResource):
    """A road closure status, such as Scheduled, Possible or Revoked."""

    class Meta:
        verbose_name = "Road Closure Status"
        verbose_name_plural = "Road Closure Statuses"


class RoadClosure(Resource):
    """A time window in which a road near the launch site of a program is closed."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="road_closures")
    title = fields.CharField(max_length=1048)
    status = models.ForeignKey(RoadClosureStatus, models.PROTECT, null=True, blank=True)
    window_start = models.DateTimeField(null=True, blank=True)
    window_end = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "Road Closure"
        ordering = ("window_start",)

    @override
    def __str__(self) -> str:
        return f"{self.title}, {self.window_start}"


class LiveStream(RepresentedModel):
    """A permanent live stream from the launch site of a program, which has no id in Launch Library."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="live_streams")
    title = fields.CharField(max_length=200, null=True, blank=True)
    description = fields.TextField(max_length=350, null=True, blank=True)
    image = fields.URLField(null=True, blank=True, help_text="URL of a preview image.")
    url = fields.URLField(max_length=1000)

    class Meta:
        verbose_name = "Live Stream"

    @override
    def __str__(self) -> str:
        return self.title or self.url
