"""Serializers of the Starship dashboard in Launch Library 2.2.0.

The keys are those of a client's handwritten class. Those that version 2.1.0 also has are in the order of a response of
2.1.0.
"""

from flights.models import Program
from spacedb.api.v2_2_0.serializers.events_detailed import Events
from spacedb.api.v2_2_0.serializers.launchers import LauncherDetail
from spacedb.api.v2_2_0.serializers.launches import LaunchSerializerCommon
from spacedb.api.v2_2_0.serializers.spacecraft import Spacecraft
from spacedb.api.v2_3_0.serializers import dashboard as v2_3_0
from spacedb.serializers.base import Serializer, field_names


class LaunchAndEvents(Serializer):
    launches = LaunchSerializerCommon.through(v2_3_0.LAUNCHES)
    events = Events(many=True)

    class Meta:
        model = Program
        fields = ("launches", "events")


class StarshipDashboard(v2_3_0.StarshipDashboardBase):
    upcoming = LaunchAndEvents(source="*", list_match=v2_3_0.UPCOMING)
    previous = LaunchAndEvents(source="*", list_match=v2_3_0.PREVIOUS)
    vehicles = LauncherDetail.through(v2_3_0.VEHICLES)
    orbiters = Spacecraft.through(v2_3_0.ORBITERS)

    class Meta(v2_3_0.StarshipDashboardBase.Meta):
        fields = field_names("updates upcoming previous live_streams road_closures notices vehicles orbiters")
