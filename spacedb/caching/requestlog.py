"""The line in the log for a request that is answered out of the cache; for all others django_structlog writes it."""

import logging
import sys
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

import structlog
from django.conf import settings
from ipware import get_client_ip

theirs = logging.getLogger("django_structlog.middlewares.request")


def log_request(status: str, environ: dict[str, Any]) -> None:
    """Tell of a request as django_structlog does; without `request_id`, which nothing else here refers to."""
    if theirs.isEnabledFor(logging.INFO):
        address = environ.get("RAW_URI") or environ["PATH_INFO"]
        _logger().info(
            "request_finished",
            logger=theirs.name,
            code=int(status[:3]),
            ip=_client(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", "")),
            request=f"{environ['REQUEST_METHOD']} {address}",
        )


@cache
def _logger() -> Any:
    """To standard error as it is: the way through `logging` would take longer than all the rest of the answer."""
    renderers: dict[str, structlog.typing.Processor] = {
        "console": structlog.dev.ConsoleRenderer(colors=False),
        "json": structlog.processors.JSONRenderer(),
    }
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[structlog.processors.add_log_level, stamp, renderers[settings.LOG_FORMAT]],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    ).bind()


@lru_cache(maxsize=1024)
def _client(address: str, forwarded: str) -> str | None:
    headers = {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": forwarded}
    request: Any = SimpleNamespace(META={name: told for name, told in headers.items() if told})
    found: str | None = get_client_ip(request)[0]
    return found
