"""Serializers of first stages: one flight of a launcher in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.landings import Landing
from spacedb.api.v2_2_0.serializers.launchers import LauncherDetailed
from spacedb.api.v2_2_0.serializers.launches import LaunchSerializerMini
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DaysField, NaturalKeyField


class FirstStage(Serializer):
    type = NaturalKeyField(slug_field="name")
    launcher = LauncherDetailed()
    landing = Landing()
    turn_around_time_days = DaysField(source="turn_around_time", allow_null=True)
    previous_flight = LaunchSerializerMini()

    class Meta:
        model = models.FirstStage
        fields: tuple[str, ...] = field_names(
            "id type reused launcher_flight_number launcher landing previous_flight_date turn_around_time_days "
            "previous_flight"
        )
