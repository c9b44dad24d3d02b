"""Measures servers: under load, and with single requests."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median

from benchmarks.contenders import Contenders
from benchmarks.data import write
from benchmarks.figures import Row
from benchmarks.load import CONNECTIONS, Load, get, load, time_request
from benchmarks.processes import Server


@dataclass
class Singles:
    """Requests to a server that are sent one at a time, with their times and CPU times in seconds."""

    name: str
    server: Server
    path: str
    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    is_spacedb: bool = True

    def send(self) -> None:
        before = self.server.cpu()
        self.times.append(time_request(self.server.address + self.path))
        after = self.server.cpu()
        if before is not None and after is not None:
            self.cpu.append(after - before)

    @property
    def median(self) -> float:
        return median(self.times)

    def row(self) -> Row:
        cpu = median(self.cpu) if self.cpu else None
        return Row(self.name, p50=self.median, cpu=cpu, is_spacedb=self.is_spacedb)


@dataclass(frozen=True)
class Bench:
    """The parameters of a benchmark: contenders by size of the catalogue, number of rounds, seconds per round."""

    contenders: dict[int, Contenders]
    rounds: int
    seconds: float
    connect: Callable[[int], None]
    """Connects this process to the catalogue of a size."""
    show_progress: Callable[[str], None]
    reference: Singles
    """Requests to the textbook implementation, with which figures of different machines are compared."""


@dataclass
class Entry:
    """A contender under load, with the results of each round."""

    name: str
    server: Server
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    expect: int = 200
    is_spacedb: bool = True
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
            self.is_spacedb,
        )


def run_rounds(bench: Bench, entries: list[Entry]) -> None:
    """Put each contender under load in each round. The first round is a warm-up and does not count."""
    for number in range(bench.rounds + 1):
        for entry in entries:
            bench.show_progress(f"round {number} of {bench.rounds}: {entry.name}")
            round_trip = time_request(entry.server.address + entry.path) * CONNECTIONS
            entry.run(max(bench.seconds, 3 * round_trip))
        bench.reference.send()
        if not number:
            for entry in entries:
                entry.loads.clear()
                entry.cpu.clear()


def send_in_turn(bench: Bench, all_singles: Iterable[Singles], *, count: int, after_write: bool = False) -> None:
    """Send requests to each contender in turn, each after a write if `after_write` is true."""
    all_singles = list(all_singles)
    for _ in range(5):  # so that every worker has loaded its code
        for singles in all_singles:
            get(singles.server.address + singles.path)
    for number in range(count):
        for singles in all_singles:
            bench.show_progress(f"{singles.name}, request {number}")
            if after_write:
                write()
            singles.send()
        bench.reference.send()
