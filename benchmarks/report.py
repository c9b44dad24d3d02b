"""The figures as a table on the screen and as Markdown."""

import os
import platform
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.parts import Report, Row, Target

TITLES = ("", "requests/s", "p50", "p99", "CPU per request", "peak memory")


def cells(row: Row) -> tuple[str, ...]:
    rate = (
        "" if row.per_second is None else f"{row.per_second:,.0f}" if row.per_second >= 100 else f"{row.per_second:.1f}"
    )
    memory = "" if row.memory is None else f"{row.memory / 2**20:.0f} MB"
    return row.name, rate, _time(row.p50), _time(row.p99), _time(row.cpu), memory


def told(target: Target) -> tuple[str, ...]:
    value = f"{target.value:.{0 if target.value >= 100 else 2}f}{target.unit}"
    bound = f"{'at most' if target.at_most else 'at least'} {target.bound:g}{target.unit}"
    return target.name, value, bound, "yes" if target.met else "NO"


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"


def show(report: Report) -> None:
    console = Console()
    rows = Table(*TITLES)
    for column in rows.columns[1:]:
        column.justify = "right"
    for row in report.rows:
        rows.add_row(*cells(row))
    console.print(rows)
    targets = Table("", "measured", "asked for", "met")
    for target in report.targets:
        targets.add_row(*told(target), style="" if target.met else "red")
    console.print(targets)
    for note in report.notes:
        console.print(note)


def markdown(report: Report, *, database: str, rounds: int, load: str) -> str:
    machine = f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}, {database}"
    intro = (
        "# What `make bench` measured\n\n"
        "Written by `make bench`; how and what it measures is told in [README.md](README.md).\n\n"
        f"On {machine}; load by {load}; medians of {rounds}. All contenders ran on this one machine, as did the load, "
        "so ratios tell more than figures.\n"
    )
    parts = [intro, _table(("what", *TITLES[1:]), [cells(row) for row in report.rows])]
    parts.append(_table(("what", "measured", "asked for", "met"), [told(target) for target in report.targets]))
    parts += [f"{note}\n" for note in report.notes]
    return "\n".join(parts)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---", *["---:"] * (len(titles) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def failed(report: Report) -> None:
    """Say on standard error what was not reached."""
    for target in report.targets:
        if not target.met:
            print(f"Not reached: {' '.join(told(target)[:3])}", file=sys.stderr)
