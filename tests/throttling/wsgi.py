"""The WSGI application with a lock timeout that a slow machine does not reach, so that every request is counted."""

from spacedb.wsgi import application

__all__ = ["application"]


def _raise_lock_timeout() -> None:
    from spacedb.throttling import throttle  # after the setup of Django by `spacedb.wsgi`

    throttle.LOCK_TIMEOUT = 60


_raise_lock_timeout()
