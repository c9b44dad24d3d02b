"""What the pages of the admin show: groups, pictures, links to the API, and actions."""

import csv
import io
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils.html import escape

from agencies.models import Agency
from flights.models import CelestialBody, Landing, Launch, LaunchStatus, Location, Mission, Pad, SpacecraftFlight
from spacecraft.models import Spacecraft, SpacecraftConfig
from spacedb.catalogue.admin import ConfigAdmin, ResourceAdmin
from spacedb.catalogue.pictures import picture, picture_of
from spacedb.common.models import Image
from spacedb.rest.detail_urls import detail_urls
from spacedb.rest.versions import versions
from tests.admin_forms import admin_url
from tests.catalogue.test_admin import ADMINS, admin_user, every_admin
from tests.endpoints import endpoints
from tests.page_checks import PageParser, check_page

__all__ = ["admin_user"]

LARGE_ADMINS = [page for page in ADMINS if not isinstance(page, ConfigAdmin)]
"""Those of short lists run the same code."""

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("starter and examples")]


def groups_of(client: Client) -> dict[str, list[type]]:
    response = client.get(reverse("admin:index"))
    return {group["name"]: [model["model"] for model in group["models"]] for group in response.context["app_list"]}


def test_groups(admin_client: Client) -> None:
    """Every model is in one group. Only short lists are vocabularies, and only other apps are in the last group."""
    groups = groups_of(admin_client)
    models = [model for group in groups.values() for model in group]
    assert sorted(map(str, models)) == sorted(map(str, admin.site._registry))
    assert list(groups)[-2:] == ["Vocabularies", "Accounts"]
    short_lists = {page.model for page in ADMINS if isinstance(page, ConfigAdmin)}
    assert set(groups.pop("Vocabularies")) == short_lists
    accounts = groups.pop("Accounts")
    assert User in accounts
    assert not {page.model for page in ADMINS} & set(accounts)
    assert groups["Spacecraft"][0] is Spacecraft


def test_pages_of_groups(admin_client: Client) -> None:
    for group in admin_client.get(reverse("admin:index")).context["app_list"]:
        response = admin_client.get(group["app_url"])
        check_page(response)
        assert response.context["app_list"] == [group]
        # The page of a model shows its group in the sidebar.
        page = admin_client.get(group["models"][0]["admin_url"])
        assert group["name"] in {each["name"] for each in page.context["available_apps"]}
    assert admin_client.get(reverse("admin:group", args=["nothing"])).status_code == 404
    assert admin_client.get(reverse("admin:app_list", args=["flights"])).status_code == 200


def test_heading_of_the_login_page(client: Client) -> None:
    assert "<h1>Log in</h1>" in client.get(reverse("admin:login")).text


def test_groups_of_an_editor_with_few_permissions() -> None:
    editor = User.objects.create(username="editor", is_staff=True)
    editor.user_permissions.set(editor.user_permissions.model.objects.filter(codename="change_launch"))
    client = Client()
    client.force_login(editor)
    assert groups_of(client) == {"Launches": [Launch]}


@pytest.mark.parametrize(
    ("url", "is_shown"),
    [
        ("https://example.com/a.jpg", True),
        ("http://example.com/a.jpg", False),  # browsers would not load it
        ("javascript:alert(1)", False),
        ('https://example.com/"onerror="alert(1)', True),  # escaped
        ("", False),
        (None, False),
    ],
)
def test_urls_of_pictures(url: str | None, is_shown: bool) -> None:
    html = PageParser(picture(url))
    assert html.images == ([url] if is_shown else [])
    assert html.inline_scripts == []


