"""The environment of a process: its folders, its variables and its CPUs. It is read before the settings of Django."""

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import environ
from django.core.exceptions import ImproperlyConfigured
from platformdirs import user_data_path

PACKAGES = ("agencies", "flights", "spacecraft", "spacedb")
"""The packages of this project, which are installed next to each other."""

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "manage.py").is_file() else None
"""The checkout that contains this file, or None if it was installed from a wheel."""

RESOURCES = CHECKOUT or PACKAGE / "resources"
"""The folder that contains `docs`, `fixtures` and `gunicorn.conf.py`. The wheel has copies of them in the package."""

DEFAULT_DATA_DIR = CHECKOUT / "var" if CHECKOUT else user_data_path("spacedb", appauthor=False)

SECRETS = ("SECRET_KEY", "DATABASE_URL", "DATABASE_PASSWORD", "DATABASE_REPLICA_URL", "CACHE_URL", "MIRROR_TOKEN")
"""Variables whose value may be in a file: `NAME_FILE` contains its path."""


def read_environment() -> environ.Env:
    """The variables of the environment, of `.env`, and of the files with secrets.

    Raises ImproperlyConfigured if a file with a secret cannot be read, or if the secret is in the environment as well.
    """
    env = environ.Env()
    # ENV_FILE: path of a file with environment variables. Default: .env in the directory of manage.py; if spacedb is an
    # installed package, .env in the current directory. Variables that are set in the environment take precedence.
    file = Path(env.str("ENV_FILE", default="") or (CHECKOUT or Path.cwd()) / ".env")
    if file.is_file():
        env.read_env(file)
    # Not in os.environ, which child processes inherit.
    env.ENVIRON = {**os.environ, **{name: _read_secret(name) for name in SECRETS if os.environ.get(f"{name}_FILE")}}
    return env


def _read_secret(name: str) -> str:
    path = os.environ[f"{name}_FILE"]
    if os.environ.get(name):
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Remove one of them.")
    try:
        return Path(path).read_text().strip()
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read: {error}") from error


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
