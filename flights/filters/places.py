"""What spaceports and launch pads can be filtered by."""

from flights.models import Location, Pad
from spacedb.api.filters import COMPARED, COUNTED, TEXT, CommaSeparatedIntegers, FilterSet
from spacedb.common.filters import CountryFilter


class LocationFilterSet(FilterSet):
    country_code = CountryFilter(field_name="country", label="Country code")

    class Meta:
        model = Location
        fields = {
            "id": ("exact",),
            "name": TEXT,
            "total_landing_count": COUNTED,
            "total_launch_count": COUNTED,
        }


class PadFilterSet(FilterSet):
    agencies_ids = CommaSeparatedIntegers(field_name="agencies__id")

    class Meta:
        model = Pad
        fields = {
            "id": TEXT,
            "latitude": COMPARED,
            "location__id": ("exact",),
            "location__name": TEXT,
            "longitude": COMPARED,
            "name": TEXT,
            "orbital_launch_attempt_count": COUNTED,
            "total_launch_count": COUNTED,
        }
