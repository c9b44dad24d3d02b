"""Serializers of updates in Launch Library 2.3.0."""

from flights import models
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import IntegerField, TextField


class Update(Serializer):
    id = IntegerField()
    profile_image = TextField(allow_null=True, read_only=True)
    created_by = TextField(allow_null=True, read_only=True)

    class Meta:
        model = models.Update
        fields = ("id", "profile_image", "comment", "info_url", "created_by", "created_on")
        extra_kwargs = {"created_on": {"allow_null": False}}
