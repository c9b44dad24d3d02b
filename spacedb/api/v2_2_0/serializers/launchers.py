"""Serializers of launchers: reusable first stages in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.common import image_url_field
from spacedb.api.v2_2_0.serializers.launcher_configurations import LauncherConfigDetail, LauncherConfigList
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField, NaturalKeyField


class Launcher(Serializer):
    url = DetailURLField("2.2.0/launcher")
    status = NaturalKeyField(slug_field="name")
    launcher_config = LauncherConfigList()
    image_url = image_url_field("image")

    class Meta:
        model = models.Launcher
        fields: tuple[str, ...] = field_names(
            "id url flight_proven serial_number is_placeholder status details launcher_config image_url flights "
            "last_launch_date first_launch_date"
        )


class LauncherDetail(Launcher):
    launcher_config = LauncherConfigDetail()

    class Meta(Launcher.Meta):
        fields = field_names(
            "id url flight_proven serial_number is_placeholder status details launcher_config image_url "
            "successful_landings attempted_landings flights last_launch_date first_launch_date"
        )


class LauncherDetailed(Launcher):
    class Meta(Launcher.Meta):
        fields = field_names(
            "id url details flight_proven serial_number status image_url successful_landings attempted_landings "
            "flights last_launch_date first_launch_date"
        )
