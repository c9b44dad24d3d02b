"""The filter panel of lists: a labelled field for every filter, names instead of ids, facets, chips, and errors."""

import re
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from flights.models import Launch, LaunchStatus, Location, Pad
from spacecraft.models import Spacecraft, SpacecraftStatus
from spacedb.pages.filters import names, panel, render
from spacedb.pages.filters.facets import MAX_FACET_VALUES
from spacedb.pages.filters.fields import Kind, layout
from spacedb.revision.replicas import ReplicaLostError
from spacedb.revision.snapshot import snapshot
from spacedb.revision.triggers import change_revision
from tests.endpoints import distinct_endpoints, endpoints, once_per_statement
from tests.filter_form import HTML, Form, form_of

FILTERED = sorted(path for path, view in endpoints().items() if view.filter_names())
DISTINCT = [path for path in FILTERED if path in distinct_endpoints()]
TIMELINES = tuple(path for path in FILTERED if path.endswith(("/upcoming/", "/previous/")))
LAUNCHES = "/2.3.0/launches/"
SPACECRAFT = "/2.3.0/spacecraft/"
FLIGHTS = "/2.3.0/spacecraft_flights/"

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue")]


@cache
def form_of_list(path: str) -> Form:
    """The form of a list without parameters. It is cached, as these tests do not change the catalogue."""
    return form_of(path)


def count(client: Client, url: str) -> int:
    response = client.get(url)
    assert response.status_code == 200, (url, response.content)
    return int(response.json()["count"])


# --- Fields -----------------------------------------------------------------------------------------------------------


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", sorted(distinct_endpoints()))
def test_every_filter_is_a_field_with_a_distinct_label(path: str) -> None:
    view = endpoints()[path]
    names_ = [*view.filter_names(), *(["search"] if view.search_fields else [])]
    if not names_:
        assert 'class="filters"' not in Client().get(path, headers=HTML).text
        return
    form = form_of_list(path)
    fields = form.fields()
    assert sorted(fields) == sorted(names_)
    assert form.hidden() == {}
    assert len(form.ids) == len(set(form.ids))
    for control in fields.values():
        assert form.labels[control.attributes["id"]]
        assert set(control.attributes.get("aria-describedby", "").split()) <= set(form.ids)
    assert len(form.html) < 100_000
    assert form.nodes < 3000
    labels = [each.full_label for each in layout(view).fields()]
    assert sorted(set(labels)) == sorted(labels)
    assert not [label for label in labels if "invalid" in label or not label[0].isupper()]


@pytest.mark.vendor_neutral
def test_declared_names_are_filters() -> None:
    """Those that a view declares itself. It may inherit others that its filter set does not have."""
    for path, view in endpoints().items():
        declared, fields = vars(view), layout(view)
        assert set(declared.get("main_filters") or ()) <= {group.name for group in fields.main}, path
        assert set(declared.get("facets") or ()) <= fields.facets, path
        assert not view.filter_names() or fields.main, path


def test_declared_order() -> None:
    groups = [group.name for group in layout(endpoints()[LAUNCHES]).main]
    assert groups == ["status", "lsp__id", "rocket__configuration__id", "pad__location", "net", "is_crewed"]
    form = form_of_list(LAUNCHES)
    assert form.controls["net__gte"].folded == 1
    assert form.controls["net__gt"].folded == 2


def test_derived_versions_ignore_names_that_they_do_not_have() -> None:
    assert "lsp__id" not in layout(endpoints()["/2.2.0/launch/"]).facets  # a method filters
    assert "net" not in {group.name for group in layout(endpoints()["/2.1.0/launch/previous/"]).main}


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", DISTINCT)
def test_empty_fields_have_no_effect(client: Client, path: str) -> None:
    """As a browser without JavaScript sends them."""
    empty = dict.fromkeys(form_of_list(path).fields(), "")
    all_, filtered = client.get(path).json(), client.get(path, empty).json()
    assert (filtered["count"], filtered["results"]) == (all_["count"], all_["results"])


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", DISTINCT)
def test_api_accepts_the_choices(client: Client, path: str) -> None:
    """The first and the last choice of every select box, all at once, so that none is ignored as an unknown one."""
    selects = {name: each.options for name, each in form_of_list(path).fields().items() if each.options}
    for index in (1, -1):
        query = {name: options[index][0] for name, options in selects.items() if len(options) > 1}
        response = client.get(path, query | {"limit": 1}, headers=HTML)
        assert response.status_code == 200, response.content
        page = Form(response.text)
        assert {name: page.controls[name].value for name in query} == query
        assert len(page.chips) == len(query) + (len(query) > 1)


