"""Canonical paths: other paths under which Launch Library has served the same resources are served directly.

They are not redirected, because many apps do not follow redirects. URLs in responses are always canonical.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias
from wsgiref.types import WSGIEnvironment

StartResponse: TypeAlias = Callable[..., Any]
Application: TypeAlias = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

MEDIA_TYPES = {"json": "application/json", "api": "text/html"}
"""The media type of each format suffix of a path."""

FORMAT_SUFFIX = rf"\.(?P<format>{'|'.join(MEDIA_TYPES)})"
PATH = re.compile(rf"/(?:api/(?:ll/)?)?(?P<path>\d+\.\d+\.\d+(?:/.*?)?)(?:{FORMAT_SUFFIX}/?)?", re.DOTALL)

MAX_LENGTH = 500
"""Characters. No resource has a longer path, so longer ones are not worth memory."""


class CanonicalPath(NamedTuple):
    """A path, and the media type that its format suffix selected, if it had one."""

    path: str
    media_type: str = ""


def canonical_path(path: str) -> CanonicalPath:
    """The canonical path of a resource; other paths, and those above `MAX_LENGTH`, are returned unchanged.

    - `/api/2.2.0/launch/` is the path in documents of Launch Library, and `/api/ll/2.2.0/launch/` that of its
      predecessor at spacelaunchnow.me.
    - `/2.2.0/launch/upcoming.json` and `….api` select a format, as versions before 2.3.0 do.
    - `//2.2.0//launch/` comes from clients that append a path to a base URL with a slash at its end.
    """
    return CanonicalPath(path) if len(path) > MAX_LENGTH else _canonical_path(path)


@lru_cache(maxsize=2000)
def _canonical_path(path: str) -> CanonicalPath:
    match = PATH.fullmatch(re.sub("/{2,}", "/", path))
    if match is None:
        return CanonicalPath(path)
    if match["format"]:
        return CanonicalPath(f"/{match['path'].rstrip('/')}/", MEDIA_TYPES[match["format"]])
    return CanonicalPath(f"/{match['path']}")


def with_canonical_paths(application: Application) -> Application:
    """The application, which gets each request with the canonical path."""
    return lambda environ, start_response: application(with_canonical_path(environ), start_response)


def with_canonical_path(environ: WSGIEnvironment) -> WSGIEnvironment:
    """The WSGI environment of a request for the canonical path."""
    path, media_type = canonical_path(environ.get("PATH_INFO", ""))
    if path == environ.get("PATH_INFO", ""):
        return environ
    return environ | {"PATH_INFO": path} | ({"HTTP_ACCEPT": media_type} if media_type else {})
