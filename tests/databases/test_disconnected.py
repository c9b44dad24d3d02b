"""A request whose client has disconnected stops, also within a query."""

import time

import pytest
from django.db import OperationalError, connection

from spacedb.databases.deadline import time_limit
from spacedb.databases.errors import Problem, problem_of

pytestmark = pytest.mark.django_db(transaction=True)

SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
}


def test_a_running_query_is_stopped() -> None:
    """The connection can be used again."""
    begin = time.monotonic()
    limit = time_limit(0, lambda: time.monotonic() > begin + 0.3)
    with limit, connection.cursor() as cursor, pytest.raises(OperationalError) as error:
        cursor.execute(SLOW[connection.vendor])
    assert problem_of(error.value) is Problem.TOO_SLOW
    assert time.monotonic() < begin + 300
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
