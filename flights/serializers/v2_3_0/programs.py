"""Programmes and mission patches in Launch Library 2.3.0."""

from agencies.serializers.v2_3_0 import AgencyMini
from flights import models
from spacedb.api.fields import DetailURL, ResponseMode
from spacedb.api.serializers import Serializer
from spacedb.common.serializers.v2_3_0 import Image


class ProgramType(Serializer):
    class Meta:
        model = models.ProgramType
        fields = ("id", "name")


class MissionPatch(Serializer):
    agency = AgencyMini(allow_null=True)
    response_mode = ResponseMode("normal")

    class Meta:
        model = models.MissionPatch
        fields: tuple[str, ...] = ("id", "name", "priority", "image_url", "agency", "response_mode")


class ProgramMini(Serializer):
    response_mode = ResponseMode("list")
    url = DetailURL("2.3.0/programs")
    image = Image(allow_null=True)

    class Meta:
        model = models.Program
        fields: tuple[str, ...] = ("response_mode", "id", "url", "name", "image", "info_url", "wiki_url")


class ProgramNormal(ProgramMini):
    response_mode = ResponseMode("normal")
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
