"""Serializers of events in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.common import Image, InfoURL, VidURL
from spacedb.api.v2_3_0.serializers.launches import NetPrecision
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField


class EventType(Serializer):
    class Meta:
        model = models.EventType
        fields = ("id", "name")


class EventMini(Serializer):
    url = DetailURLField("2.3.0/events")
    info_urls = InfoURL(many=True)
    vid_urls = VidURL(many=True)
    image = Image(allow_null=True)

    class Meta:
        model = models.Event
        fields: tuple[str, ...] = ("id", "url", "name", "info_urls", "vid_urls", "image", "date")


class EventNormal(EventMini):
    type = EventType()
    date_precision = NetPrecision(allow_null=True)

    class Meta(EventMini.Meta):
        fields = (
            *EventMini.Meta.fields,
            "slug",
            "type",
            "description",
            "webcast_live",
            "location",
            "date_precision",
        )
        extra_kwargs = {"slug": {"required": True}}
