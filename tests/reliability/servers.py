"""Servers under test, started as `make run` starts them, and the databases behind them."""

import os
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks.contenders import MEMORY_SETTINGS
from benchmarks.processes import Server, free_port, serving
from tests.installation import Installation, create_installation

COMMAND = (sys.executable, "-m", "gunicorn", "--max-requests=0")
"""The command of a server, without the restarts of workers that would look like crashes."""

FIXTURES = "fixtures"


@contextmanager
def installation(name: str, *load: str) -> Iterator[Installation]:
    """Create an installation with the starter catalogue, or with the data that another command creates."""
    with (
        tempfile.TemporaryDirectory(prefix="spacedb-reliability-") as directory,
        create_installation(Path(directory) / "data", f"reliability_{name}") as created,
    ):
        created.run(*(load or ("ingest", FIXTURES)), "--verbosity", "0")
        yield created


def log_of(site: Installation) -> Path:
    return site.folder / "server.log"


@contextmanager
def serve(site: Installation, application: str = "spacedb.wsgi", **variables: str) -> Iterator[Server]:
    """Run the server of an installation with two workers. Its log is `log_of(site)`.

    The log contains warnings and errors, unless LOG_LEVEL says otherwise.
    """
    port = free_port()
    own = {"PORT": str(port), "WEB_CONCURRENCY": "2", "LOG_LEVEL": "WARNING"} | MEMORY_SETTINGS
    environment = site.environment | own | variables
    with serving((*COMMAND, f"{application}:application"), port, environment, log_of(site)) as server:
        _wait_for_workers(server)
        yield server


def _wait_for_workers(server: Server) -> None:
    """Send requests until all workers have loaded their code: a worker serves one after the other at first."""
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            for response in pool.map(urllib.request.urlopen, [f"{server.address}/2.3.0/"] * 8):
                response.close()


def workers(server: Server) -> list[int]:
    """The process ids of the workers."""
    return server.pids()[1:]


def is_root() -> bool:
    return os.geteuid() == 0
