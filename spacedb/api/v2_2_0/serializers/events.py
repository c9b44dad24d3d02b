"""Serializers of events in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.common import InfoURLOnly, VidURLOnly, image_url_field
from spacedb.api.v2_3_0.serializers.events import EventType
from spacedb.api.v2_3_0.serializers.launches import NetPrecision
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField
from spacedb.serializers.reductions import FirstValueReduction


class EventDetailedSerializerForSpacewalk(Serializer):
    url = DetailURLField("2.2.0/event")
    type = EventType()
    news_url = FirstValueReduction(InfoURLOnly, "url", source="info_urls")
    video_url = FirstValueReduction(VidURLOnly, "url", source="vid_urls")
    feature_image = image_url_field("image")
    date_precision = NetPrecision(allow_null=True)

    class Meta:
        model = models.Event
        fields = field_names(
            "id url slug name type description webcast_live location news_url video_url feature_image date "
            "date_precision"
        )
