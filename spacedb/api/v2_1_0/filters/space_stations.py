"""Filters of space stations in Launch Library 2.1.0."""

from spacedb.api.v2_3_0.filters import space_stations as v2_3_0


class SpaceStationFilterSet(v2_3_0.SpaceStationFilterSet):
    included = ("name", "orbit", "owners", "owners__abbrev", "owners__name", "status", "type")

    class Meta(v2_3_0.SpaceStationFilterSet.Meta):
        fields = v2_3_0.SpaceStationFilterSet.Meta.fields | dict.fromkeys(
            ("owners__abbrev", "owners__name"), ("exact",)
        )
