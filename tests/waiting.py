"""Waiting for what other processes and threads do. A loaded machine needs far longer than an idle one."""

import subprocess
import time
from collections.abc import Callable
from typing import Any

TIMEOUT = 600
"""Seconds to wait for a process."""


def wait_until(condition: Callable[[], object], process: subprocess.Popen[Any] | None = None) -> None:
    """Wait for a condition. Fails if the process ends before."""
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert process is None or process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.01)
