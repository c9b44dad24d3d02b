"""The figures as Markdown."""

import os
import platform
import sys
from collections.abc import Sequence

from benchmarks.parts import Report, Row, Target

TITLES = ("what", "requests/s", "p50", "p99", "CPU per request", "peak memory")


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


def markdown(report: Report, *, database: str, rounds: int, load: str) -> str:
    machine = f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}, {database}"
    intro = (
        "# What `make bench` measured\n\n"
        "Written by `make bench`; how and what it measures is told in [README.md](README.md).\n\n"
        f"On {machine}; load by {load}; medians of {rounds}. All contenders ran on this one machine, as did the load, "
        "so ratios tell more than figures.\n"
    )
    parts = [intro, _table(TITLES, [cells(row) for row in report.rows])]
    parts.append(_table(("what", "measured", "asked for", "met"), [told(target) for target in report.targets]))
    parts += [f"{note}\n" for note in report.notes]
    return "\n".join(parts)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[n]) for row in (titles, *rows)) for n in range(len(titles))]
    under = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    lines = (
        [cell.rjust(width) if n else cell.ljust(width) for n, (cell, width) in enumerate(zip(row, widths, strict=True))]
        for row in (titles, under, *rows)
    )
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def failed(report: Report) -> None:
    """Say on standard error what was not reached."""
    for target in report.targets:
        if not target.met:
            print(f"Not reached: {' '.join(told(target)[:3])}", file=sys.stderr)
