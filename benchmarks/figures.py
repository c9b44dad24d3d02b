"""The figures of a report."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """The figures of a contender: medians of all rounds, times in seconds, memory in bytes.

    `cpu` is the CPU time per request, `relative_cpu` its ratio to that of the textbook implementation for a list of
    spacecraft, and `against_release` the ratio of the latter to that of the last release.
    """

    name: str
    per_second: float | None = None
    p50: float | None = None
    p99: float | None = None
    cpu: float | None = None
    memory: int | None = None
    is_spacedb: bool = True
    relative_cpu: float | None = None
    against_release: float | None = None


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
