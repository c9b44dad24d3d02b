"""Commands and saves in the admin that are killed: a short version of `make reliability CHECK=kill`."""

from pathlib import Path

import pytest

from tests.installation import Installation, create_installation
from tests.reliability.kill import OPERATIONS, PARTLY, Operation, kill_at_random_moments

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 1
TESTED = {"ingest": [], "admin": [pytest.mark.vendor_neutral]}
"""The operations, and their marks. Both use one transaction. tests/mirror/test_processes.py kills the mirror."""


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(operation, id=operation.name, marks=TESTED[operation.name])
        for operation in OPERATIONS
        if operation.name in TESTED
    ],
)
def test_a_killed_process_leaves_the_old_or_the_new_state(
    operation: Operation, tmp_path: Path, template: Installation
) -> None:
    with create_installation(tmp_path / "installation", "kill_test", template) as site:
        kills = kill_at_random_moments(operation, site, count=COUNT, seed=1)
    assert kills.failures == []
    assert kills.states.total() == COUNT
    assert not kills.states[PARTLY]
