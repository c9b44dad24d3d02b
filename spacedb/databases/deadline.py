"""The time limit of the queries of a request.

A request that takes longer is stopped at its next query, or within a query. Commands have no limit, nor have edits in
the admin, which may have to wait for another writer. A server that
notices that a client has closed its connection can also stop the queries of the request: it puts a function, which
returns whether that is so, into the WSGI environment (`IS_DISCONNECTED`).
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple
from wsgiref.types import WSGIApplication, WSGIEnvironment

from django.db import OperationalError

IS_DISCONNECTED = "spacedb.is_disconnected"
"""The key of the function in the WSGI environment. SQLite calls it often, so it has to be fast."""


def _never() -> bool:
    return False


class Deadline(NamedTuple):
    """Queries stop at a time (`time.monotonic()`), or when the function returns True."""

    time: float
    is_disconnected: Callable[[], bool] = _never


_active: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


class TimeLimitError(OperationalError):
    """The time of the request is over."""


def is_over() -> bool:
    """Whether the queries of this request have to stop."""
    deadline = _active.get()
    return deadline is not None and (time.monotonic() >= deadline.time or deadline.is_disconnected())


def check_time_limit() -> None:
    """Raise `TimeLimitError` if this request has to stop. For code that sends many short queries: no limit ends one."""
    if is_over():
        raise TimeLimitError("the time limit of the request is exceeded")


def remaining() -> float:
    """Seconds until the queries of this request have to stop; infinity without a limit.

    Raises `TimeLimitError` if they have to stop now.
    """
    deadline = _active.get()
    seconds = math.inf if deadline is None else deadline.time - time.monotonic()
    if seconds <= 0:
        raise TimeLimitError("the time limit of the request is exceeded")
    return seconds


@contextmanager
def time_limit(seconds: float, is_disconnected: Callable[[], bool] = _never) -> Iterator[None]:
    """Limit the time of the queries in the block. 0 is no limit."""
    end = time.monotonic() + seconds if seconds else math.inf
    token = _active.set(Deadline(end, is_disconnected))
    try:
        yield
    finally:
        _active.reset(token)


def with_time_limit(application: WSGIApplication, seconds: float) -> WSGIApplication:
    """The application with a time limit for the queries of each request that reads, from its start."""

    def respond(environ: WSGIEnvironment, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return application(environ, start_response)
        with time_limit(seconds, environ.get(IS_DISCONNECTED, _never)):
            return application(environ, start_response)

    return respond
