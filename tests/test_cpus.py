"""The number of CPUs in containers and units."""

import os
from pathlib import Path

import pytest

from spacedb.cpus import cpu_count

pytestmark = pytest.mark.vendor_neutral

AFFINITY = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{content}\n")


@pytest.mark.parametrize(
    ("own", "files", "expected"),
    [
        pytest.param("0::/", {"cpu.max": "100000 100000"}, 1, id="a container"),
        pytest.param("0::/", {"cpu.max": "50000 100000"}, 1, id="half a CPU"),
        pytest.param("0::/", {"cpu.max": "110000 100000"}, 2, id="rounded up"),
        pytest.param("0::/", {"cpu.max": "max 100000"}, 1000, id="no limit"),
        pytest.param("0::/", {}, 1000, id="the root cgroup has no file"),
        pytest.param("0::/app.slice/x.service", {"app.slice/x.service/cpu.max": "100000 100000"}, 1, id="a unit"),
        pytest.param(
            "0::/app.slice/x.service",
            {"app.slice/x.service/cpu.max": "max 100000", "app.slice/cpu.max": "100000 100000"},
            1,
            id="the limit of a parent",
        ),
        pytest.param(
            "12:cpuset:/\n4:cpu,cpuacct:/docker/1\n0::/docker/1",
            {"cpu/cpu.cfs_quota_us": "100000", "cpu/cpu.cfs_period_us": "100000"},
            1,
            id="version 1",
        ),
        pytest.param("4:cpu:/", {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 1000, id="no 1"),
    ],
)
def test_cpu_count_respects_limits(
    own: str, files: dict[str, str], expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: range(1000), raising=False)
    write(tmp_path / "own", own)
    for name, content in files.items():
        write(tmp_path / "cgroups" / name, content)
    assert cpu_count(tmp_path / "cgroups", tmp_path / "own") == expected


def test_cpu_count_without_cgroups(tmp_path: Path) -> None:
    assert cpu_count(tmp_path, tmp_path / "missing") == AFFINITY
