"""The WSGI application with time limits that a slow machine does not reach."""

from spacedb.server import worker
from spacedb.wsgi import application

__all__ = ["application"]


def _raise_limits() -> None:
    from spacedb.throttling import throttle  # after the setup of Django by `spacedb.wsgi`

    throttle.LOCK_TIMEOUT = 60
    worker.REQUEST_TIMEOUT = worker.RESPONSE_TIMEOUT = worker.QUEUE_TIMEOUT = worker.LINGER_TIMEOUT = 600


_raise_limits()
