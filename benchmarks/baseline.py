"""The CPU times of the last release, with which those of this code are compared.

`baseline.json` contains them as ratios to that of the textbook implementation on the same machine and in the same run.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from benchmarks.figures import Row

BASELINE = Path(__file__).parent / "baseline.json"
LIMIT = 1.25
"""How much more CPU time than in the last release a request may need."""


def compare(rows: Iterable[Row], database: str) -> list[Row]:
    """Return the rows with `against_release`, if the last release has a row with the same name."""
    before = _read().get(database, {})
    return [
        replace(row, against_release=row.relative_cpu / before[row.name])
        if row.relative_cpu and row.name in before
        else row
        for row in rows
    ]


def write(rows: Iterable[Row], database: str) -> None:
    """Store the ratios of these rows. Others, of parts that did not run, do not change."""
    content = _read()
    ratios = {row.name: float(f"{row.relative_cpu:.4g}") for row in rows if row.relative_cpu}
    content[database] = content.get(database, {}) | ratios
    BASELINE.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")


def _read() -> dict[str, dict[str, float]]:
    return dict(json.loads(BASELINE.read_text())) if BASELINE.exists() else {}
