"""Gunicorn as a process of its own. Like the documented commands, it reads `gunicorn.conf.py`."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from tests.conftest import ROOT
from tests.waiting import TIMEOUT

Address: TypeAlias = tuple[str, int]


@contextmanager
def gunicorn(module: str, **environment: str) -> Iterator[tuple[Address, subprocess.Popen[str]]]:
    """Run the `application` of a module on a free port. Yields its host and port, and the process."""
    command = [sys.executable, "-m", "gunicorn", f"{module}:application"]
    env = os.environ | {"HOST": "127.0.0.1", "PORT": "0"} | environment
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr
            listening = next(line for line in server.stderr if "Listening at" in line)
            threading.Thread(target=server.stderr.read, daemon=True).start()  # otherwise the pipe would fill up
            yield ("127.0.0.1", int(listening.rpartition(":")[2].split()[0])), server
        finally:
            server.terminate()
            server.wait(timeout=TIMEOUT)
