"""Django's backend for SQLite, which can also read a database that cannot be written."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from typing_extensions import override

from spacedb.databases.deadline import is_over
from spacedb.files import make_private_database

INSTRUCTIONS = 1_000_000
"""SQLite checks the deadline of the request after this number of instructions of its virtual machine.

That is every 20 to 200 milliseconds. Each check has to wait for the other threads of the process, up to 5 ms for each
busy one, so ten times as many would make slow queries take twice as long.
"""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to a SQLite database.

    If the file or its folder cannot be written, it is opened for reading. Queries that take longer than the deadline of
    the request are interrupted.
    """

    init_commands: list[str]

    read_only_state: tuple[object, ...] | None = None
    """The state of the files when they were opened for reading only; None if they can be written."""

    @override
    def get_new_connection(self, conn_params: Any) -> Any:
        self.read_only_state = None
        make_private_database(self.settings_dict["NAME"])
        try:
            connection = super().get_new_connection(conn_params)
        except sqlite3.OperationalError as error:
            if (uri := self._read_only_uri(error)) is None:
                raise
            self.init_commands = []  # as they write
            self.read_only_state = self._state()
            connection = super().get_new_connection({**conn_params, "database": uri})
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")  # opens the file
        connection.set_progress_handler(is_over, INSTRUCTIONS)
        return connection

    def prepared_cursor(self) -> Any:
        """A cursor for statements that are executed often. The driver keeps prepared statements of all cursors."""
        return self.cursor()

    def is_outdated(self) -> bool:
        """Whether the files were opened for reading only, and have changed or can be written now."""
        return self.read_only_state is not None and self.read_only_state != self._state()

    def _read_only_uri(self, error: sqlite3.OperationalError) -> str | None:
        """The URI to open the files for reading after an error. None if that is not possible."""
        file = Path(self.settings_dict["NAME"])
        if self.is_in_memory_db() or not file.is_file() or file.stat().st_size == 0:
            return None
        code = error.sqlite_errorcode & 0xFF
        if code == sqlite3.SQLITE_READONLY:
            return f"{file.absolute().as_uri()}?mode=ro"
        # In WAL mode, SQLite also has to create a file next to the database, unless that is declared as immutable. It
        # then ignores the write-ahead log, so this must be empty.
        log = Path(f"{file}-wal")
        is_complete = not log.exists() or log.stat().st_size == 0
        if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) and is_complete:
            return f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        return None

    def _state(self) -> tuple[object, ...]:
        file = Path(self.settings_dict["NAME"])
        try:
            stats = [path.stat() for path in (file, Path(f"{file}-wal")) if path.exists()]
        except OSError:
            return ()
        is_writable = os.access(file, os.W_OK) and os.access(file.absolute().parent, os.W_OK)
        return is_writable, *((stat.st_mtime_ns, stat.st_size) for stat in stats)
