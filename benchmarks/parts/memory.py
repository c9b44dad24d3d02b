"""The memory of a worker."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

from benchmarks.data import SIZES
from benchmarks.figures import Report, Row, Target
from benchmarks.load import Connection, LoadError
from benchmarks.measuring import Bench

DISTINCT_REQUESTS, CLIENTS = 50_000, 4
"""Number of requests, and of clients that send them. Every tenth request is for HTML."""


def memory(bench: Bench) -> Report:
    """Measure the memory of a worker after many distinct requests to the large catalogue, from several clients."""
    report, paths = Report(), list(_distinct_paths())
    with bench.contenders[100].spacedb("memory", WEB_CONCURRENCY="2") as server:

        def send(first: int) -> None:
            connection = Connection(server.address)
            for number in range(first, DISTINCT_REQUESTS, CLIENTS):
                if number % 100 == 0:
                    bench.show_progress(f"memory: request {number} of {DISTINCT_REQUESTS}")
                    connection.close()
                    connection = Connection(server.address)
                accept = "text/html" if number % 10 == 9 else "application/json"
                response = connection.get(server.address + paths[number], {"Accept": accept})
                if response.status != 200:
                    raise LoadError(f"{paths[number]} returned status {response.status}")
            connection.close()

        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(send, range(CLIENTS)))
        size, peak = server.resident_memory(), server.peak_memory()
    if size is None or peak is None:
        report.notes.append("Memory was not measured, as this system has no /proc.")
    else:
        name = f"worker after {DISTINCT_REQUESTS:,} distinct requests"
        report.rows += [Row(name, memory=size), Row(f"{name}, peak", memory=peak)]
        report.targets.append(Target(f"memory of a {name}", size / 2**20, 200, at_most=True, unit=" MB"))
    return report


def _distinct_paths() -> Iterator[str]:
    """Yield URLs of pages with different resources, versions, page sizes, orderings and offsets."""
    random = Random(1)
    spacecraft, flights = SIZES[100]
    for number in range(DISTINCT_REQUESTS):
        limit = 100 if number % 49 == 0 else random.randint(1, 20)
        match random.randrange(8):
            case 0:
                order = random.choice(("time_in_space", "-time_docked", "flights_count", "-mission_ends_count", "id"))
                yield f"/2.3.0/spacecraft/?limit={limit}&ordering={order}&offset={random.randrange(spacecraft)}"
            case 1:
                yield f"/2.3.0/spacecraft/?limit={limit}&in_space=false&offset={random.randrange(spacecraft // 2)}"
            case 2:
                yield f"/2.3.0/spacecraft_flights/?limit={limit}&offset={random.randrange(flights)}"
            case 3:
                yield f"/2.3.0/launches/?limit={limit}&offset={random.randrange(flights // 2)}&mode=list"
            case 4:
                yield f"/2.3.0/launches/?limit={limit}&offset={random.randrange(flights // 2)}&mode=detailed"
            case 5:
                yield f"/2.2.0/launch/?limit={limit}&offset={random.randrange(flights // 2)}&mode=detailed"
            case 6:
                yield f"/2.0.0/spacecraft/?limit={limit}&offset={random.randrange(spacecraft)}"
            case _:
                yield f"/2.3.0/spacecraft_flights/?limit={limit}&mode=detailed&offset={random.randrange(flights)}"
