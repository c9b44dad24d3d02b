"""Measures how fresh incremental runs of the mirror keep a copy: `make bench-freshness`.

A simulated source changes for 30 days as Launch Library does, and a job mirrors it every two hours. The clock is
virtual. Then the source stands still until everything was read twice, and the copy is compared with it.
"""

import argparse
import os
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

PAGE_SIZE = 10
"""The source has a tenth of the objects, and pages of a tenth of the size, so it has as many pages."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--budgets", type=int, nargs="+", default=[40, 60], metavar="REQUESTS", help="a day")
    options = parser.parse_args()
    print(
        "| Budget a day | Requests a day: median, most | Launches and events: median, worst | Others: median, worst |"
    )
    print("| --- | --- | --- | --- |")
    for budget in options.budgets:
        with tempfile.TemporaryDirectory(prefix="spacedb-") as folder:
            # Each budget has a process and a database of its own.
            process = os.fork()
            if not process:
                _measure(Path(folder), options.days, budget)
                os._exit(0)
            _, status = os.waitpid(process, 0)
        if status:
            raise SystemExit(f"The measurement with {budget} requests a day failed.")


def _measure(folder: Path, days: int, budget: int) -> None:
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{folder / 'spacedb.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "spacedb.settings",
        "ALLOWED_HOSTS": "testserver",
        "ENV_FILE": os.devnull,
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": "bench",
    }
    import django

    django.setup()
    import pytest
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("collections", "run", "incremental"):
            patch.setattr(f"spacedb.mirror.{module}.PAGE_SIZE", PAGE_SIZE)
        _mirror(folder, days, budget, patch)


def _mirror(folder: Path, days: int, budget: int, patch: Any) -> None:
    from spacedb.mirror.clock import format_duration
    from spacedb.mirror.collections import collections
    from spacedb.mirror.daily_budget import DailyBudget
    from spacedb.mirror.service import Job
    from spacedb.mirror.source import Source
    from tests.mirror.conftest import FakeClock, RecordingReporter, share_certificates
    from tests.mirror.fake_source import serve
    from tests.mirror.freshness import measure, read_all_twice
    from tests.mirror.simulated_source import SimulatedSource

    share_certificates(patch)
    clock, reporter = FakeClock(), RecordingReporter()
    source = SimulatedSource(clock=clock.monotonic, limit=15)

    def job(requests: int, *, is_full: bool = False) -> Job:
        return Job(
            Source.parse(url),
            collections(),
            folder / "pages",
            user_agent="spacedb/bench",
            reserve=1,
            max_delete=50,
            is_full=is_full,
            daily_budget=DailyBudget(requests),
        )

    with serve(source) as url:
        job(budget, is_full=True).run_once(clock, reporter)
        full = len(source.requests)
        result = measure(source, job(budget), clock, reporter, days=days)
        throttled, source.limit = source.throttled, 2**31 - 1
        cycle = read_all_twice(source, job(1000), clock, reporter)
        differences = list(source.differences())
    changing = [collection.name for collection in collections() if collection.has_changes]
    others = [name for name in result.ages if name not in changing]
    ages = [
        f"{format_duration(result.median(*names))}, {format_duration(result.worst(*names))}"
        for names in (changing, others)
    ]
    print(f"| {budget} | {median(result.requests):g}, {max(result.requests)} | {ages[0]} | {ages[1]} |", flush=True)
    print(
        f"    {full} requests of the full run, {throttled} beyond the rate limit, {len(differences)} differences "
        f"after {cycle} more days without changes",
        flush=True,
    )
    for name in sorted(others, key=lambda name: -result.worst(name))[:5]:
        print(f"    {name}: at most {format_duration(result.worst(name))}", flush=True)
    for line in differences[:20]:
        print(f"    {line}", flush=True)


if __name__ == "__main__":
    main()
