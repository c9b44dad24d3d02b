"""Endpoints of agencies in Launch Library 2.1.0."""

from spacedb.api.v2_1_0.serializers import DERIVED
from spacedb.api.v2_2_0.views import agencies as v2_2_0

AgencyViewSet = DERIVED.view(v2_2_0.AgencyViewSet, filters=("featured", "agency_type", "country_code", "spacecraft"))
