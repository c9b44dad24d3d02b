"""A WSGI application whose URL says how it responds: it returns bytes, also as a file, computes, or waits.

The variable TIME_LIMIT is the time limit of connections in seconds. It should be so long that no machine reaches it:
requests advance the clock of the worker instead. While the file LOAD_GATE exists, the application waits before it is
loaded. While the file BROKEN exists, it cannot be loaded.
"""

import gc
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from gunicorn.workers import gthread

from spacedb.server import lanes, worker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")  # the worker needs no apps


class Clock:
    """The clock of the worker."""

    offset = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.offset

    def thread_time(self) -> float:
        return time.thread_time()


clock = Clock()
worker.time = clock  # type: ignore[assignment, attr-defined]
while Path(os.environ["LOAD_GATE"]).exists():
    time.sleep(0.01)
if Path(os.environ["BROKEN"]).exists():
    raise ImportError("on purpose")
time_limit = int(os.environ["TIME_LIMIT"])
worker.REQUEST_TIMEOUT = worker.RESPONSE_TIMEOUT = worker.QUEUE_TIMEOUT = worker.LINGER_TIMEOUT = time_limit
worker.MIN_RATE = 1024 * 1024 * 1024
lanes.MAX_WAITING = 3
gthread.STOP_KEEPALIVE_LINGER = 0.1


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    action, _, value = environ["PATH_INFO"].strip("/").partition("/")
    parameters = dict(parse_qsl(environ["QUERY_STRING"]))
    body = b"done"
    match action:
        case "echo" | "admin" if environ["REQUEST_METHOD"] == "POST":
            body = environ["wsgi.input"].read()
        case "bytes" | "file":
            body = bytes(int(value))
        case "compute":
            end = time.thread_time() + float(parameters.get("seconds", 0))
            while time.thread_time() < end:
                pass
            if "gate" in parameters:
                pass_gate(Path(parameters["gate"]))
        case "health":
            clock.offset += float(parameters.get("advance", 0))
        case "running":
            body = str(count_running()).encode()
        case "fail":
            raise RuntimeError("on purpose")
        case _:
            pass
    path = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
    headers = [("X-Path", path), ("Content-Length", str(len(body))), ("X-Pid", str(os.getpid()))]
    start_response("200 OK", headers)
    if action == "file":
        file = tempfile.TemporaryFile()  # noqa: SIM115
        file.write(body)
        file.seek(0)
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](file)
        return wrapped
    return [body]


def count_running() -> int:
    """The number of requests, this one included, whose response the event loop does not yet send."""
    [this_worker] = [item for item in gc.get_objects() if isinstance(item, worker.BufferingWorker)]
    return sum(lane.running for lane in this_worker.lanes.all)


def pass_gate(folder: Path) -> None:
    """Create a file in the folder, and wait until the folder contains the file `open`."""
    (folder / uuid4().hex).touch()
    while not (folder / "open").exists():
        time.sleep(0.01)
