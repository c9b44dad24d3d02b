"""The parts of the benchmark. Each part returns a report with rows of figures, and with targets."""

from collections.abc import Callable

from benchmarks.figures import Report
from benchmarks.measuring import Bench
from benchmarks.parts import ingest, large, memory, throughput, workers, writes

PARTS: dict[str, Callable[[Bench], Report]] = {
    "throughput": throughput.throughput,
    "after-write": writes.after_write,
    "dashboard": throughput.dashboard,
    "catalogue": large.catalogue,
    "search": large.search,
    "cold-pages": large.cold_pages,
    "new-worker": workers.new_worker,
    "reload": workers.reload,
    "ingest": ingest.ingest,
    "memory": memory.memory,
}

ON_LARGE_CATALOGUE = {"catalogue", "search", "cold-pages", "memory"}
"""The parts that need the catalogue that is 100 times as large."""
