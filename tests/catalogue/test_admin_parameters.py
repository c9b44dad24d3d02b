"""The parameters of the change lists of the admin: those of its own links are accepted, and no others."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_list import date_hierarchy
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db import models
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from flights.models import Event, Launch, Program, Update
from spacedb.catalogue.search import MAX_SEARCH_TERMS
from tests.admin_forms import admin_url
from tests.catalogue.test_admin import ADMINS, admin_user
from tests.page_checks import PageParser

__all__ = ["admin_user"]

BAD_LOOKUPS = ("regex", "iregex", "range", "in", "gt", "contains", "isnull", "exact")
BAD_VALUES = ("x", "-1,\0", "1.5")

pytestmark = pytest.mark.django_db

every_page = pytest.mark.parametrize("page", list(admin.site._registry.values()), ids=lambda page: page.opts.label)


def change_list(page: Any, query: dict[str, Any]) -> ChangeList:
    request: Any = RequestFactory().get("/", query)
    request.user = User(is_staff=True, is_active=True, is_superuser=True)
    changes: ChangeList = page.get_changelist_instance(request)
    return changes


def relations(page: Any) -> list[Any]:
    return [field for field in (*page.opts.fields, *page.opts.many_to_many) if field.is_relation]


@every_page
def test_other_lookups_are_refused(page: Any) -> None:
    texts = [field.name for field in page.opts.fields if isinstance(field, models.CharField | models.TextField)][:1]
    names = [f"id__{lookup}" for lookup in BAD_LOOKUPS] + ["pk__range", "nothing"]
    names += [name for text in texts for name in (text, f"{text}__regex")]
    names += [f"{field.name}__id__range" for field in relations(page)[:1]]
    for name in names:
        with pytest.raises(DisallowedModelAdminLookup, match=f"Filtering by {name} (is )?not allowed"):
            change_list(page, {name: "1"})


@every_page
def test_bad_values_are_refused(page: Any) -> None:
    """Also if a filter is hidden because it has no choices."""
    queries = [
        {f"{field.name}__{field.related_model._meta.pk.name}__exact": value}
        for field in relations(page)
        for value in (BAD_VALUES[:1] if field.many_to_one else BAD_VALUES)
    ]
    if date := page.date_hierarchy:
        years: tuple[Any, ...] = ("x", "", "0", "-1", "99999", "9999", ["2025", "2026"])
        queries += [{f"{date}__year": year} for year in years]
        queries += [{f"{date}__year": "9999", f"{date}__month": "12", f"{date}__day": day} for day in ("31", "32", "x")]
    for query in queries:
        with pytest.raises(IncorrectLookupParameters):
            change_list(page, query)


@every_page
def test_popups_of_fields_with_a_column_only(page: Any) -> None:
    request = RequestFactory().get("/")
    for field in page.opts.get_fields(include_hidden=True):
        assert page.to_field_allowed(request, field.name) == (field is page.opts.pk)


def queries_of_links(page: Any) -> Iterator[dict[str, Any]]:
    """The query strings of the links of a list that contain different parameters."""
    shown = change_list(page, {"_facets": "True"})
    choices = [choice for each in shown.filter_specs for choice in each.choices(shown)]
    links = [str(choice["query_string"]) for choice in choices]
    pending, seen = [shown], set()
    while pending:
        hierarchy = date_hierarchy(pending.pop()) or {}
        links += [choice["link"] for choice in hierarchy.get("choices", ()) if "link" in choice]
        for query in (parse_qs(link.lstrip("?")) for link in links):
            if (names := frozenset(query)) not in seen:
                seen.add(names)
                yield query
                if page.date_hierarchy and f"{page.date_hierarchy}__year" in names:
                    pending.append(change_list(page, query))


@pytest.mark.dataset("starter and examples")
@every_page
def test_links_of_lists(page: Any) -> None:
    queries = list(queries_of_links(page))
    for query in queries:
        assert change_list(page, query).result_count <= page.model._base_manager.count()
    if page.date_hierarchy:
        assert any(f"{page.date_hierarchy}__day" in query for query in queries)


@pytest.mark.dataset("starter and examples")
@pytest.mark.parametrize("page", ADMINS, ids=lambda page: page.opts.label)
def test_links_to_referring_objects(page: Any) -> None:
    row = page.model._base_manager.order_by("-pk")[0]
    for link in PageParser(str(page.referring_objects(row))).links:
        path, _, query = link.partition("?")
        list_page = resolve(path).func.model_admin  # type: ignore[attr-defined]
        shown = change_list(list_page, parse_qs(query))
        [(name, [value])] = parse_qs(query).items()
        expected = list_page.model._base_manager.filter(**{name: value}).distinct()
        assert shown.result_count == expected.count()
        assert shown.title.endswith(f" of {row}")


def test_hidden_filters_apply() -> None:
    """A filter without choices is hidden, as here, where no update has a program."""
    Update.objects.create(comment="Lift-off")
    program = Program.objects.create(name="Starship")
    shown = change_list(admin.site.get_model_admin(Update), {"program__id__exact": f"{program.pk}"})
    assert (shown.filter_specs[0].title, shown.result_count) == ("missing upstream id", 0)
    assert shown.title.endswith(" of Starship")


def test_responses(admin_client: Client) -> None:
    """As Django's own: 400 for lookups, here with the reason, and a redirect to the list for bad values."""
    url = admin_url(Event, "changelist")
    response = admin_client.get(url, {"name__regex": "("})
    assert (response.status_code, response.json()) == (400, {"detail": "Filtering by name__regex is not allowed."})
    response = admin_client.get(url, {"_popup": "1", "_to_field": "launches"})
    assert (response.status_code, response.json()) == (400, {"detail": "The field launches cannot be referenced."})
    for query in ({"date__year": "x"}, {"date__year": "9999"}, {"type__id__exact": ["1", "2"]}):
        response = admin_client.get(url, query)
        assert (response.status_code, response["Location"]) == (302, f"{url}?e=1")
    assert admin_client.get(f"{url}?e=1").status_code == 200


@pytest.mark.parametrize("model", [User, Launch])
def test_search_terms(admin_client: Client, model: Any) -> None:
    """A search for too many terms is not run. Words in quotes are one term."""
    url, word = admin_url(model, "changelist"), "editor"
    for search, is_refused in (
        (" ".join([word] * MAX_SEARCH_TERMS), False),
        (" ".join([word] * (MAX_SEARCH_TERMS + 1)), True),
        (f'"{" ".join([word] * (MAX_SEARCH_TERMS + 1))}"', False),
        ("x" * 1001, True),
    ):
        response = admin_client.get(url, {"q": search})
        errors = [str(message) for message in response.context["messages"]]
        assert response.context["cl"].query == ("" if is_refused else search)
        assert [error.startswith("Ensure this ") for error in errors] == [True] * is_refused


@pytest.mark.parametrize(
    ("term", "detail"),
    [
        ("a " * (MAX_SEARCH_TERMS + 1), "Ensure this has at most 20 terms."),
        ("\0", "Null characters are not allowed."),
        ("x" * 1001, "Ensure this value has at most 1000 characters (it has 1001)."),
    ],
)
def test_terms_of_autocompletion(admin_client: Client, term: str, detail: str) -> None:
    parameters = {"app_label": "flights", "model_name": "event", "field_name": "image", "term": term}
    response = admin_client.get(reverse("admin:autocomplete"), parameters)
    assert (response.status_code, response.json()) == (400, {"detail": detail})
