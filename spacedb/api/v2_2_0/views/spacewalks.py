"""Endpoints of spacewalks in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.filters.spacewalks import SpacewalkFilterSet
from spacedb.api.v2_2_0.serializers.spacewalks import SpacewalkList, SpacewalkNormal
from spacedb.api.v2_2_0.serializers.spacewalks_detailed import SpacewalkDetailed
from spacedb.api.v2_3_0.views import spacewalks as v2_3_0


class SpacewalkViewSet(v2_3_0.SpacewalkViewSet):
    modes = {
        "normal": SpacewalkNormal,
        "list": SpacewalkList,
        "detailed": SpacewalkDetailed,
    }
    filterset_class = SpacewalkFilterSet
