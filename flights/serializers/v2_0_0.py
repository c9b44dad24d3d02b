"""How the forms of Launch Library 2.0.0 differ from those of 2.2.0."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.serializers import v2_2_0 as agencies
from flights.models import Launch, LaunchStatus
from flights.serializers.v2_2_0 import detailed, flights, launches
from spacecraft.serializers import v2_2_0 as spacecraft
from spacedb.api.editions import Difference
from spacedb.api.fields import NaturalKey, Text
from spacedb.api.serializers import Form


@extend_schema_field(OpenApiTypes.BOOL)
class Flag(serializers.BooleanField):
    """Yes or no as a document told it; else what follows from the rest of the launch."""

    def __init__(self, attribute: str) -> None:
        self.attribute = attribute
        super().__init__(source="*")

    def to_internal_value(self, data: Any) -> dict[str, Any]:  # type: ignore[override]
        return {self.attribute: super().to_internal_value(data)}

    def to_representation(self, value: Launch) -> bool:  # type: ignore[override] # of the whole launch
        told: bool | None = getattr(value, self.attribute)
        return self.derived(value) if told is None else told

    def derived(self, launch: Launch) -> bool:
        """Whether a hold is on."""
        return launch.status_id == LaunchStatus.HOLD


class Undetermined(Flag):
    """Whether the time or the date is still to be determined: the NET is known less exactly than `precision`."""

    def __init__(self, attribute: str, precision: int) -> None:
        self.precision = precision
        super().__init__(attribute)

    def derived(self, launch: Launch) -> bool:
        if launch.net_precision_id is None:
            return launch.status_id == LaunchStatus.TO_BE_DETERMINED
        return launch.net_precision_id > self.precision


HOUR, DAY = 2, 5
"""Precisions of a NET, which are numbered from the second on."""

LIBRARY_ID = {"url": ["launch_library_id"]}
COUNTED = ("flights_count", "landings_count", "spacewalks_count", "spacewalks", "age", "eva_time")
LAUNCH = Difference(
    without=(
        "last_updated",
        "net_precision",
        "weather_concerns",
        "flightclub_url",
        "r_spacex_api_id",
        "updates",
        "pad_turnaround",
        "mission_patches",
    ),
    after=LIBRARY_ID | {"window_start": ["inhold", "tbdtime", "tbddate"]},
    fields={
        "inhold": Flag("inhold"),
        "tbdtime": Undetermined("tbdtime", HOUR),
        "tbddate": Undetermined("tbddate", DAY),
    },
)

DIFFERENCES: dict[Form, Difference] = {
    agencies.Agency: Difference(without=["logo_url"]),
    agencies.AgencySerializerDetailedCommon: Difference(),
    spacecraft.Spacecraft: Difference(
        without=(
            "is_placeholder",
            "in_space",
            "time_in_space",
            "time_docked",
            "flights_count",
            "mission_ends_count",
        )
    ),
    launches.Program: Difference(without=["mission_patches"]),
    launches.LauncherConfigList: Difference(after={"id": ["launch_library_id"]}),
    launches.LauncherConfigDetail: Difference(
        without=("attempted_landings", "successful_landings", "failed_landings", "consecutive_successful_landings"),
        after={"id": ["launch_library_id"]},
    ),
    launches.Mission: Difference(without=["agencies"], after={"id": ["launch_library_id"]}),
    launches.Location: Difference(without=["description", "timezone_name"]),
    launches.Pad: Difference(without=["description", "country_code", "orbital_launch_attempt_count"]),
    launches.LaunchStatus: Difference(
        without=["abbrev", "description"], fields={"name": Text(source="abbrev", max_length=255)}
    ),
    launches.LaunchSerializerCommon: Difference(
        without=(*LAUNCH.without, *launches.ATTEMPTS), after=LAUNCH.after, fields=LAUNCH.fields
    ),
    launches.LaunchList: Difference(without=["last_updated"], after=LIBRARY_ID),
    detailed.LaunchDetailed: LAUNCH,
    flights.AstronautForm: Difference(without=("in_space", "time_in_space", *COUNTED)),
    flights.AstronautFlight: Difference(fields={"role": NaturalKey(slug_field="role")}),
    flights.DockingLocation: Difference(without=["spacestation"]),
    flights.SpacecraftFlight: Difference(without=["landing"]),
    flights.SpaceStationForm: Difference(without=["docked_vehicles"]),
    detailed.Expedition: Difference(without=["mission_patches", "spacewalks"]),
    detailed.Launcher: Difference(without=["is_placeholder"]),
}
