"""A live server, and the client that is generated from the official OpenAPI document."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.servers.basehttp import WSGIRequestHandler
from pytest_django.live_server_helper import LiveServer

from spacedb.throttling.models import Token
from tests.generated_client import PACKAGE, generate_client


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """Start a server in a thread. It shares the connection of the tests, so it reads the data of their transaction."""
    with pytest.MonkeyPatch.context() as patch:
        # Otherwise the kernel holds each body back until the client has acknowledged the headers, for 40 milliseconds.
        patch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
        server = LiveServer("localhost")
        yield server
        server.stop()


@pytest.fixture(scope="session")
def generated(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Generate the package of the client without warnings from the unchanged document."""
    directory = tmp_path_factory.mktemp("client")
    generate_client(reference / "live" / "openapi-2.3.0.json", directory, PACKAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(directory)
        yield


@pytest.fixture
def official_client(generated: None, server: LiveServer) -> Any:
    """Return the generated client of the live server, with a token as the document requires."""
    key = Token.issue(User.objects.create_user("client"))
    client = import_module(PACKAGE).AuthenticatedClient(
        base_url=server.url, token=key, prefix="Token", raise_on_unexpected_status=True
    )
    with client:
        yield client
