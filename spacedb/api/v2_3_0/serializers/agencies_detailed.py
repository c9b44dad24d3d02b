"""Serializers of agencies with the vehicles that they build in Launch Library 2.3.0."""

from spacedb.api.v2_3_0.serializers.agencies import AgencyDetailed
from spacedb.api.v2_3_0.serializers.launcher_configurations import LauncherConfigDetailedSerializerNoManufacturer
from spacedb.api.v2_3_0.serializers.spacecraft_configurations import SpacecraftConfigDetailed
from spacedb.serializers.fields import ResponseModeField


class AgencyEndpointDetailed(AgencyDetailed):
    """An agency with all launchers and spacecraft that it manufactures."""

    response_mode = ResponseModeField("detailed")
    launcher_list = LauncherConfigDetailedSerializerNoManufacturer(many=True)
    spacecraft_list = SpacecraftConfigDetailed(many=True)

    class Meta(AgencyDetailed.Meta):
        fields = (*AgencyDetailed.Meta.fields, "launcher_list", "spacecraft_list")
