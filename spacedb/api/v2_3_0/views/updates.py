"""The endpoint of updates in Launch Library 2.3.0."""

from flights.models import Update as UpdateModel
from spacedb.api.v2_3_0.filters.updates import UpdateFilterSet
from spacedb.api.v2_3_0.serializers.updates import Update
from spacedb.rest.viewsets import ReadOnlyViewSet


class UpdateViewSet(ReadOnlyViewSet):
    queryset = UpdateModel.objects.all()
    modes = {"normal": Update}
    columns = ("created_on", "created_by", "info_url")
    filterset_class = UpdateFilterSet
    filter_example = "launch__launch_service_provider=121"
    ordering_fields = ("created_on",)
    ordering_example = "-created_on"
    ordering = ("-created_on", "-id")
