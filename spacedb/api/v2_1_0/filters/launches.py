"""Filters of launches in Launch Library 2.1.0."""

from collections.abc import Sequence
from typing import ClassVar

from spacedb.api.v2_2_0.filters import launches as v2_2_0


class LaunchFilterSet(v2_2_0.LaunchFilterSet):
    included: ClassVar[Sequence[str]] = (
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
        "program",
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
        "slug",
        "spacecraft_config__ids",
        "status",
    )

    class Meta(v2_2_0.LaunchFilterSet.Meta):
        fields = v2_2_0.LaunchFilterSet.Meta.fields | {"launch_library_id": ("exact",)}


class AnyLaunchFilterSet(LaunchFilterSet):
    """Filters of the list of all launches. The lists of upcoming and previous launches cannot be filtered by NET."""

    included = (*LaunchFilterSet.included, "net__gt", "net__gte", "net__lt", "net__lte")


class UpcomingLaunchFilterSet(LaunchFilterSet, v2_2_0.UpcomingLaunchFilterSet):
    included = (*LaunchFilterSet.included, "hide_recent_previous")
