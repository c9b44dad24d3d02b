"""Ingest of an exported catalogue."""

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.figures import Report, Row, Target
from benchmarks.measuring import Bench

ENDPOINT = "spacecraft_flights"


def ingest(bench: Bench) -> Report:
    """Measure the ingest of all detailed flights into an empty database.

    Every round is a dry run, which writes everything and then rolls back.
    """
    from django.core.management import call_command

    from spacedb.ingest.ingest import ingest_files

    objects, rates, cpu = 0, list[float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="spacedb-bench-") as folder:
        bench.connect(1)
        call_command("export", folder, only=[ENDPOINT], verbosity=0)
        bench.connect(0)
        for number in range(bench.rounds + 1):
            bench.show_progress(f"ingest, round {number}")
            start, cpu_start = time.perf_counter(), time.process_time()
            summary = ingest_files(sorted(Path(folder).glob("*.json*")), dry_run=True)
            seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
            objects = sum(sum(counts) for counts in summary.models.values())
            if number:  # the first round also loads code
                rates.append(objects / seconds)
                cpu.append(cpu_seconds / objects)
            bench.reference.send()
    name = f"ingest of detailed flights, {objects:,} objects"
    row = Row(name, median(rates), cpu=median(cpu))
    return Report([row], [Target("objects per second of the ingest", median(rates), 10_000, unit="/s")])
