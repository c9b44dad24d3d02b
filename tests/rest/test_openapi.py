"""The OpenAPI documents, the HTML pages, and the comparison with the official document."""

import copy
import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from scripts.openapi_facts import Facts, facts
from scripts.schema_diff import EXPLANATIONS, FACTS, VERSION, compare, coverage, explanations
from spacedb.rest.openapi import document
from spacedb.rest.versions import versions
from tests.endpoints import endpoints, single_objects

VERSIONS = tuple(versions())

DIFFERENCES = explanations(EXPLANATIONS.read_text())


pytestmark = pytest.mark.vendor_neutral


@pytest.fixture
def official() -> Facts:
    official: Facts = json.loads(FACTS.read_text())
    return official


@pytest.mark.parametrize("number", VERSIONS)
class TestDocument:
    def test_is_valid_and_generated_without_warnings(self, number: str) -> None:
        validate_schema(document.__wrapped__(number))  # type: ignore[no-untyped-call] # drf-spectacular's
        assert not GENERATOR_STATS

    def test_is_served_as_yaml_and_as_json(self, client: Client, number: str) -> None:
        path = f"/{number}/schema/"
        by_default = client.get(path)
        assert by_default["Content-Type"].startswith("application/vnd.oai.openapi;")
        schema = yaml.load(by_default.content, Loader=yaml.CSafeLoader)
        assert (schema["info"]["title"], schema["info"]["version"]) == ("LaunchLibrary API", f"v{number}")
        assert schema["servers"] == [{"url": "http://testserver"}]
        for as_json in (client.get(path, {"format": "json"}), client.get(path, headers={"accept": "application/json"})):
            assert json.loads(as_json.content) == schema

    def test_is_compressed_and_can_be_revalidated(self, client: Client, number: str) -> None:
        path = f"/{number}/schema/?format=json"
        plain = client.get(path)
        compressed = client.get(path, headers={"accept-encoding": "gzip"})
        assert gzip.decompress(compressed.content) == plain.content
        assert {plain["Vary"], compressed["Vary"]} == {"Accept, Accept-Encoding"}
        assert compressed["ETag"] != plain["ETag"]
        assert client.get(path, headers={"if-none-match": plain["ETag"]}).status_code == 304
        assert client.get(path, headers={"if-none-match": compressed["ETag"]}).status_code == 200

    def test_server_is_the_origin_of_the_request(self, client: Client, number: str, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["api.example.org"]
        response = client.get(f"/{number}/schema/?format=json", headers={"host": "api.example.org:8443"}, secure=True)
        assert json.loads(response.content)["servers"] == [{"url": "https://api.example.org:8443"}]

    def test_errors_are_documented(self, number: str) -> None:
        paths = document(number)["paths"]
        for path in endpoints():
            if path in paths:
                assert paths[path]["get"]["responses"].keys() == {"200", "400", "429"}
                assert paths[f"{path}{{id}}/"]["get"]["responses"].keys() == {"200", "404", "429"}
        for path in single_objects().keys() & paths.keys():
            assert paths[path]["get"]["responses"].keys() == {"200", "429"}

    def test_covers_every_endpoint(self, client: Client, number: str) -> None:
        lists = {path for path in endpoints() if path.startswith(f"/{number}/")}
        objects = {path for path in single_objects() if path.startswith(f"/{number}/")}
        throttle = {f"/{number}/api-throttle/"} & document(number)["paths"].keys()
        paths = lists | {f"{path}{{id}}/" for path in lists} | objects | throttle
        assert document(number)["paths"].keys() == paths
        assert all(path.startswith(f"/{number}/") for path in document(number)["paths"])


def test_response_mode_has_one_value() -> None:
    schemas = document("2.3.0")["components"]["schemas"]
    for mode, name in (("list", "AgencyMini"), ("normal", "AgencyNormal"), ("detailed", "AgencyEndpointDetailed")):
        expected = {"type": "string", "enum": [mode], "readOnly": True, "default": mode}
        assert schemas[name]["properties"]["response_mode"] == expected


def test_descriptions_are_the_help_texts_and_the_docstrings_of_models(client: Client) -> None:
    schema = document("2.3.0")
    operation = schema["paths"]["/2.3.0/spacecraft/{id}/"]["get"]
    assert "summary" not in operation
    assert "[/spacecraft/?mode=detailed](/2.3.0/spacecraft/?mode=detailed)" in operation["description"]
    assert schema["components"]["schemas"]["AgencyMini"]["description"].startswith("A space agency")


class TestComparison:
    def test_all_differences_are_explained(self, official: Facts) -> None:
        assert compare(official, facts(document(VERSION)), DIFFERENCES) == []
        assert all(row.reason for row in DIFFERENCES)

    def test_every_path_and_component_is_compared(self, official: Facts) -> None:
        ours = facts(document(VERSION))
        assert coverage(official, ours) == "116 of 116 paths and 221 of 221 components"
        del ours["GET /2.3.0/events/upcoming/"], ours["StarshipDashboardList"]
        assert coverage(official, ours) == "115 of 116 paths and 220 of 221 components"

    def test_only_the_session_cookie_is_missing(self) -> None:
        assert [row.where for row in DIFFERENCES if row.what == "missing"] == ["security cookieAuth"]

    @pytest.mark.parametrize(
        ("change", "difference"),
        [
            (lambda ours: ours["AgencyMini"].pop("abbrev"), "AgencyMini abbrev: missing"),
            (lambda ours: ours["AgencyMini"].update(more="string"), "AgencyMini more: not in the official document"),
            (lambda ours: ours["AgencyMini"].update(id=ours["AgencyMini"].pop("id")), "AgencyMini: order"),
            (lambda ours: ours["AgencyMini"].update(id="string readOnly required"), "AgencyMini id: -integer +string"),
            (
                lambda ours: ours["AgencyMini"].update(id="integer nullable readOnly"),
                "AgencyMini id: -required +nullable",
            ),
            (lambda ours: ours["AgencyNormal"].update(logo="Image required"), "AgencyNormal logo: -nullable"),
            (lambda ours: ours["AgencyMini"].update(type="Image required"), "AgencyMini type: -AgencyType +Image"),
            (lambda ours: ours.pop("AgencyMini"), "AgencyMini: missing"),
            (lambda ours: ours.update(Agent={}), "Agent: not in the official document"),
            (lambda ours: _list(ours).pop("query search"), "GET /2.3.0/agencies/ query search: missing"),
            (
                lambda ours: _list(ours).update({"query mode": "string enum=list|normal"}),
                "GET /2.3.0/agencies/ query mode: -enum=detailed|list|normal +enum=list|normal",
            ),
            (
                lambda ours: _list(ours).update({"query country_code": "array[string] style=form explode=true"}),
                "GET /2.3.0/agencies/ query country_code: -explode=false +explode=true",
            ),
            (
                lambda ours: _list(ours).update(operationId="list_agencies"),
                "GET /2.3.0/agencies/ operationId: -agencies_list +list_agencies",
            ),
            (
                lambda ours: ours["PolymorphicAgencyEndpoint"].update(
                    {"": ours["PolymorphicAgencyEndpoint"][""].replace("=response_mode", "=mode")}
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

    def test_stale_explanations_are_reported(self, official: Facts) -> None:
        rows = explanations("| Where | What | Reason |\n| --- | --- | --- |\n| `AgencyMini *` | `order` | Old. |\n")
        assert compare(official, facts(document(VERSION)), [*DIFFERENCES, *rows]) == [
            "explained difference does not exist: AgencyMini *: order"
        ]


class TestFacts:
    def test_are_those_of_the_official_document(self, official: Facts, reference: Path) -> None:
        schema = json.loads((reference / "live" / f"openapi-{VERSION}.json").read_text())
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
    theirs = json.loads((reference / "live" / f"openapi-{VERSION}.json").read_text())["components"]["schemas"]
    ours = document(VERSION)["components"]["schemas"]
    for name in ours.keys() - {"Error"}:
        for key, value in ours[name].get("properties", {}).items():
            if title := theirs[name]["properties"][key].get("title"):
                assert value["title"] == title, (name, key)


def _list(ours: Facts) -> dict[str, str]:
    return ours["GET /2.3.0/agencies/"]
