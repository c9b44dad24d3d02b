"""Typed clients, generated from the OpenAPI documents of the older versions, parse every response.

Such a client raises an exception for a null that the document does not allow. It parses objects with all values, and
objects with as few as possible. `tests/rest/test_responses.py` validates the responses of other catalogues.
"""

import json
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from spacedb.rest.openapi import document
from spacedb.rest.versions import versions
from spacedb.wsgi import application
from tests.endpoints import endpoints, single_objects
from tests.examples import HOST
from tests.generated_client import generate_client

OLDER = tuple(versions())[1:]

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral, pytest.mark.usefixtures("persistent_connection")]


def package_of(version: str) -> str:
    return f"client_of_{version.replace('.', '_')}"


@pytest.fixture(scope="session")
def directory_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that generates the client of a version, once, and returns its directory."""

    @cache
    def generate(version: str) -> Path:
        directory = tmp_path_factory.mktemp("client")
        path = directory / "openapi.json"
        path.write_text(json.dumps(document(version)))
        generate_client(path, directory, package_of(version))
        return directory

    return generate


def parse(client: Any, package: str, path: str, operation: Any, **query: Any) -> Any:
    """Request a path, and return its response as an object of the client."""
    tag = operation["tags"][0].replace("-", "_")
    module = import_module(f"{package}.api.{tag}.{operation['operationId']}")
    response = client.get_httpx_client().get(path, params=query)
    assert response.status_code == 200, response.text
    return module._parse_response(client=client, response=response)


def parse_everything(client: Any, version: str) -> int:
    """Parse the dashboard, a page of every list in every mode, and the details of its first objects.

    Return the number of objects.
    """
    paths, package, parsed = document(version)["paths"], package_of(version), 0
    for path, view in endpoints().items():
        if path not in paths:
            continue
        page: Any = None
        for mode in view.modes:
            page = parse(client, package, path, paths[path]["get"], mode=mode, limit=3)
            parsed += len(page.results)
        for row in page.results[:2]:
            assert parse(client, package, f"{path}{row.id}/", paths[f"{path}{{id}}/"]["get"]).id == row.id
    for path in single_objects().keys() & paths.keys():
        assert isinstance(parse(client, package, path, paths[path]["get"]).upcoming.events, list)
    return parsed


@pytest.mark.parametrize("version", OLDER)
class TestClient:
    @pytest.fixture
    def client(self, directory_of: Callable[[str], Path], version: str, monkeypatch: pytest.MonkeyPatch) -> Any:
        """Return a client that calls the WSGI application, so that it reads the data of the test's transaction."""
        monkeypatch.syspath_prepend(directory_of(version))
        client = import_module(package_of(version)).Client(
            base_url=HOST,
            raise_on_unexpected_status=True,
            httpx_args={"transport": httpx.WSGITransport(app=application)},
        )
        with client:
            yield client

    @pytest.mark.dataset("sparse")
    def test_parses_sparse_objects(self, client: Any, version: str) -> None:
        assert parse_everything(client, version) > 50

    @pytest.mark.dataset("small and dashboard")
    @pytest.mark.usefixtures("time_between_examples")
    def test_parses_examples(self, client: Any, version: str) -> None:
        assert parse_everything(client, version) > 50

    @pytest.mark.dataset("sparse")
    def test_parses_errors(self, client: Any, version: str) -> None:
        operation = document(version)["paths"][f"/{version}/agencies/{{id}}/"]["get"]
        module = import_module(f"{package_of(version)}.api.agencies.{operation['operationId']}")
        assert module.sync(1, client=client).detail == "No Agency matches the given query."
