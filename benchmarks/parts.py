"""The parts of the benchmark. Each part returns a report with rows of figures, and with targets."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from statistics import median

from benchmarks.contenders import Contenders, NotInstalled, check_same_json
from benchmarks.data import SIZES, write
from benchmarks.load import CONNECTIONS, Connection, Load, LoadError, get, load, time_request
from benchmarks.processes import Server

SPACECRAFT = "/2.3.0/spacecraft/?limit=100"
FLIGHTS = "/2.3.0/spacecraft_flights/?limit=100&mode=detailed"
EVENTS = "/2.3.0/events/?limit=100"
DASHBOARD = "/2.3.0/dashboard/starship/?mode=detailed"
NO_RESPONSE_CACHE = {"CACHE_SIZE": "0"}

DISTINCT_REQUESTS, MEMORY_CLIENTS = 50_000, 4
"""Number of requests, and of clients that send them, in the part `memory`. Every tenth request is for HTML."""


@dataclass(frozen=True)
class Row:
    """The figures of a contender: medians of all rounds, times in seconds, memory in bytes."""

    name: str
    per_second: float | None = None
    p50: float | None = None
    p99: float | None = None
    cpu: float | None = None
    memory: int | None = None


@dataclass(frozen=True)
class Target:
    """A measured ratio or size with its lower bound, or its upper bound if `at_most` is true."""

    name: str
    value: float
    bound: float
    at_most: bool = False
    unit: str = " x"

    @property
    def met(self) -> bool:
        return self.value <= self.bound if self.at_most else self.value >= self.bound


@dataclass
class Report:
    rows: list[Row] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Bench:
    """The parameters of a benchmark: contenders by size of the catalogue, number of rounds, seconds per round."""

    contenders: dict[int, Contenders]
    rounds: int
    seconds: float
    connect: Callable[[int], None]
    """Connects this process to the catalogue of a size."""
    show_progress: Callable[[str], None]


@dataclass
class Entry:
    """A contender under load, with the results of each round."""

    name: str
    server: Server
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    expect: int = 200
    loads: list[Load] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: int = 0

    def run(self, seconds: float) -> None:
        url = self.server.address + self.path
        before = self.server.cpu()
        result = load(url, seconds, self.headers, expect=self.expect)
        after = self.server.cpu()
        self.loads.append(result)
        if before is not None and after is not None:
            self.cpu.append((after - before) / result.requests)
        self.memory = max(self.memory, self.server.memory() or 0)

    def row(self) -> Row:
        return Row(
            self.name,
            median(result.per_second for result in self.loads),
            median(result.p50 for result in self.loads),
            median(result.p99 for result in self.loads),
            median(self.cpu) if self.cpu else None,
            self.memory or None,
        )


def throughput(bench: Bench) -> Report:
    """Measure all contenders under load, in turn and with the same data."""
    report, contenders = Report(), bench.contenders[1]
    with ExitStack() as stack:
        cold = stack.enter_context(contenders.spacedb("cold", **NO_RESPONSE_CACHE))
        warm = stack.enter_context(contenders.spacedb("warm"))
        textbook = stack.enter_context(contenders.textbook())
        for path in (SPACECRAFT, FLIGHTS):
            ours, theirs = get(warm.address + path), get(textbook.address + path)
            check_same_json(ours.body, theirs.body, warm.address, textbook.address)
        first = get(warm.address + SPACECRAFT)
        entries = [
            Entry("spacecraft, textbook", textbook, SPACECRAFT),
            Entry("spacecraft, response cache off", cold, SPACECRAFT),
            Entry("spacecraft, warm", warm, SPACECRAFT),
            Entry("flights in detail, textbook", textbook, FLIGHTS),
            Entry("flights in detail, response cache off", cold, FLIGHTS),
            Entry("flights in detail, warm", warm, FLIGHTS),
        ]
        if etag := first.headers.get("etag"):
            entries.append(Entry("spacecraft, 304", warm, SPACECRAFT, {"If-None-Match": etag}, expect=304))
        else:
            report.notes.append("Status 304 was not measured, as the responses have no ETag.")
        try:
            nginx = stack.enter_context(contenders.nginx(first.body))
            entries.append(Entry("spacecraft, nginx with a static file", nginx, "/page.json"))
        except NotInstalled as missing:
            report.notes.append(f"Not measured, as it is not installed: {missing}.")
        try:
            objects = _all_objects(warm)
            node = stack.enter_context(contenders.json_server(objects))
            entries.append(Entry("spacecraft, json-server", node, "/spacecraft?_limit=100"))
        except NotInstalled as missing:
            report.notes.append(f"Not measured, as it is not installed: {missing}.")
        _run_rounds(bench, entries)
    report.rows = [entry.row() for entry in entries]
    rate = {row.name: row.per_second or 0 for row in report.rows}
    report.targets = [
        _ratio(rate, "spacecraft, response cache off", "spacecraft, textbook", 10),
        _ratio(rate, "flights in detail, response cache off", "flights in detail, textbook", 10),
        _ratio(rate, "spacecraft, warm", "spacecraft, textbook", 60),
    ]
    if "spacecraft, nginx with a static file" in rate:
        report.targets.append(_ratio(rate, "spacecraft, warm", "spacecraft, nginx with a static file", 0.2))
    if "spacecraft, 304" in rate:
        report.targets.append(_ratio(rate, "spacecraft, 304", "spacecraft, warm", 1.5))
    return report


def after_write(bench: Bench) -> Report:
    """Measure the first request after a write, when no cached response is valid."""
    report = Report()
    bench.connect(1)
    with bench.contenders[1].spacedb("first") as spacedb, bench.contenders[1].textbook() as textbook:
        for path, name, bound in ((SPACECRAFT, "spacecraft", 5), (FLIGHTS, "flights in detail", 12)):
            times = _after_writes(bench, {"textbook": textbook.address + path, "spacedb": spacedb.address + path})
            rows = [Row(f"{name}, {who}, first after a write", p50=median(values)) for who, values in times.items()]
            ratio = median(times["textbook"]) / median(times["spacedb"])
            report.rows += rows
            report.targets.append(Target(f"{name}: first request after a write against textbook", ratio, bound))
    return report


def dashboard(bench: Bench) -> Report:
    """Measure the list of events, and the dashboard, which the fragment cache does not store."""
    bench.connect(1)
    with ExitStack() as stack:
        cold = stack.enter_context(bench.contenders[1].spacedb("cold", **NO_RESPONSE_CACHE))
        warm = stack.enter_context(bench.contenders[1].spacedb("warm"))
        paths = {"events": EVENTS, "dashboard in detail": DASHBOARD}
        entries = [
            Entry(f"{name}, {label}", server, path)
            for name, path in paths.items()
            for label, server in (("response cache off", cold), ("warm", warm))
        ]
        _run_rounds(bench, entries)
        after_writes = _after_writes(bench, {name: warm.address + path for name, path in paths.items()})
    rows = [Row(f"{name}, first after a write", p50=median(times)) for name, times in after_writes.items()]
    return Report(rows=[entry.row() for entry in entries] + rows)


def catalogue(bench: Bench) -> Report:
    """Measure a catalogue that is 100 times as large, and its last page."""
    report, spacecraft = Report(), SIZES[100][0]
    deep = f"{SPACECRAFT}&offset={spacecraft - 100}"
    with ExitStack() as stack:
        small = stack.enter_context(bench.contenders[1].spacedb("small", **NO_RESPONSE_CACHE))
        large = stack.enter_context(bench.contenders[100].spacedb("large", **NO_RESPONSE_CACHE))
        urls = {
            "first page": small.address + SPACECRAFT,
            "first page of 100 times the catalogue": large.address + SPACECRAFT,
            f"offset {spacecraft - 100:,} of {spacecraft:,}": large.address + deep,
        }
        without_response_cache: dict[str, list[float]] = {name: [] for name in urls}
        for number in range(bench.rounds * 10 + 10):
            bench.show_progress(f"100 times the catalogue, request {number}")
            for name, url in urls.items():
                seconds = time_request(url)
                if number >= 10:
                    without_response_cache[name].append(seconds)
        bench.connect(1)
        after_writes = _after_writes(bench, {"first page": urls.pop("first page")})
        bench.connect(100)
        after_writes |= _after_writes(bench, urls)
    for label, times in (("response cache off", without_response_cache), ("first after a write", after_writes)):
        report.rows += [Row(f"spacecraft, {name}, {label}", p50=median(values)) for name, values in times.items()]
        first, first_of_large, last = (median(values) for values in times.values())
        report.targets += [
            Target(f"100 times the catalogue, first page, against once, {label}", first_of_large / first, 1.5, True),
            Target(f"{list(times)[2]} against the first page, {label}", last / first_of_large, 3, True),
        ]
    return report


def memory(bench: Bench) -> Report:
    """Measure the memory of a worker after many distinct requests to the large catalogue, from several clients."""
    report, paths = Report(), list(_distinct_paths())
    with bench.contenders[100].spacedb("memory", WEB_CONCURRENCY="2") as server:

        def send(first: int) -> None:
            connection = Connection(server.address)
            for number in range(first, DISTINCT_REQUESTS, MEMORY_CLIENTS):
                if number % 100 == 0:
                    bench.show_progress(f"memory: request {number} of {DISTINCT_REQUESTS}")
                    connection.close()
                    connection = Connection(server.address)
                accept = "text/html" if number % 10 == 9 else "application/json"
                response = connection.get(server.address + paths[number], {"Accept": accept})
                if response.status != 200:
                    raise LoadError(f"{paths[number]} returned status {response.status}")
            connection.close()

        with ThreadPoolExecutor(MEMORY_CLIENTS) as pool:
            list(pool.map(send, range(MEMORY_CLIENTS)))
        size, peak = server.resident_memory(), server.peak_memory()
    if size is None or peak is None:
        report.notes.append("Memory was not measured, as this system has no /proc.")
    else:
        name = f"worker after {DISTINCT_REQUESTS:,} distinct requests"
        report.rows += [Row(name, memory=size), Row(f"{name}, peak", memory=peak)]
        report.targets.append(Target(f"memory of a {name}", size / 2**20, 200, at_most=True, unit=" MB"))
    return report


PARTS: dict[str, Callable[[Bench], Report]] = {
    "throughput": throughput,
    "after-write": after_write,
    "dashboard": dashboard,
    "catalogue": catalogue,
    "memory": memory,
}


def _ratio(rate: dict[str, float], name: str, against: str, bound: float) -> Target:
    return Target(f"{name} against {against.partition(', ')[2]}", rate[name] / rate[against], bound)


def _run_rounds(bench: Bench, entries: list[Entry]) -> None:
    """Put each contender under load in each round. The first round is a warm-up and does not count."""
    for number in range(bench.rounds + 1):
        for entry in entries:
            bench.show_progress(f"round {number} of {bench.rounds}: {entry.name}")
            round_trip = time_request(entry.server.address + entry.path) * CONNECTIONS
            entry.run(max(bench.seconds, 3 * round_trip))
        if not number:
            for entry in entries:
                entry.loads.clear()
                entry.cpu.clear()


def _after_writes(bench: Bench, urls: dict[str, str]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in urls}
    for _ in range(5):  # so that every worker has loaded its code
        for url in urls.values():
            get(url)
    for number in range(bench.rounds * 5):
        for name, url in urls.items():
            bench.show_progress(f"after a write, request {number}: {name}")
            write()
            times[name].append(time_request(url))
    return times


def _all_objects(server: Server) -> list[object]:
    import json

    objects: list[object] = []
    while len(objects) < SIZES[1][0]:
        objects += json.loads(get(f"{server.address}{SPACECRAFT}&offset={len(objects)}").body)["results"]
    return objects


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
