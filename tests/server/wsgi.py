"""A WSGI application whose path says how it responds: it sleeps, computes, or returns a number of bytes."""

import os
import time
from collections.abc import Iterable
from typing import Any

import django

from spacedb.server import lanes, worker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacedb.settings")
django.setup()  # as the WSGI application of Django does

# Otherwise tests would take minutes.
worker.REQUEST_TIMEOUT = worker.RESPONSE_TIMEOUT = worker.LINGER_TIMEOUT = 1
lanes.MAX_WAITING = 3
worker.MIN_RATE = 1024 * 1024 * 1024


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    action, _, value = environ["PATH_INFO"].strip("/").partition("/")
    body = b"done"
    match action:
        case "echo" | "admin" if environ["REQUEST_METHOD"] == "POST":
            body = environ["wsgi.input"].read()
        case "sleep" | "admin" | "health":
            time.sleep(float(value or 0))
        case "compute":
            end = time.thread_time() + float(value)
            while time.thread_time() < end:
                pass
        case "bytes":
            body = bytes(int(value))
        case "fail":
            raise RuntimeError("on purpose")
        case _:
            pass
    path = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
    headers = [("X-Path", path), ("Content-Length", str(len(body))), ("X-Pid", str(os.getpid()))]
    start_response("200 OK", headers)
    return [body]
