"""Filters of spacecraft configurations and their families in Launch Library 2.2.0."""

from spacedb.api.v2_3_0.filters import spacecraft_configurations as v2_3_0


class SpacecraftConfigFilterSet(v2_3_0.SpacecraftConfigFilterSet):
    renames = {"agency": "manufacturer"}
