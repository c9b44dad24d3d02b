"""Waiting for what other processes and threads do. A loaded machine needs far longer than an idle one."""

import subprocess
import time
from collections.abc import Callable
from typing import Any

TIMEOUT = 600
"""Seconds to wait for a process."""


def wait_until(condition: Callable[[], object], process: subprocess.Popen[Any] | None = None) -> None:
    """Wait for a condition. Fails if the process ends before."""
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert process is None or process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_until_alone(connection: Any) -> None:
    """Wait until no other client uses the PostgreSQL database of a psycopg connection.

    PostgreSQL may finish a statement, and even a commit, of a client that was killed.
    """
    query = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )

    def is_alone() -> bool:
        connection.rollback()  # the view shows the state at the start of the transaction
        return not connection.execute(query).fetchone()[0]

    wait_until(is_alone)
    connection.rollback()
