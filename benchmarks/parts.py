"""What is measured, part by part. Each part tells rows of figures, and ratios with what is asked of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from statistics import median

from benchmarks.contenders import Contenders, NotInstalled, same
from benchmarks.data import SIZES, write
from benchmarks.load import CONNECTIONS, Connection, Load, LoadError, get, load, timed
from benchmarks.processes import Server

SPACECRAFT = "/2.3.0/spacecraft/?limit=100"
FLIGHTS = "/2.3.0/spacecraft_flights/?limit=100&mode=detailed"
NO_ANSWERS = {"CACHE_SIZE": "0"}
DIFFERENT = 10_000


@dataclass(frozen=True)
class Row:
    """A contender's figures: medians of all rounds."""

    name: str
    per_second: float | None = None
    p50: float | None = None
    p99: float | None = None
    cpu: float | None = None
    memory: int | None = None


@dataclass(frozen=True)
class Target:
    """A ratio or a size, and what it has to be at least (or at most)."""

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
    """How to measure, and against which catalogues (contenders by size)."""

    contenders: dict[int, Contenders]
    rounds: int
    seconds: float
    use: Callable[[int], None]
    """Have this process write to the catalogue of that size."""
    say: Callable[[str], None]


@dataclass
class Entry:
    """One contender under load, round by round."""

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
        found = load(url, seconds, self.headers, expect=self.expect)
        after = self.server.cpu()
        self.loads.append(found)
        if before is not None and after is not None:
            self.cpu.append((after - before) / found.requests)
        self.memory = max(self.memory, self.server.memory() or 0)

    def row(self) -> Row:
        return Row(
            self.name,
            median(one.per_second for one in self.loads),
            median(one.p50 for one in self.loads),
            median(one.p99 for one in self.loads),
            median(self.cpu) if self.cpu else None,
            self.memory or None,
        )


def throughput(bench: Bench) -> Report:
    """All contenders under load, in turn, on the same data."""
    report, contenders = Report(), bench.contenders[1]
    with ExitStack() as stack:
        cold = stack.enter_context(contenders.ours("cold", **NO_ANSWERS))
        warm = stack.enter_context(contenders.ours("warm"))
        textbook = stack.enter_context(contenders.textbook())
        for path in (SPACECRAFT, FLIGHTS):
            ours, theirs = get(warm.address + path), get(textbook.address + path)
            same(ours.body, theirs.body, warm.address, textbook.address)
        first = get(warm.address + SPACECRAFT)
        entries = [
            Entry("spacecraft, textbook", textbook, SPACECRAFT),
            Entry("spacecraft, answer cache off", cold, SPACECRAFT),
            Entry("spacecraft, warm", warm, SPACECRAFT),
            Entry("flights in detail, textbook", textbook, FLIGHTS),
            Entry("flights in detail, answer cache off", cold, FLIGHTS),
            Entry("flights in detail, warm", warm, FLIGHTS),
        ]
        if etag := first.headers.get("etag"):
            entries.append(Entry("spacecraft, 304", warm, SPACECRAFT, {"If-None-Match": etag}, expect=304))
        else:
            report.notes.append("Answers have no ETag: no 304 was measured.")
        try:
            nginx = stack.enter_context(contenders.nginx(first.body))
            entries.append(Entry("spacecraft, nginx with a static file", nginx, "/page.json"))
        except NotInstalled as missing:
            report.notes.append(f"Not measured, for it is not installed: {missing}.")
        try:
            objects = _all_objects(warm)
            node = stack.enter_context(contenders.json_server(objects))
            entries.append(Entry("spacecraft, json-server", node, "/spacecraft?_limit=100"))
        except NotInstalled as missing:
            report.notes.append(f"Not measured, for it is not installed: {missing}.")
        for number in range(bench.rounds + 1):  # the first round warms up and does not count
            for entry in entries:
                bench.say(f"round {number} of {bench.rounds}: {entry.name}")
                slow = timed(entry.server.address + entry.path) * CONNECTIONS
                entry.run(max(bench.seconds, 3 * slow))
            if not number:
                for entry in entries:
                    entry.loads.clear()
                    entry.cpu.clear()
    report.rows = [entry.row() for entry in entries]
    rate = {row.name: row.per_second or 0 for row in report.rows}
    report.targets = [
        _ratio(rate, "spacecraft, answer cache off", "spacecraft, textbook", 10),
        _ratio(rate, "flights in detail, answer cache off", "flights in detail, textbook", 10),
        _ratio(rate, "spacecraft, warm", "spacecraft, textbook", 60),
    ]
    if "spacecraft, nginx with a static file" in rate:
        report.targets.append(_ratio(rate, "spacecraft, warm", "spacecraft, nginx with a static file", 0.2))
    if "spacecraft, 304" in rate:
        report.targets.append(_ratio(rate, "spacecraft, 304", "spacecraft, warm", 1.5))
    return report


