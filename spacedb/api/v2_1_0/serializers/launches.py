"""How serializers of launches differ from those of Launch Library 2.2.0."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from typing_extensions import override

from flights.models import FirstStage, Launch, LaunchStatus, NetPrecision
from spacedb.api.v2_2_0.serializers import launches
from spacedb.serializers.base import Serializer, SerializerClass, field_names
from spacedb.serializers.derived import SerializerChanges
from spacedb.serializers.fields import TextField
from spacedb.serializers.reductions import FirstIntegerReduction, FirstValueReduction


@extend_schema_field(OpenApiTypes.BOOL)
class DerivedFlagField(serializers.BooleanField):
    """A boolean that documents contain. If none is stored, it is derived from the launch."""

    def __init__(self, attribute: str) -> None:
        self.attribute = attribute
        super().__init__(source="*")

    @override
    def to_internal_value(self, data: Any) -> dict[str, Any]:  # type: ignore[override]
        return {self.attribute: super().to_internal_value(data)}

    @override
    def to_representation(self, value: Launch) -> bool:  # type: ignore[override] # `source="*"`
        stored: bool | None = getattr(value, self.attribute)
        return self.derive(value) if stored is None else stored

    def derive(self, launch: Launch) -> bool:
        """Whether the launch is on hold."""
        return launch.status_id == LaunchStatus.HOLD


class UndeterminedField(DerivedFlagField):
    """Whether the time or the date is to be determined, because the NET is less precise than `precision`."""

    def __init__(self, attribute: str, precision: int) -> None:
        self.precision = precision
        super().__init__(attribute)

    @override
    def derive(self, launch: Launch) -> bool:
        if launch.net_precision_id is None:
            return launch.status_id == LaunchStatus.TO_BE_DETERMINED
        return launch.net_precision_id > self.precision


LAUNCH = SerializerChanges(
    without=(
        "type",
        "timeline",
        "last_updated",
        "net_precision",
        "weather_concerns",
        "flightclub_url",
        "r_spacex_api_id",
        "updates",
        "pad_turnaround",
        "mission_patches",
    ),
    after={"url": ["launch_library_id"], "window_start": ["inhold", "tbdtime", "tbddate"]},
    fields={
        "inhold": DerivedFlagField("inhold"),
        "tbdtime": UndeterminedField("tbdtime", NetPrecision.HOUR),
        "tbddate": UndeterminedField("tbddate", NetPrecision.DAY),
    },
)


class FirstStageSummary(Serializer):
    launcher = TextField(source="launcher.serial_number", allow_null=True, read_only=True)
    landing = TextField(source="landing.landing_location.abbrev", allow_null=True, read_only=True)
    success = serializers.BooleanField(source="landing.success", allow_null=True, read_only=True)

    class Meta:
        model = FirstStage
        fields = field_names("launcher landing success")


FIRST_STAGE: dict[str, Any] = {"source": "launcher_stage", "read_only": True, "allow_null": True}

LAUNCH_LIST = SerializerChanges(
    without=("last_updated", "net_precision", "lsp_name", "type"),
    after={"url": ["launch_library_id"]},
    fields={
        "landing": FirstValueReduction(FirstStageSummary, "landing", **FIRST_STAGE),
        "landing_success": FirstIntegerReduction(FirstStageSummary, "success", **FIRST_STAGE),
        "launcher": FirstValueReduction(FirstStageSummary, "launcher", **FIRST_STAGE),
        "orbit": TextField(source="mission.orbit.abbrev", allow_null=True, read_only=True),
    },
)
"""`landing` is that of the first of the first stages."""

CHANGES: dict[SerializerClass, SerializerChanges] = {
    launches.LaunchSerializerCommon: SerializerChanges(
        without=(*LAUNCH.without, *launches.ATTEMPT_COUNTS), after=LAUNCH.after, fields=LAUNCH.fields
    ),
    launches.LaunchList: LAUNCH_LIST,
}
