"""Filters of updates in Launch Library 2.3.0."""

from flights.models import Update
from spacedb.rest.filters import FilterSet


class UpdateFilterSet(FilterSet):
    class Meta:
        model = Update
        fields = ("created_on", "launch", "launch__launch_service_provider", "program")
