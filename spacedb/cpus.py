"""The number of CPUs that a process may use."""

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath


def cpu_count(cgroups: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> int:
    """The number of CPUs that this process may use, rounded up.

    Python considers the CPU affinity only. Containers and systemd units limit CPU time with cgroups, of which `cgroups`
    is the mount point and `own` lists those of this process.
    """
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, math.ceil(min([available, *_cpu_quotas(cgroups, own)])))


def _cpu_quotas(cgroups: Path, own: Path) -> Iterator[float]:
    """The limits of the cgroup of this process and of its parents, in CPUs."""
    for line in own.read_text().splitlines() if own.is_file() else ():
        _, controllers, name = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        base = cgroups / "cpu" if controllers else cgroups  # version 1 has a mount point for each controller
        path = PurePosixPath(name.lstrip("/"))
        # A container may see the path outside of it. Its own cgroup is then the mount point.
        for folder in (base / path, *(base / parent for parent in path.parents)):
            yield from _cpu_quota(folder)


def _cpu_quota(folder: Path) -> Iterator[float]:
    if (limit := folder / "cpu.max").is_file():  # version 2: "200000 100000", or "max 100000" without a limit
        quota, period = limit.read_text().split()
        if quota != "max":
            yield int(quota) / int(period)
    elif (limit := folder / "cpu.cfs_quota_us").is_file() and int(limit.read_text()) > 0:  # version 1: -1 without one
        yield int(limit.read_text()) / int((folder / "cpu.cfs_period_us").read_text())
