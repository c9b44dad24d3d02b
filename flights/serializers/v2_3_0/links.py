"""Links to pages and videos in Launch Library 2.3.0."""

from flights import models
from spacedb.api.serializers import Serializer
from spacedb.common.serializers.v2_3_0 import InfoURLType, Language, VidURLType


class InfoURL(Serializer):
    type = InfoURLType(allow_null=True)
    language = Language(allow_null=True)

    class Meta:
        model = models.InfoURL
        fields = ("priority", "source", "title", "description", "feature_image", "url", "type", "language")


class VidURL(Serializer):
    type = VidURLType(allow_null=True)
    language = Language(allow_null=True)

    class Meta:
        model = models.VidURL
        fields = (
            "priority",
            "source",
            "publisher",
            "title",
            "description",
            "feature_image",
            "url",
            "type",
            "language",
            "start_time",
            "end_time",
            "live",
        )
