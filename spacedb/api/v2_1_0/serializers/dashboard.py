"""How the serializer of the Starship dashboard differs from that of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import dashboard, launchers
from spacedb.api.v2_3_0.serializers.dashboard import VEHICLES
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    dashboard.StarshipDashboard: SerializerChanges(
        without=["updates", "orbiters"], fields={"vehicles": launchers.Launcher.through(VEHICLES)}
    ),
}
