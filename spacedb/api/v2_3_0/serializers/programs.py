"""Serializers of programs in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.agencies import AgencyMini
from spacedb.api.v2_3_0.serializers.common import Image
from spacedb.api.v2_3_0.serializers.mission_patches import MissionPatch
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, ResponseModeField


class ProgramType(Serializer):
    class Meta:
        model = models.ProgramType
        fields = ("id", "name")


class ProgramMini(Serializer):
    response_mode = ResponseModeField("list")
    url = DetailURLField("2.3.0/programs")
    image = Image(allow_null=True)

    class Meta:
        model = models.Program
        fields: tuple[str, ...] = ("response_mode", "id", "url", "name", "image", "info_url", "wiki_url")


class ProgramNormal(ProgramMini):
    response_mode = ResponseModeField("normal")
    agencies = AgencyMini(many=True)
    mission_patches = MissionPatch(many=True)
    type = ProgramType()

    class Meta(ProgramMini.Meta):
        fields = (
            *ProgramMini.Meta.fields,
            "description",
            "agencies",
            "start_date",
            "end_date",
            "mission_patches",
            "type",
        )
