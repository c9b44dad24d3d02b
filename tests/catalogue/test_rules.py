"""The rules of the forms of the admin: impossible values are refused at their fields, if the editor entered them."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client, RequestFactory

from agencies.models import Agency
from flights.models import DockingEvent, Launch, LaunchStatus, SpacecraftFlight, Spacewalk
from flights.totals import FlownStatus
from spacecraft.models import Spacecraft
from spacedb.catalogue.admin import DURATION_FORMAT, ResourceAdmin
from spacedb.catalogue.rules import BOUNDS
from tests.admin_forms import FormParser, admin_url, load, save, submit
from tests.catalogue.test_admin import ADMINS, INLINES, admin_user

__all__ = ["admin_user"]

START, END = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2020, 1, 2, tzinfo=dt.UTC)
NUMBERS = (models.IntegerField, models.FloatField, models.DurationField)


def post(client: Client, url: str, /, **edited: Any) -> Any:
    """Load the form at this URL, edit these fields, submit it, and return the response."""
    return client.post(url, load(client, url) | edited)


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


PAGES: list[Any] = [*ADMINS, *INLINES]


def is_edited_number(field: Any) -> bool:
    return isinstance(field, NUMBERS) and field.editable and not isinstance(field, models.AutoField)


every_page_with_numbers = pytest.mark.parametrize(
    "page",
    [page for page in PAGES if any(map(is_edited_number, page.opts.fields))],
    ids=lambda page: f"{type(page).__name__} of {page.opts.label}",
)


def form_fields(page: Any) -> dict[str, Any]:
    """The form fields of an admin or an inline, by name, of model fields that are numbers or durations."""
    request = RequestFactory().get("/")
    return {
        field.name: page.formfield_for_dbfield(field, request) for field in filter(is_edited_number, page.opts.fields)
    }


@pytest.mark.vendor_neutral
@every_page_with_numbers
def test_bounds_of_numbers_and_durations(page: Any) -> None:
    for name, field in form_fields(page).items():
        lowest, highest = BOUNDS.get(name, (0, None))
        for limit, beyond in ((lowest, -1), (highest, 1)):
            if limit is not None:
                field.clean(str(limit))
                with pytest.raises(ValidationError, match=r"^\['.+ cannot be .+\.'\]$"):
                    field.clean(str(limit + beyond))
        if lowest is None:
            field.clean("-1")


@pytest.mark.vendor_neutral
@every_page_with_numbers
def test_durations_say_their_format(page: Any) -> None:
    for name, field in form_fields(page).items():
        is_duration = isinstance(page.opts.get_field(name), models.DurationField)
        assert (DURATION_FORMAT in field.help_text) == is_duration
        if is_duration and name not in BOUNDS:
            assert field.clean("3 04:05:06") == field.clean("P3DT4H5M6S")


ORDERS = [
    (page, rule)
    for page in PAGES
    for rule in page.rules
    if len(rule.fields) == 2 and not any(page.opts.get_field(name).is_relation for name in rule.fields)
    if not rule.is_warning
]


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(("page", "rule"), ORDERS, ids=lambda value: str(getattr(value, "fields", value)))
def test_order_of_two_fields(page: Any, rule: Any) -> None:
    values: Any = (START, END)
    if isinstance(page.opts.get_field(rule.fields[0]), models.IntegerField):
        values = (1, 2)
    first, last = rule.fields
    assert rule.check(page.model(**{first: values[0], last: values[1]})) is None
    assert rule.check(page.model(**{first: values[0], last: values[0]})) is None
    assert rule.check(page.model(**{first: values[0]})) is None
    message = rule.check(page.model(**{first: values[1], last: values[0]}))
    assert message
    assert message.endswith(".")


def test_an_end_before_the_start(admin_client: Client) -> None:
    walk = Spacewalk.objects.create(name="EVA-1", start=START, end=END)
    url = admin_url(Spacewalk, "change", walk.pk)
    message = ["“End” (2019-12-31 00:00:00) is before “Start” (2020-01-01 00:00:00)."]
    assert errors_of(post(admin_client, url, end_0="2019-12-31")) == {"end": message}
    assert errors_of(post(admin_client, url, start_0="2020-01-03")).keys() == {"start"}
    save(admin_client, url, start_0="2020-01-03", end_0="2020-01-04")


def test_odd_values_of_documents_do_not_prevent_other_edits(admin_client: Client) -> None:
    walk = Spacewalk.objects.create(name="EVA-1", start=END, end=START, duration=dt.timedelta(days=-1))
    save(admin_client, admin_url(Spacewalk, "change", walk.pk), name="EVA-2")
    walk.refresh_from_db()
    assert (walk.name, walk.start, walk.end, walk.duration) == ("EVA-2", END, START, dt.timedelta(days=-1))


def test_negative_values(admin_client: Client) -> None:
    agency = Agency.objects.create(name="Roscosmos", total_launch_count=-5)
    url = admin_url(Agency, "change", agency.pk)
    save(admin_client, url, founding_year="1992")
    errors = errors_of(post(admin_client, url, total_launch_count="-4", failed_launches="-1"))
    assert errors == {
        "total_launch_count": ["Total launch count cannot be negative."],
        "failed_launches": ["Failed launches cannot be negative."],
    }


@pytest.fixture
def flight(db: None) -> SpacecraftFlight:
    status, _ = LaunchStatus.objects.get_or_create(pk=FlownStatus.SUCCESS, defaults={"name": "Success"})
    launch = Launch.objects.create(name="Soyuz", status=status, net=START)
    return SpacecraftFlight.objects.create(
        launch=launch, spacecraft=Spacecraft.objects.create(name="Soyuz MS-1", serial_number="731"), mission_end=END
    )


def test_an_end_before_the_launch(admin_client: Client, flight: SpacecraftFlight) -> None:
    url = admin_url(SpacecraftFlight, "change", flight.pk)
    [message] = errors_of(post(admin_client, url, mission_end_0="2019-12-01"))["mission_end"]
    assert message == ("The mission ends (2019-12-01 00:00:00) before the NET of its launch (2020-01-01 00:00:00).")
    assert flight.launch
    errors = errors_of(post(admin_client, admin_url(Launch, "change", flight.launch.pk), net_0="2020-02-01"))
    assert errors["net"] == ["The flight of Soyuz MS-1 ended before (2020-01-02 00:00:00). Change it first."]


def test_a_vehicle_that_was_lost_on_the_pad(admin_client: Client, flight: SpacecraftFlight) -> None:
    failure, _ = LaunchStatus.objects.get_or_create(pk=FlownStatus.FAILURE, defaults={"name": "Failure"})
    Launch.objects.update(status=failure)
    save(admin_client, admin_url(SpacecraftFlight, "change", flight.pk), mission_end_0="2019-12-31")


def test_rules_of_rows(admin_client: Client, flight: SpacecraftFlight) -> None:
    """Rows of a form have the rules of the admin of their model."""
    assert flight.spacecraft
    assert flight.launch
    for owner in (flight.spacecraft, flight.launch):
        url = admin_url(type(owner), "change", owner.pk)
        prefix = "flights" if owner is flight.spacecraft else "spacecraft_flights"
        response = post(admin_client, url, **{f"{prefix}-0-mission_end_0": "2019-12-01"})
        assert response.status_code == 200
        assert "before the NET of its launch" in response.text
    url = admin_url(SpacecraftFlight, "change", flight.pk)
    DockingEvent.objects.create(flight_vehicle_chaser=flight, docking=END, departure=END)
    response = post(admin_client, url, **{"docking_events-0-departure_0": "2019-12-01"})
    assert "“Departure” (2019-12-01 00:00:00) is before “Docking”" in response.text


def test_a_spacecraft_that_has_landed(admin_client: Client, flight: SpacecraftFlight) -> None:
    assert flight.spacecraft
    url = admin_url(Spacecraft, "change", flight.spacecraft.pk)
    [message] = errors_of(post(admin_client, url, in_space="on"))["in_space"]
    assert message == "Its last flight ended on 2020-01-02 00:00:00. Add the flight that it is on instead."
    SpacecraftFlight.objects.update(mission_end=None)
    submit(admin_client, url, load(admin_client, url) | {"in_space": ["on"]})
    # A document may say so, and other fields can be edited.
    SpacecraftFlight.objects.update(mission_end=END)
    Spacecraft.objects.update(in_space=True)
    save(admin_client, url, description="Landed.")


@pytest.mark.parametrize("serial", ["731", ""])
def test_two_spacecraft_of_one_name_and_serial_number(
    admin_client: Client, flight: SpacecraftFlight, serial: str
) -> None:
    assert flight.spacecraft
    Spacecraft.objects.update(serial_number=serial or None)
    url = admin_url(Spacecraft, "add")
    response = post(admin_client, url, name="Soyuz MS-1", serial_number=serial)
    [message] = errors_of(response)["serial_number" if serial else "name"]
    assert message == (
        f"Another Spacecraft has the same name and serial number: Soyuz MS-1 (id {flight.spacecraft.pk}). "
        "Select “Save anyway” if this is right."
    )
    assert '<input type="checkbox" name="save_anyway"' in response.text
    submit(admin_client, url, FormParser(response.text).data | {"save_anyway": "on"})
    first, second = Spacecraft.objects.filter(name="Soyuz MS-1").order_by("pk")
    assert first.serial_number == second.serial_number

    # Both can be edited without another warning, unless the name is edited.
    url = admin_url(Spacecraft, "change", second.pk)
    assert '<input type="hidden" name="save_anyway"' in admin_client.get(url).text
    save(admin_client, url, description="Another one.")
    save(admin_client, url, serial_number="732")
    assert errors_of(post(admin_client, url, serial_number=serial)).keys() == {"serial_number"}


NAMED = [page for page in ADMINS if getattr(page.model, "natural_key", None)]


@pytest.mark.dataset("starter and examples")
@pytest.mark.vendor_neutral
@pytest.mark.django_db
@pytest.mark.parametrize("page", NAMED, ids=lambda page: page.opts.label)
def test_two_objects_with_one_natural_key(admin_client: Client, page: ResourceAdmin) -> None:
    """Documents that name the object without its id would be ambiguous."""
    key = page.model.natural_key
    first, second = page.model._base_manager.exclude(**{key: ""}).exclude(**{key: None}).order_by("-pk")[:2]
    response = post(admin_client, admin_url(page.model, "change", first.pk), **{key: getattr(second, key)})
    assert f"(id {second.pk}). Select “Save anyway”" in errors_of(response)[key][0]
