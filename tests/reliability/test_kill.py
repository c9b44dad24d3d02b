"""Commands and saves in the admin that are killed: a short version of `make reliability CHECK=kill`."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from tests.installation import Installation, create_installation, create_template
from tests.reliability.kill import OPERATIONS, PARTLY, Operation, kill_at_random_moments

pytestmark = pytest.mark.vendor_neutral
"""All operations use one transaction. tests/mirror/test_processes.py kills the mirror on every database."""

COUNT = 1
BY_NAME = {operation.name: operation for operation in OPERATIONS}


def check_kills(operation: Operation, site: Installation) -> None:
    """Check that a killed process leaves the old or the new state."""
    kills = kill_at_random_moments(operation, site, count=COUNT, seed=1)
    assert kills.failures == []
    assert kills.states.total() == COUNT
    assert not kills.states[PARTLY]


@pytest.mark.django_db(transaction=True)
def test_ingest(tmp_path: Path, template: Installation) -> None:
    with create_installation(tmp_path / "installation", "kill_test", template) as site:
        check_kills(BY_NAME["ingest"], site)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.dataset("starter")
def test_admin(tmp_path: Path) -> None:
    User.objects.create(username="editor", is_staff=True, is_superuser=True)
    with create_template(tmp_path / "installation", "kill_test") as site:
        check_kills(replace(BY_NAME["admin"], prepare=lambda site, running: None), site)
