"""What differs in the filters of Launch Library 2.0.0 from those of 2.2.0."""

from collections.abc import Sequence
from typing import ClassVar

from flights.filters import stations, v2_2_0


class AstronautFilterSet(v2_2_0.AstronautFilterSet):
    left_out: ClassVar[Sequence[str]] = (
        *v2_2_0.AstronautFilterSet.left_out,
        "age",
        "flights_count",
        "in_space",
        "is_human",
        "landings_count",
        "type",
    )


class LauncherConfigFilterSet(v2_2_0.LauncherConfigFilterSet):
    chosen = ("active", "family", "full_name", "manufacturer", "name", "reusable")

    class Meta(v2_2_0.LauncherConfigFilterSet.Meta):
        fields = dict.fromkeys(("active", "full_name", "manufacturer", "name", "reusable"), ("exact",))


class LaunchFilterSet(v2_2_0.LaunchFilterSet):
    chosen: ClassVar[Sequence[str]] = (
        "id",
        "include_suborbital",
        "is_crewed",
        "launch_library_id",
        "launcher_config__id",
        "location__ids",
        "lsp__id",
        "lsp__ids",
        "lsp__name",
        "mission__orbit__name",
        "mission__orbit__name__icontains",
        "name",
        "related",
        "rocket__configuration__full_name",
        "rocket__configuration__full_name__icontains",
        "rocket__configuration__id",
        "rocket__configuration__manufacturer__name",
        "rocket__configuration__manufacturer__name__icontains",
        "rocket__configuration__name",
        "rocket__spacecraftflight__spacecraft__id",
        "rocket__spacecraftflight__spacecraft__name",
        "rocket__spacecraftflight__spacecraft__name__icontains",
        "serial_number",
        "spacecraft_config__ids",
        "status",
    )

    class Meta(v2_2_0.LaunchFilterSet.Meta):
        fields = v2_2_0.LaunchFilterSet.Meta.fields | {"launch_library_id": ("exact",)}


class AnyLaunchFilterSet(LaunchFilterSet):
    """Of all launches, whenever they are."""

    chosen = (*LaunchFilterSet.chosen, "net__gt", "net__gte", "net__lt", "net__lte")


class SpaceStationFilterSet(stations.SpaceStationFilterSet):
    chosen = ("name", "orbit", "owners", "owners__abbrev", "owners__name", "status", "type")

    class Meta(stations.SpaceStationFilterSet.Meta):
        fields = stations.SpaceStationFilterSet.Meta.fields | dict.fromkeys(
            ("owners__abbrev", "owners__name"), ("exact",)
        )