def test_choices_have_names_in_the_order_of_a_dictionary() -> None:
    form = form_of_list(SPACECRAFT)
    options = form.controls["status"].options
    assert options[0] == ("", "any")
    statuses = {str(pk): name for pk, name in SpacecraftStatus.objects.filter(pk__gte=0).values_list("pk", "name")}
    assert dict(options[1:]) == statuses
    assert [name for _, name in form_of_list(LAUNCHES).controls["lsp__id"].options if "toile" in name.lower()] == [
        "Etoile",
        "ÉTOILE DU NORD",
        "étoile filante",
    ]
    assert form.controls["in_space"].options == [("", "any"), ("true", "yes"), ("false", "no")]
    country = dict(form_of_list("/2.3.0/agencies/").controls["country_code"].options)
    assert country["XNW"] == "Nowhere"


def test_choices_of_the_same_name_have_their_id() -> None:
    Location.objects.create(pk=7001, name="Twin")
    Location.objects.create(pk=7002, name="Twin")
    options = form_of("/2.3.0/pads/").controls["location__id"].options
    assert {("7001", "Twin (7001)"), ("7002", "Twin (7002)")} <= set(options)


def test_names_as_values_are_listed_once() -> None:
    Pad.objects.create(pk=7001, name="A", location=Location.objects.create(pk=7001, name="Twin"))
    Pad.objects.create(pk=7002, name="B", location=Location.objects.create(pk=7002, name="Twin"))
    options = form_of("/2.3.0/pads/").controls["location__name"].options
    assert options.count(("Twin", "Twin")) == 1
    assert count(Client(), "/2.3.0/pads/?location__name=Twin") == 2


NATIVE_TYPES = [
    ("net__gte", "2020-01-31", "date"),
    ("net__gte", "2020-01-31T12:00:00Z", "text"),
    ("net__lte", "", "date"),
    ("agency_launch_attempt_count", "7", "number"),
    ("year", "2020,2021", "text"),
    ("name", "1", "text"),
]


@pytest.mark.parametrize(("name", "value", "expected"), NATIVE_TYPES)
def test_native_fields(name: str, value: str, expected: str) -> None:
    """A browser shows no value that does not fit the type of the field, so such a value has a text field."""
    control = form_of(f"{LAUNCHES}?{name}={value}").controls[name]
    assert (control.attributes["type"], control.value) == (expected, value)


def test_exact_times() -> None:
    for value, expected in (("2020-01-31T12:00", "datetime-local"), ("2020-01-31", "text")):
        control = form_of(f"/2.3.0/updates/?created_on={value}").controls["created_on"]
        assert (control.attributes["type"], control.value) == (expected, value)


def test_form_contains_the_values_of_the_query() -> None:
    form = form_of(f'{SPACECRAFT}?status=1,2&in_space=YES&name="><b>&search=<i>&name=last')
    assert form.controls["status"].value == "1,2"
    named = dict(SpacecraftStatus.objects.values_list("pk", "name"))
    assert form.controls["status"].options[0] == ("1,2", f"{named[1]}, {named[2]}")
    assert form.controls["in_space"].options[0] == ("YES", "yes")
    assert form.controls["name"].value == "last"
    assert form.controls["search"].value == "<i>"