def test_pictures(admin_client: Client) -> None:
    full, small = "https://example.com/full.jpg", "https://example.com/small.jpg"
    image = Image.objects.create(name="Portrait", image_url=full, thumbnail_url=small)
    craft = Spacecraft.objects.create(name="Nyx", image=image)
    agency = Agency.objects.create(name="Exploration", logo=image)  # without an `image`
    for row in (image, craft, agency):
        assert PageParser(picture_of(row)).images == [small]
        for action, args in (("changelist", ()), ("change", (row.pk,))):
            response = admin_client.get(admin_url(type(row), action, *args), {} if args else {"q": f"{row.pk}"})
            check_page(response)
            assert small in PageParser(response.text).images
    assert full in PageParser(admin_client.get(admin_url(Image, "change", image.pk)).text).images
    image.thumbnail_url = ""
    assert PageParser(picture_of(craft)).images == [full]


@pytest.mark.vendor_neutral
@every_admin
def test_links_to_the_api(admin_client: Client, page: ResourceAdmin) -> None:
    """There is a link to each version that has an endpoint of the model, and none leads to a 404."""
    row = page.model._base_manager.filter(**({} if page.model is Launch else {"pk__gte": 0})).order_by("-pk")[0]
    urls = detail_urls(row)
    form = admin_client.get(admin_url(page.model, "change", row.pk)).text if page in LARGE_ADMINS else None
    expected = {path.split("/")[1] for path, view in endpoints().items() if view.queryset.model is page.model}
    assert urls.keys() == expected
    for number, url in urls.items():
        assert form is None or f'<a href="{url}" class="viewsitelink">API {number}</a>' in form
        assert url.startswith(f"/{number}/")
        response = admin_client.get(url)
        assert response.status_code == 200
        assert response.json()["id"] == (row.pk if isinstance(row.pk, int) else str(row.pk))
        assert resolve(url).func.cls.queryset.model is page.model  # type: ignore[attr-defined]


def test_links_to_versions_that_do_not_have_an_object() -> None:
    """Launches from other celestial bodies and one launch status exist since version 2.3.0, placeholders nowhere."""
    moon = CelestialBody.objects.create(pk=-7, name="Moon of the test")
    pad = Pad.objects.create(location=Location.objects.create(name="Base", celestial_body=moon))
    assert list(detail_urls(Launch.objects.create(name="Ascent", pad=pad))) == ["2.3.0"]
    assert list(detail_urls(Launch.objects.create(name="Lift-off"))) == list(versions())
    assert detail_urls(moon) == {}
    deployed, _ = LaunchStatus.objects.get_or_create(pk=LaunchStatus.PAYLOAD_DEPLOYED, defaults={"name": "Deployed"})
    assert list(detail_urls(deployed)) == ["2.3.0"]


def test_landings_are_named_by_their_flights(admin_client: Client) -> None:
    landing = Landing.objects.filter(spacecraftflight__isnull=False)[0]
    listing = admin_client.get(admin_url(Landing, "changelist"), {"q": f"{landing.pk}"})
    assert escape(str(landing.spacecraftflight)) in listing.text


def test_titles_of_lists_of_referring_objects(admin_client: Client) -> None:
    """The links to referring objects contain ids, and the lists name the objects."""
    flight = SpacecraftFlight.objects.filter(spacecraft__isnull=False).order_by("pk")[0]
    response = admin_client.get(
        admin_url(SpacecraftFlight, "changelist"), {"spacecraft__id__exact": f"{flight.spacecraft_id}"}
    )
    assert response.context["title"] == f"Spacecraft Flights of {flight.spacecraft}"
    for query in ({"spacecraft__id__exact": "0"}, {"launch__status__id__exact": "3"}, {}):
        response = admin_client.get(admin_url(SpacecraftFlight, "changelist"), query)
        assert response.context["title"] == "Select Spacecraft Flight to change"


