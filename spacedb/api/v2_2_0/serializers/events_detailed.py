"""Serializers of events at their own endpoints in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.events import EventDetailedSerializerForSpacewalk
from spacedb.api.v2_2_0.serializers.expeditions import Expedition
from spacedb.api.v2_2_0.serializers.launches import LaunchSerializerCommon
from spacedb.api.v2_2_0.serializers.programs import Program
from spacedb.api.v2_2_0.serializers.space_stations import SpaceStationSerializerForCommon
from spacedb.api.v2_3_0.serializers.updates import Update
from spacedb.serializers.base import field_names


class Events(EventDetailedSerializerForSpacewalk):
    updates = Update(many=True)
    launches = LaunchSerializerCommon(many=True)
    expeditions = Expedition(many=True)
    spacestations = SpaceStationSerializerForCommon(many=True)
    program = Program(many=True)

    class Meta(EventDetailedSerializerForSpacewalk.Meta):
        fields = field_names(
            "id url slug name updates type description webcast_live location news_url video_url feature_image date "
            "date_precision launches expeditions spacestations program"
        )
