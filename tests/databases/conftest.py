"""Fixtures of the tests of databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection

from tests.database_copies import write_copy


@pytest.fixture(scope="session")
def intact_file(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the empty database of the tests, which is in memory."""
    file = tmp_path_factory.mktemp("intact") / "spacedb.sqlite3"
    with django_db_blocker.unblock():
        write_copy(file)
    return file


@pytest.fixture
def file(intact_file: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the database that the test uses. Connections are closed after it."""
    file = tmp_path / "spacedb.sqlite3"
    file.write_bytes(intact_file.read_bytes())
    original, connection.connection = connection.connection, None
    try:
        with patch.dict(connection.settings_dict, {"NAME": str(file)}):
            yield file
            connection.close()
    finally:
        connection.connection = original
