"""Serializers of notices, road closures and live streams in Launch Library 2.3.0."""

from flights import models
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import URLField


class NoticeType(Serializer):
    class Meta:
        model = models.NoticeType
        fields = ("id", "name")


class Notice(Serializer):
    type = NoticeType()

    class Meta:
        model = models.Notice
        fields = ("id", "type", "date", "url")
        extra_kwargs = {"date": {"required": True, "allow_null": False}, "url": {"required": True}}


class RoadClosureStatus(Serializer):
    class Meta:
        model = models.RoadClosureStatus
        fields = ("id", "name")


class RoadClosure(Serializer):
    status = RoadClosureStatus()

    class Meta:
        model = models.RoadClosure
        fields = ("id", "title", "status", "window_start", "window_end")
        extra_kwargs = {name: {"required": True, "allow_null": False} for name in ("window_start", "window_end")}


class VidURLs(Serializer):
    """A live stream. The name is that of the component in the official OpenAPI document."""

    image = URLField(allow_null=True, read_only=True)
    url = URLField(read_only=True)

    class Meta:
        model = models.LiveStream
        fields = ("title", "description", "image", "url")
