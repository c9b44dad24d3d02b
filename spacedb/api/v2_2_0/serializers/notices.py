"""Serializers of notices and road closures in Launch Library 2.2.0."""

from flights import models
from spacedb.serializers.base import Serializer


class NoticeType(Serializer):
    class Meta:
        model = models.NoticeType
        fields = ("id", "name")


class RoadClosureStatus(Serializer):
    class Meta:
        model = models.RoadClosureStatus
        fields = ("id", "name")
