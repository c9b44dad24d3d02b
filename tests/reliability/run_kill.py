"""Kills of processes that write the database."""

import tempfile
from pathlib import Path

from tests.installation import create_installation
from tests.reliability.kill import NEW, OLD, OPERATIONS, PARTLY, kill_at_random_moments
from tests.reliability.report import print_table


def run(seed: int, count: int = 240) -> list[str]:
    """Kill each operation `count / 6` times."""
    rows, failures = list[list[object]](), list[str]()
    for operation in OPERATIONS:
        with (
            tempfile.TemporaryDirectory(prefix="spacedb-reliability-") as directory,
            create_installation(Path(directory) / "data", f"kill_{operation.name.replace(' ', '_')}") as site,
        ):
            kills = kill_at_random_moments(operation, site, count=max(1, count // len(OPERATIONS)), seed=seed)
        rows.append(
            [operation.name, f"{kills.seconds:.2f} s", *(kills.states[name] for name in (OLD, NEW, PARTLY, "other"))]
        )
        failures += kills.failures
    print_table(["Operation", "Duration", "Old state", "New state", "Completed by the next run", "Other state"], rows)
    return failures
