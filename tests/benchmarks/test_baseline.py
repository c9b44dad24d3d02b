"""The comparison of `make bench` with the CPU times of the last release."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import baseline
from benchmarks.figures import Report, Row
from benchmarks.report import print_slower

pytestmark = pytest.mark.vendor_neutral

ROW = Row("spacecraft, warm", cpu=0.001, relative_cpu=0.01)


@pytest.fixture(autouse=True)
def _baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "BASELINE", tmp_path / "baseline.json")


@pytest.mark.parametrize(("growth", "is_slower"), [(0.5, False), (1.24, False), (1.26, True)])
def test_a_request_that_needs_more_cpu_time_is_reported(
    growth: float, is_slower: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline.write([ROW], "sqlite")
    [row] = baseline.compare([replace(ROW, relative_cpu=0.01 * growth)], "sqlite")
    assert row.against_release == pytest.approx(growth)
    assert print_slower(Report([row]), baseline.LIMIT) is is_slower
    assert ("spacecraft, warm" in capsys.readouterr().err) is is_slower


def test_only_rows_of_the_last_release_on_the_same_database_are_compared() -> None:
    baseline.write([ROW], "sqlite")
    rows = [replace(ROW, name="spacecraft, new"), Row(ROW.name)]
    assert baseline.compare(rows, "sqlite") == rows
    assert baseline.compare([ROW], "postgresql") == [ROW]


def test_writing_some_parts_keeps_the_others() -> None:
    other = Row("ingest", relative_cpu=0.1)
    baseline.write([ROW, other], "sqlite")
    baseline.write([ROW], "postgresql")
    baseline.write([replace(ROW, relative_cpu=0.02)], "sqlite")
    assert [row.against_release for row in baseline.compare([ROW, other], "sqlite")] == [0.5, 1]
