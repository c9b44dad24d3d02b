"""How serializers of launcher configurations differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import launcher_configurations
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    launcher_configurations.LauncherConfigList: SerializerChanges(after={"id": ["launch_library_id"]}),
    launcher_configurations.LauncherConfigDetail: SerializerChanges(
        without=("attempted_landings", "successful_landings", "failed_landings", "consecutive_successful_landings"),
        after={"id": ["launch_library_id"]},
    ),
}
