"""The admin: every model has its pages, saving writes what was edited and nothing else, and the API serves it."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.authtoken.models import Token

from agencies.models import Agency
from flights.models import Astronaut, AstronautFlight, AstronautRole, Launch, SpacecraftFlight
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftStatus
from spacedb.catalogue.admin import PlaceholderFilter, ResourceAdmin
from spacedb.catalogue.models import LOCAL_IDS_FROM, Resource
from tests.admin_forms import address, save
from tests.datasets import CIRCLE

APPS = ("common", "agencies", "spacecraft", "flights")
MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]
ADMINS: list[ResourceAdmin] = [
    found for model, found in admin.site._registry.items() if model in MODELS and isinstance(found, ResourceAdmin)
]
INLINES = [inline(one.model, admin.site) for one in ADMINS for inline in one.inlines]
pytestmark = [pytest.mark.django_db, pytest.mark.dataset("starter and examples")]

every_admin = pytest.mark.parametrize("page", ADMINS, ids=lambda page: page.opts.label)


@pytest.fixture
def admin_user() -> User:
    """Who edits; without a password, for hashing one takes longer than most of these tests."""
    return User.objects.create(username="editor", is_staff=True, is_superuser=True)


def stored() -> dict[str, list[Any]]:
    """Every row of every table of the catalogue."""
    tables = [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in tables}


def test_every_model_can_be_edited() -> None:
    edited = {page.model for page in ADMINS} | {inline.model for inline in INLINES}
    assert [model for model in MODELS if model not in edited] == []
    assert len(ADMINS) == len([model for model in admin.site._registry if model in MODELS])


def test_every_model_is_tried() -> None:
    assert [model for model in MODELS if model._base_manager.count() < CIRCLE] == []


def test_the_site_is_named(admin_client: Client) -> None:
    assert b"spacedb" in admin_client.get(reverse("admin:index")).content


@every_admin
def test_list(admin_client: Client, page: ResourceAdmin) -> None:
    listing = address(page.model, "changelist")
    one = page.model._base_manager.first()
    assert one
    for query in ({}, {"q": "space"}, {"q": f"{one.pk}"}, {"o": "2"}):
        response = admin_client.get(listing, query)
        assert response.status_code == 200
        if query.get("q") == f"{one.pk}":
            assert one in response.context["cl"].queryset


@every_admin
def test_queries_of_a_list_do_not_grow(
    admin_client: Client, page: ResourceAdmin, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []
    for rows in (1, CIRCLE):
        monkeypatch.setattr(page, "list_per_page", rows)
        with CaptureQueriesContext(connection) as queries:
            response = admin_client.get(address(page.model, "changelist"))
        assert len(response.context["cl"].result_list) == rows
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.parametrize("page", [*ADMINS, *INLINES], ids=lambda page: f"{type(page).__name__} of {page.opts.label}")
def test_related_objects_are_found_by_typing(
    admin_client: Client, page: ResourceAdmin, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in page.get_autocomplete_fields(RequestFactory().get("/")):
        asked: dict[str, Any] = {
            "app_label": page.opts.app_label,
            "model_name": page.opts.model_name,
            "field_name": name,
        }
        counted = []
        for rows in (1, CIRCLE):
            monkeypatch.setattr(AutocompleteJsonView, "paginate_by", rows)
            with CaptureQueriesContext(connection) as queries:
                found = admin_client.get(reverse("admin:autocomplete"), {**asked, "term": ""}).json()
            assert len(found["results"]) == rows
            counted.append(len(queries))
        assert counted[0] == counted[1]


@every_admin
def test_add_form(admin_client: Client, page: ResourceAdmin) -> None:
    assert admin_client.get(address(page.model, "add")).status_code == 200


@every_admin
def test_an_unchanged_form_changes_nothing(admin_client: Client, page: ResourceAdmin) -> None:
    """Of every kind, up to ten objects of the starter catalogue and one that has everything."""
    rows = page.model._base_manager.order_by("pk")
    before = stored()
    for one in {*rows[:10], *rows.reverse()[:1]}:
        save(admin_client, address(page.model, "change", one.pk))
    assert stored() == before


def test_what_refers_to_an_object_is_a_click_away(admin_client: Client) -> None:
    craft = Spacecraft.objects.filter(flights__isnull=False).first()
    assert craft
    listing = f"{address(SpacecraftFlight, 'changelist')}?spacecraft__id__exact={craft.pk}"
    assert f'href="{listing}"' in admin_client.get(address(Spacecraft, "change", craft.pk)).content.decode()
    assert set(admin_client.get(listing).context["cl"].queryset) == set(craft.flights.all())


def test_texts_are_kept_as_they_were_told(admin_client: Client) -> None:
    """An editor who renames an agency does not touch its description, whatever a browser makes of it."""
    for description in (None, "", "two\nlines\n", "\r\ntwo\r\nlines", " blanks "):
        agency = Agency.objects.create(name="Roscosmos", description=description, administrator="")
        save(admin_client, address(Agency, "change", agency.pk), name="RKA")
        agency.refresh_from_db()
        assert (agency.name, agency.description, agency.administrator) == ("RKA", description, "")


def test_a_new_text_is_trimmed(admin_client: Client) -> None:
    agency = Agency.objects.create(name="Roscosmos", administrator="Yuri Borisov")
    save(admin_client, address(Agency, "change", agency.pk), name=" RKA ", administrator="")
    agency.refresh_from_db()
    assert (agency.name, agency.administrator) == ("RKA", None)


def test_provisional_objects_can_be_listed(admin_client: Client) -> None:
    provisional = Agency.objects.create(pk=-1000, name="Named by a document")
    listing = address(Agency, "changelist")
    yes = admin_client.get(listing, {"provisional": "yes"}).context["cl"].queryset
    no = admin_client.get(listing, {"provisional": "no"}).context["cl"].queryset
    assert provisional in yes
    assert provisional not in no
    assert yes.count() + no.count() == Agency.objects.count()
    assert admin_client.get(address(Agency, "change", -1000)).status_code == 200


def test_every_list_can_leave_provisional_objects_out() -> None:
    request = RequestFactory().get("/")
    assert {page for page in ADMINS if PlaceholderFilter not in page.get_list_filter(request)} == {
        page for page in ADMINS if not issubclass(page.model, Resource)
    }


def test_a_new_agency_is_served(admin_client: Client) -> None:
    save(admin_client, address(Agency, "add"), name="Isar Aerospace", abbrev="ISAR", info_url="isaraerospace.com")
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
            address(Spacecraft, "add"),
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
    """A flight made in the admin with a crew of two at launch, one of whom also lands."""
    role, (commander, pilot) = AstronautRole.objects.all()[0], Astronaut.objects.all()[:2]
    craft = Spacecraft.objects.create(name="Nyx")
    parts = [("launch", commander), ("launch", pilot), ("landing", pilot)]
    rows = {
        f"crew-{number}-{name}": value
        for number, (phase, who) in enumerate(parts)
        for name, value in {"phase": phase, "role": role.pk, "astronaut": who.pk}.items()
    }
    launch = Launch.objects.all()[0]
    url = address(SpacecraftFlight, "add")
    save(admin_client, url, spacecraft=craft.pk, launch=launch.pk, **{"crew-TOTAL_FORMS": "3"}, **rows)
    return craft.flights.get()


def test_a_new_flight_is_served_with_its_crew(admin_client: Client, flight: SpacecraftFlight) -> None:
    assert flight.pk >= LOCAL_IDS_FROM
    served = admin_client.get(f"/2.3.0/spacecraft_flights/{flight.pk}/").json()
    crews = {phase: served[f"{phase}_crew"] for phase in ("launch", "onboard", "landing")}
    ids = {phase: [part["id"] for part in crew] for phase, crew in crews.items()}
    assert ids == {"launch": [LOCAL_IDS_FROM, LOCAL_IDS_FROM + 1], "onboard": [], "landing": [LOCAL_IDS_FROM]}
    assert crews["launch"][1]["astronaut"] == crews["landing"][0]["astronaut"]


def test_a_flight_can_lose_and_move_crew(admin_client: Client, flight: SpacecraftFlight) -> None:
    """Who is moved to a phase where the number is taken gets a new one; all others keep theirs."""
    url = address(SpacecraftFlight, "change", flight.pk)
    save(admin_client, url, **{"crew-0-phase": "landing", "crew-1-DELETE": "on"})
    numbers = list(flight.crew.order_by("pk").values_list("phase", "number"))
    assert numbers == [("landing", LOCAL_IDS_FROM + 1), ("landing", LOCAL_IDS_FROM)]


def test_upstreams_numbers_of_crews_stay() -> None:
    told = AstronautFlight.objects.filter(number__lt=LOCAL_IDS_FROM).first()
    assert told
    number = told.number
    told.save()
    another = AstronautFlight.objects.create(flight=told.flight, phase=told.phase)
    assert (told.number, another.number) == (number, LOCAL_IDS_FROM)


def test_what_refers_to_an_image_is_linked(admin_client: Client) -> None:
    """Though an image has no way back to it."""
    flown = Spacecraft.objects.filter(image__isnull=False)[0]
    page = admin_client.get(reverse("admin:common_image_change", args=[flown.image_id])).text
    assert f"{reverse('admin:spacecraft_spacecraft_changelist')}?image__id__exact={flown.image_id}" in page


def test_log_of_edits_keeps_no_token(admin_client: Client) -> None:
    user = User.objects.create(username="an app")
    admin_client.post(reverse("admin:authtoken_tokenproxy_add"), {"user": user.pk})
    key = Token.objects.get(user=user).key
    assert key in admin_client.get(reverse("admin:authtoken_tokenproxy_changelist")).text
    admin_client.post(reverse("admin:authtoken_tokenproxy_change", args=[user.pk]), {"user": user.pk})
    admin_client.post(reverse("admin:authtoken_tokenproxy_delete", args=[user.pk]), {"post": "yes"})
    assert not Token.objects.exists()
    assert [entry.object_repr for entry in LogEntry.objects.all()] == ["an app"] * 3
    assert not LogEntry.objects.filter(change_message__contains=key).exists()
