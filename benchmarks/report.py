"""The results as Markdown."""

import os
import platform
import sys
from collections.abc import Sequence

from benchmarks.figures import Report, Row, Target

TITLES = ("contender", "requests/s", "p50", "p99", "CPU per request", "against last release", "peak memory")


def row_cells(row: Row) -> tuple[str, ...]:
    rate = (
        "" if row.per_second is None else f"{row.per_second:,.0f}" if row.per_second >= 100 else f"{row.per_second:.1f}"
    )
    memory = "" if row.memory is None else f"{row.memory / 2**20:.0f} MB"
    against = "" if row.against_release is None else f"{row.against_release:.2f} x"
    return row.name, rate, _time(row.p50), _time(row.p99), _time(row.cpu), against, memory


def target_cells(target: Target) -> tuple[str, ...]:
    value = f"{target.value:.{0 if target.value >= 100 else 2}f}{target.unit}"
    bound = f"{'at most' if target.at_most else 'at least'} {target.bound:g}{target.unit}"
    return target.name, value, bound, "yes" if target.met else "NO"


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"


HEADINGS = {"sqlite": "## SQLite\n", "postgresql": "## PostgreSQL\n"}
"""The section of each database in `results.md`."""


def markdown(report: Report, *, database: str, rounds: int, load: str) -> str:
    """The section of a database."""
    machine = f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}"
    intro = (
        f"{HEADINGS[database]}\n"
        f"Machine: {machine}. Load generator: {load}. Figures are medians of {rounds} rounds. The load generator and "
        "all contenders ran on the same machine, so that ratios are more meaningful than absolute figures.\n"
    )
    parts = [intro, _table(TITLES, [row_cells(row) for row in report.rows])]
    parts.append(_table(("target", "measured", "required", "met"), [target_cells(target) for target in report.targets]))
    parts += [f"{note}\n" for note in report.notes]
    return "\n".join(parts)


def replace_section(document: str, section: str) -> str:
    """The document with this section in place of the one with the same heading, which it has."""
    heading = section.partition("\n")[0]
    before, _, old = document.partition(f"{heading}\n")
    _, next_heading, after = old.partition("\n## ")
    return f"{before}{section}{next_heading}{after}"


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[n]) for row in (titles, *rows)) for n in range(len(titles))]
    separator = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    lines = (
        [cell.rjust(width) if n else cell.ljust(width) for n, (cell, width) in enumerate(zip(row, widths, strict=True))]
        for row in (titles, separator, *rows)
    )
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def print_missed_targets(report: Report) -> bool:
    """Print missed targets to standard error. Return whether there are any."""
    missed = [target for target in report.targets if not target.met]
    for target in missed:
        print(f"Missed: {' '.join(target_cells(target)[:3])}", file=sys.stderr)
    return bool(missed)


def print_slower(report: Report, limit: float) -> bool:
    """Print rows that are slower than the last release to standard error. Return whether there are any."""
    slower = [row for row in report.rows if row.against_release and row.against_release > limit]
    for row in slower:
        print(f"Slower: {row.name}, {row.against_release:.2f} x the CPU time of the last release", file=sys.stderr)
    return bool(slower)
