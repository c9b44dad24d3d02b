"""The endpoint of the Starship dashboard in Launch Library 2.2.0."""

from drf_spectacular.utils import extend_schema, extend_schema_view

from spacedb.api.v2_2_0.serializers.dashboard import StarshipDashboard
from spacedb.api.v2_3_0.views import dashboard as v2_3_0


@extend_schema_view(list=extend_schema(operation_id="dashboard_starship_retrieve"))
class StarshipDashboardViewSet(v2_3_0.StarshipDashboardViewSet):
    modes = {"normal": StarshipDashboard}
