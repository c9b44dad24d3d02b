"""What landings can be filtered by."""

from flights.models import Landing
from spacedb.api.filters import CommaSeparated, CommaSeparatedIntegers, CommaSeparatedUUIDs, FilterSet


class LandingFilterSet(FilterSet):
    firststage_launch__ids = CommaSeparatedUUIDs(
        field_name="firststage__launch__id", help_text="Launches whose first stages landed."
    )
    landing_location__ids = CommaSeparatedIntegers(field_name="landing_location__id")
    landing_type__ids = CommaSeparatedIntegers(field_name="type__id")
    launcher__ids = CommaSeparatedIntegers(field_name="firststage__launcher__id")
    launcher_config__ids = CommaSeparatedIntegers(field_name="firststage__launcher__launcher_config__id")
    launcher_serial_numbers = CommaSeparated(field_name="firststage__launcher__serial_number")
    spacecraft__ids = CommaSeparatedIntegers(field_name="spacecraftflight__spacecraft__id")
    spacecraft_config__ids = CommaSeparatedIntegers(field_name="spacecraftflight__spacecraft__spacecraft_config__id")
    spacecraft_launch__ids = CommaSeparatedUUIDs(
        field_name="spacecraftflight__launch__id", help_text="Launches whose spacecraft landed."
    )

    class Meta:
        model = Landing
        fields = ("attempt", "success")
