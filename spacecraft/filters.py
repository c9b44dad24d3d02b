"""What spacecraft, their configurations and families can be filtered by."""

from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacedb.api.filters import FilterSet


class SpacecraftFilterSet(FilterSet):
    class Meta:
        model = Spacecraft
        fields = ("name", "status", "in_space", "is_placeholder", "spacecraft_config")


class SpacecraftConfigFilterSet(FilterSet):
    class Meta:
        model = SpacecraftConfig
        fields = ("name", "agency", "in_use", "human_rated")


class SpacecraftConfigFamilyFilterSet(FilterSet):
    class Meta:
        model = SpacecraftConfigFamily
        fields = ("name", "manufacturer")