def run_action(client: Client, model: Any, action: str, *rows: Any, **others: Any) -> Any:
    data = {"action": action, "_selected_action": [row.pk for row in rows], **others}
    return client.post(admin_url(model, "changelist"), data, follow=True)


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("page", LARGE_ADMINS, ids=lambda page: page.opts.label)
def test_export_as_csv(admin_client: Client, page: ResourceAdmin) -> None:
    rows = list(page.model._base_manager.order_by("-pk"))
    counts, exported = [], []
    for number in (1, len(rows)):
        with CaptureQueriesContext(connection) as queries:
            response = run_action(admin_client, page.model, "export_csv", *rows[:number])
        counts.append(len(queries))
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        exported = list(csv.DictReader(io.StringIO(response.text)))
        assert {row["id"] for row in exported} == {str(row.pk) for row in rows[:number]}
        assert all(None not in row and None not in row.values() for row in exported)
    assert counts[0] == counts[1]
    names = {field.name for field in (*page.opts.concrete_fields, *page.opts.many_to_many)} - {"received"}
    assert names <= exported[0].keys()


def test_exported_values(admin_client: Client) -> None:
    agency = Agency.objects.create(name="=1+1", description="two\nlines, “quoted”", featured=True, founding_year=-1)
    agency.country.set(agency.country.model.objects.order_by("pk")[:2])
    config = SpacecraftConfig.objects.create(name="Nyx", agency=agency, fastest_turnaround=None)
    [row] = csv.DictReader(io.StringIO(run_action(admin_client, Agency, "export_csv", agency).text))
    assert (row["name"], row["description"], row["featured"]) == ("'=1+1", "two\nlines, “quoted”", "true")
    assert (row["founding_year"], row["parent_id"], row["parent"]) == ("-1", "", "")
    assert row["country"] == "; ".join(str(each) for each in agency.country.order_by("pk"))
    assert row["country_id"] == "; ".join(str(each.pk) for each in agency.country.order_by("pk"))
    [row] = csv.DictReader(io.StringIO(run_action(admin_client, SpacecraftConfig, "export_csv", config).text))
    assert (row["agency_id"], row["agency"]) == (str(agency.pk), "'=1+1")


def test_export_of_all_pages(admin_client: Client) -> None:
    first = Mission.objects.all()[0]
    response = run_action(admin_client, Mission, "export_csv", first, select_across="1", index="0")
    assert len(list(csv.DictReader(io.StringIO(response.text)))) == Mission.objects.count()


def test_marking_placeholders(admin_client: Client) -> None:
    rows = [Spacecraft.objects.create(name=f"Nyx {number}", is_placeholder=number == 0) for number in range(3)]
    for action, value, count in (("mark_as_placeholder", True, 2), ("unmark_as_placeholder", False, 3)):
        LogEntry.objects.all().delete()
        response = run_action(admin_client, Spacecraft, action, *rows)
        assert f"{count} of the selected objects changed." in response.text
        assert set(Spacecraft.objects.filter(name__startswith="Nyx ").values_list("is_placeholder")) == {(value,)}
        assert {entry.get_change_message() for entry in LogEntry.objects.all()} == {"Changed is placeholder."}
        assert LogEntry.objects.count() == count


@pytest.mark.parametrize("model", [Spacecraft, SpacecraftFlight, SpacecraftConfig])
def test_recounting(admin_client: Client, model: Any) -> None:
    """The totals of a local spacecraft are recounted from its flights, whichever list the editor selects it in."""
    config = SpacecraftConfig.objects.create(name="Nyx")
    craft = Spacecraft.objects.create(name="Nyx", spacecraft_config=config)
    launch = Launch.objects.create(name="Lift-off", status_id=3, net="2020-01-01T00:00Z")
    flight = craft.flights.create(launch=launch, mission_end="2020-01-03T00:00Z")
    row = {Spacecraft: craft, SpacecraftFlight: flight, SpacecraftConfig: config}[model]
    response = run_action(admin_client, model, "recount", row)
    assert "Spacecraft recounted: 1. Totals changed: " in response.text
    craft.refresh_from_db()
    assert (craft.flights_count, craft.time_in_space.days if craft.time_in_space else None) == (1, 2)

    Spacecraft.objects.filter(pk=craft.pk).update(flights_count=9)
    response = run_action(admin_client, model, "recount", row)
    assert "skipped because not all of their flights are stored: 1." in response.text
