"""The pages of the API: views, tables, objects, navigation, and errors."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from agencies.models import Agency, AgencyType
from flights.models import CelestialBody, Launch, Location, Mission, Pad, SpacecraftFlight
from spacecraft.models import Spacecraft
from spacedb.common.models import Country, Image, ImageLicense
from spacedb.pages.links import VIEW_PARAM
from spacedb.rest.versions import versions
from spacedb.rest.viewsets import ResourceViewSet
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import describe
from tests.endpoints import endpoints, resource_endpoints
from tests.page_checks import PageParser, check_page

HTML = {"accept": "text/html,*/*;q=0.8"}
LIST = "/2.3.0/agencies/"

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]


@pytest.fixture(autouse=True)
def agencies(db: None) -> None:
    commercial = AgencyType.objects.create(pk=3, name="Commercial")
    license_ = ImageLicense.objects.create(pk=1, name="Public <domain>", link="https://example.com/license", priority=1)
    image = Image.objects.create(
        pk=1,
        name="A <rocket>",
        image_url="https://images.example/1.jpg",
        thumbnail_url="https://images.example/1s.jpg",
        credit="Some <body>",
        license=license_,
    )
    for pk in range(1, 26):
        Agency.objects.create(pk=pk, name=f"Agency <{pk:02}>", type=commercial, founding_year=1900 + pk, image=image)
    Agency.objects.get(pk=1).country.add(Country.objects.create(pk=1, name="France", alpha_3_code="FRA"))


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url, headers=HTML)
    assert response.status_code == status
    check_page(response)
    return response.text


def links_of(text: str) -> dict[str, str]:
    """Return the target of each link by its text."""
    pairs = re.findall(r'<a [^>]*?href="(.*?)"[^>]*>(.*?)</a>', text, flags=re.DOTALL)
    return {html.unescape(re.sub(r"<[^>]*>", "", shown)).strip(): html.unescape(target) for target, shown in pairs}


def title_of(text: str) -> str:
    return html.unescape(text.split("<title>")[1].split("</title>", maxsplit=1)[0])


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_table(client: Client) -> None:
    text = page(client, f"{LIST}?limit=2")
    assert title_of(text) == "Agencies · 2.3.0 · spacedb"
    head, body = text.split("<thead>")[1].split("</thead>")
    assert [re.sub(r"<[^>]*>|▲", "", cell).strip() for cell in re.findall(r"<th.*?</th>", head)] == [
        "Picture",
        "Name",
        "Abbreviation",
        "Type",
        "Country",
        "Founding year",
    ]
    first = body.split("<tr>")[1]
    assert '<a href="/2.3.0/agencies/1/">Agency &lt;01&gt;</a>' in first
    assert '<img src="https://images.example/1s.jpg" alt="Picture of Agency &lt;01&gt;"' in first
    assert 'loading="lazy"' in first
    assert re.findall(r"<td>(.*?)</td>", first)[1:] == ["Commercial", "France", "1901"]
    assert body.split("</tbody>")[0].count("<tr>") == 2


@pytest.mark.parametrize(
    ("query", "target", "sort"),
    [
        ("", "ordering=-name", "ascending"),
        ("ordering=-name&", "ordering=name", "descending"),
        ("ordering=id&", "ordering=name", ""),
    ],
)
def test_headers_order_the_table(client: Client, query: str, target: str, sort: str) -> None:
    text = page(client, f"{LIST}?{query}limit=2&offset=4")
    assert links_of(text.split("<thead>")[1].split("</thead>")[0])[
        "Name" + {"ascending": " ▲", "descending": " ▼", "": ""}[sort]
    ] == (f"{LIST}?limit=2&{target}")
    assert (f'aria-sort="{sort}"' in text) == bool(sort)


def test_pages_of_a_list(client: Client) -> None:
    text = page(client, f"{LIST}?limit=10&offset=10&search=Agency&view=json")
    assert text.count("11\N{EN DASH}20 of 25") == 2
    links = links_of(text)
    query = f"{LIST}?limit=10&search=Agency&view=json"
    assert (links["First"], links["Previous"]) == (query, query)
    assert (links["Next"], links["Last"]) == (f"{query}&offset=20", f"{query}&offset=20")
    assert links["50"] == f"{LIST}?search=Agency&view=json&limit=50"
    last = links_of(page(client, f"{LIST}?limit=10&offset=20"))
    assert "Next" not in last
    assert "Last" not in last
    beyond = page(client, f"{LIST}?offset=1000")
    assert "This page is after the last object." in beyond
    assert links_of(beyond)["Previous"] == f"{LIST}?offset=20"
    assert links_of(beyond)["Show the first page"] == LIST
    assert "Nothing matches." in page(client, f"{LIST}?search=nothing")


def test_the_view_is_kept_by_all_links(client: Client) -> None:
    links = links_of(page(client, f"{LIST}?limit=1&view=json"))
    assert links["http://testserver/2.3.0/agencies/1/"] == f"{LIST}1/?view=json"
    assert links["http://testserver/2.3.0/agencies/?limit=1&offset=1&view=json"] == f"{LIST}?limit=1&offset=1&view=json"
    assert links["Detailed"] == f"{LIST}?limit=1&view=json&mode=detailed"
    assert links["2.2.0"] == "/2.2.0/agencies/?view=json"
    assert links["Table"] == f"{LIST}?limit=1"
    assert links_of(page(client, f"{LIST}1/?view=json"))["Agencies"] == f"{LIST}?view=json"


def test_views_are_ignored_by_json(client: Client) -> None:
    """They have their own ETags, because `next` repeats all parameters of the request."""
    plain, other = (client.get(f"{LIST}?limit=1{query}") for query in ("", "&view=raw"))
    assert plain.json()["results"] == other.json()["results"]
    etags = {client.get(f"{LIST}?limit=1&view={view}", headers=HTML)["etag"] for view in ("table", "json", "raw")}
    assert len(etags) == 3


def test_no_version_has_a_filter_of_this_name() -> None:
    for path, view in endpoints().items():
        assert VIEW_PARAM not in view.filter_names(), path


def test_an_unknown_view_or_part_is_the_whole_table(client: Client) -> None:
    for value in ("x", "", "table/nothing", "table/results/99", "json/results/-1", "%00"):
        text = page(client, f"{LIST}?limit=1&view={value}")
        assert "Show the whole list" not in text, value


def test_a_part_of_the_result(client: Client) -> None:
    text = page(client, f"{LIST}?limit=2&view=json/results/1/type")
    assert "Commercial" in text
    assert "Agency" not in text.split('<div class="json"')[1].split("</div>")[0]
    assert links_of(text)["Show the whole list"] == f"{LIST}?limit=2&view=json"
    assert "<td>" in page(client, f"{LIST}?limit=2&view=table/results")
    assert "Commercial" in page(client, f"{LIST}1/?view=table/type")
    assert "Commercial" in page(client, f"{LIST}1/?view=table/type/name")


def test_columns_exist() -> None:
    """Each declared path leads to a value in a mode of a version that uses the declaration."""
    declared: dict[tuple[str, ...], list[type[ResourceViewSet]]] = {}
    for view in endpoints().values():
        for paths in (view.columns, view.title_paths):
            declared.setdefault(tuple(paths), []).append(view)
    assert len(declared) > 20
    for paths, views in declared.items():
        serializers = [serializer for view in views for serializer in view.modes.values()]
        for path in paths:
            assert any(has_path(serializer, path.split(".")) for serializer in serializers), (views[0], path)


def has_path(serializer: SerializerClass, keys: list[str]) -> bool:
    for spec in describe(serializer):
        if spec.key == keys[0]:
            nested: Any = getattr(spec, "serializer", None)
            return len(keys) == 1 or (nested is not None and has_path(nested, keys[1:]))
    return False


# --- Objects ----------------------------------------------------------------------------------------------------------


def test_page_of_an_object(client: Client) -> None:
    text = page(client, f"{LIST}1/")
    assert title_of(text) == "Agency <01> · agency · spacedb"
    assert "<h1>Agency &lt;01&gt;</h1>" in text
    assert "<dt>Founding year</dt><dd>1901</dd>" in text
    assert "<dt>Country</dt><dd>France</dd>" in text
    figure = text.split("<figure")[1].split("</figure>")[0]
    assert 'alt="A &lt;rocket&gt;"' in figure
    assert "Some &lt;body&gt;" in figure
    assert '<a href="https://example.com/license" rel="nofollow">Public &lt;domain&gt;</a>' in figure
    assert "Administrator" in text.split("Without a value:")[1]
    assert '"founding_year"' in text.split("<h2>JSON</h2>")[1]


def test_lists_of_an_object_are_tables(client: Client) -> None:
    craft = Spacecraft.objects.create(pk=1, name="Vostok")
    mission = Mission.objects.create(pk=1, name="Vostok 5")
    launch = Launch.objects.create(pk="0d0acc45-bcf8-4d06-8093-be999f9233ba", name="K | Vostok 5", mission=mission)
    for pk in range(1, 31):
        SpacecraftFlight.objects.create(pk=pk, spacecraft=craft, launch=launch if pk == 1 else None)
    text = page(client, "/2.3.0/spacecraft/1/")
    assert '<h2>Flights <span class="count">30</span></h2>' in text
    assert text.count("<tbody>") == 1
    assert text.count("<tr>") == 21
    assert links_of(text)["Show all 30"] == "/2.3.0/spacecraft/1/?view=table%2Fflights"
    assert page(client, links_of(text)["Show all 30"]).count("<tr>") == 31
    assert title_of(page(client, "/2.3.0/spacecraft_flights/1/")) == "Vostok 5 · spacecraft flight · spacedb"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://images.example/1.jpg", ""])
def test_only_pictures_by_https_are_shown(client: Client, url: str) -> None:
    Image.objects.update(image_url=url, thumbnail_url=url)
    for path in (f"{LIST}1/", f"{LIST}?limit=1", "/2.2.0/agencies/1/"):
        assert PageParser(page(client, path)).images == []


# --- Navigation -------------------------------------------------------------------------------------------------------


def test_versions_of_a_resource(client: Client) -> None:
    for path in resource_endpoints():
        number = path.split("/")[1]
        text = page(client, path)
        related = text.split('aria-label="Versions"')[1].split("</nav>")[0]
        links = links_of(related)
        assert links[number] == path
        assert f'<a href="{path}" aria-current="page">' in related


def test_only_versions_that_have_the_object(client: Client) -> None:
    """Versions before 2.3.0 have no launches from other celestial bodies."""
    bodies = [CelestialBody.objects.create(pk=pk, name=name) for pk, name in ((1, "Earth"), (3, "Mars"))]
    shown = []
    for pk, body in enumerate(bodies, start=1):
        pad = Pad.objects.create(pk=pk, location=Location.objects.create(pk=pk, celestial_body=body))
        launch = Launch.objects.create(name="Launch", pad=pad)
        related = page(client, f"/2.3.0/launches/{launch.pk}/").split('aria-label="Versions"')[1].split("</nav>")[0]
        shown.append(links_of(related))
    assert list(shown[0]) == list(versions())
    assert shown[0]["2.0.0"].startswith("/2.0.0/launch/")
    assert list(shown[1]) == ["2.3.0"]


def test_edit_is_for_editors(client: Client) -> None:
    """A page of a session has no ETag: the permissions of a user are no part of the revision."""
    detail = f"{LIST}1/"
    anonymous = client.get(detail, headers=HTML)
    assert "Edit" not in links_of(anonymous.text)
    user = User.objects.create_user("editor", is_staff=True)
    client.force_login(user)
    conditional = {**HTML, "if-none-match": anonymous["etag"]}
    response = client.get(detail, headers=conditional)
    assert response.status_code == 200
    assert "Edit" not in links_of(response.text)
    user.user_permissions.add(Permission.objects.get(codename="change_agency"))
    response = client.get(detail, headers=conditional)
    assert links_of(response.text)["Edit"] == "/admin/agencies/agency/1/change/"
    assert client.get(links_of(response.text)["Edit"]).status_code == 200
    assert response["cache-control"] == "private, no-store"
    assert "etag" not in response
    assert "etag" in client.get(detail)


def test_formats(client: Client) -> None:
    for path in (LIST, f"{LIST}1/", "/2.3.0/"):
        links = links_of(page(client, path).split('aria-label="Formats"')[1].split("</nav>")[0])
        assert links["JSON"] == f"{path}?format=json"
        for target in links.values():
            assert client.get(target).status_code == 200


def test_links_of_pages_work(client: Client) -> None:
    paths = ["/2.3.0/", LIST, f"{LIST}1/", f"{LIST}0/", f"{LIST}?type__id=x", "/2.2.0/agencies/1/", "/2.3.0/launch/"]
    targets = {target for path in paths for target in PageParser(client.get(path, headers=HTML).text).links}
    for target in targets:
        if target.startswith(("/2", "?")):
            assert client.get(target, headers=HTML).status_code == 200, target


def test_root(client: Client) -> None:
    for number in versions():
        text = page(client, f"/{number}/")
        assert f"<h1>Launch Library {number}</h1>" in text
        assert ("The launches, events, vehicles and notices of the Starship program" in text) == ("/dashboard/" in text)
        links = PageParser(text).links
        for url in client.get(f"/{number}/").json().values():
            assert url in links


@pytest.mark.parametrize("path", ["/2.3.0/", LIST, f"{LIST}1/", "/2.3.0/api-throttle/"])
def test_options(client: Client, path: str) -> None:
    response = client.options(path, headers=HTML)
    assert response.status_code == 200
    check_page(response)
    assert "<dt>Renders</dt>" in response.text


# --- Errors -----------------------------------------------------------------------------------------------------------


def test_page_of_an_invalid_value(client: Client) -> None:
    """It still has the form, with the value."""
    text = page(client, f"{LIST}?type__id=%3Cx%3E&limit=3", 400)
    assert "HTTP 400 Bad Request" in text
    assert "<code>type__id=&lt;x&gt;</code>" in text
    assert "is not the id of an Agency Type. Accepted: 3 (Commercial)." in html.unescape(text)
    form = text.split('id="filters"')[1].split("</form>")[0]
    assert 'name="type__id"' in form
    assert "&lt;x&gt;" in form
    assert links_of(text)["Agencies"] == LIST


@pytest.mark.parametrize(
    ("path", "ways"),
    [
        (f"{LIST}0/", {"Agencies": LIST, "All endpoints of version 2.3.0": "/2.3.0/"}),
        ("/2.3.0/launch/", {"2.3.0/launches": "/2.3.0/launches/"}),
        ("/2.2.0/launches/upcoming/", {"2.2.0/launch/upcoming": "/2.2.0/launch/upcoming/"}),
        ("/nothing/", {}),
    ],
)
def test_page_of_something_that_does_not_exist(client: Client, path: str, ways: dict[str, str]) -> None:
    text = page(client, path, 404)
    assert "HTTP 404 Not Found" in text
    assert links_of(text).items() >= ways.items()
    assert "Docs" in links_of(text)
