"""Measures the CPU time and the peak memory of the mirror: `make bench-mirror`.

Generates a synthetic catalogue in a new database, serves it on loopback, and mirrors its flights with their nested
spacecraft, launches, crews and dockings into an empty database, on SQLite or on a temporary PostgreSQL server. The
source is always on SQLite.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.data import postgresql_server
from benchmarks.processes import ROOT, cpu_with_descendants, free_port


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flights", type=int, default=100_000)
    parser.add_argument("--spacecraft", type=int, default=60_000)
    parser.add_argument(
        "--only", nargs="*", default=["spacecraft_flights"], help="collections; all if the option has no value"
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite", help="that of the copy")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="spacedb-") as folder, new_database(options.database, Path(folder)) as copy:
        url, database_pid = copy
        source, target = environment(Path(folder) / "source"), environment(Path(folder) / "copy", url)
        for variables in (source, target):
            Path(variables["DATA_DIR"]).mkdir()
            manage(variables, "migrate", "--no-input", "--verbosity", "0")
        size = ("--spacecraft", str(options.spacecraft), "--flights", str(options.flights))
        manage(source, "generate", *size, "--verbosity", "0")
        port = str(free_port())
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "spacedb.wsgi:application"],
            cwd=ROOT,
            env=source | {"PORT": port, "WEB_CONCURRENCY": "2"},
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/health/")
            started_at, database_cpu = time.monotonic(), cpu_of_database(database_pid)
            only = ("--only", *options.only) if options.only else ()
            usage = manage(target, "mirror", "--from", f"http://127.0.0.1:{port}/2.3.0/", *only)
            seconds, database_cpu = time.monotonic() - started_at, cpu_of_database(database_pid) - database_cpu
        finally:
            server.terminate()
            server.wait()
        print(f"{options.flights} flights, {' '.join(options.only) or 'all collections'}, {options.database}:")
        of_database = f", of PostgreSQL {database_cpu:.1f} s" if database_pid else ""
        print(f"  {seconds:.0f} s, CPU time of the mirror {usage.ru_utime + usage.ru_stime:.1f} s{of_database}")
        print(f"  peak memory of the mirror {usage.ru_maxrss / 1024:.0f} MB")


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[tuple[str, int | None]]:
    """Yield the URL of an empty database, and the id of the main process of its server; for SQLite "" and None."""
    if kind == "sqlite":
        yield "", None
        return
    with postgresql_server(folder / "postgresql") as server:
        server.psql("CREATE DATABASE copy")
        yield server.get_uri("copy"), server.get_pid()


def cpu_of_database(pid: int | None) -> float:
    return cpu_with_descendants(pid) if pid else 0


def manage(variables: dict[str, str], *command: str) -> resource.struct_rusage:
    """Run a management command, and return its resource usage."""
    process = subprocess.Popen([sys.executable, "manage.py", *command], cwd=ROOT, env=variables)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    return usage


def environment(data_dir: Path, database_url: str = "") -> dict[str, str]:
    """Return the variables of a process. The default of the database is SQLite in its folder."""
    variables = {
        "DATABASE_URL": database_url or f"sqlite:///{data_dir / 'spacedb.sqlite3'}",
        "DATA_DIR": str(data_dir),
        "ENV_FILE": os.devnull,
        "LOG_LEVEL": "WARNING",
        "MIRROR_PAGE_STORE": str(data_dir / "mirror"),
        "SECRET_KEY": "bench",
    }
    return os.environ | variables


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit(f"The server of {url} does not run.")


if __name__ == "__main__":
    main()
