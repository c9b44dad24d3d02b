"""Bad input in URLs and forms of the admin: no page fails, and no error page lacks its policies."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from agencies.models import AgencyType
from flights.models import Event, EventType, Launch
from spacedb.common.models import Country
from tests.admin_forms import admin_url
from tests.catalogue.test_admin import admin_user, distinct
from tests.page_checks import check_page

__all__ = ["admin_user"]

ADMINS: list[Any] = distinct(admin.site._registry.values())
THOROUGH = (User, Country, Event)
"""Models whose admins are tested with all bad values, on every database. The others run the same code."""

BAD_IDS = ("x", "99999999999999999999", "_00")
BAD_VALUES = ("x", "99999999999999999999", "-1,\0", "2020-13-01T25:00:00Z")
BAD_LISTS: tuple[dict[str, str], ...] = (
    {"id__in": "x,1"},
    {"_facets": "x", "_popup": "x", "all": "", "e": "1"},
    {"p": "x"},
    {"p": "99999999999999999999", "o": "1.-99.x..--1"},
    {"_to_field": "nothing", "_popup": "1"},
    {"q": "\0'\"%\\ " * 50},
    {"id__nothing": "1"},
    {"id__isnull": "x"},
    {"pk__exact": "99999999999999999999"},
)

Request = tuple[str, str, dict[str, Any]]

pytestmark = pytest.mark.django_db


def bad(page: Any, values: tuple[Any, ...], count: int = 1) -> tuple[Any, ...]:
    return values if page.model in THOROUGH else values[:count]


def names(page: Any) -> list[str]:
    return [field.name for field in page.opts.get_fields(include_hidden=True)]


def lists(page: Any) -> Iterator[Request]:
    url = admin_url(page.model, "changelist")
    queries = [*bad(page, BAD_LISTS, 2), *({name: "x"} for name in names(page) if page.model in THOROUGH)]
    if page.date_hierarchy:
        queries += [{f"{page.date_hierarchy}__year": value} for value in ("x", "99999")]
    yield from (("get", url, query) for query in queries)
    for pk in bad(page, BAD_IDS):
        yield "post", url, {"action": "delete_selected", "_selected_action": pk}
    yield "post", url, {"action": "nothing", "index": "x", "_selected_action": "1"}
    for action in page.actions or ():
        name = getattr(action, "__name__", action)
        yield "post", url, {"action": name, "_selected_action": bad(page, BAD_IDS)[0]}
        yield "post", url, {"action": name, "_selected_action": "1", "select_across": "1", "index": "0"}


def add_forms(page: Any) -> Iterator[Request]:
    url = admin_url(page.model, "add")
    for value in bad(page, BAD_VALUES):
        yield "get", url, dict.fromkeys(names(page), value)
        fields = {f"{name}{suffix}": value for name in names(page) for suffix in ("", "_0", "_1")}
        counts = {f"{name}-{count}_FORMS": value[:2] for name in names(page) for count in ("TOTAL", "INITIAL")}
        yield "post", url, {**fields, **counts, "save_anyway": value}
    for method in ("get", "post"):
        yield method, url, {"_popup": "1", "_to_field": "nothing", "_changelist_filters": "\0=%"}


def objects(page: Any) -> Iterator[Request]:
    for pk in bad(page, BAD_IDS):
        for action in ("change", "delete", "history"):
            yield "get", admin_url(page.model, action, pk), {}
        for action in ("change", "delete"):
            yield "post", admin_url(page.model, action, pk), {"post": "yes", "_save": "1", "shown_values": "x"}


def autocompletion(page: Any) -> Iterator[Request]:
    model = {"app_label": page.opts.app_label, "model_name": page.opts.model_name}
    # One field of each kind, and for some models all fields.
    kinds = {type(field): field.name for field in page.opts.get_fields(include_hidden=True)}
    for name in (*(names(page) if page.model in THOROUGH else kinds.values()), "nothing", "\0"):
        yield "get", reverse("admin:autocomplete"), {**model, "field_name": name, "term": "\0'%", "page": "1"}
    for field in page.get_autocomplete_fields(RequestFactory().get("/"))[:1]:
        yield "get", reverse("admin:autocomplete"), {**model, "field_name": field, "page": "x"}


def others(page: Any) -> Iterator[Request]:
    for url in (
        "jsi18n/",
        "r/x/y/",
        "r/1/x/",
        "r/99999999999999999999/1/",
        "auth/user/x/password/",
        "nothing/",
        "groups/nothing/",
        "groups/%00/",
        "x/y/z/",
    ):
        yield "get", f"/admin/{url}", {}
    for data in ({}, {"app_label": "x"}, {"app_label": "auth", "model_name": "x", "field_name": "x"}):
        yield "get", reverse("admin:autocomplete"), data
    yield "get", reverse("admin:login"), {"next": "javascript:alert(1)"}
    yield "get", reverse("admin:index"), {"\0": "\0"}


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.opts.label, marks=[] if page.model in THOROUGH else [pytest.mark.vendor_neutral])
        for page in ADMINS
    ],
)
def test_bad_input(admin_client: Client, page: Any) -> None:
    check_requests(admin_client, chain(lists(page), add_forms(page), objects(page), autocompletion(page)))


def test_bad_input_of_other_pages(admin_client: Client) -> None:
    check_requests(admin_client, others(None))


def check_requests(client: Client, requests: Iterator[Request]) -> None:
    """Send the requests, each in a savepoint, and report all that fail."""
    failures = []
    for method, url, data in requests:
        savepoint = connection.savepoint()
        assert savepoint is not None
        try:
            response = getattr(client, method)(url, data)
        except Exception as error:
            failures.append(f"{error!r}: {method} {url} {data}"[:500])
        else:
            if response.status_code >= 500:
                failures.append(f"{response.status_code}: {method} {url} {data}"[:500])
            elif response.get("Content-Type", "").startswith("text/html"):
                check_page(response)
        connection.set_rollback(False)
        connection.savepoint_rollback(savepoint)
    assert failures == []


def test_initial_values(admin_client: Client) -> None:
    """Valid values in the URL of an add form are shown, also in fields whose widgets need other types than text."""
    event_type = EventType.objects.create(pk=1, name="Docking")
    launch = Launch.objects.create(name="Soyuz")
    values: dict[str, Any] = {
        "type": event_type.pk,
        "launches": launch.pk,
        "date": "2026-01-02T03:04:05Z",
        "duration": "01:00:00",
    }
    response = admin_client.get(admin_url(Event, "add"), {**values, "image": "x", "name": "Docking of Soyuz"})
    initial = response.context["adminform"].form.initial
    assert (initial["type"], initial["launches"], initial["name"]) == (1, [launch.pk], "Docking of Soyuz")
    assert "image" not in initial
    assert 'value="2026-01-02"' in response.text


def test_action_with_a_bad_id(admin_client: Client) -> None:
    AgencyType.objects.create(pk=1, name="Government")
    data = {"action": "delete_selected", "_selected_action": ["1", "x"], "post": "yes"}
    response = admin_client.post(admin_url(AgencyType, "changelist"), data, follow=True)
    assert "“x” is not an id. Nothing has been changed." in response.text
    assert AgencyType.objects.count() == 1


@pytest.mark.parametrize("field", ["launches", "image", "nothing"])
def test_autocompletion_of_fields_only(admin_client: Client, field: str) -> None:
    parameters = {"app_label": "flights", "model_name": "event", "field_name": field}
    assert admin_client.get(reverse("admin:autocomplete"), parameters).status_code == (
        403 if field == "nothing" else 200
    )
    reverse_field = {"app_label": "flights", "model_name": "launch", "field_name": "events"}
    assert admin_client.get(reverse("admin:autocomplete"), reverse_field).status_code == 403
