"""Short lists that version 2.3.0 does not have."""

from flights import models
from spacedb.api.serializers import Serializer


class NoticeType(Serializer):
    class Meta:
        model = models.NoticeType
        fields = ("id", "name")


class RoadClosureStatus(Serializer):
    class Meta:
        model = models.RoadClosureStatus
        fields = ("id", "name")
