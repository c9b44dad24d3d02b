"""How much memory a mirror takes: `make bench-mirror`.

Makes a synthetic catalogue in a database of its own, serves it on loopback, mirrors its flights (each told with its
spacecraft, launch, crews and dockings) into an empty database, and prints the time and the peak memory of the mirror.
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
    parser.add_argument("--only", nargs="*", default=["spacecraft_flights"], help="collections; without any, all")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="spacedb-") as folder:
        source, copy = Path(folder) / "source", Path(folder) / "copy"
        for site in (source, copy):
            site.mkdir()
            manage(site, "migrate", "--no-input", "--verbosity", "0")
        amount = ("--spacecraft", str(options.spacecraft), "--flights", str(options.flights))
        manage(source, "generate", *amount, "--verbosity", "0")
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
            began = time.monotonic()
            only = ("--only", *options.only) if options.only else ()
            used = manage(copy, "mirror", "--from", f"http://127.0.0.1:{port}/2.3.0/", *only)
            seconds = time.monotonic() - began
        finally:
            server.terminate()
            server.wait()
        print(f"{options.flights} flights, {' '.join(options.only) or 'all collections'}:")
        print(f"  {seconds:.0f} s, of which the mirror computed {used.ru_utime + used.ru_stime:.0f} s")
        print(f"  peak memory of the mirror {used.ru_maxrss / 1024:.0f} MB")


def manage(site: Path, *command: str) -> resource.struct_rusage:
    """Run a command; what it used."""
    process = subprocess.Popen([sys.executable, "manage.py", *command], cwd=ROOT, env=environment(site))
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    return used


def environment(site: Path) -> dict[str, str]:
    ours = {
        "DATABASE_URL": f"sqlite:///{site / 'spacedb.sqlite3'}",
        "DATA_DIR": str(site),
        "ENV_FILE": os.devnull,
        "LOG_LEVEL": "WARNING",
        "MIRROR_SPOOL": str(site / "mirror"),
        "SECRET_KEY": "bench",
    }
    return os.environ | ours


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


if __name__ == "__main__":
    main()
