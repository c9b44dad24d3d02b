"""The admin: every model is registered, saving changes edited fields only, and the API serves the result."""

from collections.abc import Iterable
from typing import Any, cast

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import ForeignKey
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Agency
from flights.models import Astronaut, AstronautFlight, AstronautRole, Launch, SpacecraftFlight
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftStatus
from spacedb.catalogue.admin import ConfigAdmin, PlaceholderFilter, ResourceAdmin
from spacedb.catalogue.models import LOCAL_IDS_FROM, Resource
from spacedb.catalogue.pictures import has_picture
from tests.admin_forms import admin_url, save
from tests.datasets import EXAMPLE_COUNT

APPS = ("common", "agencies", "spacecraft", "flights")
MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]
ADMINS: list[ResourceAdmin] = [
    page for model, page in admin.site._registry.items() if model in MODELS and isinstance(page, ResourceAdmin)
]
INLINES = [inline(page.model, admin.site) for page in ADMINS for inline in page.inlines]

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("starter and examples")]

every_admin = pytest.mark.parametrize("page", ADMINS, ids=lambda page: page.opts.label)


def distinct(pages: Iterable[Any]) -> list[Any]:
    """Return these admins, but only one of the short lists with the same columns: their pages run the same code."""

    def kind(page: Any) -> object:
        columns = [(field.name, type(field)) for field in page.opts.concrete_fields]
        return (type(page), *columns) if isinstance(page, ConfigAdmin) else page

    return list({kind(page): page for page in pages}.values())


every_kind_of_admin = pytest.mark.parametrize("page", distinct(ADMINS), ids=lambda page: page.opts.label)

AUTOCOMPLETED = {
    (field.related_model, repr(field.get_limit_choices_to())): (page, name)
    for page in (*ADMINS, *INLINES)
    for name in page.get_autocomplete_fields(RequestFactory().get("/"))
    for field in [cast("ForeignKey[Any]", page.opts.get_field(name))]
}
"""A field of each selection of related objects."""


@pytest.fixture
def admin_user() -> User:
    """Return an editor without a password, as hashing one takes longer than most of these tests."""
    return User.objects.create(username="editor", is_staff=True, is_superuser=True)


def test_every_model_can_be_edited() -> None:
    edited = {page.model for page in ADMINS} | {inline.model for inline in INLINES}
    assert [model for model in MODELS if model not in edited] == []
    assert len(ADMINS) == len([model for model in admin.site._registry if model in MODELS])


def test_every_model_has_examples() -> None:
    assert [model for model in MODELS if model._base_manager.count() < EXAMPLE_COUNT] == []


def test_site_title(admin_client: Client) -> None:
    assert b"spacedb" in admin_client.get(reverse("admin:index")).content


