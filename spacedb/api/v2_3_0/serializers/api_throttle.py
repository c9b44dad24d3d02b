"""Serializers of a client's rate limit in Launch Library 2.3.0."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers


@extend_schema_serializer(many=False)  # one object, as upstream answers, whose document says that it is a list
class APIThrottle(serializers.Serializer):  # type: ignore[type-arg]
    """A client's limit and what it has used of it."""

    your_request_limit = serializers.IntegerField()
    limit_frequency_secs = serializers.IntegerField()
    current_use = serializers.IntegerField()
    next_use_secs = serializers.IntegerField()
    ident = serializers.CharField()
