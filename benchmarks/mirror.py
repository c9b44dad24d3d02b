"""Measures the peak memory of the mirror: `make bench-mirror`.

Generates a synthetic catalogue in a new database, serves it on loopback, and mirrors its flights with their nested
spacecraft, launches, crews and dockings into an empty database. Prints the time and the peak memory of the mirror.
"""

import argparse
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flights", type=int, default=100_000)
    parser.add_argument("--spacecraft", type=int, default=60_000)
    parser.add_argument(
        "--only", nargs="*", default=["spacecraft_flights"], help="collections; all if the option has no value"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="spacedb-") as folder:
        source, copy = Path(folder) / "source", Path(folder) / "copy"
        for data_dir in (source, copy):
            data_dir.mkdir()
            manage(data_dir, "migrate", "--no-input", "--verbosity", "0")
        size = ("--spacecraft", str(options.spacecraft), "--flights", str(options.flights))
        manage(source, "generate", *size, "--verbosity", "0")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "spacedb.wsgi:application"],
            cwd=ROOT,
            env=environment(source) | {"PORT": port, "WEB_CONCURRENCY": "2", "LOG_LEVEL": "WARNING"},
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/health/")
            started_at = time.monotonic()
            only = ("--only", *options.only) if options.only else ()
            usage = manage(copy, "mirror", "--from", f"http://127.0.0.1:{port}/2.3.0/", *only)
            seconds = time.monotonic() - started_at
        finally:
            server.terminate()
            server.wait()
        print(f"{options.flights} flights, {' '.join(options.only) or 'all collections'}:")
        print(f"  {seconds:.0f} s, CPU time of the mirror {usage.ru_utime + usage.ru_stime:.0f} s")
        print(f"  peak memory of the mirror {usage.ru_maxrss / 1024:.0f} MB")


def manage(data_dir: Path, *command: str) -> resource.struct_rusage:
    """Run a management command, and return its resource usage."""
    process = subprocess.Popen([sys.executable, "manage.py", *command], cwd=ROOT, env=environment(data_dir))
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    return usage


def environment(data_dir: Path) -> dict[str, str]:
    variables = {
        "DATABASE_URL": f"sqlite:///{data_dir / 'spacedb.sqlite3'}",
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
