"""An unreachable database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from django.db import connection


@contextmanager
def database_gone(directory: Path) -> Iterator[None]:
    """Within this context, opening a connection fails as if the file or the server did not exist."""
    sqlite = connection.vendor == "sqlite"
    unreachable = {"NAME": str(directory)} if sqlite else {"HOST": str(directory), "OPTIONS": {}}
    original, connection.connection = connection.connection, None
    try:
        with patch.dict(connection.settings_dict, unreachable):
            yield
    finally:
        connection.connection = original
