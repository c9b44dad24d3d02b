"""Serializers of first stages: one flight of a launcher in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.landings import Landing
from spacedb.api.v2_3_0.serializers.launchers import LauncherMini, LauncherNormal
from spacedb.api.v2_3_0.serializers.launches import LaunchMini
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import NaturalKeyField


class FirstStageType(Serializer):
    class Meta:
        model = models.FirstStageType
        fields = ("id", "name")


class FirstStageMini(Serializer):
    type = NaturalKeyField(slug_field="name")
    launcher = LauncherMini()

    class Meta:
        model = models.FirstStage
        fields: tuple[str, ...] = (
            "id",
            "type",
            "reused",
            "launcher_flight_number",
            "launcher",
            "previous_flight_date",
            "turn_around_time",
        )
        extra_kwargs = {"turn_around_time": {"allow_null": False}}


class FirstStageNormal(FirstStageMini):
    launcher = LauncherNormal()
    landing = Landing()
    previous_flight = LaunchMini()

    class Meta(FirstStageMini.Meta):
        fields = (*FirstStageMini.Meta.fields, "landing", "previous_flight")
