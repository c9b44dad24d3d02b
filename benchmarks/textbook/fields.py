"""Serializer fields for special values of Launch Library."""

import datetime as dt
from typing import Any

import isodate
from rest_framework import serializers
from typing_extensions import override


class URL(serializers.ReadOnlyField):
    """The URL of the object."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(source="pk")

    @override
    def to_representation(self, value: Any) -> str:
        request = self.context["request"]
        return f"{request.scheme}://{request.get_host()}/2.3.0/{self.path}/{value}/"


class Mode(serializers.ReadOnlyField):
    def __init__(self, mode: str) -> None:
        self.mode = mode
        super().__init__(source="*")

    @override
    def to_representation(self, value: Any) -> str:
        return self.mode


class Duration(serializers.ReadOnlyField):
    @override
    def to_representation(self, value: dt.timedelta) -> str:
        return str(isodate.duration_isoformat(value))
