"""Filters of landings in Launch Library 2.3.0."""

from flights.models import Landing
from spacedb.rest.filters import CommaSeparatedFilter, CommaSeparatedIntegerFilter, CommaSeparatedUUIDFilter, FilterSet


class LandingFilterSet(FilterSet):
    firststage_launch__ids = CommaSeparatedUUIDFilter(
        field_name="firststage__launch__id", help_text="Comma-separated IDs of the launches of the first stages."
    )
    landing_location__ids = CommaSeparatedIntegerFilter(field_name="landing_location__id")
    landing_type__ids = CommaSeparatedIntegerFilter(field_name="type__id")
    launcher__ids = CommaSeparatedIntegerFilter(field_name="firststage__launcher__id")
    launcher_config__ids = CommaSeparatedIntegerFilter(field_name="firststage__launcher__launcher_config__id")
    launcher_serial_numbers = CommaSeparatedFilter(field_name="firststage__launcher__serial_number")
    spacecraft__ids = CommaSeparatedIntegerFilter(field_name="spacecraftflight__spacecraft__id")
    spacecraft_config__ids = CommaSeparatedIntegerFilter(
        field_name="spacecraftflight__spacecraft__spacecraft_config__id"
    )
    spacecraft_launch__ids = CommaSeparatedUUIDFilter(
        field_name="spacecraftflight__launch__id", help_text="Comma-separated IDs of the launches of the spacecraft."
    )

    class Meta:
        model = Landing
        fields = ("attempt", "success")
