"""The OpenAPI documents, the HTML pages, and the comparison with the official document."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import yaml
from django.contrib.staticfiles import finders
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from scripts.openapi_facts import Facts, facts
from scripts.schema_diff import EXPLANATIONS, FACTS, VERSION, compare, explanations
from spacedb.rest.openapi import document
from spacedb.rest.versions import versions
from spacedb.web.views import topics
from tests.endpoints import endpoints

VERSIONS = tuple(versions())

DIFFERENCES = explanations(EXPLANATIONS.read_text())

HTML = {"accept": "text/html"}
PAGES = ["/docs/", *(f"/{number}/{page}/" for number in VERSIONS for page in ("swagger", "redoc"))]
PAGES += [f"/docs/{topic}/" for topic in topics()]


@pytest.fixture
def official() -> Facts:
    found: Facts = json.loads(FACTS.read_text())
    return found


@pytest.mark.parametrize("number", VERSIONS)
class TestDocument:
    def test_is_valid_and_generated_without_warnings(self, number: str) -> None:
        validate_schema(document.__wrapped__(number))  # type: ignore[no-untyped-call] # drf-spectacular's
        assert not GENERATOR_STATS

    def test_is_served_as_yaml_and_as_json(self, client: Client, number: str) -> None:
        path = f"/{number}/schema/"
        by_default = client.get(path)
        assert by_default["Content-Type"].startswith("application/vnd.oai.openapi;")
        schema = yaml.safe_load(by_default.content)
        assert schema["info"]["version"] == number
        for as_json in (client.get(path, {"format": "json"}), client.get(path, headers={"accept": "application/json"})):
            assert json.loads(as_json.content) == schema

    def test_covers_every_endpoint(self, client: Client, number: str) -> None:
        lists = {path for path in endpoints() if path.startswith(f"/{number}/")}
        assert lists | {f"{path}{{id}}/" for path in lists} <= document(number)["paths"].keys()
        assert all(path.startswith(f"/{number}/") for path in document(number)["paths"])


def test_descriptions_are_the_help_texts_and_the_docstrings_of_models(client: Client) -> None:
    schema = document("2.3.0")
    operation = schema["paths"]["/2.3.0/spacecraft/{id}/"]["get"]
    assert operation["summary"] == "Get Spacecraft"
    assert "[/spacecraft/?mode=detailed](/2.3.0/spacecraft/?mode=detailed)" in operation["description"]
    assert schema["paths"]["/2.3.0/agencies/"]["get"]["summary"] == "List Agencies"
    assert schema["components"]["schemas"]["AgencyMini"]["description"].startswith("A space agency")


@pytest.mark.parametrize("page", PAGES)
def test_pages_load_nothing_from_elsewhere(client: Client, page: str) -> None:
    response = client.get(page, headers=HTML)
    assert response.status_code == 200
    html = response.content.decode()
    assert response["Content-Security-Policy"].startswith("default-src 'self';")
    loaded = re.findall(r'<(?:script|link|img|iframe|source)[^>]*? (?:src|href)="([^"]*)"', html)
    assert "/static/web/page.css" in loaded
    for address in loaded:
        assert address.startswith(("/static/", "data:"))
        assert address.startswith("data:") or finders.find(address.removeprefix("/static/")), address
    assert not re.search(r"@import|url\(", html)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.django_db
def test_links_of_pages_work(client: Client, page: str) -> None:
    html = client.get(page, headers=HTML).content.decode()
    for url in re.findall(r'<a [^>]*?href="([^"]*)"', html):
        if not url.startswith(("http:", "https:", "#")):
            assert client.get(urljoin(page, url)).status_code in {200, 302}, url


def test_home_redirects_browsers_to_the_documentation_and_lists_versions_for_other_clients(client: Client) -> None:
    browser = client.get("/", headers={"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"})
    assert (browser.status_code, browser["Location"]) == (302, "/docs/")
    for accept in ("application/json", "*/*"):
        response = client.get("/", headers={"accept": accept})
        assert response.json() == {
            **{number: f"http://testserver/{number}/" for number in VERSIONS},
            "docs": "http://testserver/docs/",
        }
        assert "Accept" in response["Vary"]


def test_unknown_topic(client: Client) -> None:
    assert client.get("/docs/nothing/").status_code == 404


class TestComparison:
    def test_all_differences_are_explained(self, official: Facts) -> None:
        assert compare(official, facts(document(VERSION)), DIFFERENCES) == []
        assert all(row.reason for row in DIFFERENCES)

    @pytest.mark.parametrize(
        ("change", "difference"),
        [
            (lambda it: it["AgencyMini"].pop("abbrev"), "AgencyMini abbrev: missing"),
            (lambda it: it["AgencyMini"].update(more="string"), "AgencyMini more: not in the official document"),
            (lambda it: it["AgencyMini"].update(id=it["AgencyMini"].pop("id")), "AgencyMini: order"),
            (lambda it: it["AgencyMini"].update(id="string readOnly required"), "AgencyMini id: -integer +string"),
            (lambda it: it["AgencyMini"].update(id="integer nullable readOnly"), "AgencyMini id: -required +nullable"),
            (lambda it: it["AgencyNormal"].update(logo="Image required"), "AgencyNormal logo: -nullable"),
            (lambda it: it["AgencyMini"].update(type="Image required"), "AgencyMini type: -AgencyType +Image"),
            (lambda it: it.pop("AgencyMini"), "AgencyMini: missing"),
            (lambda it: it.update(Agent={}), "Agent: not in the official document"),
            (lambda it: _list(it).pop("query search"), "GET /2.3.0/agencies/ query search: missing"),
            (
                lambda it: _list(it).update({"query mode": "string enum=list|normal"}),
                "GET /2.3.0/agencies/ query mode: -enum=detailed|list|normal +enum=list|normal",
            ),
            (
                lambda it: _list(it).update({"query country_code": "array[string] style=form explode=true"}),
                "GET /2.3.0/agencies/ query country_code: -explode=false +explode=true",
            ),
            (
                lambda it: _list(it).update(operationId="list_agencies"),
                "GET /2.3.0/agencies/ operationId: -agencies_list +list_agencies",
            ),
            (
                lambda it: it["PolymorphicAgencyEndpoint"].update(
                    {"": it["PolymorphicAgencyEndpoint"][""].replace("=response_mode", "=mode")}
                ),
                "PolymorphicAgencyEndpoint: -discriminator=response_mode +discriminator=mode",
            ),
        ],
    )
    def test_finds(self, official: Facts, change: Callable[[Facts], Any], difference: str) -> None:
        ours = copy.deepcopy(facts(document(VERSION)))
        change(ours)
        assert compare(official, ours, DIFFERENCES) == [difference]

    def test_operations_without_an_endpoint_are_missing(self, official: Facts) -> None:
        ours = facts(document(VERSION))
        del ours["GET /2.3.0/agencies/"]
        assert compare(official, ours, DIFFERENCES) == ["GET /2.3.0/agencies/: missing"]

    def test_stale_explanations_are_wrong_too(self, official: Facts) -> None:
        rows = explanations("| Where | What | Reason |\n| --- | --- | --- |\n| `AgencyMini *` | `order` | Old. |\n")
        assert compare(official, facts(document(VERSION)), [*DIFFERENCES, *rows]) == [
            "explained difference does not exist: AgencyMini *: order"
        ]


class TestFacts:
    def test_are_those_of_the_official_document(self, official: Facts, reference: Path) -> None:
        schema = json.loads((reference / f"openapi-{VERSION}.json").read_text())
        assert json.dumps(facts(schema)) == json.dumps(official)

    def test_contain_no_prose(self, official: Facts) -> None:
        """Every word is a name, a type, a number or a pattern, without punctuation."""
        values = [value for block in official.values() for value in block.values()]
        assert not [word for value in values for word in value.split() if re.search(r"[.,;!?](?:$|\s)|'|\"", word)]
        assert max(len(value.split()) for value in values) <= 8

    def test_unsupported_keywords_are_errors(self) -> None:
        with pytest.raises(ValueError, match="multipleOf"):
            facts({"paths": {}, "components": {"schemas": {"Even": {"type": "integer", "multipleOf": 2}}}})


def test_titles_are_the_official_ones(reference: Path) -> None:
    """Titles are prose, so the facts do not contain them."""
    theirs = json.loads((reference / f"openapi-{VERSION}.json").read_text())["components"]["schemas"]
    for name, schema in document(VERSION)["components"]["schemas"].items():
        for key, value in schema.get("properties", {}).items():
            if title := theirs[name]["properties"][key].get("title"):
                assert value["title"] == title, (name, key)


def _list(ours: Facts) -> dict[str, str]:
    return ours["GET /2.3.0/agencies/"]
