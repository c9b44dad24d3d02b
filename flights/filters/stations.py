"""What stations, dockings, expeditions and spacewalks can be filtered by."""

from flights.models import DockingEvent, Expedition, SpaceStation, Spacewalk
from spacedb.api.filters import (
    COMPARED,
    COUNTED,
    TEXT,
    CommaSeparatedIntegers,
    CommaSeparatedNumbers,
    CommaSeparatedUUIDs,
    FilterSet,
    RelatedFilter,
)


class SpaceStationFilterSet(FilterSet):
    owner__ids = CommaSeparatedIntegers(field_name="owners__id", help_text="Comma-separated agency IDs.")
    status__ids = CommaSeparatedIntegers(field_name="status__id", help_text="Comma-separated spacestation status IDs.")

    class Meta:
        model = SpaceStation
        fields = {
            "docked_vehicles": COUNTED,
            "id": ("exact",),
            "name": TEXT,
            "onboard_crew": COUNTED,
            "orbit": ("exact",),
            "owners": ("exact",),
            "status": ("exact",),
            "type": ("exact",),
        }


class DockingEventFilterSet(FilterSet):
    class Meta:
        model = DockingEvent
        fields = {
            "docking": COMPARED,
            "docking_location__id": ("exact",),
            "flight_vehicle_chaser__id": ("exact",),
            "space_station_target__id": ("exact",),
        }


class ExpeditionFilterSet(FilterSet):
    space_station = RelatedFilter(field_name="spacestation", queryset=SpaceStation.objects.filter(pk__gte=0))

    class Meta:
        model = Expedition
        fields = {
            "crew__astronaut": ("exact",),
            "crew__astronaut__agency": ("exact",),
            "end": COMPARED,
            "name": ("exact",),
            "start": COMPARED,
        }


class SpacewalkFilterSet(FilterSet):
    astronaut__ids = CommaSeparatedIntegers(field_name="crew__astronaut__id")
    day = CommaSeparatedIntegers(field_name="start__day", label="Day", help_text="Days of the month, in UTC.")
    event__ids = CommaSeparatedIntegers(field_name="event__id")
    ids = CommaSeparatedIntegers(field_name="id")
    launch__ids = CommaSeparatedUUIDs(
        field_name="spacecraft_flight__launch__id", help_text="Launches in whose flights they were."
    )
    month = CommaSeparatedIntegers(field_name="start__month", label="Month", help_text="Months, in UTC.")
    owner__ids = CommaSeparatedNumbers(field_name="spacestation__owners", help_text="Owners of the station.")
    program__ids = CommaSeparatedIntegers(field_name="program__id")
    spacestation__ids = CommaSeparatedIntegers(field_name="spacestation__id")
    year = CommaSeparatedIntegers(field_name="start__year", label="Year", help_text="Years, in UTC.")

    class Meta:
        model = Spacewalk
        fields = {
            "end": COUNTED,
            "id": ("exact",),
            "name": TEXT,
            "program__name": TEXT,
            "start": COMPARED,
        }
