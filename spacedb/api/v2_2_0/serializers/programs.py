"""Serializers of programs in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.agencies import AgencySerializerMini
from spacedb.api.v2_2_0.serializers.common import image_url_field
from spacedb.api.v2_2_0.serializers.mission_patches import MissionPatch
from spacedb.api.v2_3_0.serializers.programs import ProgramType
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField


class Program(Serializer):
    url = DetailURLField("2.2.0/program")
    agencies = AgencySerializerMini(many=True)
    image_url = image_url_field("image")
    mission_patches = MissionPatch(many=True)
    type = ProgramType(allow_null=True)

    class Meta:
        model = models.Program
        fields = field_names(
            "id url name description agencies image_url start_date end_date info_url wiki_url mission_patches type"
        )