def after_write(bench: Bench) -> Report:
    """The first request after a write, when nothing is kept that could be used."""
    report = Report()
    bench.use(1)
    with bench.contenders[1].ours("first") as ours, bench.contenders[1].textbook() as textbook:
        for path, name, bound in ((SPACECRAFT, "spacecraft", 2), (FLIGHTS, "flights in detail", 2)):
            times = _after_writes(bench, {"textbook": textbook.address + path, "ours": ours.address + path})
            rows = [Row(f"{name}, {who}, first after a write", p50=median(found)) for who, found in times.items()]
            ratio = median(times["textbook"]) / median(times["ours"])
            report.rows += rows
            report.targets.append(Target(f"{name}: first request after a write against textbook", ratio, bound))
    return report


def catalogue(bench: Bench) -> Report:
    """A catalogue a hundred times as large, and the far end of it."""
    report, large = Report(), SIZES[100][0]
    deep = f"{SPACECRAFT}&offset={large - 100}"
    with ExitStack() as stack:
        one = stack.enter_context(bench.contenders[1].ours("one", **NO_ANSWERS))
        hundred = stack.enter_context(bench.contenders[100].ours("hundred", **NO_ANSWERS))
        addresses = {
            "first page": one.address + SPACECRAFT,
            "first page of 100 times the catalogue": hundred.address + SPACECRAFT,
            f"offset {large - 100:,} of {large:,}": hundred.address + deep,
        }
        kept: dict[str, list[float]] = {name: [] for name in addresses}
        for number in range(bench.rounds * 10 + 10):
            bench.say(f"100 times the catalogue, request {number}")
            for name, address in addresses.items():
                seconds = timed(address)
                if number >= 10:
                    kept[name].append(seconds)
        bench.use(1)
        small = _after_writes(bench, {"first page": addresses.pop("first page")})
        bench.use(100)
        nothing = small | _after_writes(bench, addresses)
    for label, times in (("answer cache off", kept), ("first after a write", nothing)):
        report.rows += [Row(f"spacecraft, {name}, {label}", p50=median(found)) for name, found in times.items()]
        first, first_of_large, last = (median(found) for found in times.values())
        report.targets += [
            Target(f"100 times the catalogue, first page, against once, {label}", first_of_large / first, 1.5, True),
            Target(f"{list(times)[2]} against the first page, {label}", last / first_of_large, 3, True),
        ]
    return report


def memory(bench: Bench) -> Report:
    """One worker, asked for ten thousand different pages of the large catalogue."""
    report = Report()
    with bench.contenders[100].ours("memory", WEB_CONCURRENCY="1") as server:
        connection = Connection(server.address)
        for number, path in enumerate(_different()):
            if number % 100 == 0:
                bench.say(f"memory: request {number} of {DIFFERENT}")
                connection.close()
                connection = Connection(server.address)
            reply = connection.get(server.address + path)
            if reply.status != 200:
                raise LoadError(f"{path} answered {reply.status}")
        connection.close()
        used = server.largest()
    if used is None:
        report.notes.append("This system does not tell how much memory a process uses (no /proc).")
    else:
        name = f"worker after {DIFFERENT:,} different requests"
        report.rows.append(Row(name, memory=used))
        report.targets.append(Target(f"memory of a {name}", used / 2**20, 200, at_most=True, unit=" MB"))
    return report


PARTS: dict[str, Callable[[Bench], Report]] = {
    "throughput": throughput,
    "after-write": after_write,
    "catalogue": catalogue,
    "memory": memory,
}


def _ratio(rate: dict[str, float], name: str, against: str, bound: float) -> Target:
    return Target(f"{name} against {against.partition(', ')[2]}", rate[name] / rate[against], bound)


def _after_writes(bench: Bench, addresses: dict[str, str]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for _ in range(5):  # every worker has loaded its code
        for address in addresses.values():
            get(address)
    for number in range(bench.rounds * 5):
        for name, address in addresses.items():
            bench.say(f"after a write, request {number}: {name}")
            write()
            times[name].append(timed(address))
    return times


def _all_objects(server: Server) -> list[object]:
    import json

    found: list[object] = []
    while len(found) < SIZES[1][0]:
        found += json.loads(get(f"{server.address}{SPACECRAFT}&offset={len(found)}").body)["results"]
    return found


def _different() -> Iterator[str]:
    """Pages as clients ask for them: mostly of ten objects, of all kinds, in all orders, from anywhere."""
    random = Random(1)
    spacecraft, flights = SIZES[100]
    for number in range(DIFFERENT):
        limit = 100 if number % 50 == 0 else random.randint(1, 20)
        match number % 5:
            case 0:
                order = random.choice(("time_in_space", "-time_docked", "flights_count", "-mission_ends_count", "id"))
                yield f"/2.3.0/spacecraft/?limit={limit}&ordering={order}&offset={random.randrange(spacecraft)}"
            case 1:
                yield f"/2.3.0/spacecraft/?limit={limit}&in_space=false&offset={random.randrange(spacecraft // 2)}"
            case 2:
                yield f"/2.3.0/spacecraft_flights/?limit={limit}&offset={random.randrange(flights)}"
            case 3:
                yield f"/2.3.0/launches/?limit={limit}&offset={random.randrange(flights // 2)}&mode=list"
            case _:
                yield f"/2.3.0/spacecraft_flights/?limit={limit}&mode=detailed&offset={random.randrange(flights)}"
