"""Every response is valid according to the OpenAPI document that the server provides for its version."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from spacedb.rendering.plan import nested_serializers
from spacedb.rest.openapi import document
from spacedb.rest.versions import versions
from spacedb.serializers.base import SerializerClass, model_of
from spacedb.serializers.describe import nullable_keys
from tests.conftest import ROOT
from tests.endpoints import endpoints, resource_endpoints, single_objects
from tests.official import DocumentValidator

VERSIONS = tuple(versions())

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]


def serializers(version: str) -> set[SerializerClass]:
    """Return the serializers of a version, including nested ones."""
    roots = {
        root
        for path, view in resource_endpoints().items()
        if path.startswith(f"/{version}/")
        for root in view.modes.values()
    }
    return {serializer for root in roots for serializer in nested_serializers(root)}


def undocumented_nulls(version: str) -> Iterator[tuple[SerializerClass, str]]:
    """Yield the serializers and keys that can be null although the document of the version does not say so."""
    components = document(version)["components"]["schemas"]
    for serializer in serializers(version):
        properties = components.get(serializer.__name__, {}).get("properties", {})  # none for those of reductions
        yield from (
            (serializer, key)
            for key in nullable_keys(serializer)
            if key in properties and not properties[key].get("nullable")
        )


@cache
def validator(version: str) -> DocumentValidator:
    nulls = [f"{serializer.__name__}.{key}" for serializer, key in undocumented_nulls(version)]
    return DocumentValidator(document(version), nulls)


def errors(client: Client, version: str, limit: int) -> Iterator[str]:
    """Yield the errors of the dashboard, of one page of every list in every mode, and of some details."""
    valid = validator(version)
    for path, dashboard in single_objects().items():
        for mode in dashboard.modes if path.startswith(f"/{version}/") else ():
            body = client.get(f"{path}?mode={mode}").json()
            yield from (f"{path} {mode} {error}" for error in valid.errors(path, body))
    for path, view in endpoints().items():
        if not path.startswith(f"/{version}/"):
            continue
        page: dict[str, Any] = {}
        for mode, serializer in view.modes.items():
            page = client.get(f"{path}?mode={mode}&limit={limit}").json()
            yield from valid.errors(path, page | {"results": []})
            for row in page["results"]:
                yield from (f"{path} {mode} {error}" for error in valid.component_errors(serializer.__name__, row))
        for row in page["results"][:2]:
            detail = client.get(f"{path}{row['id']}/").json()
            yield from (f"{path} detail {error}" for error in valid.errors(f"{path}{{id}}/", detail))


@pytest.mark.parametrize("version", VERSIONS)
class TestResponses:
    @pytest.mark.dataset("sparse")
    def test_of_sparse_objects(self, client: Client, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for view in endpoints().values():
            monkeypatch.setattr(view, "listed", Q())  # launches without a NET are not listed, but nested
        valid = validator(version)
        valid.nulls_seen.clear()
        assert list(errors(client, version, limit=10)) == []
        # A crew member without an id gets one when it is saved.
        assert valid.nulls_seen == set(valid.nulls) - {"AstronautFlight.id"}

    @pytest.mark.dataset("starter")
    def test_of_the_starter_catalogue(self, client: Client, version: str) -> None:
        assert list(errors(client, version, limit=3)) == []

    @pytest.mark.dataset("reference")
    def test_of_recorded_responses(self, client: Client, version: str) -> None:
        assert list(errors(client, version, limit=3)) == []

    @pytest.mark.dataset("generated")
    def test_of_a_generated_catalogue(self, client: Client, version: str) -> None:
        assert list(errors(client, version, limit=2)) == []

    def test_of_errors(self, client: Client, version: str) -> None:
        valid = validator(version)
        for path, query, status in (("agencies/", "featured=x", "400"), ("agencies/1/", "", "404")):
            response = client.get(f"/{version}/{path}?{query}")
            operation = document(version)["paths"][f"/{version}/{path.replace('1', '{id}')}"]["get"]
            schema = operation["responses"][status]["content"]["application/json"]["schema"]
            assert str(response.status_code) == status
            assert list(valid.schema_errors(schema, response.json())) == []
            assert list(valid.schema_errors(schema, {"detail": 1}))


@pytest.mark.parametrize("version", VERSIONS[1:])
def test_documents_without_an_official_one_mark_every_null(version: str) -> None:
    assert list(undocumented_nulls(version)) == []


def test_nulls_that_the_official_document_forbids_are_listed() -> None:
    text = (ROOT / "docs" / "reference" / "openapi-differences.md").read_text().partition("## Nulls")[2]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    listed = {name: [key.strip("`") for key in keys.split(", ")] for name, keys in rows[2:]}
    keys: dict[str, set[str]] = defaultdict(set)
    for serializer, key in undocumented_nulls(VERSIONS[0]):
        keys[str(model_of(serializer)._meta.verbose_name_plural)].add(key)
    assert listed == {name: sorted(keys[name]) for name in sorted(keys)}