def test_form_keeps_the_other_parameters() -> None:
    form = form_of(f"{SPACECRAFT}?mode=detailed&limit=2&offset=4&ordering=-id&view=json&format=api&unknown=1")
    assert form.hidden() == {"mode": "detailed", "limit": "2", "ordering": "-id", "view": "json", "format": "api"}


# --- Many objects -----------------------------------------------------------------------------------------------------


def create_many_objects() -> None:
    """Create more agencies than a select box has, and as many other objects with long names as it may have."""
    long = "n" * 70
    Agency.objects.bulk_create(Agency(pk=20_000 + n, name=f"Agency {n}") for n in range(names.MAX_CHOICES + 1))
    Location.objects.bulk_create(Location(pk=20_000 + n, name=f"{long} {n}") for n in range(250))
    Pad.objects.bulk_create(Pad(pk=20_000 + n, name=f"{long} {n}") for n in range(250))
    LaunchStatus.objects.bulk_create(LaunchStatus(pk=20_000 + n, name=f"{long} {n}") for n in range(250))


@pytest.mark.parametrize("path", [LAUNCHES, "/2.2.0/launch/", "/2.3.0/agencies/", "/2.3.0/pads/"])
def test_panel_stays_small(path: str) -> None:
    fields = sorted(form_of_list(path).fields())
    create_many_objects()
    form = form_of(path)
    assert len(form.html) < 100_000
    assert form.nodes < 3000
    assert sorted(form.fields()) == fields


def test_filters_with_many_objects_accept_ids_and_find_names() -> None:
    create_many_objects()
    form = form_of(f"{LAUNCHES}?lsp__id=20007,5000")
    control = form.controls["lsp__id"]
    assert (control.attributes["type"], control.value) == ("text", "20007,5000")
    assert "Agency 7, étoile filante" in form.html
    assert form.controls["status"].options
    form = form_of(f"{LAUNCHES}?lsp__id=agency 17", status=400)
    assert form.controls["lsp__id"].value == "agency 17"
    [(name, url), *_] = form.suggestions["lsp__id"]
    assert (name, url) == ("Agency 17", f"{LAUNCHES}?lsp__id=20017")
    assert len(form.suggestions["lsp__id"]) == names.MAX_SUGGESTIONS


# --- Facets -----------------------------------------------------------------------------------------------------------


def counted(path: str) -> set[tuple[object, ...]]:
    """Return what determines the SQL of each facet."""
    view = endpoints()[path]
    names_ = layout(view).facets
    return {(view.queryset.model, view.filterset_class.base_filters[name].field_name) for name in names_}


@pytest.mark.parametrize("path", once_per_statement({path: counted(path) for path in DISTINCT}))
def test_facets_count_what_their_links_list(client: Client, path: str) -> None:
    form = form_of_list(path)
    assert form.facets.keys() <= layout(endpoints()[path]).facets
    for name, values in form.facets.items():
        assert 2 <= len(values) <= MAX_FACET_VALUES
        assert [number for _, number, _ in values] == sorted((number for _, number, _ in values), reverse=True)
        for _, number, url in values[:3]:
            assert number == count(client, f"{url}&limit=1"), (name, url)


def test_facets_are_derived_for_most_lists() -> None:
    assert form_of_list(SPACECRAFT).facets.keys() == {"status", "spacecraft_config", "in_space"}
    assert form_of_list(LAUNCHES).facets.keys() <= {"status", "lsp__id", "pad__location"}


def test_facets_count_the_filtered_list(client: Client) -> None:
    """A selected value removes itself; the other parameters stay."""
    [(name, number, url)] = form_of(f"{SPACECRAFT}?in_space=true&search=e&offset=1&limit=3").facets["in_space"]
    assert name.startswith("yes")
    assert number == count(client, f"{SPACECRAFT}?in_space=true&search=e")
    assert url == f"{SPACECRAFT}?search=e&limit=3"
    for _, number, url in form_of(f"{SPACECRAFT}?in_space=true").facets["status"]:
        assert "in_space=true" in url
        assert number == count(client, url)


