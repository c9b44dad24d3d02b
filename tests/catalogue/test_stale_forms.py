"""Forms of the admin that were opened before someone else wrote the same object."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, AgencyType
from flights.models import Astronaut, AstronautRole, InfoURL, Launch, LauncherConfig, Program, SpacecraftFlight
from spacecraft.models import Spacecraft
from spacedb.catalogue.admin import ResourceAdmin
from spacedb.catalogue.forms import PartialModelForm
from spacedb.catalogue.models import LOCAL_IDS_FROM
from spacedb.catalogue.write_lock import WRITE_LOCK
from spacedb.common.models import SocialMediaLink
from tests.admin_forms import FormParser, admin_url, load, submit
from tests.catalogue.test_admin import admin_user, every_kind_of_admin

__all__ = ["admin_user"]

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("starter and examples")]


@pytest.fixture
def agency() -> Agency:
    agency = Agency.objects.filter(pk__gt=0, type__isnull=False).exclude(abbrev="")[0]
    agency.social_media_links.set(SocialMediaLink.objects.all()[:2])
    return agency


def stored(page: ResourceAdmin, pk: Any) -> list[Any]:
    row = page.model._base_manager.get(pk=pk)
    relations = [sorted(getattr(row, field.name).values_list("pk")) for field in page.opts.many_to_many]
    return [{field.attname: getattr(row, field.attname) for field in page.opts.concrete_fields}, *relations]


@pytest.mark.vendor_neutral
@every_kind_of_admin
def test_an_unedited_form_keeps_what_others_wrote(admin_client: Client, page: ResourceAdmin) -> None:
    """All columns and relations of an object become those of another one while its form is open."""
    rows = page.model._base_manager.order_by("pk")
    row, other = rows[0], rows.reverse()[0]
    data = load(admin_client, url := admin_url(page.model, "change", row.pk))
    columns = [field.attname for field in page.opts.concrete_fields if not field.unique]
    rows.filter(pk=row.pk).update(**{name: getattr(other, name) for name in columns})
    for field in page.opts.many_to_many:
        getattr(row, field.name).set(getattr(other, field.name).all())
    written = stored(page, row.pk)
    submit(admin_client, url, data)
    assert stored(page, row.pk) == written


def test_only_edited_fields_are_written(admin_client: Client, agency: Agency) -> None:
    data = load(admin_client, url := admin_url(Agency, "change", agency.pk))
    other_type = AgencyType.objects.exclude(agency=agency)[0]
    Agency.objects.filter(pk=agency.pk).update(abbrev="NEW", type=other_type, description=None, total_launch_count=7)
    agency.social_media_links.clear()
    submit(admin_client, url, data | {"name": "Renamed", "founding_year": "1999"})
    agency.refresh_from_db()
    assert (agency.name, agency.founding_year) == ("Renamed", 1999)
    assert (agency.abbrev, agency.type, agency.description, agency.total_launch_count) == ("NEW", other_type, None, 7)
    assert not agency.social_media_links.exists()


def test_a_field_that_both_changed(admin_client: Client, agency: Agency) -> None:
    """The form shows both values and writes nothing. The next submission replaces the value."""
    data = load(admin_client, url := admin_url(Agency, "change", agency.pk)) | {"name": "Mine", "abbrev": "MINE"}
    Agency.objects.filter(pk=agency.pk).update(name="Theirs", administrator="New")
    response = admin_client.post(url, data)
    [error] = response.context["adminform"].form.errors["name"]
    assert "Theirs" in error
    assert "Mine" in error
    assert list(response.context["adminform"].form.errors) == ["name"]
    agency.refresh_from_db()
    assert (agency.name, agency.administrator) == ("Theirs", "New")
    assert agency.abbrev != "MINE"

    submit(admin_client, url, FormParser(response.text).data)
    agency.refresh_from_db()
    assert (agency.name, agency.abbrev, agency.administrator) == ("Mine", "MINE", "New")


def test_a_third_change_is_another_conflict(admin_client: Client, agency: Agency) -> None:
    url = admin_url(Agency, "change", agency.pk)
    data: dict[str, Any] = load(admin_client, url) | {"name": "Mine"}
    for name in ("First", "Second"):
        Agency.objects.filter(pk=agency.pk).update(name=name)
        response = admin_client.post(url, data)
        assert name in response.context["adminform"].form.errors["name"][0]
        data = FormParser(response.text).data


def test_the_same_change_is_no_conflict(admin_client: Client, agency: Agency) -> None:
    data = load(admin_client, url := admin_url(Agency, "change", agency.pk)) | {"name": "Both"}
    Agency.objects.filter(pk=agency.pk).update(name="Both")
    submit(admin_client, url, data)


def test_relations_that_both_changed(admin_client: Client, agency: Agency) -> None:
    first, second, third = AgencyType.objects.all()[:3]
    links = list(SocialMediaLink.objects.all()[:3])
    Agency.objects.filter(pk=agency.pk).update(type=first)
    agency.social_media_links.set(links[:1])
    data = load(admin_client, url := admin_url(Agency, "change", agency.pk))
    Agency.objects.filter(pk=agency.pk).update(type=second)
    agency.social_media_links.set(links[:2])
    mine: dict[str, Any] = {"type": str(third.pk), "social_media_links": [str(links[0].pk), str(links[2].pk)]}
    response = admin_client.post(url, data | mine)
    errors = response.context["adminform"].form.errors
    assert errors.keys() == mine.keys()
    assert all(str(value) in errors["type"][0] for value in (second, third))
    assert all(str(link) in errors["social_media_links"][0] for link in links)

    submit(admin_client, url, FormParser(response.text).data)
    agency.refresh_from_db()
    assert agency.type == third
    assert {link.pk for link in agency.social_media_links.all()} == {links[0].pk, links[2].pk}


def test_times_and_numbers_that_both_changed(admin_client: Client) -> None:
    launch = Launch.objects.filter(net__isnull=False, probability__isnull=False)[0]
    launch.spacecraft_flights.update(mission_end=None)
    data = load(admin_client, url := admin_url(Launch, "change", launch.pk))
    Launch.objects.filter(pk=launch.pk).update(net="2031-01-01T00:00:00.5Z", probability=98)
    response = admin_client.post(url, data | {"net_0": "2032-02-02", "probability": "99"})
    errors = response.context["adminform"].form.errors
    assert errors.keys() == {"net", "probability"}
    assert "2031-01-01" in errors["net"][0]
    submit(admin_client, url, FormParser(response.text).data)
    launch.refresh_from_db()
    assert launch.net is not None
    assert (launch.net.year, launch.probability) == (2032, 99)


@pytest.fixture
def program() -> Program:
    program = Program.objects.create(name="With live streams")
    for title in ("first", "second"):
        program.live_streams.create(title=title, description="", url="https://example.com")
    return program


def test_rows_that_others_changed_added_and_deleted(admin_client: Client, program: Program) -> None:
    first, second = program.live_streams.order_by("pk")
    data = load(admin_client, url := admin_url(Program, "change", program.pk))
    type(first).objects.filter(pk=first.pk).update(description="theirs")
    second.delete()
    program.live_streams.create(title="third", description="", url="https://example.com")
    submit(admin_client, url, data | {"live_streams-0-title": "mine", "name": "Renamed"})
    rows = program.live_streams.order_by("pk").values_list("title", "description")
    assert list(rows) == [("mine", "theirs"), ("third", "")]
    program.refresh_from_db()
    assert program.name == "Renamed"


def test_a_row_that_both_changed(admin_client: Client, program: Program) -> None:
    first, second = program.live_streams.order_by("pk")
    data = load(admin_client, url := admin_url(Program, "change", program.pk))
    type(first).objects.filter(pk=second.pk).update(title="theirs")
    response = admin_client.post(url, data | {"live_streams-1-title": "mine", "name": "Renamed"})
    [formset] = response.context["inline_admin_formsets"]
    assert [list(errors) for errors in formset.formset.errors] == [[], ["title"]]
    assert "theirs" in response.text
    program.refresh_from_db()
    assert program.name != "Renamed"
    submit(admin_client, url, FormParser(response.text).data)
    assert list(program.live_streams.order_by("pk").values_list("title", flat=True)) == ["first", "mine"]


def test_an_edited_row_that_was_deleted(admin_client: Client, program: Program) -> None:
    """The row is shown with an error until it is selected for deletion."""
    first, _ = program.live_streams.order_by("pk")
    data = load(admin_client, url := admin_url(Program, "change", program.pk))
    first.delete()
    edits = {"live_streams-0-title": "mine", "live_streams-1-title": "second, edited"}
    response = admin_client.post(url, data | edits)
    assert response.status_code == 200
    assert "Someone else has deleted this." in response.text
    submit(admin_client, url, FormParser(response.text).data | {"live_streams-0-DELETE": "on"})
    assert list(program.live_streams.values_list("title", flat=True)) == ["second, edited"]


def test_a_deleted_row_that_others_changed(admin_client: Client, program: Program) -> None:
    """The row comes back with what the others wrote. The next submission deletes it."""
    first, _ = program.live_streams.order_by("pk")
    data = load(admin_client, url := admin_url(Program, "change", program.pk))
    type(first).objects.filter(pk=first.pk).update(title="theirs")
    delete = {"live_streams-0-DELETE": "on", "live_streams-1-title": "mine", "name": "Renamed"}
    response = admin_client.post(url, data | delete)
    [formset] = response.context["inline_admin_formsets"]
    message = "Someone else has changed this to “theirs”. Save again to delete the row."
    assert formset.formset.errors == [{"title": [message]}, {}]
    assert message in response.text
    assert list(program.live_streams.order_by("pk").values_list("title", flat=True)) == ["theirs", "second"]

    data = FormParser(response.text).data
    assert data["live_streams-0-DELETE"] == ["on"]
    submit(admin_client, url, data)
    assert list(program.live_streams.values_list("title", flat=True)) == ["mine"]


def test_a_deleted_row_that_others_deleted(admin_client: Client, program: Program) -> None:
    first, _ = program.live_streams.order_by("pk")
    data = load(admin_client, url := admin_url(Program, "change", program.pk))
    first.delete()
    submit(admin_client, url, data | {"live_streams-0-DELETE": "on"})


def test_a_crew_member_that_moved_meanwhile(admin_client: Client) -> None:
    """The number that saving assigns is written, too."""
    astronaut, role = Astronaut.objects.all()[0], AstronautRole.objects.all()[0]
    flight = SpacecraftFlight.objects.create(launch=Launch.objects.all()[0], spacecraft=Spacecraft.objects.all()[0])
    member = flight.crew.create(phase="launch", number=5, astronaut=astronaut, role=role)
    data = load(admin_client, url := admin_url(SpacecraftFlight, "change", flight.pk))
    flight.crew.create(phase="landing", number=5, astronaut=astronaut, role=role)
    submit(admin_client, url, data | {"crew-0-phase": "landing"})
    member.refresh_from_db()
    assert (member.phase, member.number) == ("landing", LOCAL_IDS_FROM)


def test_an_object_that_was_deleted(admin_client: Client, program: Program) -> None:
    data = load(admin_client, url := admin_url(Program, "change", program.pk))
    program.delete()
    response = admin_client.post(url, data, follow=True)
    assert response.redirect_chain == [(reverse("admin:index"), 302)]
    assert "Perhaps it was deleted?" in response.text


def test_a_related_object_that_was_deleted(admin_client: Client, agency: Agency) -> None:
    link = SocialMediaLink.objects.create(url="https://example.com")
    agency.social_media_links.add(link)
    data = load(admin_client, url := admin_url(Agency, "change", agency.pk))
    link.delete()
    submit(admin_client, url, data | {"name": "Renamed"})
    agency.refresh_from_db()
    assert agency.name == "Renamed"


def test_unedited_fields_are_not_validated(admin_client: Client) -> None:
    """Ingest accepts values that a form does not."""
    config = LauncherConfig.objects.all()[0]
    LauncherConfig.objects.filter(pk=config.pk).update(info_url="javascript:alert(1)", name="")
    data = load(admin_client, url := admin_url(LauncherConfig, "change", config.pk))
    submit(admin_client, url, data | {"alias": "edited"})
    config.refresh_from_db()
    assert (config.info_url, config.name, config.alias) == ("javascript:alert(1)", "", "edited")


@pytest.mark.parametrize("values", ["x", "W10:1:2", "", None])
def test_missing_and_unreadable_shown_values(admin_client: Client, agency: Agency, values: str | None) -> None:
    """Without them, as in a script, the server does not know which of the submitted values the editor changed."""
    data: dict[str, Any] = load(admin_client, url := admin_url(Agency, "change", agency.pk)) | {"name": "Renamed"}
    data |= {"shown_values": values}
    response = admin_client.post(url, {name: value for name, value in data.items() if value is not None})
    [message] = response.context["adminform"].form.non_field_errors()
    assert message.endswith("Open the page again.")
    agency.refresh_from_db()
    assert agency.name != "Renamed"


@pytest.mark.parametrize("edited", [{"live_streams-0-title": "mine"}, {"live_streams-0-DELETE": "on"}])
def test_missing_shown_values_of_a_row(admin_client: Client, program: Program, edited: dict[str, str]) -> None:
    data = load(admin_client, url := admin_url(Program, "change", program.pk))
    response = admin_client.post(url, data | edited | {"live_streams-0-shown_values": ""})
    assert response.status_code == 200
    assert "Open the page again." in response.text
    assert program.live_streams.filter(title="first").exists()


def test_shown_values_of_an_editor_who_may_only_add_and_delete(program: Program) -> None:
    """Their forms do not contain the values, as they cannot change any."""
    editor = User.objects.create(username="editor", is_staff=True)
    names = ("change_program", "view_livestream", "add_livestream", "delete_livestream")
    editor.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(editor)
    data = load(client, url := admin_url(Program, "change", program.pk))
    assert "live_streams-0-shown_values" not in data
    submit(client, url, data | {"name": "Renamed", "live_streams-1-DELETE": "on"})
    assert list(program.live_streams.values_list("title", flat=True)) == ["first"]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_others_wait_while_a_form_is_saved(
    admin_client: Client, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = []
    clean = PartialModelForm.clean

    def try_lock(form: PartialModelForm) -> dict[str, Any]:
        other = connections["default"].copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [WRITE_LOCK])
                free.extend(cursor.fetchone())
        finally:
            other.close()
        return clean(form)

    data = load(admin_client, url := admin_url(Agency, "change", agency.pk))
    monkeypatch.setattr(PartialModelForm, "clean", try_lock)
    submit(admin_client, url, data | {"name": "Renamed"})
    assert free == [False]


def test_links_of_a_mission_that_was_written_again(admin_client: Client) -> None:
    """Ingest replaces a list of links: it deletes rows and adds others."""
    link = InfoURL.objects.filter(mission__isnull=False)[0]
    assert link.mission is not None
    data = load(admin_client, url := admin_url(type(link.mission), "change", link.mission.pk))
    InfoURL.objects.filter(mission=link.mission).delete()
    InfoURL.objects.create(mission=link.mission, url="https://example.com/new")
    submit(admin_client, url, data | {"name": "Renamed"})
    assert [each.url for each in InfoURL.objects.filter(mission=link.mission)] == ["https://example.com/new"]
