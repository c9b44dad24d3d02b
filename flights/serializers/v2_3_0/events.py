"""Events, as other resources nest them, in Launch Library 2.3.0."""

from flights import models
from flights.serializers.v2_3_0.launches import NetPrecision
from flights.serializers.v2_3_0.links import InfoURL, VidURL
from spacedb.api.fields import DetailURL
from spacedb.api.serializers import Serializer
from spacedb.common.serializers.v2_3_0 import Image


class EventType(Serializer):
    class Meta:
        model = models.EventType
        fields = ("id", "name")


class EventMini(Serializer):
    url = DetailURL("2.3.0/events")
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