def test_long_lists_have_no_facets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "MAX_FACET_ROWS", Spacecraft.objects.filter(pk__gte=0).count() - 1)
    assert form_of(SPACECRAFT).facets == {}
    assert form_of(f"{SPACECRAFT}?in_space=true").facets


# --- Chips ------------------------------------------------------------------------------------------------------------


def test_chips_name_the_active_filters() -> None:
    status = SpacecraftStatus.objects.get(pk=1).name
    form = form_of(f"{SPACECRAFT}?status=1&in_space=false&search=e&limit=5&offset=5&name=&unknown=2")
    assert form.chips == [
        (f"Status: {status}", f"{SPACECRAFT}?in_space=false&search=e&limit=5&unknown=2"),
        ("In space: no", f"{SPACECRAFT}?status=1&search=e&limit=5&unknown=2"),
        ("Search: e", f"{SPACECRAFT}?status=1&in_space=false&limit=5&unknown=2"),
        ("Remove all", f"{SPACECRAFT}?limit=5&unknown=2"),
    ]
    assert form_of_list(SPACECRAFT).chips == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("net__gte=2020-01-01", "NET from: 2020-01-01"),
        ("status=1&status=3", "Status: Go for Launch, Launch Successful"),
        ("lsp__id=44,77", "Launch service provider: National Aeronautics and Space Administration, 77"),
        ("rocket__configuration__full_name__icontains=Falcon", "Launcher configuration full name contains: Falcon"),
        (f"lsp__id={','.join(['44'] * 30)}", re.compile(r".*, National Aeronautics and Space Admi.*…|.* and 10 more")),
    ],
)
def test_chip(query: str, expected: Any) -> None:
    [(text, url)] = form_of(f"{LAUNCHES}?{query}").chips
    assert re.fullmatch(expected, text)
    assert url == LAUNCHES


def test_long_queries_are_not_repeated_in_links() -> None:
    query = f"in_space=true&name={'x' * 3000}"
    form = form_of(f"{SPACECRAFT}?{query}&limit=3")
    assert form.chips == [("Remove all", f"{SPACECRAFT}?limit=3")]
    assert form.facets == {}
    assert form.html.count("x" * 3000) == 1
    form = form_of(f"{LAUNCHES}?lsp__id=NASA&{query}", status=400)
    assert form.suggestions == {}


# --- Errors -----------------------------------------------------------------------------------------------------------


def test_invalid_value_is_marked_at_its_field() -> None:
    form = form_of(f"{SPACECRAFT}?status=999&in_space=true&limit=3&view=json", status=400)
    status = form.controls["status"]
    assert status.attributes["aria-invalid"] == "true"
    assert "filter-status-error" in status.attributes["aria-describedby"].split()
    assert "&quot;999&quot; is not the id of a Spacecraft Status" in form.html
    assert (status.value, status.folded) == ("999", 0)
    assert (form.controls["in_space"].value, form.hidden()) == ("true", {"limit": "3", "view": "json"})
    assert "aria-invalid" not in form.controls["in_space"].attributes
    assert form.chips[0] == ("Status: 999", f"{SPACECRAFT}?in_space=true&limit=3&view=json")
    assert form.facets == {}


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", DISTINCT)
def test_every_invalid_field_is_marked(client: Client, path: str) -> None:
    """Also those behind "More filters", which is open then."""
    query = dict.fromkeys(endpoints()[path].filter_names(), "no such, value \x00%<\ud7ff")
    response: Any = client.get(path, query, headers=HTML)
    assert response.status_code == 400
    assert response.data
    form = Form(response.text)
    marked = {name: each for name, each in form.fields().items() if "aria-invalid" in each.attributes}
    assert marked.keys() == response.data.keys()
    assert {each.folded for each in marked.values()} == {0}
    assert {each.attributes["id"] for each in marked.values()} <= set(re.findall(r'href="#(.*?)"', form.html))


def test_invalid_search_is_marked() -> None:
    form = form_of(f"{SPACECRAFT}?search={'x ' * 600}", status=400)
    assert form.controls["search"].attributes["aria-invalid"] == "true"


