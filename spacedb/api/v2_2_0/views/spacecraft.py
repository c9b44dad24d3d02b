"""Endpoints of spacecraft in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.spacecraft import Spacecraft
from spacedb.api.v2_2_0.serializers.spacecraft_detailed import SpacecraftDetailed
from spacedb.api.v2_3_0.views import spacecraft as v2_3_0


class SpacecraftViewSet(v2_3_0.SpacecraftViewSet):
    modes = {"normal": Spacecraft, "detailed": SpacecraftDetailed}
    filter_example = "in_space=true"
