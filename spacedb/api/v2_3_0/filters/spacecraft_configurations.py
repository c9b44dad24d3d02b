"""Filters of spacecraft configurations and their families in Launch Library 2.3.0."""

from spacecraft.models import SpacecraftConfig, SpacecraftConfigFamily
from spacedb.rest.filters import FilterSet


class SpacecraftConfigFilterSet(FilterSet):
    class Meta:
        model = SpacecraftConfig
        fields = ("name", "agency", "in_use", "human_rated")


class SpacecraftConfigFamilyFilterSet(FilterSet):
    class Meta:
        model = SpacecraftConfigFamily
        fields = ("name", "manufacturer")