@pytest.mark.vendor_neutral
@every_kind_of_admin
def test_list(admin_client: Client, page: ResourceAdmin, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of queries does not depend on the number of rows."""
    listing = admin_url(page.model, "changelist")
    row = page.model._base_manager.first()
    assert row
    response = admin_client.get(listing, {"q": f"{row.pk}"})
    assert response.status_code == 200
    assert row in response.context["cl"].queryset
    assert ("picture" in response.context["cl"].list_display) == has_picture(page.model)
    actions = {name for name, _ in response.context["action_form"].fields["action"].choices}
    assert "export_csv" in actions
    assert ("mark_as_placeholder" in actions) == any(field.name == "is_placeholder" for field in page.opts.fields)
    query_counts = []
    for rows in (1, EXAMPLE_COUNT):
        monkeypatch.setattr(page, "list_per_page", rows)
        with CaptureQueriesContext(connection) as queries:
            response = admin_client.get(listing, {"o": "2"})
        assert len(response.context["cl"].result_list) == rows
        query_counts.append(len(queries))
    assert query_counts[0] == query_counts[1]


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(("page", "name"), AUTOCOMPLETED.values(), ids=lambda value: str(getattr(value, "opts", value)))
def test_autocompletion_of_related_objects(
    admin_client: Client, page: ResourceAdmin, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    label, model_name = page.opts.label_lower.split(".")
    parameters = {"app_label": label, "model_name": model_name, "field_name": name, "term": ""}
    query_counts = []
    for rows in (1, EXAMPLE_COUNT):
        monkeypatch.setattr(AutocompleteJsonView, "paginate_by", rows)
        with CaptureQueriesContext(connection) as queries:
            response = admin_client.get(reverse("admin:autocomplete"), parameters).json()
        assert len(response["results"]) == rows
        query_counts.append(len(queries))
    assert query_counts[0] == query_counts[1]


def test_number_of_autocompleted_models() -> None:
    assert len(AUTOCOMPLETED) > 20


@pytest.mark.vendor_neutral
@every_kind_of_admin
def test_add_form(admin_client: Client, page: ResourceAdmin) -> None:
    assert admin_client.get(admin_url(page.model, "add")).status_code == 200


@pytest.mark.vendor_neutral
@every_kind_of_admin
def test_an_unchanged_form_changes_nothing(admin_client: Client, page: ResourceAdmin) -> None:
    """Test an object of the starter catalogue, and an example with values in all fields."""
    rows = page.model._base_manager.order_by("pk")
    models = [page.model, *(inline.model for inline in page.inlines)]
    models += [field.remote_field.through for model in models for field in model._meta.many_to_many]

    def all_rows() -> list[list[Any]]:
        return [list(model._base_manager.order_by("pk").values()) for model in models]

    before = all_rows()
    for row in {*rows[:1], *rows.reverse()[:1]}:
        save(admin_client, admin_url(page.model, "change", row.pk))
    assert all_rows() == before


def test_referring_objects_are_linked(admin_client: Client) -> None:
    craft = Spacecraft.objects.filter(flights__isnull=False).first()
    assert craft
    listing = f"{admin_url(SpacecraftFlight, 'changelist')}?spacecraft__id__exact={craft.pk}"
    assert f'href="{listing}"' in admin_client.get(admin_url(Spacecraft, "change", craft.pk)).content.decode()
    assert set(admin_client.get(listing).context["cl"].queryset) == set(craft.flights.all())


def test_whitespace_of_unedited_fields_is_preserved(admin_client: Client) -> None:
    """Renaming an agency does not change its description, even if the browser normalizes the line endings."""
    for number, description in enumerate((None, "", "two\nlines\n", "\r\ntwo\r\nlines", " blanks ")):
        agency = Agency.objects.create(name="Roscosmos", description=description, administrator="")
        save(admin_client, admin_url(Agency, "change", agency.pk), name=f"RKA {number}")
        agency.refresh_from_db()
        assert (agency.name, agency.description, agency.administrator) == (f"RKA {number}", description, "")


def test_whitespace_of_edited_fields_is_stripped(admin_client: Client) -> None:
    agency = Agency.objects.create(name="Roscosmos", administrator="Yuri Borisov")
    save(admin_client, admin_url(Agency, "change", agency.pk), name=" RKA ", administrator="")
    agency.refresh_from_db()
    assert (agency.name, agency.administrator) == ("RKA", None)


def test_placeholders_can_be_listed(admin_client: Client) -> None:
    placeholder = Agency.objects.create(pk=-1000, name="Named by a document")
    listing = admin_url(Agency, "changelist")
    yes = admin_client.get(listing, {"missing_upstream_id": "yes"}).context["cl"].queryset
    no = admin_client.get(listing, {"missing_upstream_id": "no"}).context["cl"].queryset
    assert placeholder in yes
    assert placeholder not in no
    assert yes.count() + no.count() == Agency.objects.count()
    assert admin_client.get(admin_url(Agency, "change", -1000)).status_code == 200


def test_every_change_list_of_resources_filters_placeholders() -> None:
    request = RequestFactory().get("/")
    assert {page for page in ADMINS if PlaceholderFilter not in page.get_list_filter(request)} == {
        page for page in ADMINS if not issubclass(page.model, Resource)
    }


def test_a_new_agency_is_served(admin_client: Client) -> None:
    save(admin_client, admin_url(Agency, "add"), name="Isar Aerospace", abbrev="ISAR", info_url="isaraerospace.com")
    agency = Agency.objects.get(name="Isar Aerospace")
    assert agency.pk >= LOCAL_IDS_FROM
    served = admin_client.get(f"/2.3.0/agencies/{agency.pk}/").json()
    assert (served["id"], served["abbrev"]) == (agency.pk, "ISAR")
    assert served["info_url"] == "https://isaraerospace.com"


def test_a_new_spacecraft_is_served(admin_client: Client) -> None:
    config, status = SpacecraftConfig.objects.filter(pk__gt=0).first(), SpacecraftStatus.objects.first()
    assert config
    assert status
    for name in ("Nyx", "Nyx 2"):
        save(
            admin_client,
            admin_url(Spacecraft, "add"),
            name=name,
            spacecraft_config=config.pk,
            status=status.pk,
            time_in_space="1 02:03:04",
        )
    first, second = Spacecraft.objects.filter(name__startswith="Nyx").order_by("pk")
    assert first.pk >= LOCAL_IDS_FROM
    assert second.pk == first.pk + 1
    served = admin_client.get(f"/2.3.0/spacecraft/{first.pk}/").json()
    assert (served["id"], served["name"], served["time_in_space"]) == (first.pk, "Nyx", "P1DT2H3M4S")
    assert served["spacecraft_config"]["id"] == config.pk


@pytest.fixture
def flight(admin_client: Client) -> SpacecraftFlight:
    """Create a flight in the admin, with a launch crew of two. The second member is also in the landing crew."""
    role, (commander, pilot) = AstronautRole.objects.all()[0], Astronaut.objects.all()[:2]
    craft = Spacecraft.objects.create(name="Nyx")
    members = [("launch", commander), ("launch", pilot), ("landing", pilot)]
    rows = {
        f"crew-{number}-{name}": value
        for number, (phase, astronaut) in enumerate(members)
        for name, value in {"phase": phase, "role": role.pk, "astronaut": astronaut.pk}.items()
    }
    launch = Launch.objects.all()[0]
    url = admin_url(SpacecraftFlight, "add")
    save(admin_client, url, spacecraft=craft.pk, launch=launch.pk, **{"crew-TOTAL_FORMS": "3"}, **rows)
    return craft.flights.get()


def test_a_new_flight_is_served_with_its_crew(admin_client: Client, flight: SpacecraftFlight) -> None:
    assert flight.pk >= LOCAL_IDS_FROM
    served = admin_client.get(f"/2.3.0/spacecraft_flights/{flight.pk}/").json()
    crews = {phase: served[f"{phase}_crew"] for phase in ("launch", "onboard", "landing")}
    ids = {phase: [member["id"] for member in crew] for phase, crew in crews.items()}
    assert ids == {"launch": [LOCAL_IDS_FROM, LOCAL_IDS_FROM + 1], "onboard": [], "landing": [LOCAL_IDS_FROM]}
    assert crews["launch"][1]["astronaut"] == crews["landing"][0]["astronaut"]


def test_crew_members_can_be_deleted_and_moved(admin_client: Client, flight: SpacecraftFlight) -> None:
    """A member that moves to a phase where its number exists gets a new number. Other numbers do not change."""
    url = admin_url(SpacecraftFlight, "change", flight.pk)
    save(admin_client, url, **{"crew-0-phase": "landing", "crew-1-DELETE": "on"})
    numbers = list(flight.crew.order_by("pk").values_list("phase", "number"))
    assert numbers == [("landing", LOCAL_IDS_FROM + 1), ("landing", LOCAL_IDS_FROM)]


def test_numbers_of_crew_members_do_not_change() -> None:
    member = AstronautFlight.objects.filter(number__lt=LOCAL_IDS_FROM, flight__isnull=False).first()
    assert member
    number = member.number
    member.save()
    another = AstronautFlight.objects.create(flight=member.flight, phase=member.phase)
    assert (member.number, another.number) == (number, LOCAL_IDS_FROM)


def test_objects_that_refer_to_an_image_are_linked(admin_client: Client) -> None:
    """The relation has no reverse accessor."""
    spacecraft = Spacecraft.objects.filter(image__isnull=False)[0]
    page = admin_client.get(reverse("admin:common_image_change", args=[spacecraft.image_id])).text
    assert f"{reverse('admin:spacecraft_spacecraft_changelist')}?image__id__exact={spacecraft.image_id}" in page
