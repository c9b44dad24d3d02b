"""The serializer of a client's rate limit in Launch Library 2.3.0."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers


@extend_schema_serializer(many=False)  # the endpoint is a list action, but returns one object
class APIThrottle(serializers.Serializer):  # type: ignore[type-arg]
    """The rate limit of a client and its current use."""

    your_request_limit = serializers.IntegerField()
    limit_frequency_secs = serializers.IntegerField()
    current_use = serializers.IntegerField()
    next_use_secs = serializers.IntegerField()
    ident = serializers.CharField()
