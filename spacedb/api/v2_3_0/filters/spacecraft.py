"""Filters of spacecraft in Launch Library 2.3.0."""

from spacecraft.models import Spacecraft
from spacedb.rest.filters import FilterSet


class SpacecraftFilterSet(FilterSet):
    class Meta:
        model = Spacecraft
        fields = ("name", "status", "in_space", "is_placeholder", "spacecraft_config")