def test_name_instead_of_an_id_is_a_question() -> None:
    """The links select the objects that the name may mean."""
    spacecraft = Spacecraft.objects.create(pk=9001, name="Endeavour, found by its name")
    form = form_of(f"{FLIGHTS}?spacecraft=found by&limit=2&mode=list", status=400)
    [(name, url)] = form.suggestions["spacecraft"]
    assert (name, dict(parse_qsl(urlsplit(url).query))) == (
        spacecraft.name,
        {"spacecraft": "9001", "limit": "2", "mode": "list"},
    )
    assert form_of(url).chips[0][0] == f"Spacecraft: {spacecraft.name}"
    [(name, _)] = form_of(f"{LAUNCHES}?lsp__id=NASA", status=400).suggestions["lsp__id"]
    assert name == "National Aeronautics and Space Administration"


@pytest.mark.parametrize("value", ["\x00", "x" * 5000, "%", "'", "\\", "9" * 30, "-1", "1,2,x", "__", "\ud7ff"])
def test_odd_values(client: Client, value: str) -> None:
    names_ = ("lsp__id", "status", "mission__orbit__name", "net__gte", "pad", "is_crewed", "id", "ordering", "search")
    for odd in (value, f"{value},1"):
        for query in (dict.fromkeys(names_, odd), {"mission__orbit__name": odd, "lsp__name": odd, "ordering": odd}):
            assert client.get(LAUNCHES, query | {"limit": "1"}, headers=HTML).status_code in (200, 400)


def test_other_errors_have_no_form(client: Client) -> None:
    for url in (f"{SPACECRAFT}0/", "/2.3.0/none/", f"{SPACECRAFT}36/"):
        assert 'class="filters"' not in client.get(url, headers=HTML).text


def test_lost_replica_is_replaced(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """The errors are shown in a snapshot of their own, which another database provides if the first one fails."""
    attempts: list[int] = []

    def lost_once() -> Any:
        attempts.append(1)
        if len(attempts) == 1:
            raise ReplicaLostError
        return snapshot()

    settings.REPLICAS = ["default"]
    monkeypatch.setattr(render, "snapshot", lost_once)
    assert client.get(f"{SPACECRAFT}?status=999", headers=HTML).status_code == 400
    assert len(attempts) == 2


# --- Queries ----------------------------------------------------------------------------------------------------------


def queries(client: Client, url: str, headers: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, headers=headers).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", [path for path in DISTINCT if path not in TIMELINES])
def test_choices_and_facets_are_cached(client: Client, path: str) -> None:
    url = f"{path}?limit=1"
    queries(client, url, HTML)
    assert len(queries(client, url, HTML)) == len(queries(client, url, {}))


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", [LAUNCHES, SPACECRAFT, "/2.3.0/launches/previous/"])
def test_number_of_queries_does_not_depend_on_the_objects(client: Client, path: str) -> None:
    """At most one for the choices of each filter, and two for each facet. Nothing is cached for a new revision."""
    change_revision()
    before = len(queries(client, path, HTML))
    Agency.objects.bulk_create(Agency(pk=20_000 + n, name=f"Agency {n}") for n in range(50))
    status = LaunchStatus.objects.create(pk=20_000, name="Late")
    Launch.objects.bulk_create(
        Launch(name=str(n), net="2000-01-01T00:00Z", status=status, launch_service_provider_id=20_000 + n)
        for n in range(50)
    )
    change_revision()
    assert len(queries(client, path, HTML)) == before
    change_revision()
    fields = layout(endpoints()[path])
    related = [each for each in fields.fields() if each.kind is Kind.RELATED]
    assert before - len(queries(client, path, {})) <= len(related) + 2 * len(fields.facets)


def test_json_has_no_panel(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "layout", None)
    assert client.get(f"{SPACECRAFT}?status=1").status_code == 200
    assert client.get(f"{SPACECRAFT}?status=999").status_code == 400
